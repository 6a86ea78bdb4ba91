use freshet_wire::ErrorCode;

use super::create_topic::{check_partition_limits, check_replicas};
use crate::config::{BrokerConfig, BrokerSettings};
use crate::image::Image;
use crate::record::MetadataRecord;
use crate::refusal::Refusal;

/// A wish for more partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatePartitions {
    /// The topic's name.
    pub topic: String,
    /// How many partitions it shall have, not how many more.
    pub partition_count: i32,
    /// Broker ids for each new partition; `None` lets the broker choose.
    pub assignments: Option<Vec<Vec<i32>>>,
}

/// Gives a topic more partitions: it only grows.
///
/// # Errors
/// UNKNOWN_TOPIC_OR_PARTITION, INVALID_PARTITIONS, INVALID_REPLICA_ASSIGNMENT, POLICY_VIOLATION for
/// the broker's own topics and past one of the named limits.
pub fn create_partitions(
    image: &Image,
    config: &BrokerConfig,
    wish: &CreatePartitions,
) -> Result<MetadataRecord, Refusal> {
    let refuse = |code, message: String| Err(Refusal::new(code, message));
    let Some(topic) = image.topic(&wish.topic) else {
        let message = format!("there is no topic '{}'", wish.topic.escape_debug());
        return refuse(ErrorCode::UnknownTopicOrPartition, message);
    };
    if topic.is_internal() {
        let message = format!("topic {} holds the broker's own state", topic.name);
        return refuse(ErrorCode::PolicyViolation, message);
    }
    let current = topic.partition_count();
    let wanted = wish.partition_count;
    if wanted == current {
        let message = format!("topic {} already has {current} partitions", topic.name);
        return refuse(ErrorCode::InvalidPartitions, message);
    }
    if wanted < current {
        let message = format!(
            "topic {} has {current} partitions, which is more than the {wanted} asked for; \
             partitions cannot be taken away",
            topic.name
        );
        return refuse(ErrorCode::InvalidPartitions, message);
    }
    let added = wanted - current;
    if let Some(assignments) = &wish.assignments {
        if i32::try_from(assignments.len()) != Ok(added) {
            let count = assignments.len();
            let message = format!("{added} new partitions, but {count} assignments");
            return refuse(ErrorCode::InvalidReplicaAssignment, message);
        }
        let clamps = BrokerSettings::of(image, config).clamps_replication;
        for (index, brokers) in (current..).zip(assignments) {
            check_replicas(image.broker_id(), index, brokers, clamps)?;
        }
    }
    check_partition_limits(image, wanted, added)?;
    Ok(MetadataRecord::PartitionsAdded { id: topic.id, partition_count: wanted })
}
