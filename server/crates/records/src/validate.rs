//! What a broker checks before it stores a producer's batch (Kafka's `LogValidator`).
//!
//! The bytes are kept as they are whenever Kafka keeps them. They are rebuilt when the topic's codec
//! differs from the batch's, or when the offsets inside do not count up from 0.

use bytes::Bytes;

use crate::record::{check_count, view_at};
use crate::{
    BATCH_HEADER_SIZE_BYTES, BatchBuilder, BatchHeader, Compression, DecompressLimits, Error,
    NO_TIMESTAMP, TimestampType, ValidBatch, compression,
};

/// Most per-record errors that one refusal lists.
pub const RECORD_ERRORS_MAX: usize = 1000;

/// How closely a batch is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Validation {
    /// Every record is walked, as Kafka does; compressed batches are decompressed.
    #[default]
    Full,
    /// Only header and CRC. The producer's maximum timestamp is believed. Ignored where the records
    /// must be seen anyway: keys required, or another codec asked for.
    Header,
}

/// What the topic asks of a batch.
#[derive(Debug, Clone)]
pub struct AppendRules {
    /// Largest batch, inclusive, before and after recompression (`max.message.bytes`).
    pub max_message_bytes: i32,
    /// Codec to store with (`compression.type`); `None` is `producer`, keep what came.
    pub compression: Option<Compression>,
    /// Whose timestamps count (`message.timestamp.type`).
    pub timestamp_type: TimestampType,
    /// How far behind `now_ms` a record may be (`message.timestamp.before.max.ms`).
    pub timestamp_before_max_ms: i64,
    /// How far ahead of `now_ms` a record may be (`message.timestamp.after.max.ms`).
    pub timestamp_after_max_ms: i64,
    /// The wall clock, milliseconds since the epoch.
    pub now_ms: i64,
    /// Whether records without a key are refused (compacted topics).
    pub key_required: bool,
    /// How closely to look.
    pub validation: Validation,
    /// How far a compressed batch may grow.
    pub limits: DecompressLimits,
}

impl Default for AppendRules {
    /// Kafka's topic defaults, at time 0.
    fn default() -> AppendRules {
        AppendRules {
            max_message_bytes: 1_048_588,
            compression: None,
            timestamp_type: TimestampType::CreateTime,
            timestamp_before_max_ms: i64::MAX,
            timestamp_after_max_ms: 3_600_000,
            now_ms: 0,
            key_required: false,
            validation: Validation::Full,
            limits: DecompressLimits::default(),
        }
    }
}

/// Why a batch is refused. Each variant is one Kafka error code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// `CORRUPT_MESSAGE`: length or CRC is wrong. Clients retry it.
    #[error("record batch is corrupt: {message}")]
    Corrupt {
        /// What is wrong.
        message: String,
    },
    /// `MESSAGE_TOO_LARGE`.
    #[error(
        "record batch of {size_bytes} bytes exceeds the maximum of {max_message_bytes} (max.message.bytes)"
    )]
    TooLarge {
        /// Size before or after recompression.
        size_bytes: usize,
        /// The topic's limit, inclusive.
        max_message_bytes: i32,
    },
    /// `INVALID_RECORD`: the batch or some of its records break a rule. Not retriable.
    #[error("{message}")]
    InvalidRecord {
        /// The reason, for the response's error message.
        message: String,
        /// Position in the batch and reason, at most [`RECORD_ERRORS_MAX`]; empty when the batch
        /// as a whole is at fault.
        record_errors: Vec<(i32, String)>,
    },
    /// `INVALID_TIMESTAMP`: a timestamp is outside the topic's window.
    #[error("{message}")]
    InvalidTimestamp {
        /// The reason, for the response's error message.
        message: String,
        /// Position in the batch and reason, at most [`RECORD_ERRORS_MAX`].
        record_errors: Vec<(i32, String)>,
    },
    /// Message format 0 or 1. Kafka answers `INVALID_RECORD` for it since Produce v3.
    #[error("record batch has magic {magic}, only magic 2 is supported")]
    UnsupportedFormat {
        /// The format number found.
        magic: i8,
    },
    /// `UNSUPPORTED_COMPRESSION_TYPE`.
    #[error("record batch uses unknown compression codec {id}")]
    UnsupportedCompression {
        /// The codec number found.
        id: u8,
    },
}

impl Invalid {
    fn record(message: impl Into<String>) -> Invalid {
        Invalid::InvalidRecord { message: message.into(), record_errors: Vec::new() }
    }
}

/// A batch that passed its CRC but cannot be read is the producer's fault: a retry would not help.
impl From<Error> for Invalid {
    fn from(error: Error) -> Invalid {
        match error {
            Error::Truncated { .. } | Error::BatchLength { .. } | Error::CrcMismatch { .. } => {
                Invalid::Corrupt { message: error.to_string() }
            }
            Error::UnsupportedMagic { magic } => Invalid::UnsupportedFormat { magic },
            Error::UnknownCompression { id } => Invalid::UnsupportedCompression { id },
            Error::OffsetRange { .. }
            | Error::RecordCount { .. }
            | Error::MalformedRecord { .. }
            | Error::TrailingBytes { .. }
            | Error::Decompression { .. }
            | Error::DecompressedTooLarge { .. }
            | Error::Empty
            | Error::TooLarge => Invalid::record(error.to_string()),
        }
    }
}

