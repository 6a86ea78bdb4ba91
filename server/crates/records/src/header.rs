//! The 61 bytes in front of the records of a batch.

use crate::{Compression, Error};

/// Size of a batch header, the record count included.
pub const BATCH_HEADER_SIZE_BYTES: usize = 61;
/// Bytes in front of the part that the batch length counts: base offset and the length itself.
const LENGTH_PREFIX_SIZE_BYTES: usize = 12;
/// Where the part begins that the CRC covers.
const CRC_COVERS_FROM: usize = 21;

/// The producer id of a batch without one.
pub const NO_PRODUCER_ID: i64 = -1;
/// The producer epoch of a batch without a producer id.
pub const NO_PRODUCER_EPOCH: i16 = -1;
/// The base sequence of a batch without a producer id.
pub const NO_SEQUENCE: i32 = -1;
/// The timestamp of a record without one.
pub const NO_TIMESTAMP: i64 = -1;

const COMPRESSION_MASK: i16 = 0x07;
const TIMESTAMP_TYPE_BIT: i16 = 0x08;
const TRANSACTIONAL_BIT: i16 = 0x10;
const CONTROL_BIT: i16 = 0x20;
const DELETE_HORIZON_BIT: i16 = 0x40;

/// Who set the timestamps of a batch (`message.timestamp.type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum TimestampType {
    /// The producer; each record has its own.
    #[default]
    CreateTime,
    /// The broker; every record has the batch's maximum timestamp.
    LogAppendTime,
}

/// The header of a record batch with magic 2, decoded.
///
/// Parsing guarantees: magic 2, a batch length of at least 49, base offset and last offset delta
/// not negative and their sum below `i64::MAX`, record count not negative. The CRC is *not* checked
/// by parsing, and the record count is only a claim until the records have been walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchHeader {
    /// Offset of the first record.
    pub base_offset: i64,
    /// Bytes behind this field: the whole batch less 12.
    pub batch_length: i32,
    /// Epoch of the leader that appended the batch; -1 when unknown.
    pub partition_leader_epoch: i32,
    /// Message format, always 2.
    pub magic: i8,
    /// CRC-32C of everything behind it.
    pub crc: u32,
    /// Codec (bits 0-2), timestamp type (3), transactional (4), control (5), delete horizon (6).
    pub attributes: i16,
    /// Offset of the last record less the base offset; survives compaction.
    pub last_offset_delta: i32,
    /// Timestamp that the records' deltas are relative to, milliseconds since the epoch.
    pub base_timestamp: i64,
    /// Largest timestamp of the records, or the append time; milliseconds since the epoch.
    pub max_timestamp: i64,
    /// Idempotent producer, -1 when none.
    pub producer_id: i64,
    /// Epoch of that producer, -1 when none.
    pub producer_epoch: i16,
    /// Sequence number of the first record, -1 when none.
    pub base_sequence: i32,
    /// Number of records; 0 only in a batch that compaction emptied.
    pub record_count: i32,
}

fn take<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}

impl BatchHeader {
    /// Decodes the header at the start of `bytes`; what follows the 61 bytes is ignored.
    ///
    /// # Errors
    /// [`Error::Truncated`] below 61 bytes, otherwise the first guarantee of the type that fails.
    pub fn parse(bytes: &[u8]) -> Result<BatchHeader, Error> {
        if bytes.len() < BATCH_HEADER_SIZE_BYTES {
            return Err(Error::Truncated {
                size_bytes: bytes.len(),
                needed_bytes: BATCH_HEADER_SIZE_BYTES,
            });
        }
        let header = BatchHeader {
            base_offset: i64::from_be_bytes(take(bytes, 0)),
            batch_length: i32::from_be_bytes(take(bytes, 8)),
            partition_leader_epoch: i32::from_be_bytes(take(bytes, 12)),
            magic: bytes[16] as i8,
            crc: u32::from_be_bytes(take(bytes, 17)),
            attributes: i16::from_be_bytes(take(bytes, 21)),
            last_offset_delta: i32::from_be_bytes(take(bytes, 23)),
            base_timestamp: i64::from_be_bytes(take(bytes, 27)),
            max_timestamp: i64::from_be_bytes(take(bytes, 35)),
            producer_id: i64::from_be_bytes(take(bytes, 43)),
            producer_epoch: i16::from_be_bytes(take(bytes, 51)),
            base_sequence: i32::from_be_bytes(take(bytes, 53)),
            record_count: i32::from_be_bytes(take(bytes, 57)),
        };
        header.check()?;
        Ok(header)
    }

    fn check(&self) -> Result<(), Error> {
        if self.magic != 2 {
            return Err(Error::UnsupportedMagic { magic: self.magic });
        }
        let smallest = (BATCH_HEADER_SIZE_BYTES - LENGTH_PREFIX_SIZE_BYTES) as i32;
        if self.batch_length < smallest {
            return Err(Error::BatchLength { batch_length: self.batch_length });
        }
        let last = self.base_offset.checked_add(self.last_offset_delta as i64);
        if self.base_offset < 0
            || self.last_offset_delta < 0
            || last.is_none_or(|last| last == i64::MAX)
        {
            return Err(Error::OffsetRange {
                base_offset: self.base_offset,
                last_offset_delta: self.last_offset_delta,
            });
        }
        if self.record_count < 0 {
            return Err(Error::RecordCount {
                record_count: self.record_count,
                size_bytes: self.size_bytes() - BATCH_HEADER_SIZE_BYTES,
            });
        }
        Ok(())
    }

