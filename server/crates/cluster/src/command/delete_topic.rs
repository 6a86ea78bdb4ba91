use freshet_wire::ErrorCode;

use crate::config::{BrokerConfig, BrokerSettings};
use crate::image::Image;
use crate::record::MetadataRecord;
use crate::refusal::Refusal;
use crate::topic::TopicId;

/// A topic, by either of its identities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TopicRef {
    /// By name.
    Name(String),
    /// By id (DeleteTopics from version 6 on).
    Id(TopicId),
}

/// Deletes one topic.
///
/// # Errors
/// UNKNOWN_TOPIC_OR_PARTITION or UNKNOWN_TOPIC_ID, TOPIC_DELETION_DISABLED, POLICY_VIOLATION for
/// the broker's own topics.
pub fn delete_topic(
    image: &Image,
    config: &BrokerConfig,
    topic: &TopicRef,
) -> Result<MetadataRecord, Refusal> {
    if !BrokerSettings::of(image, config).is_topic_deletion_enabled {
        let message = "deleting topics is disabled by delete.topic.enable=false";
        return Err(Refusal::new(ErrorCode::TopicDeletionDisabled, message));
    }
    let found = match topic {
        TopicRef::Name(name) => image.topic(name).ok_or_else(|| {
            let message = format!("there is no topic '{}'", name.escape_debug());
            Refusal::new(ErrorCode::UnknownTopicOrPartition, message)
        })?,
        TopicRef::Id(id) => image.topic_by_id(*id).ok_or_else(|| {
            Refusal::new(ErrorCode::UnknownTopicId, format!("there is no topic with id {id}"))
        })?,
    };
    if found.is_internal() {
        let message = format!("topic {} holds the broker's own state", found.name);
        return Err(Refusal::new(ErrorCode::PolicyViolation, message));
    }
    Ok(MetadataRecord::TopicDeleted { id: found.id })
}
