//! Produce (key 0), versions 3-11.
//!
//! - v3: record batches (magic 2). v5: log start offset. v8: record errors (KIP-467).
//!   v9: flexible. v10: leader hints (KIP-951). v11: transactions of KIP-890, same bytes.
//! - Versions 0-2 are advertised and not served: older librdkafka takes their presence as the sign
//!   that it may compress (KAFKA-18659), and sends version 3 or later in any case.
//! - `acks`: 0 gets no answer, and an error closes the connection; 1 and -1 follow the topic's
//!   durability class; anything else is INVALID_REQUIRED_ACKS.
//!
//! Not done: transactional batches, topic ids (v13).

use std::sync::Arc;

use bytes::Bytes;
use freshet_records::{Invalid, ValidBatch, validate};
use freshet_storage::{AckPoint, Acks, AppendContext, AppendError, Appended, Origin};
use freshet_wire::StrBytes;
use freshet_wire::produce::{
    ProducePartition, ProducePartitionResponse, ProduceRequest, ProduceResponse,
    ProduceTopicResponse, RecordError,
};
use freshet_wire::{ApiKey, ErrorCode, VersionRange};

use crate::answer::Answer;
use crate::dispatch::{Api, Request};
use crate::partition::Partition;
use crate::topics::Topic;

pub(super) const API: Api = Api {
    key: ApiKey::Produce,
    served: VersionRange::new(3, 11),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "0-2 are advertised for older librdkafka (KAFKA-18659) and refused; no transactions yet",
};

/// A partition's outcome: settled, or waiting for its high watermark.
struct Outcome {
    answer: ProducePartitionResponse,
    wait: Option<(Arc<Partition>, i64)>,
}

async fn handle(mut request: Request) -> Answer {
    let body = std::mem::take(&mut request.body);
    let produce = match ProduceRequest::decode(request.version(), body) {
        Ok(produce) => produce,
        Err(error) => return Answer::Close(error.to_string()),
    };
    let version = request.version();
    let acks = produce.acks;
    let mut topics = start(&request, produce);
    if acks == 0 {
        let refused = topics
            .iter()
            .flat_map(|(_, outcomes)| outcomes)
            .find(|outcome| outcome.answer.error_code != ErrorCode::None);
        return match refused {
            None => Answer::Silent,
            Some(outcome) => Answer::Close(format!(
                "produce with acks=0 failed with {:?}, and only hanging up can tell",
                outcome.answer.error_code
            )),
        };
    }
    for (_, outcomes) in &mut topics {
        for outcome in outcomes {
            settle(outcome).await;
        }
    }
    let response = ProduceResponse {
        topics: topics
            .into_iter()
            .map(|(name, outcomes)| ProduceTopicResponse {
                name,
                partitions: outcomes.into_iter().map(|outcome| outcome.answer).collect(),
                ..ProduceTopicResponse::default()
            })
            .collect(),
        ..ProduceResponse::default()
    };
    match response.encode(version) {
        Ok(body) => Answer::body(body),
        Err(error) => Answer::Close(error.to_string()),
    }
}

/// Appends everything, without waiting: this runs before the connection's next request starts.
fn start(request: &Request, produce: ProduceRequest) -> Vec<(StrBytes, Vec<Outcome>)> {
    let acks = match produce.acks {
        -1 => Ok(Acks::All),
        0 => Ok(Acks::Zero),
        1 => Ok(Acks::One),
        _ => Err(ErrorCode::InvalidRequiredAcks),
    };
    let is_transactional = produce.transactional_id.is_some();
    let origin = request.session.connection.origin(&request.session.principal);
    let mut topics = Vec::with_capacity(produce.topics.len());
    for topic in produce.topics {
        let found = request.shared().topics.by_name(&topic.name);
        let outcomes = topic
            .partitions
            .into_iter()
            .map(|asked| {
                let index = asked.index;
                let result = match acks {
                    Err(code) => Err(refused(index, code, None)),
                    Ok(_) if is_transactional => Err(refused(
                        index,
                        ErrorCode::InvalidTxnState,
                        Some("transactions are not supported by this broker yet".to_owned()),
                    )),
                    Ok(acks) => append(request, found.as_deref(), asked, acks, &origin),
                };
                result.unwrap_or_else(|answer| Outcome { answer, wait: None })
            })
            .collect();
        topics.push((topic.name, outcomes));
    }
    topics
}

