//! Partition logs on one data directory: segments, indexes, group commit, recovery, retention.
//!
//! ```text
//!  broker ── append(ValidBatch) ──► Log ── write (page cache) ──► <base offset>.log
//!                                    │ dirty
//!                                    ▼
//!                        writer thread: one sync round for every dirty log
//!                                    │ durable offset, high watermark
//!                                    ▼
//!                               LogObserver
//! ```
//!
//! A [`Store`] owns one data directory and every [`Log`] in it. Batches arrive checked
//! ([`freshet_records::ValidBatch`]); this crate knows no request types and no async runtime. All
//! calls may block for a short while on a lock, cold reads and explicit syncs on the disk. The
//! formats on disk are in `docs/storage-format.md`.

mod clock;
mod config;
mod directory;
mod disk;
mod encoding;
mod epochs;
mod error;
mod files;
mod index;
mod index_cache;
mod layout;
mod log;
mod origin;
mod positions;
mod producers;
mod recovery;
mod rounds;
mod scan;
mod segment;
mod space;
mod store;
mod sync_pool;
mod tail;

pub use clock::{Clock, SystemClock};
pub use config::{Durability, LogConfig, StoreOptions, WriterMode};
pub use disk::{
    DirEntry, DirLock, Disk, DiskFile, DiskSpace, OpenMode, StdDisk, read_exact_at, write_all_at,
};
pub use epochs::{EpochEnd, EpochStart};
pub use error::{AppendError, Error, ReadError};
pub use layout::{LogId, NotALogId, STORAGE_FORMAT_VERSION};
pub use log::{
    AckPoint, Acks, AppendContext, Appended, FetchRange, Log, LogObserver, LogOffsets, ReadSlices,
    ReadUpTo, SegmentSummary, TimestampedOffset,
};
pub use origin::Origin;
pub use producers::{PRODUCERS_PER_LOG_MAX, ProducerSummary};
pub use recovery::{Finding, LogFinding, RecoveryReport};
pub use store::{Housekeeping, LogUsage, Store, StoreState, Usage};
