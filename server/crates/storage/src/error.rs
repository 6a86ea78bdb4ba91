//! What can go wrong, by operation.

use std::io;
use std::path::PathBuf;

use crate::LogId;

/// Why a data directory cannot be opened or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process has the directory.
    #[error("data directory {} is in use by another process; stop it or use another directory", path.display())]
    InUse {
        /// The data directory.
        path: PathBuf,
    },
    /// The directory or its disk cannot be written to.
    #[error("data directory {} is not writable", path.display())]
    NotWritable {
        /// The data directory.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A newer program wrote the directory.
    #[error("data directory {} has storage format {found}, this program knows up to {known}; use a newer program", path.display())]
    NewerFormat {
        /// The data directory.
        path: PathBuf,
        /// Version in the format file.
        found: u32,
        /// Newest version this program reads.
        known: u32,
    },
    /// The format file is not one.
    #[error("{} is not a format file; the directory may belong to another program", path.display())]
    UnknownFormat {
        /// The format file.
        path: PathBuf,
    },
    /// A file operation failed.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried, a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A log of that id exists in this process already.
    #[error("log {id} exists already")]
    LogExists {
        /// Its id.
        id: LogId,
    },
    /// No log of that id.
    #[error("there is no log {id}")]
    UnknownLog {
        /// The id asked for.
        id: LogId,
    },
    /// An offset outside the log.
    #[error(
        "offset {offset} is outside the log, which goes from {log_start_offset} to {high_watermark}"
    )]
    OffsetOutOfRange {
        /// The offset asked for.
        offset: i64,
        /// First offset.
        log_start_offset: i64,
        /// High watermark, exclusive.
        high_watermark: i64,
    },
    /// The directory is offline after a failed write or sync.
    #[error("data directory is offline: {reason}")]
    Offline {
        /// The failure that took it offline.
        reason: String,
    },
}

impl Error {
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { action, path, source }
    }
}

/// Why a batch was not appended. Nothing of it is in the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// `INVALID_PRODUCER_EPOCH`: a newer producer took over this producer id.
    #[error("producer {producer_id} has epoch {producer_epoch}, the log has seen {current_epoch}")]
    InvalidProducerEpoch {
        /// Producer of the batch.
        producer_id: i64,
        /// Epoch of the batch.
        producer_epoch: i16,
        /// Newest epoch seen.
        current_epoch: i16,
    },
    /// `OUT_OF_ORDER_SEQUENCE_NUMBER`: a batch before this one is missing.
    #[error(
        "producer {producer_id} sent sequence {base_sequence}, but {expected_sequence} comes next"
    )]
    OutOfOrderSequence {
        /// Producer of the batch.
        producer_id: i64,
        /// First sequence of the batch.
        base_sequence: i32,
        /// What the log waits for.
        expected_sequence: i32,
    },
    /// `RECORD_LIST_TOO_LARGE`: the batch is larger than a segment.
    #[error(
        "record batch of {size_bytes} bytes exceeds the segment size of {segment_size_bytes_max} (segment.bytes)"
    )]
    LargerThanSegment {
        /// Size of the batch.
        size_bytes: usize,
        /// Largest segment.
        segment_size_bytes_max: u32,
    },
    /// `KAFKA_STORAGE_ERROR`, retriable: the disk is down to its reserve. Ends by itself.
    #[error("the disk is full: {usable_bytes} bytes left of a reserve of {reserve_bytes}")]
    DiskFull {
        /// Bytes left.
        usable_bytes: u64,
        /// Bytes that must stay free.
        reserve_bytes: u64,
    },
    /// `KAFKA_STORAGE_ERROR`: a write or sync failed before; final for this process.
    #[error("data directory is offline: {reason}")]
    Offline {
        /// The failure that took it offline.
        reason: String,
    },
    /// `UNKNOWN_TOPIC_OR_PARTITION`: the log was deleted.
    #[error("the log was deleted")]
    Deleted,
    /// The log has used up all 63-bit offsets.
    #[error("the log has no offsets left")]
    OffsetsExhausted,
}

/// Why nothing can be read at an offset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// `OFFSET_OUT_OF_RANGE`: before the log start or past the end asked for.
    #[error(
        "offset {offset} is outside the log, which goes from {log_start_offset} to {end_offset}"
    )]
    OffsetOutOfRange {
        /// The offset asked for.
        offset: i64,
        /// First offset.
        log_start_offset: i64,
        /// End of what may be read, exclusive.
        end_offset: i64,
    },
    /// `CORRUPT_MESSAGE`: the bytes there are damaged. Reading goes on at `next_offset`.
    #[error("offsets {first_offset} to {next_offset} (exclusive) are damaged on disk")]
    Corrupt {
        /// First damaged offset.
        first_offset: i64,
        /// First readable offset behind the damage.
        next_offset: i64,
    },
    /// `KAFKA_STORAGE_ERROR`: the file cannot be read.
    #[error("cannot read {}: {message}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        message: String,
    },
    /// `UNKNOWN_TOPIC_OR_PARTITION`: the log was deleted.
    #[error("the log was deleted")]
    Deleted,
}
