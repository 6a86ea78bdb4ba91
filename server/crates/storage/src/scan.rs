//! Walking the batches of a segment file.

use std::io;

use bytes::{Bytes, BytesMut};
use freshet_records::{BATCH_HEADER_SIZE_BYTES, BatchHeader};

use crate::disk::{DiskFile, read_up_to};
use crate::index::Point;

/// Bytes read at once while walking.
const WALK_READ_BYTES: usize = 64 * 1024;
/// Bytes searched at once for the next sound batch.
const RESYNC_READ_BYTES: usize = 1 << 20;
/// Most that offsets in one segment can differ.
const OFFSET_SPAN_MAX: i64 = i32::MAX as i64;

/// What lies at a position.
#[derive(Debug)]
pub(crate) enum Step {
    /// A batch; its CRC was checked if the walk checks them.
    Batch { position: u64, header: BatchHeader },
    /// The end, exactly behind a batch.
    End,
    /// Something that is no batch, or one that is cut short, or one with a wrong CRC.
    Bad { position: u64 },
}

/// A walk over the batches between two positions of a file.
pub(crate) struct Walk<'a> {
    file: &'a dyn DiskFile,
    position: u64,
    end: u64,
    /// The base offset that must come next; the lowest that may once damage was stepped over.
    expected_offset: i64,
    is_exact: bool,
    segment_base_offset: i64,
    /// Highest leader epoch there ever was; the CRC does not cover that field.
    leader_epoch_max: i32,
    checks_crc: bool,
    buf: BytesMut,
    buf_position: u64,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        file: &'a dyn DiskFile,
        segment_base_offset: i64,
        from: Point,
        end: u64,
    ) -> Walk<'a> {
        Walk {
            file,
            position: from.position,
            end,
            expected_offset: segment_base_offset + from.offset_delta,
            is_exact: true,
            segment_base_offset,
            leader_epoch_max: i32::MAX,
            checks_crc: false,
            buf: BytesMut::new(),
            buf_position: 0,
        }
    }

    /// Takes batches with a higher leader epoch for damaged.
    pub(crate) fn with_leader_epoch_max(mut self, leader_epoch_max: i32) -> Walk<'a> {
        self.leader_epoch_max = leader_epoch_max;
        self
    }

    fn is_epoch_possible(&self, header: &BatchHeader) -> bool {
        (0..=self.leader_epoch_max).contains(&header.partition_leader_epoch)
    }

    /// From here on every CRC is checked.
    pub(crate) fn check_crc(&mut self) {
        self.checks_crc = true;
    }

    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Base offset that the batch at the current position states; `None` at the end.
    pub(crate) fn peek_base_offset(&mut self) -> io::Result<Option<i64>> {
        if self.position >= self.end {
            return Ok(None);
        }
        let parsed = BatchHeader::parse(self.fill(BATCH_HEADER_SIZE_BYTES)?);
        Ok(parsed.ok().map(|header| header.base_offset))
    }

    /// The base offset that comes next.
    pub(crate) fn expected_offset(&self) -> i64 {
        self.expected_offset
    }

    /// Goes back to a batch that turned out to be damaged.
    pub(crate) fn rewind(&mut self, position: u64, expected_offset: i64) {
        self.position = position;
        self.expected_offset = expected_offset;
        self.is_exact = true;
    }

    /// Goes on elsewhere, behind damage.
    pub(crate) fn jump(&mut self, position: u64) {
        self.position = position;
        self.is_exact = false;
    }

    /// At least `size` bytes at the current position, less only at the end.
    fn fill(&mut self, size: usize) -> io::Result<&[u8]> {
        let buf_end = self.buf_position + self.buf.len() as u64;
        let needed_end = (self.position + size as u64).min(self.end);
        if self.position < self.buf_position || needed_end > buf_end {
            let left = (self.end - self.position) as usize;
            let wanted = size.max(WALK_READ_BYTES).min(left);
            self.buf.resize(wanted, 0);
            let read = read_up_to(self.file, &mut self.buf, self.position)?;
            self.buf.truncate(read);
            self.buf_position = self.position;
        }
        Ok(&self.buf[(self.position - self.buf_position) as usize..])
    }

    /// The next step; behind [`Step::Bad`] the position stays where the bad bytes begin.
    pub(crate) fn step(&mut self) -> io::Result<Step> {
        let position = self.position;
        if position >= self.end {
            return Ok(Step::End);
        }
        let left = self.end - position;
        let (expected_offset, base_offset) = (self.expected_offset, self.segment_base_offset);
        let header = match BatchHeader::parse(self.fill(BATCH_HEADER_SIZE_BYTES)?) {
            Ok(header)
                if header.base_offset >= expected_offset
                    && (!self.is_exact || header.base_offset == expected_offset)
                    && self.is_epoch_possible(&header)
                    && header.last_offset() - base_offset <= OFFSET_SPAN_MAX
                    && header.size_bytes() as u64 <= left =>
            {
                header
            }
            Ok(_) | Err(_) => return Ok(Step::Bad { position }),
        };
        if self.checks_crc && header.verify_crc(self.fill(header.size_bytes())?).is_err() {
            return Ok(Step::Bad { position });
        }
        self.position += header.size_bytes() as u64;
        self.expected_offset = header.next_offset();
        self.is_exact = true;
        Ok(Step::Batch { position, header })
    }

    /// Searches the next sound batch behind a bad position: CRC good, offset not lower than
    /// expected, and followed by the end or by another header that fits. The walk's position stays.
    pub(crate) fn find_sound_behind(&self, bad_position: u64) -> io::Result<Option<u64>> {
        let mut from = bad_position + 1;
        let mut buf = vec![0; RESYNC_READ_BYTES];
        while from + BATCH_HEADER_SIZE_BYTES as u64 <= self.end {
            let wanted = buf.len().min((self.end - from) as usize);
            let read = read_up_to(self.file, &mut buf[..wanted], from)?;
            if read < BATCH_HEADER_SIZE_BYTES {
                return Ok(None);
            }
            let last_start = read - BATCH_HEADER_SIZE_BYTES;
            for at in 0..=last_start {
                if buf[at + 16] == 2 && self.is_sound(&buf[at..read], from + at as u64)? {
                    return Ok(Some(from + at as u64));
                }
            }
            from += last_start as u64 + 1;
        }
        Ok(None)
    }

    /// Whether a whole batch begins at `position`, of which `head` are the first bytes.
    fn is_sound(&self, head: &[u8], position: u64) -> io::Result<bool> {
        let Some(header) = self.plausible(head, position) else { return Ok(false) };
        let mut whole = vec![0; header.size_bytes()];
        if read_up_to(self.file, &mut whole, position)? < whole.len()
            || header.verify_crc(&whole).is_err()
        {
            return Ok(false);
        }
        let next = position + whole.len() as u64;
        if next == self.end {
            return Ok(true);
        }
        let mut head = [0; BATCH_HEADER_SIZE_BYTES];
        let read = read_up_to(self.file, &mut head, next)?;
        // A batch cut short may follow; a batch stored inside a record is followed by other bytes.
        Ok(read < head.len()
            || BatchHeader::parse(&head)
                .is_ok_and(|following| following.base_offset >= header.next_offset()))
    }

    fn plausible(&self, head: &[u8], position: u64) -> Option<BatchHeader> {
        let header = BatchHeader::parse(head).ok()?;
        let fits = header.base_offset >= self.expected_offset
            && self.is_epoch_possible(&header)
            && header.last_offset() - self.segment_base_offset <= OFFSET_SPAN_MAX
            && position + header.size_bytes() as u64 <= self.end;
        fits.then_some(header)
    }
}

/// Reads up to `size` bytes at `position`; less at the end of the file.
pub(crate) fn read_bytes(file: &dyn DiskFile, position: u64, size: usize) -> io::Result<Bytes> {
    let mut buf = BytesMut::zeroed(size);
    let read = read_up_to(file, &mut buf, position)?;
    buf.truncate(read);
    Ok(buf.freeze())
}
