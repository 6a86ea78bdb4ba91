//! Appending batches.

use std::sync::Weak;

use freshet_records::{TimestampType, ValidBatch};

use crate::index::SegmentMeta;
use crate::log::state::{Queued, Rolled, State};
use crate::log::{AckPoint, Acks, AppendContext, Appended, Log};
use crate::origin::{OriginRef, Run};
use crate::producers::{ProducerBatch, Verdict};
use crate::segment::Segment;
use crate::{AppendError, Durability, LogConfig};

/// Bytes that may wait for the writer; appends beyond it write themselves.
const UNWRITTEN_BYTES_MAX: u64 = 8 << 20;

/// What an append found out under the lock.
struct Placed {
    appended: Appended,
    must_write: bool,
    queue: Option<Queued>,
}

impl Log {
    /// Appends a batch: assigns its offsets, and writes it to the page cache at once or with the
    /// sync round that is about to begin.
    ///
    /// A duplicate from an idempotent producer is not appended; its original offsets come back. The
    /// caller acknowledges at [`Appended::ack_at`]. May block for the time of a page-cache write.
    ///
    /// # Errors
    /// [`AppendError`]; nothing is in the log then.
    pub fn append(
        &self,
        batch: ValidBatch,
        context: &AppendContext<'_>,
    ) -> Result<Appended, AppendError> {
        let size_bytes = batch.size_bytes();
        self.directory.admit(size_bytes)?;
        let now_ms = self.directory.clock.wall_ms();
        let origin = self.directory.intern_origin(context.origin);
        let placed = {
            let mut state = self.state.lock();
            self.place(&mut state, &batch, context.acks, now_ms, origin)?
        };
        if !placed.appended.is_duplicate {
            self.directory.charge_tail(&self.this, size_bytes as u64);
        }
        if placed.must_write {
            self.write_now();
        }
        if let Some(queue) = placed.queue {
            self.enqueue(queue);
        }
        Ok(self.settle_ack(placed.appended))
    }

    /// Checks and takes in the batch under the log's lock.
    fn place(
        &self,
        state: &mut State,
        batch: &ValidBatch,
        acks: Acks,
        now_ms: i64,
        origin: OriginRef,
    ) -> Result<Placed, AppendError> {
        if state.is_deleted {
            return Err(AppendError::Deleted);
        }
        let size_bytes = batch.size_bytes();
        let segment_size_bytes_max = state.config.segment_size_bytes_max;
        if size_bytes > segment_size_bytes_max as usize {
            return Err(AppendError::LargerThanSegment { size_bytes, segment_size_bytes_max });
        }
        match state.producers.check(batch.header())? {
            Verdict::Duplicate(original) => return Ok(duplicate(state, batch, &original)),
            Verdict::Append => {}
        }
        let base_offset = state.log_end_offset;
        let mut header = batch.header().clone();
        header.base_offset = base_offset;
        header.partition_leader_epoch = state.epochs.current();
        if base_offset > i64::MAX - header.last_offset_delta as i64 - 1 {
            return Err(AppendError::OffsetsExhausted);
        }
        roll_if_needed(
            state,
            &self.dir,
            size_bytes,
            header.last_offset(),
            header.max_timestamp,
            now_ms,
        );

        let interval_bytes = state.config.index_interval_bytes;
        let active = state.active();
        let before = active.meta;
        active.growing.maybe_add(active.base_offset, base_offset, &before, interval_bytes);
        active.meta.add(header.next_offset(), header.max_timestamp, size_bytes);
        state.tail.push(base_offset, &header.encode(), &batch.payload());
        state.producers.record(&header, now_ms);
        state.log_end_offset = header.next_offset();
        state.unflushed_records += header.record_count as i64;
        let offset_count = header.last_offset_delta as u32 + 1;
        let leader_epoch = header.partition_leader_epoch;
        let run = Run {
            first_offset: base_offset,
            offset_count,
            leader_epoch,
            append_ms: now_ms,
            origin,
        };
        // A run never spans two segments: each has a file of its own.
        let is_first = state.active().base_offset == base_offset;
        if is_first || !state.new_runs.last_mut().is_some_and(|last| last.extend(&run)) {
            state.new_runs.push(run);
        }
        let log_append_time_ms = match header.timestamp_type() {
            TimestampType::CreateTime => -1,
            TimestampType::LogAppendTime => header.max_timestamp,
        };
        let appended = Appended {
            base_offset,
            last_offset: header.last_offset(),
            log_append_time_ms,
            log_start_offset: state.log_start_offset,
            ack_at: ack_point(&state.config, acks, header.next_offset()),
            is_duplicate: false,
        };
        let must_write = self.must_write(state, acks);
        Ok(Placed { appended, must_write, queue: wanted_queue(state) })
    }

    /// Whether the appending thread writes: always when the ack is about the page cache or nobody
    /// else is about to write, and when too much waits.
    fn must_write(&self, state: &State, acks: Acks) -> bool {
        let is_page_cache_ack = match (state.config.durability, acks) {
            (Durability::PageCache, _) | (Durability::Acked, Acks::One) => true,
            (Durability::Acked, Acks::Zero | Acks::All) | (Durability::Strict, _) => false,
        };
        is_page_cache_ack
            || !self.directory.rounds.is_busy()
            || state.tail.end() - state.written > UNWRITTEN_BYTES_MAX
    }

