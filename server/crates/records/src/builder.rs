//! Building batches.

use bytes::Bytes;

use crate::header::{NO_PRODUCER_EPOCH, NO_PRODUCER_ID, NO_SEQUENCE, NO_TIMESTAMP};
use crate::{
    BATCH_HEADER_SIZE_BYTES, BatchHeader, Compression, Error, Header, TimestampType, compression,
    varint,
};

/// Largest payload of a batch; leaves room for the header in a 32-bit length.
const PAYLOAD_BYTES_MAX: usize = i32::MAX as usize - 1024;

/// A batch that may be stored: checked by [`validate`](crate::validate) or made by
/// [`BatchBuilder`].
///
/// The header is the truth; the payload is a slice of what was checked and never copied. Base
/// offset and leader epoch are the log's to set.
#[derive(Debug, Clone)]
pub struct ValidBatch {
    header: BatchHeader,
    /// The whole batch as it came in; its first 61 bytes may be older than `header`.
    bytes: Bytes,
}

impl ValidBatch {
    pub(crate) fn new(header: BatchHeader, bytes: Bytes) -> ValidBatch {
        debug_assert_eq!(header.size_bytes(), bytes.len());
        ValidBatch { header, bytes }
    }

    /// The header to store.
    #[must_use]
    pub fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// The header's 61 bytes with the offset and epoch that the log assigns; the CRC stays valid.
    #[must_use]
    pub fn header_at(
        &self,
        base_offset: i64,
        partition_leader_epoch: i32,
    ) -> [u8; BATCH_HEADER_SIZE_BYTES] {
        let mut bytes = self.header.encode();
        bytes[0..8].copy_from_slice(&base_offset.to_be_bytes());
        bytes[12..16].copy_from_slice(&partition_leader_epoch.to_be_bytes());
        bytes
    }

    /// What follows the header: the records, compressed or not. A slice, not a copy.
    #[must_use]
    pub fn payload(&self) -> Bytes {
        self.bytes.slice(BATCH_HEADER_SIZE_BYTES..)
    }

    /// Size of the whole batch.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The whole batch in one piece; copies only if the header was changed by validation.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        let head = self.header.encode();
        if self.bytes[..BATCH_HEADER_SIZE_BYTES] == head {
            return self.bytes;
        }
        let mut whole = Vec::with_capacity(self.bytes.len());
        whole.extend_from_slice(&head);
        whole.extend_from_slice(&self.bytes[BATCH_HEADER_SIZE_BYTES..]);
        Bytes::from(whole)
    }
}

/// Collects records into one batch.
///
/// Offsets count up from the base offset that [`build`](BatchBuilder::build) gets, unless
/// [`push_at`](BatchBuilder::push_at) sets them.
#[derive(Debug)]
pub struct BatchBuilder {
    header: BatchHeader,
    compression: Compression,
    plain: Vec<u8>,
}

impl BatchBuilder {
    /// An empty batch that will be compressed with `compression`.
    #[must_use]
    pub fn new(compression: Compression) -> BatchBuilder {
        BatchBuilder {
            header: BatchHeader {
                base_offset: 0,
                batch_length: 0,
                partition_leader_epoch: -1,
                magic: 2,
                crc: 0,
                attributes: compression.id() as i16,
                last_offset_delta: -1,
                base_timestamp: NO_TIMESTAMP,
                max_timestamp: NO_TIMESTAMP,
                producer_id: NO_PRODUCER_ID,
                producer_epoch: NO_PRODUCER_EPOCH,
                base_sequence: NO_SEQUENCE,
                record_count: 0,
            },
            compression,
            plain: Vec::new(),
        }
    }

    /// Marks the batch as an idempotent producer's.
    #[must_use]
    pub fn with_producer(mut self, id: i64, epoch: i16, base_sequence: i32) -> BatchBuilder {
        self.header.producer_id = id;
        self.header.producer_epoch = epoch;
        self.header.base_sequence = base_sequence;
        self
    }

    /// Marks the batch as part of a transaction.
    #[must_use]
    pub fn transactional(mut self) -> BatchBuilder {
        self.header.set_transactional();
        self
    }

    /// Marks the batch as control records, such as commit markers.
    #[must_use]
    pub fn control(mut self) -> BatchBuilder {
        self.header.set_control();
        self
    }

    /// Makes every record's timestamp the broker's `now_ms`.
    #[must_use]
    pub fn with_log_append_time(mut self, now_ms: i64) -> BatchBuilder {
        self.header.set_timestamp_type(TimestampType::LogAppendTime);
        self.header.max_timestamp = now_ms;
        self
    }

    /// Records so far.
    #[must_use]
    pub fn record_count(&self) -> i32 {
        self.header.record_count
    }

