//! Writing batches.

use bytes::Bytes;
use freshet_wire::produce::{ProducePartition, ProduceRequest, ProduceResponse, ProduceTopic};
use freshet_wire::{ApiKey, ErrorCode, StrBytes};

use crate::{Client, Error};

/// How long the broker may take to acknowledge.
const ACK_TIMEOUT_MS: i32 = 10_000;

/// Where a batch went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Produced {
    /// Partition.
    pub partition: i32,
    /// Offset of the first record; -1 for acks=0.
    pub base_offset: i64,
    /// The broker's clock when it appended; -1 unless the topic uses LogAppendTime.
    pub log_append_time_ms: i64,
    /// First offset of the partition; -1 when unknown.
    pub log_start_offset: i64,
}

impl Client {
    /// Appends one encoded batch. `acks`: -1, 0 or 1.
    ///
    /// # Errors
    /// The broker's refusal with its message, or no connection. After a timeout the batch may or
    /// may not have been written.
    pub async fn produce(
        &self,
        topic: &str,
        partition: i32,
        batch: Bytes,
        acks: i16,
    ) -> Result<Produced, Error> {
        let api = ApiKey::Produce;
        let address = self.leader(topic, partition).await?;
        let connection = self.to(&address).await?;
        let version = connection.version(api, 11)?;
        let request = ProduceRequest {
            transactional_id: None,
            acks,
            timeout_ms: ACK_TIMEOUT_MS,
            topics: vec![ProduceTopic {
                name: StrBytes::from_string(topic.to_owned()),
                partitions: vec![ProducePartition { index: partition, records: Some(batch) }],
                topic_id: uuid::Uuid::nil(),
            }],
        };
        let body = request.encode(version).map_err(|source| Error::Encode { api, source })?;
        if acks == 0 {
            connection.send(api, version, body).await?;
            let none = -1;
            return Ok(Produced {
                partition,
                base_offset: none,
                log_append_time_ms: none,
                log_start_offset: none,
            });
        }
        let wait_ms = u64::try_from(ACK_TIMEOUT_MS).unwrap_or_default();
        let answer = connection.call(api, version, body, wait_ms).await?;
        let response = ProduceResponse::decode(version, answer)
            .map_err(|source| Error::Decode { api, source })?;
        let partitions = response.topics.into_iter().flat_map(|topic| topic.partitions);
        let Some(found) = partitions.into_iter().find(|found| found.index == partition) else {
            return Err(Error::NoLeader { topic: topic.to_owned(), partition });
        };
        if found.error_code != ErrorCode::None {
            if found.error_code.is_retriable() {
                // The next attempt looks the leader up again.
                let _ = self.topic_metadata(topic).await;
            }
            let reasons = found.record_errors.iter().filter_map(|each| each.message.as_deref());
            let message = found.error_message.as_deref().into_iter().chain(reasons);
            let message: Vec<&str> = message.collect();
            return Err(Error::Kafka { code: found.error_code, message: message.join("; ") });
        }
        Ok(Produced {
            partition,
            base_offset: found.base_offset,
            log_append_time_ms: found.log_append_time_ms,
            log_start_offset: found.log_start_offset,
        })
    }
}
