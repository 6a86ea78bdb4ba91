//! One partition's log.

mod append;
mod image;
mod lookup;
mod read;
mod state;
mod trim;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use bytes::Bytes;
use parking_lot::{Mutex, RwLock};

use crate::directory::Directory;
use crate::{EpochEnd, EpochStart, LogConfig, LogId, Origin, ProducerSummary};

pub(crate) use image::{LogImage, SegmentImage};
pub(crate) use state::Queued;
use state::State;
use write::WriteState;
pub(crate) use write::{SNAPSHOT_MAGIC, SNAPSHOT_VERSION, SyncTarget};

/// Which replicas must have a batch before it is acknowledged, in Kafka's terms (`acks`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acks {
    /// acks=0: nobody waits.
    Zero,
    /// acks=1.
    One,
    /// acks=all (-1).
    All,
}

/// What the log wants to know about an append besides the batch.
#[derive(Debug, Clone, Copy)]
pub struct AppendContext<'a> {
    /// What the writer waits for.
    pub acks: Acks,
    /// Who writes.
    pub origin: &'a Origin,
}

/// When an append may be acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AckPoint {
    /// At once.
    Now,
    /// When the high watermark reaches this offset, exclusive: offset 10 means that everything up
    /// to 9 is below it.
    HighWatermark(i64),
}

/// An accepted batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Offset of the first record.
    pub base_offset: i64,
    /// Offset of the last record.
    pub last_offset: i64,
    /// The broker's time if the batch uses LogAppendTime, else -1, as the produce response has it.
    pub log_append_time_ms: i64,
    /// First offset of the log.
    pub log_start_offset: i64,
    /// When the writer may be told.
    pub ack_at: AckPoint,
    /// Whether an idempotent producer repeated a batch; offsets are then the original's.
    pub is_duplicate: bool,
}

/// The offsets of a log at one moment.
///
/// ```text
///  log_start_offset     last_stable_offset  high_watermark   durable_offset   log_end_offset
///        |......................|..................|................|................|
///         readable, committed      readable          not readable yet
/// ```
/// In `page-cache` logs the durable offset lags behind the high watermark instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogOffsets {
    /// First offset that may be read.
    pub log_start_offset: i64,
    /// End of what may be read, exclusive.
    pub high_watermark: i64,
    /// End of what `read_committed` may read, exclusive.
    pub last_stable_offset: i64,
    /// End of what a power cut leaves, exclusive.
    pub durable_offset: i64,
    /// The offset the next record gets.
    pub log_end_offset: i64,
}

/// End of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadUpTo {
    /// `read_uncommitted` consumers.
    HighWatermark,
    /// Everything appended; for the engine itself.
    LogEnd,
    /// `read_committed` consumers.
    LastStable,
}

/// What to read.
#[derive(Debug, Clone, Copy)]
pub struct FetchRange {
    /// Offset of the first record wanted. The whole batch that holds it is returned.
    pub offset: i64,
    /// Most bytes to return; batches are never cut.
    pub max_bytes: usize,
    /// Whether the first batch comes even if it is larger than `max_bytes`.
    pub at_least_one_batch: bool,
    /// Where to stop.
    pub up_to: ReadUpTo,
}

/// Whole batches, in pieces that lie one behind the other.
#[derive(Debug, Clone)]
pub struct ReadSlices {
    /// The pieces. A batch may span several.
    pub bytes: Vec<Bytes>,
    /// Their sizes together; 0 at the end of the log and where nothing fits.
    pub size_bytes: usize,
    /// The log's offsets at the time of the read.
    pub offsets: LogOffsets,
    /// Whether the read was from the segment that is written; a long poll ends at once otherwise.
    pub is_active_segment: bool,
}

/// A record found by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimestampedOffset {
    /// Its offset.
    pub offset: i64,
    /// Its timestamp, milliseconds since the epoch.
    pub timestamp_ms: i64,
    /// Leader epoch of its batch.
    pub leader_epoch: i32,
}

/// One segment, for display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentSummary {
    /// Offset of the first record.
    pub base_offset: i64,
    /// Offset behind the last record.
    pub next_offset: i64,
    /// Size of the file.
    pub size_bytes: u64,
    /// Largest timestamp; -1 when empty.
    pub max_timestamp_ms: i64,
    /// Damaged offsets: first, and first readable behind.
    pub damaged: Vec<(i64, i64)>,
    /// Where it is.
    pub path: PathBuf,
}

/// Learns what happens to a log. Called outside all locks of the log, by whichever thread made it
/// happen; must not block.
pub trait LogObserver: Send + Sync {
    /// The high watermark moved to `offsets.high_watermark`. Calls may come late and out of order:
    /// take the largest.
    fn high_watermark_advanced(&self, log: &Log, offsets: LogOffsets);
    /// Nothing more will become durable. Appends that wait for their ack point have failed.
    fn log_failed(&self, log: &Log, reason: &str);
}

