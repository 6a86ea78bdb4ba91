//! Finding records by time, and what is known about a batch besides its bytes.

use std::io;
use std::sync::Arc;

use freshet_records::{Batch, Batches, DecompressLimits, NO_TIMESTAMP};

use crate::disk::OpenMode;
use crate::files::SegmentFile;
use crate::index::{Index, Point};
use crate::log::{Log, ReadUpTo, TimestampedOffset};
use crate::origin::{Run, find_run};
use crate::scan::{Step, Walk, read_bytes};
use crate::segment::Damage;
use crate::{Origin, ReadError};

/// A segment to look through.
struct Candidate {
    base_offset: i64,
    file: Arc<SegmentFile>,
    growing: Index,
    indexed_to: u64,
    written: u64,
    max_timestamp: i64,
    damaged: Vec<Damage>,
}

impl Log {
    /// The first record below `up_to` with a timestamp of at least `timestamp_ms` (ListOffsets,
    /// KIP-79). `None` when there is none. Reads from disk.
    ///
    /// # Errors
    /// [`ReadError::Io`] and [`ReadError::Deleted`]. Damaged ranges are stepped over.
    pub fn offset_for_timestamp(
        &self,
        timestamp_ms: i64,
        up_to: ReadUpTo,
    ) -> Result<Option<TimestampedOffset>, ReadError> {
        let (log_start_offset, end_offset, candidates) = self.candidates(up_to)?;
        for candidate in candidates {
            if candidate.max_timestamp < timestamp_ms {
                continue;
            }
            let found = self
                .first_at_least(&candidate, timestamp_ms, log_start_offset, end_offset)
                .map_err(|error| io_error(&candidate, &error))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The first record below `up_to` with the largest timestamp (ListOffsets -3, KIP-734). `None`
    /// in an empty log. Reads from disk.
    ///
    /// # Errors
    /// As [`offset_for_timestamp`](Log::offset_for_timestamp).
    pub fn offset_of_max_timestamp(
        &self,
        up_to: ReadUpTo,
    ) -> Result<Option<TimestampedOffset>, ReadError> {
        let (log_start_offset, end_offset, mut candidates) = self.candidates(up_to)?;
        // Only the newest segments can hold records that may not be seen yet, or no longer.
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.max_timestamp));
        let mut best: Option<TimestampedOffset> = None;
        for candidate in candidates {
            if best.is_some_and(|best| best.timestamp_ms > candidate.max_timestamp) {
                break;
            }
            let largest = self
                .largest_visible(&candidate, log_start_offset, end_offset)
                .map_err(|error| io_error(&candidate, &error))?;
            let Some(largest) = largest else { continue };
            let found = self
                .first_at_least(&candidate, largest, log_start_offset, end_offset)
                .map_err(|error| io_error(&candidate, &error))?;
            best = match (best, found) {
                (Some(best), Some(found))
                    if (found.timestamp_ms, -found.offset) <= (best.timestamp_ms, -best.offset) =>
                {
                    Some(best)
                }
                (_, Some(found)) => Some(found),
                (best, None) => best,
            };
        }
        Ok(best)
    }

    fn candidates(&self, up_to: ReadUpTo) -> Result<(i64, i64, Vec<Candidate>), ReadError> {
        let mut state = self.state.lock();
        if state.is_deleted {
            return Err(ReadError::Deleted);
        }
        let end_offset = state.end_of(up_to).min(state.written_offset);
        let candidates = state
            .segments
            .iter()
            .filter(|segment| segment.meta.size_bytes > 0 && segment.base_offset < end_offset)
            .map(|segment| Candidate {
                base_offset: segment.base_offset,
                file: Arc::clone(&segment.file),
                growing: segment.growing.clone(),
                indexed_to: segment.indexed_to,
                written: state.written_size(segment),
                max_timestamp: segment.meta.max_timestamp,
                damaged: segment.damaged.clone(),
            })
            .collect();
        Ok((state.log_start_offset, end_offset, candidates))
    }

    fn first_at_least(
        &self,
        candidate: &Candidate,
        timestamp_ms: i64,
        log_start_offset: i64,
        end_offset: i64,
    ) -> io::Result<Option<TimestampedOffset>> {
        let mut from = candidate.growing.find_timestamp(timestamp_ms);
        if from == Point::START && candidate.indexed_to > 0 {
            from = self
                .covering_index(candidate.base_offset, candidate.indexed_to)?
                .find_timestamp(timestamp_ms);
        }
        let mut answer = None;
        self.walk_batches(candidate, from, end_offset, |batch| {
            if batch.header.max_timestamp >= timestamp_ms
                && batch.header.last_offset() >= log_start_offset
            {
                answer = first_record(batch, timestamp_ms, log_start_offset);
            }
            answer.is_none()
        })?;
        Ok(answer)
    }

