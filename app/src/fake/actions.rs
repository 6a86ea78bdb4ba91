//! Actions of the scenarios: accepted, and without consequence.

use super::{FakeCluster, NOW_MS};
use crate::console::{GroupActions, Pending, Produce, TopicActions};
use crate::model::config::ConfigEdit;
use crate::model::offsets::OffsetPreview;
use crate::model::produce::{
    Encoding, PartitionForKey, ProduceForm, ProduceRequest, ProduceResult,
};
use crate::model::record::RecordId;
use crate::model::topic::{DeleteBefore, NewTopic};

impl TopicActions for FakeCluster {
    fn create_topic(&self, _topic: NewTopic) -> Pending<'_, ()> {
        self.answer(|_| ())
    }

    fn delete_topic(&self, _topic: String) -> Pending<'_, ()> {
        self.answer(|_| ())
    }

    fn create_partitions(&self, _topic: String, _partitions_count: i32) -> Pending<'_, ()> {
        self.answer(|_| ())
    }

    fn edit_topic_config(&self, _topic: String, _edits: Vec<ConfigEdit>) -> Pending<'_, ()> {
        self.answer(|_| ())
    }

    fn delete_records(&self, _topic: String, _before: Vec<DeleteBefore>) -> Pending<'_, ()> {
        self.answer(|_| ())
    }
}

impl Produce for FakeCluster {
    fn produce_form(&self, topic: String, again: Option<RecordId>) -> Pending<'_, ProduceForm> {
        self.about_topic(&topic, |_, seed| ProduceForm {
            now_ms: NOW_MS,
            topic: seed.name.clone(),
            partitions_count: i32::try_from(seed.partitions).unwrap_or(1),
            max_message_bytes: Some(1_048_588),
            draft: ProduceRequest {
                topic: seed.name,
                key: again.map_or_else(String::new, |id| format!("key of {}", id.offset)),
                value: again.map_or_else(String::new, |_| r#"{"city": "Oslo"}"#.to_owned()),
                value_encoding: Encoding::Json,
                compression: "none".to_owned(),
                count: 1,
                ..ProduceRequest::default()
            },
            draft_warning: None,
        })
    }

    fn partition_for_key(&self, request: ProduceRequest) -> Pending<'_, PartitionForKey> {
        self.about_topic(&request.topic, |_, seed| {
            let partitions_count = i32::try_from(seed.partitions).unwrap_or(1);
            let length = i32::try_from(request.key.len()).unwrap_or(0);
            PartitionForKey { partition: Some(length % partitions_count), partitions_count }
        })
    }

    fn produce(&self, request: ProduceRequest) -> Pending<'_, ProduceResult> {
        self.answer(|_| ProduceResult {
            topic: request.topic,
            partition: request.partition.unwrap_or(2),
            offset: 182_565,
            timestamp_ms: NOW_MS,
            count: request.count,
            elapsed_ms: 3,
            partitions_count: 1,
        })
    }
}

impl GroupActions for FakeCluster {
    fn apply_offsets(&self, _preview: OffsetPreview) -> Pending<'_, ()> {
        self.answer(|_| ())
    }

    fn delete_group(&self, _group: String) -> Pending<'_, ()> {
        self.answer(|_| ())
    }

    fn delete_group_offsets(&self, _group: String, _topic: String) -> Pending<'_, ()> {
        self.answer(|_| ())
    }
}
