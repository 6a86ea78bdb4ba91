//! DeleteRecords (key 21), versions 0-2 (KIP-107).
//!
//! Moves the log start offset; -1 means the high watermark. Beyond it OFFSET_OUT_OF_RANGE;
//! internal topics are refused with INVALID_TOPIC_EXCEPTION.

use freshet_wire::messages::delete_records_response::{
    DeleteRecordsPartitionResult, DeleteRecordsTopicResult,
};
use freshet_wire::messages::{DeleteRecordsRequest, DeleteRecordsResponse};
use freshet_wire::{ApiKey, ErrorCode, VersionRange};
use tracing::warn;

use crate::answer::Answer;
use crate::dispatch::{Api, Request};
use crate::partition::Partition;

pub(super) const API: Api = Api {
    key: ApiKey::DeleteRecords,
    served: VersionRange::new(0, 2),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: DeleteRecordsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let mut topics = Vec::with_capacity(body.topics.len());
    for topic in body.topics {
        let found = request.shared().topics.by_name(&topic.name);
        let mut partitions = Vec::with_capacity(topic.partitions.len());
        for asked in &topic.partitions {
            let result = match &found {
                Some(topic) if topic.is_internal => Err(ErrorCode::InvalidTopic),
                Some(topic) => match topic.partition(asked.partition_index) {
                    Some(partition) => delete(partition, asked.offset).await,
                    None => Err(ErrorCode::UnknownTopicOrPartition),
                },
                None => Err(ErrorCode::UnknownTopicOrPartition),
            };
            let (code, low_watermark) = match result {
                Ok(low_watermark) => (ErrorCode::None, low_watermark),
                Err(code) => (code, -1),
            };
            partitions.push(
                DeleteRecordsPartitionResult::default()
                    .with_partition_index(asked.partition_index)
                    .with_low_watermark(low_watermark)
                    .with_error_code(code.code()),
            );
        }
        topics.push(
            DeleteRecordsTopicResult::default().with_name(topic.name).with_partitions(partitions),
        );
    }
    request.reply(DeleteRecordsResponse::default().with_topics(topics))
}

async fn delete(partition: &Partition, offset: i64) -> Result<i64, ErrorCode> {
    let high_watermark = partition.offsets().high_watermark;
    let before = if offset == -1 { high_watermark } else { offset };
    if before < 0 || before > high_watermark {
        return Err(ErrorCode::OffsetOutOfRange);
    }
    let log = std::sync::Arc::clone(&partition.log);
    // The new log start is synced before the answer, which must not hold up other connections.
    let moved = tokio::task::spawn_blocking(move || log.delete_records_before(before)).await;
    match moved {
        Ok(Ok(low_watermark)) => Ok(low_watermark),
        Ok(Err(error)) => {
            warn!(partition = partition.index, %error, "cannot delete records");
            Err(ErrorCode::KafkaStorageError)
        }
        Err(error) => {
            warn!(partition = partition.index, %error, "deleting records broke off");
            Err(ErrorCode::UnknownServerError)
        }
    }
}
