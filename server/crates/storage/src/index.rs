//! The sparse index of one segment: offsets and timestamps to positions.
//!
//! It can always be made again from the segment, so its file is never synced: a checksum tells
//! whether it may be believed.

use freshet_records::{BatchHeader, NO_TIMESTAMP};

use crate::encoding::{Fields, SEAL_SIZE_BYTES, seal, unseal};

const META_MAGIC: [u8; 4] = *b"FSgM";
const ENTRIES_MAGIC: [u8; 4] = *b"FSgI";
const INDEX_VERSION: u32 = 1;
const META_BODY_SIZE_BYTES: usize = 40;
/// Bytes of an index file in front of the entries' seal.
pub(crate) const META_SIZE_BYTES: usize = SEAL_SIZE_BYTES + META_BODY_SIZE_BYTES;
const ENTRY_SIZE_BYTES: usize = 16;

/// What is known about a segment without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentMeta {
    /// Size of the `.log` file that this describes.
    pub(crate) size_bytes: u64,
    /// Offset behind the last record.
    pub(crate) next_offset: i64,
    /// Maximum timestamp of the first batch; -1 in an empty segment.
    pub(crate) first_timestamp: i64,
    /// Largest timestamp.
    pub(crate) max_timestamp: i64,
}

impl SegmentMeta {
    pub(crate) fn empty(base_offset: i64) -> SegmentMeta {
        SegmentMeta {
            size_bytes: 0,
            next_offset: base_offset,
            first_timestamp: NO_TIMESTAMP,
            max_timestamp: NO_TIMESTAMP,
        }
    }

    /// Takes in the batch that follows.
    pub(crate) fn add(&mut self, next_offset: i64, max_timestamp: i64, size_bytes: usize) {
        if self.size_bytes == 0 {
            self.first_timestamp = max_timestamp;
        }
        self.size_bytes += size_bytes as u64;
        self.next_offset = next_offset;
        self.max_timestamp = self.max_timestamp.max(max_timestamp);
    }
}

/// One batch that can be found without a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IndexEntry {
    /// Base offset of the batch less the segment's.
    pub(crate) offset_delta: u32,
    /// Where the batch begins in the segment.
    pub(crate) position: u32,
    /// Largest timestamp of all batches before it; grows from entry to entry.
    pub(crate) max_timestamp_before: i64,
}

/// A place in a segment where a batch begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) position: u64,
    /// Base offset of the batch less the segment's.
    pub(crate) offset_delta: i64,
}

impl Point {
    pub(crate) const START: Point = Point { position: 0, offset_delta: 0 };
}

impl From<&IndexEntry> for Point {
    fn from(entry: &IndexEntry) -> Point {
        Point { position: entry.position as u64, offset_delta: entry.offset_delta as i64 }
    }
}

/// Entries in the order of their positions, at least `index.interval.bytes` apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Index {
    entries: Vec<IndexEntry>,
}

impl Index {
    /// Notes a batch if the last entry is far enough away. `meta` is the segment's before it.
    pub(crate) fn maybe_add(
        &mut self,
        segment_base_offset: i64,
        base_offset: i64,
        meta: &SegmentMeta,
        interval_bytes: u32,
    ) {
        let position = meta.size_bytes;
        let last_position = self.entries.last().map_or(0, |entry| entry.position as u64);
        if position == 0 || position - last_position < interval_bytes as u64 {
            return;
        }
        let (Ok(position), Ok(offset_delta)) =
            (u32::try_from(position), u32::try_from(base_offset - segment_base_offset))
        else {
            return;
        };
        let max_timestamp_before = meta.max_timestamp;
        self.entries.push(IndexEntry { offset_delta, position, max_timestamp_before });
    }

    /// Takes in a batch that was found on disk, in `meta` too.
    pub(crate) fn replay(
        &mut self,
        segment_base_offset: i64,
        header: &BatchHeader,
        meta: &mut SegmentMeta,
        interval_bytes: u32,
    ) {
        self.maybe_add(segment_base_offset, header.base_offset, meta, interval_bytes);
        meta.add(header.next_offset(), header.max_timestamp, header.size_bytes());
    }

    /// A batch at or before the one that holds `offset_delta`.
    pub(crate) fn find_offset(&self, offset_delta: i64) -> Point {
        let count = self.entries.partition_point(|entry| entry.offset_delta as i64 <= offset_delta);
        self.point_before(count)
    }

    /// A batch at or before the first one with a timestamp of at least `timestamp_ms`.
    pub(crate) fn find_timestamp(&self, timestamp_ms: i64) -> Point {
        let count = self.entries.partition_point(|entry| entry.max_timestamp_before < timestamp_ms);
        self.point_before(count)
    }

    fn point_before(&self, count: usize) -> Point {
        count.checked_sub(1).map_or(Point::START, |last| Point::from(&self.entries[last]))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Memory it takes.
    pub(crate) fn size_bytes(&self) -> usize {
        self.entries.len() * ENTRY_SIZE_BYTES + 64
    }

    /// Content of the index file.
    pub(crate) fn encode(&self, meta: &SegmentMeta) -> Vec<u8> {
        let mut head = Vec::with_capacity(META_BODY_SIZE_BYTES);
        head.extend_from_slice(&meta.size_bytes.to_be_bytes());
        head.extend_from_slice(&meta.next_offset.to_be_bytes());
        head.extend_from_slice(&meta.first_timestamp.to_be_bytes());
        head.extend_from_slice(&meta.max_timestamp.to_be_bytes());
        head.extend_from_slice(&(self.entries.len() as u64).to_be_bytes());
        let mut body = Vec::with_capacity(self.entries.len() * ENTRY_SIZE_BYTES);
        for entry in &self.entries {
            body.extend_from_slice(&entry.offset_delta.to_be_bytes());
            body.extend_from_slice(&entry.position.to_be_bytes());
            body.extend_from_slice(&entry.max_timestamp_before.to_be_bytes());
        }
        let mut out = seal(META_MAGIC, INDEX_VERSION, &head);
        out.extend_from_slice(&seal(ENTRIES_MAGIC, INDEX_VERSION, &body));
        out
    }

    /// The first part of an index file, which can be read alone.
    pub(crate) fn decode_meta(bytes: &[u8]) -> Option<SegmentMeta> {
        let mut fields = Fields::new(unseal(META_MAGIC, INDEX_VERSION, bytes)?);
        Some(SegmentMeta {
            size_bytes: fields.u64()?,
            next_offset: fields.i64()?,
            first_timestamp: fields.i64()?,
            max_timestamp: fields.i64()?,
        })
    }

    /// The whole index file; `None` unless every part of it is sound.
    pub(crate) fn decode(bytes: &[u8]) -> Option<(SegmentMeta, Index)> {
        let meta = Index::decode_meta(bytes)?;
        let body = unseal(ENTRIES_MAGIC, INDEX_VERSION, bytes.get(META_SIZE_BYTES..)?)?;
        let mut fields = Fields::new(body);
        let mut entries = Vec::with_capacity(body.len() / ENTRY_SIZE_BYTES);
        while !fields.is_empty() {
            entries.push(IndexEntry {
                offset_delta: fields.u32()?,
                position: fields.u32()?,
                max_timestamp_before: fields.i64()?,
            });
        }
        Some((meta, Index { entries }))
    }
}

impl Index {
    /// Takes over the entries of the part that follows.
    pub(crate) fn extend(&mut self, following: &Index) {
        self.entries.extend_from_slice(&following.entries);
    }
}

#[cfg(test)]
mod tests;
