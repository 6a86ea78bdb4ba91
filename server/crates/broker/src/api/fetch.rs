//! Fetch (key 1), versions 4-12.
//!
//! - v4: isolation level. v5: log start offset. v7: fetch sessions (KIP-227); every answer carries
//!   session id 0, which tells the client to send everything each time. v9: current leader epoch.
//!   v11: rack. v12: flexible, last fetched epoch (KIP-595).
//! - An offset inside a batch returns the whole batch. The first non-empty partition returns at
//!   least one batch, even over both limits.
//! - A long poll ends when `min_bytes` are there, a partition errs, or `max_wait_ms` is over;
//!   a wait of 0 and an empty list of partitions answer at once.
//!
//! Not done: incremental sessions, topic ids (v13 and later).

use std::sync::Arc;
use std::time::Duration;

use freshet_storage::{FetchRange, Log, ReadError, ReadSlices, ReadUpTo};
use freshet_wire::fetch::{
    FetchPartition, FetchPartitionResponse, FetchRequest, FetchResponse, FetchTopicResponse,
    IsolationLevel,
};
use freshet_wire::{ApiKey, ErrorCode, VersionRange};
use tokio::sync::{Notify, OwnedSemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::leader_epoch;
use crate::answer::Answer;
use crate::broker::Shared;
use crate::dispatch::{Api, Request};
use crate::limits::{FETCH_RESERVATION_SIZE_BYTES_MAX, FETCH_SIZE_BYTES_MAX, FETCH_WAIT_MS_MAX};
use crate::partition::Partition;

pub(super) const API: Api = Api {
    key: ApiKey::Fetch,
    served: VersionRange::new(4, 12),
    advertised_min: 4,
    handle: |request| Box::pin(handle(request)),
    notes: "no fetch sessions (session id 0 is always answered), no topic ids yet",
};

/// A partition of the request, resolved.
struct Wanted {
    topic: usize,
    asked: FetchPartition,
    partition: Result<Arc<Partition>, ErrorCode>,
}

/// One pass over all partitions.
struct Pass {
    response: FetchResponse,
    size_bytes: usize,
    has_error: bool,
}

async fn handle(mut request: Request) -> Answer {
    let body = std::mem::take(&mut request.body);
    let fetch = match FetchRequest::decode(request.version(), body) {
        Ok(fetch) => fetch,
        Err(error) => return Answer::Close(error.to_string()),
    };
    let version = request.version();
    if let Some(error) = session_error(&fetch) {
        let response = FetchResponse { error_code: error, ..FetchResponse::default() };
        return encoded(&response, version, None);
    }
    let shared = Arc::clone(request.shared());
    let wanted = resolve(&shared, &fetch);
    let wait_ms = u64::try_from(fetch.max_wait_ms).unwrap_or(0).min(FETCH_WAIT_MS_MAX);
    let deadline = Instant::now() + Duration::from_millis(wait_ms);
    let min_bytes = usize::try_from(fetch.min_bytes).unwrap_or(0);
    let limit_bytes = usize::try_from(fetch.max_bytes).unwrap_or(0).min(FETCH_SIZE_BYTES_MAX);
    let mut stopping = shared.stopping();
    loop {
        // A waiting fetch reserves nothing; only one that finds something does.
        let hold =
            if has_data(&fetch, &wanted) { budget(&shared, limit_bytes).await } else { None };
        let reserved = hold.as_ref().map_or(0, |hold| hold.num_permits() * 1024);
        let pass = read_all(&fetch, &wanted, limit_bytes.min(reserved));
        let is_due = pass.has_error
            || pass.size_bytes >= min_bytes
            || wanted.is_empty()
            || Instant::now() >= deadline
            || stopping.has_stopped();
        if is_due {
            count(&request, &wanted, &pass.response);
            return encoded(&pass.response, version, shrink(hold, pass.size_bytes));
        }
        let waiting = Waiting::register(&wanted, &pass.response);
        if let Some(waiting) = waiting {
            tokio::select! {
                _ = timeout_at(deadline, waiting.wake.notified()) => {}
                () = stopping.stopped() => {}
            }
        }
    }
}

/// Sessions are never handed out, so only "no session" and "close" make sense.
fn session_error(fetch: &FetchRequest) -> Option<ErrorCode> {
    (fetch.session_id != 0 && fetch.session_epoch != -1)
        .then_some(ErrorCode::FetchSessionIdNotFound)
}

fn resolve(shared: &Shared, fetch: &FetchRequest) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for (index, topic) in fetch.topics.iter().enumerate() {
        let found = shared.topics.by_name(&topic.name);
        for asked in &topic.partitions {
            let partition = found
                .as_ref()
                .and_then(|topic| topic.partition(asked.index))
                .cloned()
                .ok_or(ErrorCode::UnknownTopicOrPartition);
            wanted.push(Wanted { topic: index, asked: *asked, partition });
        }
    }
    wanted
}

