//! A log that holds state: the metadata log and `__consumer_offsets`.
//!
//! Records go in, the same records come out at the next start; the state machine above replays them
//! and knows nothing of files. Every append is as durable as the data directory can make it.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;
use freshet_records::{BatchBuilder, Batches, Compression, DecompressLimits, Record};
use freshet_storage::{
    Acks, AppendContext, Durability, FetchRange, Log, LogConfig, LogId, Origin, ReadUpTo, Store,
};

use crate::limits::{STATE_LOG_SEGMENT_SIZE_BYTES, STATE_LOG_SIZE_BYTES_MAX};
use crate::progress::{LogFailed, Progress};

/// Bytes of one batch; a longer list of records becomes several.
const BATCH_SIZE_BYTES_MAX: usize = 512 * 1024;
/// Bytes read at a time at start.
const READ_SIZE_BYTES: usize = 4 * 1024 * 1024;

/// Why state can't be kept or read back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    #[error("the log refuses the append: {0}")]
    Append(String),
    #[error("the data directory went offline")]
    Offline,
    #[error("offset {offset}: {reason}")]
    Unreadable { offset: i64, reason: String },
}

impl From<LogFailed> for StateError {
    fn from(_: LogFailed) -> StateError {
        StateError::Offline
    }
}

/// Synced before every answer, and bounded by [`StateLog::rewrite`] instead of retention.
fn internal_config() -> LogConfig {
    LogConfig {
        durability: Durability::Strict,
        is_retention_enabled: false,
        segment_size_bytes_max: STATE_LOG_SEGMENT_SIZE_BYTES,
        file_delete_delay_ms: 0,
        ..LogConfig::default()
    }
}

/// One key and value; a `None` value deletes the key.
pub(crate) type StateRecord = (Option<Bytes>, Option<Bytes>);

/// A state log in service.
#[derive(Clone)]
pub(crate) struct StateLog {
    log: Arc<Log>,
    progress: Arc<Progress>,
    origin: Origin,
    /// Size right after the last rewrite: what has grown since then decides about the next one.
    rewritten_size_bytes: Arc<AtomicU64>,
}

impl StateLog {
    /// Opens the log with this id, creating it when it is new.
    pub(crate) fn open(store: &Store, id: LogId) -> Result<StateLog, StateError> {
        let log = match store.log(id) {
            Some(log) => log,
            None => store
                .create_log(id, internal_config())
                .map_err(|error| StateError::Append(error.to_string()))?,
        };
        let progress = Arc::new(Progress::new(log.offsets().high_watermark));
        log.set_observer(Arc::clone(&progress) as Arc<dyn freshet_storage::LogObserver>);
        Ok(StateLog::new(log, progress))
    }

    /// Keeps state in the log of a partition that is in service already.
    pub(crate) fn new(log: Arc<Log>, progress: Arc<Progress>) -> StateLog {
        let origin = Origin::new("", "freshet", env!("CARGO_PKG_VERSION"), "", "");
        StateLog { log, progress, origin, rewritten_size_bytes: Arc::default() }
    }

    /// Hands every record to `replay`, oldest first.
    ///
    /// # Errors
    /// Names the first offset that can't be read: state is never loaded in part.
    pub(crate) fn replay(
        &self,
        mut replay: impl FnMut(&Record) -> Result<(), String>,
    ) -> Result<(), StateError> {
        let offsets = self.log.offsets();
        let mut next = offsets.log_start_offset;
        while next < offsets.log_end_offset {
            let unreadable =
                |offset: i64, reason: String| StateError::Unreadable { offset, reason };
            let range = FetchRange {
                offset: next,
                max_bytes: READ_SIZE_BYTES,
                at_least_one_batch: true,
                up_to: ReadUpTo::LogEnd,
            };
            let slices = self.log.read(&range).map_err(|e| unreadable(next, e.to_string()))?;
            let bytes: freshet_wire::Chain = slices.bytes.into_iter().collect();
            let before = next;
            for batch in Batches::new(bytes.into_bytes()) {
                let batch = batch.map_err(|e| unreadable(next, e.to_string()))?;
                let records = batch
                    .records(&DecompressLimits::default())
                    .map_err(|e| unreadable(next, e.to_string()))?;
                for record in records {
                    let record = record.map_err(|e| unreadable(next, e.to_string()))?;
                    if record.offset >= next {
                        replay(&record).map_err(|reason| unreadable(record.offset, reason))?;
                    }
                }
                next = batch.header.next_offset();
            }
            if next == before {
                return Err(unreadable(next, "no batch where one must be".to_owned()));
            }
        }
        Ok(())
    }

    /// Appends records and answers the offset that the high watermark must reach for them to be
    /// durable. Does not wait.
    pub(crate) fn append(&self, records: &[StateRecord], now_ms: i64) -> Result<i64, StateError> {
        let mut builder = BatchBuilder::new(Compression::None);
        for (key, value) in records {
            if builder.size_bytes() > BATCH_SIZE_BYTES_MAX {
                self.append_batch(std::mem::replace(
                    &mut builder,
                    BatchBuilder::new(Compression::None),
                ))?;
            }
            builder
                .push(now_ms, key.as_deref(), value.as_deref(), &[])
                .map_err(|error| StateError::Append(error.to_string()))?;
        }
        if builder.is_empty() {
            return Ok(self.log.offsets().log_end_offset);
        }
        self.append_batch(builder)
    }

    fn append_batch(&self, builder: BatchBuilder) -> Result<i64, StateError> {
        let batch = builder.build(0).map_err(|error| StateError::Append(error.to_string()))?;
        let context = AppendContext { acks: Acks::All, origin: &self.origin };
        let appended = self
            .log
            .append(batch, &context)
            .map_err(|error| StateError::Append(error.to_string()))?;
        Ok(appended.last_offset + 1)
    }

    /// Waits until everything before `end` (exclusive) is durable.
    pub(crate) async fn durable(&self, end: i64) -> Result<(), StateError> {
        Ok(self.progress.reached(end).await?)
    }

    /// Everything before `end` (exclusive) is durable.
    pub(crate) fn is_durable(&self, end: i64) -> bool {
        self.log.offsets().high_watermark >= end
    }

    /// One past the newest record.
    pub(crate) fn end(&self) -> i64 {
        self.log.offsets().log_end_offset
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.log.size_bytes()
    }

    /// It has grown enough since the last rewrite to be rewritten.
    pub(crate) fn is_long(&self) -> bool {
        let grown = self.size_bytes().saturating_sub(self.rewritten_size_bytes.load(Relaxed));
        grown > STATE_LOG_SIZE_BYTES_MAX
    }

    /// Bounds the log: appends the live state again, waits until it is durable and drops what came
    /// before. A crash in between replays both, which ends in the same state.
    pub(crate) async fn rewrite(
        &self,
        live: &[StateRecord],
        now_ms: i64,
    ) -> Result<(), StateError> {
        let first = self.end();
        let end = self.append(live, now_ms)?;
        self.durable(end).await?;
        let log = Arc::clone(&self.log);
        tokio::task::spawn_blocking(move || log.delete_records_before(first))
            .await
            .map_err(|error| StateError::Append(error.to_string()))?
            .map_err(|error| StateError::Append(error.to_string()))?;
        self.rewritten_size_bytes.store(self.size_bytes(), Relaxed);
        Ok(())
    }
}