    /// Uncompressed size so far, header included.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        BATCH_HEADER_SIZE_BYTES + self.plain.len()
    }

    /// Whether there is no record yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.header.record_count == 0
    }

    /// Appends a record at the next offset.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when the batch would pass 2 GiB; the batch is unchanged then.
    pub fn push(
        &mut self,
        timestamp_ms: i64,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[Header],
    ) -> Result<(), Error> {
        let offset_delta = self.header.last_offset_delta + 1;
        self.push_at(offset_delta, timestamp_ms, key, value, headers)
    }

    /// Appends a record `offset_delta` behind the base offset, as compaction needs it.
    ///
    /// # Errors
    /// [`Error::OffsetRange`] when offsets do not grow, [`Error::TooLarge`] as in
    /// [`push`](BatchBuilder::push).
    pub fn push_at(
        &mut self,
        offset_delta: i32,
        timestamp_ms: i64,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[Header],
    ) -> Result<(), Error> {
        let mut encoded = Vec::new();
        for header in headers {
            write_nullable(&mut encoded, Some(&header.key));
            write_nullable(&mut encoded, header.value.as_deref());
        }
        self.push_encoded(offset_delta, timestamp_ms, key, value, headers.len(), &encoded)
    }

    /// Appends a record whose headers are encoded already.
    pub(crate) fn push_encoded(
        &mut self,
        offset_delta: i32,
        timestamp_ms: i64,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        header_count: usize,
        headers: &[u8],
    ) -> Result<(), Error> {
        if offset_delta <= self.header.last_offset_delta {
            return Err(Error::OffsetRange {
                base_offset: 0,
                last_offset_delta: self.header.last_offset_delta,
            });
        }
        let is_first = self.header.record_count == 0;
        let base_timestamp = if is_first { timestamp_ms } else { self.header.base_timestamp };
        let timestamp_delta = timestamp_ms.wrapping_sub(base_timestamp);
        let header_count = i32::try_from(header_count).map_err(|_| Error::TooLarge)?;
        let size = 1
            + varint::size_of_i64(timestamp_delta)
            + varint::size_of_i64(offset_delta as i64)
            + size_of_nullable(key)
            + size_of_nullable(value)
            + varint::size_of_i64(header_count as i64)
            + headers.len();
        if size > PAYLOAD_BYTES_MAX - self.plain.len() {
            return Err(Error::TooLarge);
        }
        let out = &mut self.plain;
        varint::write_i32(out, size as i32);
        out.push(0);
        varint::write_i64(out, timestamp_delta);
        varint::write_i32(out, offset_delta);
        write_nullable(out, key);
        write_nullable(out, value);
        varint::write_i32(out, header_count);
        out.extend_from_slice(headers);

        self.header.base_timestamp = base_timestamp;
        if self.header.timestamp_type() == TimestampType::CreateTime {
            self.header.max_timestamp = self.header.max_timestamp.max(timestamp_ms);
        }
        self.header.record_count += 1;
        self.header.last_offset_delta = offset_delta;
        Ok(())
    }

    /// Compresses and seals the batch. Producers pass base offset 0.
    ///
    /// # Errors
    /// [`Error::Empty`] without a record, [`Error::OffsetRange`] when the last offset overflows,
    /// [`Error::TooLarge`] when compression made an extreme batch larger than 2 GiB.
    pub fn build(self, base_offset: i64) -> Result<ValidBatch, Error> {
        if self.is_empty() {
            return Err(Error::Empty);
        }
        let mut header = self.header;
        let last_offset_delta = header.last_offset_delta;
        if base_offset < 0
            || base_offset.checked_add(last_offset_delta as i64).is_none_or(|at| at == i64::MAX)
        {
            return Err(Error::OffsetRange { base_offset, last_offset_delta });
        }
        let mut whole = Vec::with_capacity(BATCH_HEADER_SIZE_BYTES + self.plain.len());
        whole.resize(BATCH_HEADER_SIZE_BYTES, 0);
        compression::compress(self.compression, &self.plain, &mut whole);
        header.base_offset = base_offset;
        header.batch_length = i32::try_from(whole.len() - 12).map_err(|_| Error::TooLarge)?;
        header.set_compression(self.compression);
        header.crc = header.compute_crc(&whole[BATCH_HEADER_SIZE_BYTES..]);
        whole[..BATCH_HEADER_SIZE_BYTES].copy_from_slice(&header.encode());
        Ok(ValidBatch::new(header, Bytes::from(whole)))
    }
}

fn size_of_nullable(bytes: Option<&[u8]>) -> usize {
    bytes.map_or(1, |bytes| varint::size_of_i64(bytes.len() as i64) + bytes.len())
}

fn write_nullable(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        None => varint::write_i32(out, -1),
        Some(bytes) => {
            varint::write_i64(out, bytes.len() as i64);
            out.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests;