/// Checks the one batch in `bytes` against `rules` and makes it ready to store.
///
/// In the common case (codec kept, offsets in order) the result is a slice of `bytes`: nothing is
/// copied, and only a changed timestamp type or maximum timestamp costs a second CRC.
///
/// # Errors
/// [`Invalid`], in the order in which Kafka finds faults: shape, size, CRC, header, records.
pub fn validate(bytes: Bytes, rules: &AppendRules) -> Result<ValidBatch, Invalid> {
    let header = single_batch(&bytes)?;
    check_size(bytes.len(), rules)?;
    header.verify_crc(&bytes)?;
    check_header(&header)?;
    let codec = header.compression()?;
    let target = rules.compression.unwrap_or(codec);
    let sees_records =
        rules.validation == Validation::Full || rules.key_required || target != codec;
    if !sees_records {
        let max_timestamp = header.max_timestamp;
        return Ok(in_place(header, bytes, max_timestamp, rules));
    }

    let payload = bytes.slice(BATCH_HEADER_SIZE_BYTES..);
    let walk = |plain: &[u8]| -> Result<(Scan, Option<ValidBatch>), Invalid> {
        let scan = scan(&header, plain, rules)?;
        if target == codec && scan.has_consecutive_offsets {
            return Ok((scan, None));
        }
        let rebuilt = rebuild(&header, plain, target, rules)?;
        Ok((scan, Some(rebuilt)))
    };
    let (scan, rebuilt) = match codec {
        Compression::None => walk(&payload)?,
        _ => compression::with_decompressed(codec, &payload, &rules.limits, walk)??,
    };
    match rebuilt {
        None => Ok(in_place(header, bytes, scan.max_timestamp, rules)),
        Some(batch) => {
            check_size(batch.size_bytes(), rules)?;
            Ok(batch)
        }
    }
}

/// The header of the only batch in `bytes`.
fn single_batch(bytes: &Bytes) -> Result<BatchHeader, Invalid> {
    if bytes.is_empty() {
        return Err(Invalid::record(
            "a produce request needs exactly one record batch, found none",
        ));
    }
    if let Some(&magic) = bytes.get(16)
        && magic != 2
    {
        return Err(Invalid::UnsupportedFormat { magic: magic as i8 });
    }
    let header = BatchHeader::parse(bytes)?;
    let needed_bytes = header.size_bytes();
    if needed_bytes > bytes.len() {
        return Err(Error::Truncated { size_bytes: bytes.len(), needed_bytes }.into());
    }
    if needed_bytes < bytes.len() {
        return Err(Invalid::record(
            "a produce request needs exactly one record batch, found more",
        ));
    }
    Ok(header)
}

fn check_size(size_bytes: usize, rules: &AppendRules) -> Result<(), Invalid> {
    if size_bytes as i64 > rules.max_message_bytes as i64 {
        return Err(Invalid::TooLarge { size_bytes, max_message_bytes: rules.max_message_bytes });
    }
    Ok(())
}

/// The rules that need no look at the records.
fn check_header(header: &BatchHeader) -> Result<(), Invalid> {
    if header.base_offset != 0 {
        return Err(Invalid::record(format!(
            "the base offset of a produced record batch should be 0, but it is {}",
            header.base_offset
        )));
    }
    if header.record_count == 0 {
        return Err(Invalid::record("invalid reported count for record batch: 0"));
    }
    if header.last_offset_delta as i64 + 1 != header.record_count as i64 {
        return Err(Invalid::record(format!(
            "inconsistent batch offset range [0, {}] and count of records {}",
            header.last_offset_delta, header.record_count
        )));
    }
    if header.is_control() {
        return Err(Invalid::record("clients are not allowed to write control records"));
    }
    if header.is_idempotent() && header.base_sequence < 0 {
        return Err(Invalid::record(format!(
            "invalid sequence number {} in record batch with producer id {}",
            header.base_sequence, header.producer_id
        )));
    }
    if header.is_idempotent() && header.producer_epoch < 0 {
        return Err(Invalid::record(format!(
            "invalid epoch {} in record batch with producer id {}",
            header.producer_epoch, header.producer_id
        )));
    }
    if header.is_transactional() && !header.is_idempotent() {
        return Err(Invalid::record("a transactional record batch needs a producer id"));
    }
    Ok(())
}

/// What walking the records showed.
struct Scan {
    max_timestamp: i64,
    has_consecutive_offsets: bool,
}

/// Errors found so far, bounded.
#[derive(Default)]
struct Faults {
    record_errors: Vec<(i32, String)>,
    has_bad_timestamp: bool,
    count: usize,
}