    /// An ack about the page cache waits for the high watermark if the write did not come through,
    /// as on a full disk.
    fn settle_ack(&self, mut appended: Appended) -> Appended {
        if appended.ack_at == AckPoint::Now && !appended.is_duplicate {
            let written_offset = self.state.lock().written_offset;
            if written_offset <= appended.last_offset {
                appended.ack_at = AckPoint::HighWatermark(appended.last_offset + 1);
            }
        }
        appended
    }

    fn enqueue(&self, queue: Queued) {
        if let Some(log) = Weak::upgrade(&self.this) {
            self.directory.rounds.push(log, queue, self.directory.clock.mono_ms());
        }
    }

    /// Queues the log for a sync if anything is not durable.
    pub(crate) fn mark_dirty_if_behind(&self) {
        let queue = {
            let mut state = self.state.lock();
            if state.durable_offset < state.log_end_offset {
                wanted_queue(&mut state)
            } else {
                None
            }
        };
        if let Some(queue) = queue {
            self.enqueue(queue);
        }
    }
}

/// When a batch that ends before `next_offset` is safe enough for its writer.
fn ack_point(config: &LogConfig, acks: Acks, next_offset: i64) -> AckPoint {
    match (config.durability, acks) {
        (_, Acks::Zero) | (Durability::PageCache, _) | (Durability::Acked, Acks::One) => {
            AckPoint::Now
        }
        (Durability::Acked, Acks::All) | (Durability::Strict, Acks::One | Acks::All) => {
            AckPoint::HighWatermark(next_offset)
        }
    }
}

/// A repeat is acknowledged only once the original is readable: its own ack may never have come.
fn duplicate(state: &State, batch: &ValidBatch, original: &ProducerBatch) -> Placed {
    let log_append_time_ms = match batch.header().timestamp_type() {
        TimestampType::CreateTime => -1,
        TimestampType::LogAppendTime => original.timestamp_ms,
    };
    let next_offset = original.last_offset + 1;
    let ack_at = if state.high_watermark >= next_offset {
        AckPoint::Now
    } else {
        AckPoint::HighWatermark(next_offset)
    };
    let appended = Appended {
        base_offset: original.base_offset,
        last_offset: original.last_offset,
        log_append_time_ms,
        log_start_offset: state.log_start_offset,
        ack_at,
        is_duplicate: true,
    };
    Placed { appended, must_write: false, queue: None }
}

/// The queue the log has to enter, if it is not there.
fn wanted_queue(state: &mut State) -> Option<Queued> {
    let wanted = match state.config.durability {
        Durability::Acked | Durability::Strict => Queued::Urgent,
        Durability::PageCache => {
            let config = &state.config;
            if state.unflushed_records >= config.flush_messages || config.flush_ms <= 0 {
                Queued::Urgent
            } else {
                Queued::Background
            }
        }
    };
    let is_new = match (state.queued, wanted) {
        (Queued::No, _) | (Queued::Background, Queued::Urgent) => true,
        (Queued::Background | Queued::Urgent, _) => false,
    };
    if is_new {
        state.queued = wanted;
        Some(wanted)
    } else {
        None
    }
}

/// Begins a new segment if the batch does not fit the active one (Kafka's `shouldRoll`).
fn roll_if_needed(
    state: &mut State,
    dir: &std::path::Path,
    size_bytes: usize,
    last_offset: i64,
    max_timestamp: i64,
    now_ms: i64,
) {
    let config = state.config.clone();
    let active = state.active();
    let meta = active.meta;
    if meta.size_bytes == 0 {
        return;
    }
    let is_full = meta.size_bytes + size_bytes as u64 > config.segment_size_bytes_max as u64;
    let is_offset_too_far = last_offset - active.base_offset > i32::MAX as i64;
    let age_ms = if meta.first_timestamp >= 0 && max_timestamp >= 0 {
        max_timestamp.saturating_sub(meta.first_timestamp)
    } else {
        now_ms.saturating_sub(active.created_ms)
    };
    let is_old = age_ms > config.segment_ms.saturating_sub(config.segment_jitter_ms);
    if is_full || is_offset_too_far || is_old {
        roll(state, dir, now_ms);
    }
}

/// Closes the active segment and begins one at the log end.
pub(super) fn roll(state: &mut State, dir: &std::path::Path, now_ms: i64) {
    let base_offset = state.log_end_offset;
    let mut snapshot = Vec::new();
    state.epochs.encode(&mut snapshot);
    state.producers.encode(&mut snapshot);
    let sealed_base_offset = state.active().base_offset;
    state.rolled.push(Rolled { sealed_base_offset, next_base_offset: base_offset, snapshot });
    let virtual_start = state.tail.end();
    let meta = SegmentMeta::empty(base_offset);
    state.segments.push_back(Segment::new(dir, base_offset, meta, virtual_start, now_ms));
}
