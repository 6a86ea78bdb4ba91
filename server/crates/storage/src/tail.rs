//! The newest bytes of a log, in memory: what is not written yet and what readers still want.
//!
//! ```text
//!   start                 written                      end     (virtual positions: bytes since the
//!     |  cached, in file    |  not in the file yet  |           log was opened, over all segments)
//!     [piece][  piece  ][piece ..................][open]
//! ```
//! Small batches are copied into chunks and lie side by side; large ones keep the memory they
//! arrived in. Batches are never cut: `marks` says where each begins.

use std::collections::VecDeque;
use std::sync::Weak;

use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;

use crate::log::Log;

/// Payloads from this size on are not copied.
const ZERO_COPY_BYTES_MIN: usize = 8 * 1024;
/// First and largest size of a chunk; they double in between, so that idle logs stay small.
const CHUNK_BYTES_MIN: usize = 512;
const CHUNK_BYTES_MAX: usize = 64 * 1024;

#[derive(Debug, Clone, Copy)]
struct Mark {
    base_offset: i64,
    position: u64,
}

/// The tail of one log.
#[derive(Debug)]
pub(crate) struct Tail {
    pieces: VecDeque<(u64, Bytes)>,
    marks: VecDeque<Mark>,
    open: BytesMut,
    chunk_bytes: usize,
    /// Everything before it has been given back to the budget.
    dropped_to: u64,
    end: u64,
}

/// A stretch of the tail, whole batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Tail {
    /// An empty tail that begins at `position`.
    pub(crate) fn new(position: u64) -> Tail {
        Tail {
            pieces: VecDeque::new(),
            marks: VecDeque::new(),
            open: BytesMut::new(),
            chunk_bytes: CHUNK_BYTES_MIN,
            dropped_to: position,
            end: position,
        }
    }

    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// Offset of the first batch in memory.
    pub(crate) fn start_offset(&self) -> Option<i64> {
        self.marks.front().map(|mark| mark.base_offset)
    }

    fn copy_in(&mut self, bytes: &[u8]) {
        if self.open.capacity() - self.open.len() < bytes.len() {
            self.seal();
            self.open = BytesMut::with_capacity(self.chunk_bytes.max(bytes.len()));
            self.chunk_bytes = (self.chunk_bytes * 2).min(CHUNK_BYTES_MAX);
        }
        self.open.extend_from_slice(bytes);
    }

    /// Makes the bytes of the open chunk a piece.
    fn seal(&mut self) {
        if !self.open.is_empty() {
            let bytes = self.open.split().freeze();
            self.pieces.push_back((self.end - bytes.len() as u64, bytes));
        }
    }

    /// Appends a batch: its header and its payload.
    pub(crate) fn push(&mut self, base_offset: i64, head: &[u8], payload: &Bytes) {
        self.marks.push_back(Mark { base_offset, position: self.end });
        self.copy_in(head);
        self.end += head.len() as u64;
        if payload.len() < ZERO_COPY_BYTES_MIN {
            self.copy_in(payload);
            self.end += payload.len() as u64;
        } else {
            self.seal();
            self.pieces.push_back((self.end, payload.clone()));
            self.end += payload.len() as u64;
        }
    }

    /// The bytes between two positions, oldest first.
    pub(crate) fn slices(&mut self, stretch: Stretch) -> Vec<Bytes> {
        self.seal();
        let first =
            self.pieces.partition_point(|(at, bytes)| at + bytes.len() as u64 <= stretch.from);
        let mut out = Vec::new();
        for (at, bytes) in self.pieces.range(first..) {
            if *at >= stretch.to {
                break;
            }
            let from = stretch.from.saturating_sub(*at) as usize;
            let to = ((stretch.to - at) as usize).min(bytes.len());
            out.push(bytes.slice(from..to));
        }
        out
    }

    /// The whole batches from the one that holds `offset` up to `end_offset` (exclusive) that fit
    /// `max_bytes`; the first one fits always if `at_least_one`. `None` when `offset` is older than
    /// the tail; an empty stretch when nothing fits.
    pub(crate) fn find(
        &self,
        offset: i64,
        end_offset: i64,
        max_bytes: usize,
        at_least_one: bool,
    ) -> Option<Stretch> {
        let first = self.marks.partition_point(|mark| mark.base_offset <= offset).checked_sub(1)?;
        let from = self.marks[first].position;
        let behind = self.marks.partition_point(|mark| mark.base_offset < end_offset);
        let limit = from.saturating_add(max_bytes as u64);
        // Ends of batches are starts of the next ones.
        let end_of =
            |index: usize| self.marks.get(index + 1).map_or(self.end, |next| next.position);
        let mut low = first;
        let mut high = behind.max(first);
        while low < high {
            let middle = low + (high - low) / 2;
            if end_of(middle) <= limit {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let to = if low > first {
            end_of(low - 1)
        } else if at_least_one && first < behind {
            end_of(first)
        } else {
            from
        };
        Some(Stretch { from, to })
    }

    /// Lets go of the oldest `bytes`, in whole pieces, never past `written`. Returns how many of
    /// them have to wait because they are not written yet.
    pub(crate) fn drop_front(&mut self, bytes: u64, written: u64) -> u64 {
        let wanted = (self.dropped_to + bytes).min(self.end);
        self.dropped_to = wanted.min(written).max(self.dropped_to);
        self.seal();
        while let Some((at, piece)) = self.pieces.front() {
            if at + piece.len() as u64 > self.dropped_to {
                break;
            }
            self.pieces.pop_front();
        }
        let start = self.pieces.front().map_or(self.end, |(at, _)| *at);
        while self.marks.front().is_some_and(|mark| mark.position < start) {
            self.marks.pop_front();
        }
        if self.pieces.is_empty() {
            self.chunk_bytes = CHUNK_BYTES_MIN;
            self.open = BytesMut::new();
            self.pieces.shrink_to_fit();
            self.marks.shrink_to_fit();
        }
        wanted - self.dropped_to
    }
}

/// The memory budget over all tails: what was appended, oldest first.
#[derive(Debug)]
pub(crate) struct TailBudget {
    bytes_max: u64,
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    bytes: u64,
    entries: VecDeque<(Weak<Log>, u64)>,
}

/// Appends of one log are counted together up to this size.
const QUEUE_ENTRY_BYTES_MAX: u64 = 256 * 1024;

impl TailBudget {
    pub(crate) fn new(bytes_max: usize) -> TailBudget {
        TailBudget { bytes_max: bytes_max as u64, queue: Mutex::new(Queue::default()) }
    }

    /// Counts appended bytes, and says which logs have to let go of how much.
    pub(crate) fn charge(&self, log: &Weak<Log>, bytes: u64) -> Vec<(Weak<Log>, u64)> {
        let mut queue = self.queue.lock();
        queue.bytes += bytes;
        match queue.entries.back_mut() {
            Some((last, size)) if *size < QUEUE_ENTRY_BYTES_MAX && last.ptr_eq(log) => {
                *size += bytes;
            }
            Some(_) | None => queue.entries.push_back((Weak::clone(log), bytes)),
        }
        let mut surplus = Vec::new();
        while queue.bytes > self.bytes_max {
            let Some((log, size)) = queue.entries.pop_front() else { break };
            queue.bytes -= size;
            surplus.push((log, size));
        }
        surplus
    }

    /// Counts bytes again that could not be let go of.
    pub(crate) fn requeue(&self, log: Weak<Log>, bytes: u64) {
        let mut queue = self.queue.lock();
        queue.bytes += bytes;
        queue.entries.push_back((log, bytes));
    }
}
