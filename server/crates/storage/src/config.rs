//! What can be set, per log and per data directory.

use std::path::PathBuf;

/// What an acknowledgement is worth. Every class survives the crash of the process.
///
/// | class | acks=1 | acks=all | after a power cut |
/// |---|---|---|---|
/// | `acked` | page cache | grouped sync | every acks=all record is there |
/// | `strict` | grouped sync | grouped sync | every acknowledged record is there |
/// | `page-cache` | page cache | page cache | the last second may be gone; what is left is a prefix |
///
/// The high watermark follows the class: in `acked` and `strict` nobody reads what a power cut can
/// take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Durability {
    /// Process crash: every acknowledged record survives. Power cut: every acks=all record does.
    #[default]
    Acked,
    /// Process crash and power cut: every acknowledged record survives, acks=0 excepted.
    Strict,
    /// Process crash: every acknowledged record survives. Power cut: up to a second may be lost,
    /// acknowledged and read records among it. Kafka's own behaviour on one machine.
    PageCache,
}

/// Settings of one log: Kafka's topic configuration, as far as a log honours it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// What an acknowledgement is worth.
    pub durability: Durability,
    /// Largest segment file, inclusive (`segment.bytes`).
    pub segment_size_bytes_max: u32,
    /// Span of timestamps in a segment before it is rolled (`segment.ms`).
    pub segment_ms: i64,
    /// How much earlier a segment may roll, so that not all roll at once (`segment.jitter.ms`).
    pub segment_jitter_ms: i64,
    /// Age at which segments are deleted; -1 keeps them for ever (`retention.ms`).
    pub retention_ms: i64,
    /// Size above which the oldest segments are deleted; -1 is unlimited (`retention.bytes`).
    pub retention_bytes: i64,
    /// Whether `cleanup.policy` contains `delete`; without it retention does nothing.
    pub is_retention_enabled: bool,
    /// Bytes of log between two index entries (`index.interval.bytes`).
    pub index_interval_bytes: u32,
    /// Records after which a `page-cache` log is synced at once (`flush.messages`).
    pub flush_messages: i64,
    /// Time after which a `page-cache` log is synced, at most a second (`flush.ms`).
    pub flush_ms: i64,
    /// Delay between the renaming of a deleted file and its removal (`file.delete.delay.ms`).
    pub file_delete_delay_ms: u64,
    /// Idle time after which a producer's state is dropped (`producer.id.expiration.ms`).
    pub producer_id_expiration_ms: i64,
}

impl Default for LogConfig {
    /// Kafka's defaults, in the class `acked`.
    fn default() -> LogConfig {
        LogConfig {
            durability: Durability::Acked,
            segment_size_bytes_max: 1 << 30,
            segment_ms: 7 * 24 * 3_600_000,
            segment_jitter_ms: 0,
            retention_ms: 7 * 24 * 3_600_000,
            retention_bytes: -1,
            is_retention_enabled: true,
            index_interval_bytes: 4096,
            flush_messages: i64::MAX,
            flush_ms: i64::MAX,
            file_delete_delay_ms: 60_000,
            producer_id_expiration_ms: 24 * 3_600_000,
        }
    }
}

/// Who runs the sync rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WriterMode {
    /// A thread of the store.
    #[default]
    Thread,
    /// The caller, with [`Store::run_round`](crate::Store::run_round): for deterministic tests.
    Manual,
}

/// Settings of a data directory.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// The data directory; made if missing.
    pub data_dir: PathBuf,
    /// Memory for recent batches, over all logs.
    pub tail_cache_bytes_max: usize,
    /// Memory for indexes of segments that are no longer written.
    pub index_cache_bytes_max: usize,
    /// Free bytes below which appends are refused; `None` is 5 % of the disk or 1 GiB, whichever is
    /// smaller.
    pub reserve_bytes: Option<u64>,
    /// Files kept open; `None` is half of what the system allows the process.
    pub open_files_max: Option<usize>,
    /// Files synced at the same time.
    pub sync_threads_max: usize,
    /// Who runs the sync rounds.
    pub writer: WriterMode,
}

impl StoreOptions {
    /// The defaults for `data_dir`.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> StoreOptions {
        StoreOptions {
            data_dir: data_dir.into(),
            tail_cache_bytes_max: 32 << 20,
            index_cache_bytes_max: 32 << 20,
            reserve_bytes: None,
            open_files_max: None,
            sync_threads_max: 8,
            writer: WriterMode::Thread,
        }
    }
}