fn read_all(fetch: &FetchRequest, wanted: &[Wanted], limit_bytes: usize) -> Pass {
    let mut topics: Vec<FetchTopicResponse> = fetch
        .topics
        .iter()
        .map(|topic| FetchTopicResponse {
            name: topic.name.clone(),
            topic_id: topic.topic_id,
            partitions: Vec::with_capacity(topic.partitions.len()),
        })
        .collect();
    let mut size_bytes = 0;
    let mut has_error = false;
    for each in wanted {
        let left = limit_bytes.saturating_sub(size_bytes);
        let answer = match &each.partition {
            Ok(partition) => read_one(fetch, &each.asked, partition, left, size_bytes == 0),
            Err(code) => FetchPartitionResponse::refused(each.asked.index, *code),
        };
        size_bytes += answer.records.size_bytes();
        has_error |= answer.error_code != ErrorCode::None;
        topics[each.topic].partitions.push(answer);
    }
    Pass { response: FetchResponse { topics, ..FetchResponse::default() }, size_bytes, has_error }
}

fn read_one(
    fetch: &FetchRequest,
    asked: &FetchPartition,
    partition: &Partition,
    left_bytes: usize,
    is_first: bool,
) -> FetchPartitionResponse {
    if let Err(code) = leader_epoch::check(partition, asked.current_leader_epoch) {
        return FetchPartitionResponse::refused(asked.index, code);
    }
    if partition.progress.has_failed() {
        return FetchPartitionResponse::refused(asked.index, ErrorCode::KafkaStorageError);
    }
    let up_to = match fetch.isolation_level {
        IsolationLevel::ReadUncommitted => ReadUpTo::HighWatermark,
        IsolationLevel::ReadCommitted => ReadUpTo::LastStable,
    };
    let limit = usize::try_from(asked.max_bytes).unwrap_or(0).min(left_bytes);
    let range = FetchRange {
        offset: asked.fetch_offset,
        max_bytes: limit,
        at_least_one_batch: is_first,
        up_to,
    };
    let mut answer = FetchPartitionResponse::refused(asked.index, ErrorCode::None);
    match read(&partition.log, &range) {
        Ok(slices) => {
            answer.high_watermark = slices.offsets.high_watermark;
            answer.last_stable_offset = slices.offsets.last_stable_offset;
            answer.log_start_offset = slices.offsets.log_start_offset;
            answer.records = slices.bytes.into_iter().collect();
            if matches!(fetch.isolation_level, IsolationLevel::ReadCommitted) {
                // No transactions are served yet, so none can have been aborted.
                answer.aborted_transactions = Some(Vec::new());
            }
        }
        Err(error) => {
            let offsets = partition.offsets();
            answer.error_code = read_error(&error);
            answer.high_watermark = offsets.high_watermark;
            answer.last_stable_offset = offsets.last_stable_offset;
            answer.log_start_offset = offsets.log_start_offset;
        }
    }
    answer
}