/// A partition's log. Cheap to share; every method takes `&self`.
pub struct Log {
    id: LogId,
    dir: PathBuf,
    directory: Arc<Directory>,
    this: Weak<Log>,
    state: Mutex<State>,
    /// Held while bytes go to files, so that they go in order. Taken before `state`.
    writing: Mutex<WriteState>,
    observer: RwLock<Option<Arc<dyn LogObserver>>>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Log {
    /// The log with the content of `image`.
    pub(crate) fn open(
        directory: &Arc<Directory>,
        id: LogId,
        config: LogConfig,
        image: LogImage,
    ) -> Arc<Log> {
        let dir = directory.logs_dir.join(id.to_string());
        let has_files = image.has_files;
        let now_ms = directory.clock.wall_ms();
        let state = State::new(&dir, config, image, now_ms);
        Arc::new_cyclic(|this| Log {
            id,
            dir,
            directory: Arc::clone(directory),
            this: Weak::clone(this),
            state: Mutex::new(state),
            writing: Mutex::new(WriteState { has_dir: has_files }),
            observer: RwLock::new(None),
        })
    }

    /// The log's name.
    #[must_use]
    pub fn id(&self) -> LogId {
        self.id
    }

    /// Its folder; it exists from the first append on.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The offsets at this moment.
    #[must_use]
    pub fn offsets(&self) -> LogOffsets {
        self.state.lock().offsets()
    }

    /// The settings in force.
    #[must_use]
    pub fn config(&self) -> Arc<LogConfig> {
        Arc::clone(&self.state.lock().config)
    }

    /// Changes the settings. The high watermark never goes back, whatever the new durability.
    pub fn update_config(&self, config: LogConfig) {
        let advanced = {
            let mut state = self.state.lock();
            state.config = Arc::new(config);
            state.advance_high_watermark().then(|| state.offsets())
        };
        if let Some(offsets) = advanced {
            self.notify_advanced(offsets);
        }
        self.mark_dirty_if_behind();
    }

    /// The current leader epoch; grows with each unclean start.
    #[must_use]
    pub fn leader_epoch(&self) -> i32 {
        self.state.lock().epochs.current()
    }

    /// Known epochs and their first offsets, oldest first.
    #[must_use]
    pub fn epoch_starts(&self) -> Vec<EpochStart> {
        self.state.lock().epochs.starts().to_vec()
    }

    /// Where `epoch` ends (OffsetForLeaderEpoch). `None` for epochs that never were.
    #[must_use]
    pub fn epoch_end_offset(&self, epoch: i32) -> Option<EpochEnd> {
        let state = self.state.lock();
        state.epochs.end_of(epoch, state.log_end_offset)
    }

    /// Size of all `.log` files, what is not written yet included.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.state.lock().segments.iter().map(|segment| segment.meta.size_bytes).sum()
    }

    /// Producers that the log knows, by id.
    #[must_use]
    pub fn producers(&self) -> Vec<ProducerSummary> {
        self.state.lock().producers.summaries()
    }

    /// Segments, oldest first.
    #[must_use]
    pub fn segments(&self) -> Vec<SegmentSummary> {
        let state = self.state.lock();
        state
            .segments
            .iter()
            .map(|segment| SegmentSummary {
                base_offset: segment.base_offset,
                next_offset: segment.meta.next_offset,
                size_bytes: segment.meta.size_bytes,
                max_timestamp_ms: segment.meta.max_timestamp,
                damaged: segment
                    .damaged
                    .iter()
                    .map(|damage| (damage.first_offset, damage.next_offset))
                    .collect(),
                path: segment.file.path().to_owned(),
            })
            .collect()
    }

    /// Sets who learns of changes; replaces an earlier one.
    pub fn set_observer(&self, observer: Arc<dyn LogObserver>) {
        *self.observer.write() = Some(observer);
    }

    fn notify_advanced(&self, offsets: LogOffsets) {
        let observer = self.observer.read().clone();
        if let Some(observer) = observer {
            observer.high_watermark_advanced(self, offsets);
        }
    }

    pub(crate) fn notify_failed(&self, reason: &str) {
        let observer = self.observer.read().clone();
        if let Some(observer) = observer {
            observer.log_failed(self, reason);
        }
    }

    /// Gives memory back to the tail budget.
    pub(crate) fn shrink_tail(&self, bytes: u64) {
        let waiting = {
            let mut state = self.state.lock();
            let written = state.written;
            state.tail.drop_front(bytes, written)
        };
        if waiting > 0 {
            self.directory.tails.requeue(Weak::clone(&self.this), waiting);
        }
    }
}