    /// Encodes the header as it stands, the CRC included.
    #[must_use]
    pub fn encode(&self) -> [u8; BATCH_HEADER_SIZE_BYTES] {
        let mut out = [0; BATCH_HEADER_SIZE_BYTES];
        out[0..8].copy_from_slice(&self.base_offset.to_be_bytes());
        out[8..12].copy_from_slice(&self.batch_length.to_be_bytes());
        out[12..16].copy_from_slice(&self.partition_leader_epoch.to_be_bytes());
        out[16] = self.magic as u8;
        out[17..21].copy_from_slice(&self.crc.to_be_bytes());
        out[21..23].copy_from_slice(&self.attributes.to_be_bytes());
        out[23..27].copy_from_slice(&self.last_offset_delta.to_be_bytes());
        out[27..35].copy_from_slice(&self.base_timestamp.to_be_bytes());
        out[35..43].copy_from_slice(&self.max_timestamp.to_be_bytes());
        out[43..51].copy_from_slice(&self.producer_id.to_be_bytes());
        out[51..53].copy_from_slice(&self.producer_epoch.to_be_bytes());
        out[53..57].copy_from_slice(&self.base_sequence.to_be_bytes());
        out[57..61].copy_from_slice(&self.record_count.to_be_bytes());
        out
    }

    /// CRC-32C that the header should carry in front of `payload`.
    #[must_use]
    pub(crate) fn compute_crc(&self, payload: &[u8]) -> u32 {
        let head = self.encode();
        crc32c::crc32c_append(crc32c::crc32c(&head[CRC_COVERS_FROM..]), payload)
    }

    /// Checks the CRC of the batch at the start of `bytes`, which this header was parsed from.
    ///
    /// # Errors
    /// [`Error::Truncated`] when the batch is not whole, [`Error::CrcMismatch`] when it changed.
    pub fn verify_crc(&self, bytes: &[u8]) -> Result<(), Error> {
        let needed_bytes = self.size_bytes();
        let Some(covered) = bytes.get(CRC_COVERS_FROM..needed_bytes) else {
            return Err(Error::Truncated { size_bytes: bytes.len(), needed_bytes });
        };
        let computed = crc32c::crc32c(covered);
        if computed == self.crc {
            Ok(())
        } else {
            Err(Error::CrcMismatch { stated: self.crc, computed })
        }
    }

    /// Size of the whole batch, header included.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        LENGTH_PREFIX_SIZE_BYTES + self.batch_length as usize
    }

    /// Offset of the last record, inclusive.
    #[must_use]
    pub fn last_offset(&self) -> i64 {
        self.base_offset + self.last_offset_delta as i64
    }

    /// The offset behind the last record.
    #[must_use]
    pub fn next_offset(&self) -> i64 {
        self.last_offset() + 1
    }

    /// Sequence number of the last record; wraps to 0 behind 2^31-1. -1 without a sequence.
    #[must_use]
    pub fn last_sequence(&self) -> i32 {
        if self.base_sequence < 0 {
            return NO_SEQUENCE;
        }
        ((self.base_sequence as i64 + self.last_offset_delta as i64) % (1 << 31)) as i32
    }

    /// Codec of the records.
    ///
    /// # Errors
    /// [`Error::UnknownCompression`] for the numbers 5 to 7.
    pub fn compression(&self) -> Result<Compression, Error> {
        Compression::from_id((self.attributes & COMPRESSION_MASK) as u8)
    }

    /// Who set the timestamps.
    #[must_use]
    pub fn timestamp_type(&self) -> TimestampType {
        if self.attributes & TIMESTAMP_TYPE_BIT == 0 {
            TimestampType::CreateTime
        } else {
            TimestampType::LogAppendTime
        }
    }

    /// Whether the batch belongs to a transaction.
    #[must_use]
    pub fn is_transactional(&self) -> bool {
        self.attributes & TRANSACTIONAL_BIT != 0
    }

    /// Whether the batch holds control records, such as commit markers, instead of user data.
    #[must_use]
    pub fn is_control(&self) -> bool {
        self.attributes & CONTROL_BIT != 0
    }

    /// Whether the base timestamp is the time at which tombstones may go (KIP-534).
    #[must_use]
    pub fn has_delete_horizon(&self) -> bool {
        self.attributes & DELETE_HORIZON_BIT != 0
    }

    /// Whether an idempotent or transactional producer wrote the batch.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        self.producer_id > NO_PRODUCER_ID
    }

    pub(crate) fn set_compression(&mut self, compression: Compression) {
        self.attributes = (self.attributes & !COMPRESSION_MASK) | compression.id() as i16;
    }

    pub(crate) fn set_timestamp_type(&mut self, timestamp_type: TimestampType) {
        match timestamp_type {
            TimestampType::CreateTime => self.attributes &= !TIMESTAMP_TYPE_BIT,
            TimestampType::LogAppendTime => self.attributes |= TIMESTAMP_TYPE_BIT,
        }
    }

    pub(crate) fn set_transactional(&mut self) {
        self.attributes |= TRANSACTIONAL_BIT;
    }

    pub(crate) fn set_control(&mut self) {
        self.attributes |= CONTROL_BIT;
    }
}
