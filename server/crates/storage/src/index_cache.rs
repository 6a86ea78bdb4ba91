//! Indexes of segments that are no longer written, within a memory budget.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::LogId;
use crate::index::Index;

/// A segment's name: the log and the segment's base offset.
pub(crate) type SegmentKey = (LogId, i64);

#[derive(Debug)]
struct Cached {
    index: Arc<Index>,
    /// Size of the part of the segment it covers.
    covered_bytes: u64,
    used_at: u64,
}

#[derive(Debug, Default)]
struct Content {
    by_segment: HashMap<SegmentKey, Cached>,
    bytes: usize,
    now: u64,
}

/// Keeps the indexes that were used last.
#[derive(Debug)]
pub(crate) struct IndexCache {
    bytes_max: usize,
    content: Mutex<Content>,
}

impl IndexCache {
    pub(crate) fn new(bytes_max: usize) -> IndexCache {
        IndexCache { bytes_max, content: Mutex::new(Content::default()) }
    }

    /// The index of the first `covered_bytes` of a segment.
    pub(crate) fn get(&self, key: SegmentKey, covered_bytes: u64) -> Option<Arc<Index>> {
        let mut content = self.content.lock();
        content.now += 1;
        let now = content.now;
        let cached = content.by_segment.get_mut(&key)?;
        if cached.covered_bytes != covered_bytes {
            return None;
        }
        cached.used_at = now;
        Some(Arc::clone(&cached.index))
    }

    pub(crate) fn put(&self, key: SegmentKey, covered_bytes: u64, index: Arc<Index>) {
        let mut content = self.content.lock();
        content.now += 1;
        let used_at = content.now;
        content.bytes += index.size_bytes();
        let replaced = content.by_segment.insert(key, Cached { index, covered_bytes, used_at });
        content.bytes -= replaced.map_or(0, |cached| cached.index.size_bytes());
        while content.bytes > self.bytes_max && content.by_segment.len() > 1 {
            let oldest = content.by_segment.iter().min_by_key(|(_, cached)| cached.used_at);
            let Some(key) = oldest.map(|(key, _)| *key) else { break };
            if let Some(gone) = content.by_segment.remove(&key) {
                content.bytes -= gone.index.size_bytes();
            }
        }
    }

    pub(crate) fn remove(&self, key: SegmentKey) {
        let mut content = self.content.lock();
        if let Some(gone) = content.by_segment.remove(&key) {
            content.bytes -= gone.index.size_bytes();
        }
    }
}