/// From memory where possible; a read from disk gets a thread that may wait.
fn read(log: &Log, range: &FetchRange) -> Result<ReadSlices, ReadError> {
    match log.read_cached(range)? {
        Some(slices) => Ok(slices),
        None => tokio::task::block_in_place(|| log.read(range)),
    }
}

fn read_error(error: &ReadError) -> ErrorCode {
    match error {
        ReadError::OffsetOutOfRange { .. } => ErrorCode::OffsetOutOfRange,
        ReadError::Corrupt { .. } => ErrorCode::CorruptMessage,
        ReadError::Io { .. } => ErrorCode::KafkaStorageError,
        ReadError::Deleted => ErrorCode::UnknownTopicOrPartition,
    }
}

/// Registrations of one waiting fetch; dropping it takes them back.
struct Waiting<'a> {
    wake: Arc<Notify>,
    wanted: &'a [Wanted],
}

impl<'a> Waiting<'a> {
    /// Registers behind what the pass saw; `None` when something has moved since, so that the
    /// caller reads again instead of sleeping through it.
    fn register(wanted: &'a [Wanted], seen: &FetchResponse) -> Option<Waiting<'a>> {
        let waiting = Waiting { wake: Arc::new(Notify::new()), wanted };
        let marks = seen.topics.iter().flat_map(|topic| &topic.partitions);
        for (each, mark) in wanted.iter().zip(marks) {
            let Ok(partition) = &each.partition else { continue };
            if !partition.progress.register(mark.high_watermark + 1, &waiting.wake) {
                return None;
            }
        }
        Some(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        for each in self.wanted {
            if let Ok(partition) = &each.partition {
                partition.progress.deregister(&self.wake);
            }
        }
    }
}

/// Some partition has records behind the offset that is asked for.
fn has_data(fetch: &FetchRequest, wanted: &[Wanted]) -> bool {
    wanted.iter().any(|each| {
        let Ok(partition) = &each.partition else { return false };
        let offsets = partition.offsets();
        let end = match fetch.isolation_level {
            IsolationLevel::ReadUncommitted => offsets.high_watermark,
            IsolationLevel::ReadCommitted => offsets.last_stable_offset,
        };
        each.asked.fetch_offset < end
    })
}

/// Reserves what the answer may occupy; held by the connection until it is sent.
async fn budget(shared: &Shared, limit_bytes: usize) -> Option<OwnedSemaphorePermit> {
    let kib = limit_bytes.min(FETCH_RESERVATION_SIZE_BYTES_MAX).div_ceil(1024).max(1);
    let kib = u32::try_from(kib).unwrap_or(1);
    Arc::clone(&shared.fetch_memory).acquire_many_owned(kib).await.ok()
}

fn shrink(hold: Option<OwnedSemaphorePermit>, size_bytes: usize) -> Option<OwnedSemaphorePermit> {
    let mut hold = hold?;
    hold.split(size_bytes.div_ceil(1024).min(hold.num_permits()))
}

fn count(request: &Request, wanted: &[Wanted], response: &FetchResponse) {
    let answers = response.topics.iter().flat_map(|topic| &topic.partitions);
    for (each, answer) in wanted.iter().zip(answers) {
        let Ok(partition) = &each.partition else { continue };
        let size_bytes = answer.records.size_bytes() as u64;
        if size_bytes > 0 {
            let records = crate::traffic::records_in(&answer.records);
            partition.traffic.count_out(records, size_bytes);
            request.session.connection.traffic.count_out(records, size_bytes);
            request.shared().traffic.count_out(records, size_bytes);
        }
    }
}

fn encoded(response: &FetchResponse, version: i16, hold: Option<OwnedSemaphorePermit>) -> Answer {
    match response.encode(version) {
        Ok(body) => Answer::Reply { body, hold },
        Err(error) => Answer::Close(error.to_string()),
    }
}