impl Faults {
    fn add(&mut self, record_index: i32, message: impl FnOnce() -> String) {
        self.count += 1;
        if self.record_errors.len() < RECORD_ERRORS_MAX {
            self.record_errors.push((record_index, message()));
        }
    }

    fn into_result(self) -> Result<(), Invalid> {
        let record_errors = self.record_errors;
        if self.has_bad_timestamp {
            let message = "one or more records have been rejected due to invalid timestamp";
            return Err(Invalid::InvalidTimestamp { message: message.into(), record_errors });
        }
        if self.count > 0 {
            let shown: Vec<&str> =
                record_errors.iter().take(3).map(|(_, message)| message.as_str()).collect();
            let message = format!(
                "one or more records have been rejected due to {} record errors in total: {}",
                self.count,
                shown.join("; ")
            );
            return Err(Invalid::InvalidRecord { message, record_errors });
        }
        Ok(())
    }
}

/// Walks the decompressed records once, looking at lengths, offsets, timestamps and key presence.
fn scan(header: &BatchHeader, plain: &[u8], rules: &AppendRules) -> Result<Scan, Invalid> {
    check_count(header.record_count, plain.len())?;
    let mut faults = Faults::default();
    let mut scan = Scan { max_timestamp: NO_TIMESTAMP, has_consecutive_offsets: true };
    let earliest = rules.now_ms.saturating_sub(rules.timestamp_before_max_ms);
    let latest = rules.now_ms.saturating_add(rules.timestamp_after_max_ms);
    let checks_window = rules.timestamp_type == TimestampType::CreateTime;
    let is_log_append_time = header.timestamp_type() == TimestampType::LogAppendTime;
    let mut at = 0;
    for record_index in 0..header.record_count {
        let malformed = |reason| Error::MalformedRecord { record_index, reason };
        let view = view_at(plain, at).map_err(malformed)?;
        at = view.end;
        scan.has_consecutive_offsets &= view.offset_delta == record_index;
        let timestamp = if is_log_append_time {
            header.max_timestamp
        } else {
            header
                .base_timestamp
                .checked_add(view.timestamp_delta)
                .ok_or_else(|| malformed("its timestamp overflows"))?
        };
        scan.max_timestamp = scan.max_timestamp.max(timestamp);
        if rules.key_required && view.key.is_none() {
            faults.add(record_index, || {
                "compacted topic cannot accept message without key".to_owned()
            });
        }
        let is_outside = timestamp < earliest || timestamp > latest;
        if checks_window && timestamp != NO_TIMESTAMP && is_outside {
            faults.has_bad_timestamp = true;
            faults.add(record_index, || {
                format!(
                    "timestamp {timestamp} of message with offset {record_index} is out of range; \
                     it should be within [{earliest}, {latest}]"
                )
            });
        } else if is_log_append_time {
            faults.has_bad_timestamp = true;
            faults.add(record_index, || {
                "producer should not set the timestamp type to LogAppendTime".to_owned()
            });
        }
    }
    if at != plain.len() {
        return Err(Error::TrailingBytes { size_bytes: plain.len() - at }.into());
    }
    faults.into_result()?;
    Ok(scan)
}

/// Keeps the bytes and corrects the header where it differs.
fn in_place(
    mut header: BatchHeader,
    bytes: Bytes,
    max_timestamp: i64,
    rules: &AppendRules,
) -> ValidBatch {
    let max_timestamp = match rules.timestamp_type {
        TimestampType::CreateTime => max_timestamp,
        TimestampType::LogAppendTime => rules.now_ms,
    };
    if header.timestamp_type() != rules.timestamp_type || header.max_timestamp != max_timestamp {
        header.set_timestamp_type(rules.timestamp_type);
        header.max_timestamp = max_timestamp;
        header.crc = header.compute_crc(&bytes[BATCH_HEADER_SIZE_BYTES..]);
    }
    ValidBatch::new(header, bytes)
}

/// Writes the records anew with codec `target` and offsets that count up from 0.
fn rebuild(
    header: &BatchHeader,
    plain: &[u8],
    target: Compression,
    rules: &AppendRules,
) -> Result<ValidBatch, Invalid> {
    let mut builder = BatchBuilder::new(target).with_producer(
        header.producer_id,
        header.producer_epoch,
        header.base_sequence,
    );
    if header.is_transactional() {
        builder = builder.transactional();
    }
    if rules.timestamp_type == TimestampType::LogAppendTime {
        builder = builder.with_log_append_time(rules.now_ms);
    }
    let mut at = 0;
    for record_index in 0..header.record_count {
        let view =
            view_at(plain, at).map_err(|reason| Error::MalformedRecord { record_index, reason })?;
        let part = |range: Option<(usize, usize)>| range.map(|(from, to)| &plain[from..to]);
        builder.push_encoded(
            record_index,
            header.base_timestamp.wrapping_add(view.timestamp_delta),
            part(view.key),
            part(view.value),
            view.header_count,
            &plain[view.headers_at..view.end],
        )?;
        at = view.end;
    }
    Ok(builder.build(0)?)
}

#[cfg(test)]
mod tests;
