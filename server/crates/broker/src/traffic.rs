//! Counters of what flows in and out, summed lazily by whoever looks.

use std::sync::atomic::{AtomicU64, Ordering};

/// Records in a run of whole batches, from their headers alone; a partial batch at the end does
/// not count.
pub(crate) fn records_in(batches: &freshet_wire::Chain) -> u64 {
    let mut records = 0;
    for piece in batches.pieces() {
        let mut rest = &piece[..];
        while let Ok(header) = freshet_records::BatchHeader::parse(rest) {
            records += u64::try_from(header.record_count).unwrap_or(0);
            rest = rest.get(header.size_bytes()..).unwrap_or_default();
        }
    }
    records
}

/// Monotonic counters; relaxed, because only their differences over seconds are read.
#[derive(Default)]
pub(crate) struct Traffic {
    records_in: AtomicU64,
    bytes_in: AtomicU64,
    records_out: AtomicU64,
    bytes_out: AtomicU64,
}

/// One reading of [`Traffic`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct TrafficCounts {
    /// Records appended since start.
    pub records_in: u64,
    /// Bytes of batches appended since start.
    pub bytes_in: u64,
    /// Records handed to fetches since start; whole batches count, as they are sent whole.
    pub records_out: u64,
    /// Bytes of batches handed to fetches since start.
    pub bytes_out: u64,
}

impl Traffic {
    pub(crate) fn count_in(&self, records: u64, bytes: u64) {
        self.records_in.fetch_add(records, Ordering::Relaxed);
        self.bytes_in.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn count_out(&self, records: u64, bytes: u64) {
        self.records_out.fetch_add(records, Ordering::Relaxed);
        self.bytes_out.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> TrafficCounts {
        TrafficCounts {
            records_in: self.records_in.load(Ordering::Relaxed),
            bytes_in: self.bytes_in.load(Ordering::Relaxed),
            records_out: self.records_out.load(Ordering::Relaxed),
            bytes_out: self.bytes_out.load(Ordering::Relaxed),
        }
    }
}
