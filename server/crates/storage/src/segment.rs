//! One segment of a log, in memory.

use std::path::Path;
use std::sync::Arc;

use crate::files::SegmentFile;
use crate::index::{Index, SegmentMeta};
use crate::layout::{SegmentFileKind, segment_path};

/// A stretch of a segment that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damage {
    pub(crate) from_position: u64,
    pub(crate) to_position: u64,
    /// First offset that is lost.
    pub(crate) first_offset: i64,
    /// First offset behind it that can be read.
    pub(crate) next_offset: i64,
}

/// A segment: its file, and where things are in it.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) base_offset: i64,
    /// What has been appended, written or not.
    pub(crate) meta: SegmentMeta,
    /// Position of its first byte in the log's virtual positions; see [`Tail`](crate::tail::Tail).
    pub(crate) virtual_start: u64,
    pub(crate) file: Arc<SegmentFile>,
    pub(crate) origin_file: Arc<SegmentFile>,
    /// Bytes of the origin file that were written.
    pub(crate) origin_size_bytes: Option<u64>,
    /// Entries for the batches from `indexed_to` on.
    pub(crate) growing: Index,
    /// The part in front of it that the index file covers, or could be made to cover.
    pub(crate) indexed_to: u64,
    pub(crate) damaged: Vec<Damage>,
    /// Wall time at which it became the active one, milliseconds since the epoch.
    pub(crate) created_ms: i64,
}

impl Segment {
    /// A segment with `meta.size_bytes` bytes in its file, which an index file may cover.
    pub(crate) fn new(
        dir: &Path,
        base_offset: i64,
        meta: SegmentMeta,
        virtual_start: u64,
        created_ms: i64,
    ) -> Segment {
        let file = |kind| SegmentFile::new(segment_path(dir, base_offset, kind));
        Segment {
            base_offset,
            meta,
            virtual_start,
            file: file(SegmentFileKind::Log),
            origin_file: file(SegmentFileKind::Origin),
            origin_size_bytes: (meta.size_bytes == 0).then_some(0),
            growing: Index::default(),
            indexed_to: meta.size_bytes,
            damaged: Vec::new(),
            created_ms,
        }
    }

    /// Position behind its last byte in the log's virtual positions.
    pub(crate) fn virtual_end(&self) -> u64 {
        self.virtual_start + self.meta.size_bytes
    }

    /// The damage that holds `offset`.
    pub(crate) fn damage_at(&self, offset: i64) -> Option<&Damage> {
        self.damaged
            .iter()
            .find(|damage| (damage.first_offset..damage.next_offset).contains(&offset))
    }

    /// Notes damage, once.
    pub(crate) fn add_damage(&mut self, damage: Damage) {
        if self.damaged.iter().any(|known| known.from_position == damage.from_position) {
            return;
        }
        self.damaged.push(damage);
        self.damaged.sort_unstable_by_key(|damage| damage.from_position);
    }
}