    /// The largest timestamp in a segment among the batches that may be seen.
    fn largest_visible(
        &self,
        candidate: &Candidate,
        log_start_offset: i64,
        end_offset: i64,
    ) -> io::Result<Option<i64>> {
        let mut largest = None;
        // The index leads close to the batch with the largest timestamp; if that may not be seen,
        // the whole segment has to be looked at.
        let visible =
            self.first_at_least(candidate, candidate.max_timestamp, log_start_offset, end_offset)?;
        if visible.is_some() {
            return Ok(Some(candidate.max_timestamp));
        }
        self.walk_batches(candidate, Point::START, end_offset, |batch| {
            if batch.header.last_offset() >= log_start_offset {
                largest = largest.max(Some(batch.header.max_timestamp));
            }
            true
        })?;
        Ok(largest)
    }

    /// Walks sound batches below `end_offset` until `visit` returns false.
    fn walk_batches(
        &self,
        candidate: &Candidate,
        from: Point,
        end_offset: i64,
        mut visit: impl FnMut(&LazyBatch<'_>) -> bool,
    ) -> io::Result<()> {
        let handle = self.directory.files.get(&candidate.file, OpenMode::Read)?;
        let mut walk = Walk::new(handle.as_ref(), candidate.base_offset, from, candidate.written);
        loop {
            match walk.step()? {
                Step::Batch { header, .. } if header.base_offset >= end_offset => return Ok(()),
                Step::Batch { position, header } => {
                    let batch = LazyBatch { file: handle.as_ref(), position, header };
                    if !visit(&batch) {
                        return Ok(());
                    }
                }
                Step::End => return Ok(()),
                Step::Bad { position } => {
                    let known = candidate.damaged.iter().find(|damage| {
                        (damage.from_position..damage.to_position).contains(&position)
                    });
                    let next = match known {
                        Some(damage) => Some(damage.to_position),
                        None => walk.find_sound_behind(position)?,
                    };
                    match next {
                        Some(next) => walk.jump(next),
                        None => return Ok(()),
                    }
                }
            }
        }
    }

    /// When exactly the batch that holds `offset` was appended, milliseconds since the epoch.
    /// `None` when the offset is outside the log or a power cut took the note. Reads from disk.
    #[must_use]
    pub fn append_time_at(&self, offset: i64) -> Option<i64> {
        self.run_at(offset).map(|run| run.append_ms)
    }

    /// Who wrote the batch that holds `offset`. `None` as in
    /// [`append_time_at`](Log::append_time_at).
    #[must_use]
    pub fn origin_at(&self, offset: i64) -> Option<Origin> {
        self.directory.resolve_origin(self.run_at(offset)?.origin)
    }

    fn run_at(&self, offset: i64) -> Option<Run> {
        let (file, epoch) = {
            let state = self.state.lock();
            if offset < state.log_start_offset || offset >= state.log_end_offset {
                return None;
            }
            if let Some(run) = state.new_runs.iter().find(|run| run.holds(offset)) {
                return Some(*run);
            }
            let segment = &state.segments[state.segment_index(offset)];
            (Arc::clone(&segment.origin_file), state.epochs.at(offset))
        };
        let handle = self.directory.files.get(&file, OpenMode::Read).ok()?;
        let run = find_run(handle.as_ref(), offset).ok().flatten()?;
        (Some(run.leader_epoch) == epoch).then_some(run)
    }
}

/// A batch on disk whose header was read.
struct LazyBatch<'a> {
    file: &'a dyn crate::DiskFile,
    position: u64,
    header: freshet_records::BatchHeader,
}

impl LazyBatch<'_> {
    fn read(&self) -> Option<Batch> {
        let bytes = read_bytes(self.file, self.position, self.header.size_bytes()).ok()?;
        let batch = Batches::new(bytes).next()?.ok()?;
        batch.verify_crc().ok()?;
        Some(batch)
    }
}

fn first_record(
    batch: &LazyBatch<'_>,
    timestamp_ms: i64,
    log_start_offset: i64,
) -> Option<TimestampedOffset> {
    let whole = batch.read()?;
    let records = whole.records(&DecompressLimits::default()).ok()?;
    let leader_epoch = batch.header.partition_leader_epoch;
    let first = records.filter_map(Result::ok).find(|record| {
        record.timestamp_ms >= timestamp_ms
            && record.timestamp_ms != NO_TIMESTAMP
            && record.offset >= log_start_offset
    })?;
    Some(TimestampedOffset { offset: first.offset, timestamp_ms: first.timestamp_ms, leader_epoch })
}

fn io_error(candidate: &Candidate, error: &io::Error) -> ReadError {
    ReadError::Io { path: candidate.file.path().to_owned(), message: error.to_string() }
}
