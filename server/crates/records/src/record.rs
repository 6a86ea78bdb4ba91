//! Single records inside a batch.

use bytes::Bytes;

use crate::{BatchHeader, Error, TimestampType, varint};

/// Smallest record: length, attributes, two deltas, key and value length, header count.
pub(crate) const RECORD_SIZE_BYTES_MIN: usize = 7;
/// Smallest header: key length and value length.
const HEADER_SIZE_BYTES_MIN: usize = 2;

/// A header of a record. Kafka allows duplicate keys and keys that are not UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Key, possibly empty.
    pub key: Bytes,
    /// Value; `None` is Kafka's null.
    pub value: Option<Bytes>,
}

/// A record with its absolute offset. Key, value and headers are slices of the batch.
///
/// They keep the batch's memory alive: copy what is kept for long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Offset in the partition.
    pub offset: i64,
    /// Milliseconds since the epoch; -1 when the producer set none.
    pub timestamp_ms: i64,
    /// Key; `None` is Kafka's null, which is not the empty key.
    pub key: Option<Bytes>,
    /// Value; `None` is a tombstone on compacted topics.
    pub value: Option<Bytes>,
    /// Headers in the producer's order.
    pub headers: Vec<Header>,
}

/// Where the parts of one encoded record lie, as positions in the decompressed records.
#[derive(Debug)]
pub(crate) struct RecordView {
    pub(crate) timestamp_delta: i64,
    pub(crate) offset_delta: i32,
    pub(crate) key: Option<(usize, usize)>,
    pub(crate) value: Option<(usize, usize)>,
    pub(crate) header_count: usize,
    /// First byte behind the header count.
    pub(crate) headers_at: usize,
    /// First byte behind the record.
    pub(crate) end: usize,
}

/// Reads a length and steps over as many bytes; -1 is null, less is refused.
#[inline]
fn nullable(
    bytes: &[u8],
    at: &mut usize,
    end: usize,
) -> Result<Option<(usize, usize)>, &'static str> {
    let length = varint::read_i32(bytes, at).ok_or("a length is cut short")?;
    if length < 0 {
        return if length == -1 { Ok(None) } else { Err("a length is below -1") };
    }
    let from = *at;
    let to = from + length as usize;
    if to > end {
        return Err("a length passes the end of the record");
    }
    *at = to;
    Ok(Some((from, to)))
}

/// Reads one header of a record.
#[inline]
#[expect(clippy::type_complexity, reason = "two ranges, named at the only two callers")]
fn header_at(
    bytes: &[u8],
    at: &mut usize,
    end: usize,
) -> Result<((usize, usize), Option<(usize, usize)>), &'static str> {
    let key = nullable(bytes, at, end)?.ok_or("a header key is null")?;
    Ok((key, nullable(bytes, at, end)?))
}

/// Finds the parts of the record that starts at `start`; looks at every length, copies nothing.
#[inline]
pub(crate) fn view_at(bytes: &[u8], start: usize) -> Result<RecordView, &'static str> {
    let mut at = start;
    let length = varint::read_i32(bytes, &mut at).ok_or("its length is cut short")?;
    if length < 0 {
        return Err("its length is negative");
    }
    let end = at + length as usize;
    if end > bytes.len() {
        return Err("it passes the end of the batch");
    }
    // Nothing below may look past this record.
    let bytes = &bytes[..end];
    if at >= end {
        return Err("its attributes are missing");
    }
    at += 1;
    let timestamp_delta = varint::read_i64(bytes, &mut at).ok_or("its timestamp is cut short")?;
    let offset_delta = varint::read_i32(bytes, &mut at).ok_or("its offset is cut short")?;
    let key = nullable(bytes, &mut at, end)?;
    let value = nullable(bytes, &mut at, end)?;
    let header_count = varint::read_i32(bytes, &mut at).ok_or("its header count is cut short")?;
    if header_count < 0 || header_count as usize > (end - at) / HEADER_SIZE_BYTES_MIN {
        return Err("its header count is impossible");
    }
    let headers_at = at;
    for _ in 0..header_count {
        header_at(bytes, &mut at, end)?;
    }
    if at != end {
        return Err("its stated length differs from its content");
    }
    let header_count = header_count as usize;
    Ok(RecordView { timestamp_delta, offset_delta, key, value, header_count, headers_at, end })
}

/// Checks a record count against the bytes that would have to hold it.
pub(crate) fn check_count(record_count: i32, size_bytes: usize) -> Result<(), Error> {
    if record_count < 0 || record_count as usize > size_bytes / RECORD_SIZE_BYTES_MIN {
        return Err(Error::RecordCount { record_count, size_bytes });
    }
    Ok(())
}

/// Iterator over the records of one batch; ends after the first error.
#[derive(Debug)]
pub struct Records {
    plain: Bytes,
    at: usize,
    record_index: i32,
    record_count: i32,
    base_offset: i64,
    base_timestamp: i64,
    log_append_time: Option<i64>,
}

impl Records {
    /// Iterates over `plain`, the decompressed records behind `header`.
    pub(crate) fn new(header: &BatchHeader, plain: Bytes) -> Result<Records, Error> {
        check_count(header.record_count, plain.len())?;
        let log_append_time = match header.timestamp_type() {
            TimestampType::CreateTime => None,
            TimestampType::LogAppendTime => Some(header.max_timestamp),
        };
        Ok(Records {
            plain,
            at: 0,
            record_index: 0,
            record_count: header.record_count,
            base_offset: header.base_offset,
            base_timestamp: header.base_timestamp,
            log_append_time,
        })
    }

    fn slice(&self, range: (usize, usize)) -> Bytes {
        self.plain.slice(range.0..range.1)
    }

    fn read(&mut self) -> Result<Record, &'static str> {
        let view = view_at(&self.plain, self.at)?;
        let offset =
            self.base_offset.checked_add(view.offset_delta as i64).ok_or("its offset overflows")?;
        let timestamp_ms = match self.log_append_time {
            Some(append_time) => append_time,
            None => self
                .base_timestamp
                .checked_add(view.timestamp_delta)
                .ok_or("its timestamp overflows")?,
        };
        let mut headers = Vec::with_capacity(view.header_count);
        let mut at = view.headers_at;
        for _ in 0..view.header_count {
            let (key, value) = header_at(&self.plain, &mut at, view.end)?;
            headers
                .push(Header { key: self.slice(key), value: value.map(|range| self.slice(range)) });
        }
        self.at = view.end;
        Ok(Record {
            offset,
            timestamp_ms,
            key: view.key.map(|range| self.slice(range)),
            value: view.value.map(|range| self.slice(range)),
            headers,
        })
    }
}

impl Iterator for Records {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.record_index == self.record_count {
            let size_bytes = self.plain.len() - self.at;
            if size_bytes == 0 {
                return None;
            }
            self.at = self.plain.len();
            return Some(Err(Error::TrailingBytes { size_bytes }));
        }
        let record_index = self.record_index;
        match self.read() {
            Ok(record) => {
                self.record_index += 1;
                Some(Ok(record))
            }
            Err(reason) => {
                self.record_count = record_index;
                self.at = self.plain.len();
                Some(Err(Error::MalformedRecord { record_index, reason }))
            }
        }
    }
}
