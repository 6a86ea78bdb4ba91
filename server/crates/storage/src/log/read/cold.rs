//! Collecting whole batches from a segment file.

use std::io;

use bytes::Bytes;
use freshet_records::{BATCH_HEADER_SIZE_BYTES, BatchHeader};

use super::ColdPlace;
use crate::disk::DiskFile;
use crate::index::Point;
use crate::log::FetchRange;
use crate::scan::read_bytes;

/// Bytes read beyond what was asked for, so that the way from an index entry to the first batch
/// seldom costs a second read.
const LEAD_BYTES: usize = 8 * 1024;
/// Most bytes of one cold read; a single larger batch is still read whole.
const COLD_READ_BYTES_MAX: usize = 16 << 20;

/// What a collection ends with.
pub(super) enum Collected {
    Batches(Bytes),
    /// No batch at or behind the offset.
    PastEnd,
    /// The batch at this place is damaged, and nothing that was asked for lies before it.
    Bad(Point),
}

/// What lies at the current position.
enum Next {
    Batch(BatchHeader),
    Bad,
    /// The end, or a batch that would cost another read.
    Stop,
}

/// One pass over a segment, from a batch at or before the wanted one.
pub(super) struct Collector<'a> {
    file: &'a dyn DiskFile,
    place: &'a ColdPlace,
    offset: i64,
    range: &'a FetchRange,
    buf: Bytes,
    /// Current position in `buf`, in the file, and the base offset that must be there.
    at: usize,
    position: u64,
    expected_offset: i64,
    /// Where the answer begins in `buf`.
    start: Option<usize>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        file: &'a dyn DiskFile,
        place: &'a ColdPlace,
        from: Point,
        offset: i64,
        range: &'a FetchRange,
    ) -> Collector<'a> {
        Collector {
            file,
            place,
            offset,
            range,
            buf: Bytes::new(),
            at: 0,
            position: from.position,
            expected_offset: place.base_offset + from.offset_delta,
            start: None,
        }
    }

    pub(super) fn run(mut self) -> io::Result<Collected> {
        loop {
            let header = match self.next()? {
                Next::Batch(header) => header,
                Next::Bad => return Ok(self.bad()),
                Next::Stop => break,
            };
            if header.base_offset >= self.place.end_offset {
                break;
            }
            let size = header.size_bytes();
            if header.last_offset() >= self.offset {
                let from = self.start.unwrap_or(self.at);
                let is_first = from == self.at;
                let fits = self.at + size - from <= self.range.max_bytes;
                if !(fits || is_first && self.range.at_least_one_batch) {
                    self.start = Some(from);
                    break;
                }
                if header.verify_crc(&self.buf[self.at..]).is_err() {
                    return Ok(self.bad());
                }
                self.start = Some(from);
            }
            self.at += size;
            self.position += size as u64;
            self.expected_offset = header.next_offset();
        }
        Ok(match self.start {
            Some(from) => Collected::Batches(self.buf.slice(from..self.at)),
            None => Collected::PastEnd,
        })
    }

    /// The header at the current position, with its whole batch in the buffer.
    fn next(&mut self) -> io::Result<Next> {
        if self.position >= self.place.to {
            return Ok(Next::Stop);
        }
        if let Some(next) = self.buffered() {
            return Ok(next);
        }
        if self.start.is_some() {
            return Ok(Next::Stop);
        }
        let whole = self.whole_size()?;
        let want = self.range.max_bytes.min(COLD_READ_BYTES_MAX) + LEAD_BYTES;
        let left = (self.place.to - self.position) as usize;
        self.buf = read_bytes(self.file, self.position, whole.max(want).min(left))?;
        self.at = 0;
        Ok(self.buffered().unwrap_or(Next::Bad))
    }

    /// The same, without reading; `None` when not all of the batch is in the buffer.
    fn buffered(&self) -> Option<Next> {
        let left = &self.buf[self.at..];
        if left.len() < BATCH_HEADER_SIZE_BYTES {
            return None;
        }
        match BatchHeader::parse(left) {
            Ok(header) if !self.is_sound(&header) => Some(Next::Bad),
            Ok(header) if header.size_bytes() > left.len() => None,
            Ok(header) => Some(Next::Batch(header)),
            Err(_) => Some(Next::Bad),
        }
    }

    /// The fields that the CRC does not cover are known from elsewhere.
    fn is_sound(&self, header: &BatchHeader) -> bool {
        header.base_offset == self.expected_offset
            && self.position + header.size_bytes() as u64 <= self.place.to
            && (0..=self.place.leader_epoch).contains(&header.partition_leader_epoch)
    }

    /// Size that the batch at the current position states; 0 if there is none.
    fn whole_size(&self) -> io::Result<usize> {
        let left = (self.place.to - self.position) as usize;
        let head = read_bytes(self.file, self.position, BATCH_HEADER_SIZE_BYTES.min(left))?;
        Ok(BatchHeader::parse(&head).map_or(0, |header| header.size_bytes()))
    }

    /// Damage ends a read that has something, and is the answer of one that has nothing.
    fn bad(self) -> Collected {
        match self.start {
            Some(from) if from < self.at => Collected::Batches(self.buf.slice(from..self.at)),
            Some(_) | None => Collected::Bad(Point {
                position: self.position,
                offset_delta: self.expected_offset - self.place.base_offset,
            }),
        }
    }
}
