//! ListOffsets (key 2), versions 1-10.
//!
//! Timestamps with a meaning: -1 the end (last stable offset when read_committed), -2 log start,
//! -3 the record with the largest timestamp (v7), -4 local log start, which is log start without
//! tiering (v8), -5 the last tiered offset, answered as unknown (v9). Any other is the first offset
//! whose timestamp is at or after it, found inside the batch; -1/-1 when there is none.

use freshet_storage::{LogOffsets, ReadUpTo};
use freshet_wire::messages::list_offsets_request::ListOffsetsPartition;
use freshet_wire::messages::list_offsets_response::{
    ListOffsetsPartitionResponse, ListOffsetsTopicResponse,
};
use freshet_wire::messages::{ListOffsetsRequest, ListOffsetsResponse};
use freshet_wire::{ApiKey, ErrorCode, VersionRange};
use tracing::warn;

use super::leader_epoch;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};
use crate::partition::Partition;

pub(super) const API: Api = Api {
    key: ApiKey::ListOffsets,
    served: VersionRange::new(1, 10),
    advertised_min: 1,
    handle: |request| Box::pin(handle(request)),
    notes: "no tiering: -4 equals the log start, -5 is unknown",
};

const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const MAX_TIMESTAMP: i64 = -3;
const EARLIEST_LOCAL: i64 = -4;
const LATEST_TIERED: i64 = -5;
const READ_COMMITTED: i8 = 1;

async fn handle(mut request: Request) -> Answer {
    let body: ListOffsetsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let is_committed = body.isolation_level == READ_COMMITTED;
    let topics = body
        .topics
        .into_iter()
        .map(|topic| {
            let found = request.shared().topics.by_name(&topic.name);
            let partitions = topic
                .partitions
                .iter()
                .map(|asked| {
                    let partition = found.as_ref().and_then(|t| t.partition(asked.partition_index));
                    let result = match partition {
                        Some(partition) => look_up(partition, asked, is_committed),
                        None => Err(ErrorCode::UnknownTopicOrPartition),
                    };
                    answer_for(asked.partition_index, request.version(), result)
                })
                .collect();
            ListOffsetsTopicResponse::default().with_name(topic.name).with_partitions(partitions)
        })
        .collect();
    request.reply(ListOffsetsResponse::default().with_topics(topics))
}

/// Offset, timestamp and leader epoch of an answer.
type Found = (i64, i64, i32);

fn answer_for(
    index: i32,
    version: i16,
    result: Result<Found, ErrorCode>,
) -> ListOffsetsPartitionResponse {
    let (code, (offset, timestamp, epoch)) = match result {
        Ok(found) => (ErrorCode::None, found),
        Err(code) => (code, (-1, -1, -1)),
    };
    let answer = ListOffsetsPartitionResponse::default()
        .with_partition_index(index)
        .with_error_code(code.code())
        .with_offset(offset)
        .with_timestamp(timestamp);
    if version >= 4 { answer.with_leader_epoch(epoch) } else { answer }
}

fn look_up(
    partition: &Partition,
    asked: &ListOffsetsPartition,
    is_committed: bool,
) -> Result<Found, ErrorCode> {
    leader_epoch::check(partition, asked.current_leader_epoch)?;
    let offsets = partition.offsets();
    let epoch = partition.log.leader_epoch();
    match asked.timestamp {
        LATEST => Ok((readable_end(&offsets, is_committed), -1, epoch)),
        EARLIEST | EARLIEST_LOCAL => Ok((offsets.log_start_offset, -1, epoch)),
        LATEST_TIERED => Ok((-1, -1, -1)),
        MAX_TIMESTAMP => by_time(partition, None, is_committed),
        timestamp if timestamp >= 0 => by_time(partition, Some(timestamp), is_committed),
        _ => Err(ErrorCode::InvalidRequest),
    }
}

fn readable_end(offsets: &LogOffsets, is_committed: bool) -> i64 {
    if is_committed { offsets.last_stable_offset } else { offsets.high_watermark }
}

fn by_time(
    partition: &Partition,
    at_ms: Option<i64>,
    is_committed: bool,
) -> Result<Found, ErrorCode> {
    let up_to = if is_committed { ReadUpTo::LastStable } else { ReadUpTo::HighWatermark };
    // Looking inside a batch may read from disk.
    let found = tokio::task::block_in_place(|| match at_ms {
        Some(at_ms) => partition.log.offset_for_timestamp(at_ms, up_to),
        None => partition.log.offset_of_max_timestamp(up_to),
    });
    match found {
        Ok(Some(found)) => Ok((found.offset, found.timestamp_ms, found.leader_epoch)),
        Ok(None) => Ok((-1, -1, -1)),
        Err(error) => {
            warn!(partition = partition.index, %error, "cannot look up an offset by time");
            Err(ErrorCode::KafkaStorageError)
        }
    }
}