fn append(
    request: &Request,
    topic: Option<&Topic>,
    asked: ProducePartition,
    acks: Acks,
    origin: &Origin,
) -> Result<Outcome, ProducePartitionResponse> {
    let index = asked.index;
    let unknown = || refused(index, ErrorCode::UnknownTopicOrPartition, None);
    let topic = topic.ok_or_else(unknown)?;
    let partition = topic.partition(index).ok_or_else(unknown)?;
    if topic.is_internal {
        let message = format!("{} is written by the broker only", topic.name);
        return Err(refused(index, ErrorCode::InvalidTopic, Some(message)));
    }
    if acks == Acks::All && topic.settings.min_insync_replicas > 1 {
        let message = format!(
            "min.insync.replicas is {} and this broker holds the only replica",
            topic.settings.min_insync_replicas
        );
        return Err(refused(index, ErrorCode::NotEnoughReplicas, Some(message)));
    }
    let batch = checked(request, topic, index, asked.records.unwrap_or_default())?;
    let records = u64::try_from(batch.header().record_count).unwrap_or(0);
    let size_bytes = batch.size_bytes() as u64;
    let context = AppendContext { acks, origin };
    let appended =
        partition.log.append(batch, &context).map_err(|error| append_refused(index, &error))?;
    if !appended.is_duplicate {
        partition.traffic.count_in(records, size_bytes);
        request.session.connection.traffic.count_in(records, size_bytes);
        request.shared().traffic.count_in(records, size_bytes);
    }
    Ok(outcome(index, partition, &appended))
}

fn checked(
    request: &Request,
    topic: &Topic,
    index: i32,
    records: Bytes,
) -> Result<ValidBatch, ProducePartitionResponse> {
    let rules = topic.settings.append_rules(request.shared().clock.wall_ms());
    let batch = validate(records, &rules).map_err(|invalid| invalid_refused(index, invalid))?;
    if batch.header().is_transactional() {
        let message = "transactions are not supported by this broker yet".to_owned();
        return Err(refused(index, ErrorCode::InvalidTxnState, Some(message)));
    }
    Ok(batch)
}

fn outcome(index: i32, partition: &Arc<Partition>, appended: &Appended) -> Outcome {
    let mut answer = refused(index, ErrorCode::None, None);
    answer.base_offset = appended.base_offset;
    answer.log_append_time_ms = appended.log_append_time_ms;
    answer.log_start_offset = appended.log_start_offset;
    let wait = match appended.ack_at {
        AckPoint::Now => None,
        AckPoint::HighWatermark(offset) => Some((Arc::clone(partition), offset)),
    };
    Outcome { answer, wait }
}

async fn settle(outcome: &mut Outcome) {
    let Some((partition, offset)) = outcome.wait.take() else { return };
    if partition.progress.reached(offset).await.is_err() {
        let message = "the data directory went offline before the records were durable";
        outcome.answer =
            refused(outcome.answer.index, ErrorCode::KafkaStorageError, Some(message.to_owned()));
    }
}

fn refused(index: i32, code: ErrorCode, message: Option<String>) -> ProducePartitionResponse {
    ProducePartitionResponse::refused(index, code, message)
}

fn append_refused(index: i32, error: &AppendError) -> ProducePartitionResponse {
    let code = match error {
        AppendError::OutOfOrderSequence { .. } => ErrorCode::OutOfOrderSequenceNumber,
        AppendError::InvalidProducerEpoch { .. } => ErrorCode::InvalidProducerEpoch,
        AppendError::LargerThanSegment { .. } => ErrorCode::RecordListTooLarge,
        AppendError::DiskFull { .. } | AppendError::Offline { .. } => ErrorCode::KafkaStorageError,
        AppendError::Deleted => ErrorCode::UnknownTopicOrPartition,
        AppendError::OffsetsExhausted => ErrorCode::UnknownServerError,
    };
    refused(index, code, Some(error.to_string()))
}

fn invalid_refused(index: i32, invalid: Invalid) -> ProducePartitionResponse {
    let message = invalid.to_string();
    let (code, record_errors) = match invalid {
        Invalid::Corrupt { .. } => (ErrorCode::CorruptMessage, Vec::new()),
        Invalid::TooLarge { .. } => (ErrorCode::MessageTooLarge, Vec::new()),
        Invalid::InvalidRecord { record_errors, .. } => (ErrorCode::InvalidRecord, record_errors),
        Invalid::InvalidTimestamp { record_errors, .. } => {
            (ErrorCode::InvalidTimestamp, record_errors)
        }
        Invalid::UnsupportedFormat { .. } => (ErrorCode::UnsupportedForMessageFormat, Vec::new()),
        Invalid::UnsupportedCompression { .. } => {
            (ErrorCode::UnsupportedCompressionType, Vec::new())
        }
    };
    let mut answer = refused(index, code, Some(message));
    answer.record_errors = record_errors
        .into_iter()
        .map(|(batch_index, message)| RecordError {
            batch_index,
            message: Some(StrBytes::from_string(message)),
        })
        .collect();
    answer
}
