//! What a log's lock protects.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use crate::epochs::Epochs;
use crate::files::SegmentFile;
use crate::index::SegmentMeta;
use crate::log::{LogImage, LogOffsets, ReadUpTo};
use crate::origin::Run;
use crate::positions::Position;
use crate::producers::Producers;
use crate::segment::Segment;
use crate::tail::Tail;
use crate::{Durability, LogConfig};

/// A segment boundary that the next round writes down.
#[derive(Debug)]
pub(crate) struct Rolled {
    /// The segment that was closed.
    pub(crate) sealed_base_offset: i64,
    /// The one that begins, and epochs and producers at its beginning, encoded.
    pub(crate) next_base_offset: i64,
    pub(crate) snapshot: Vec<u8>,
}

/// Which queue of the rounds the log is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queued {
    No,
    /// Synced within a second.
    Background,
    /// Synced with the next round.
    Urgent,
}

pub(crate) struct State {
    pub(crate) config: Arc<LogConfig>,
    pub(crate) log_start_offset: i64,
    pub(crate) high_watermark: i64,
    pub(crate) durable_offset: i64,
    pub(crate) written_offset: i64,
    pub(crate) log_end_offset: i64,
    /// Virtual positions of the same ends.
    pub(crate) written: u64,
    pub(crate) durable: u64,
    /// Never empty; the last one is written to. Gapless.
    pub(crate) segments: VecDeque<Segment>,
    pub(crate) epochs: Epochs,
    pub(crate) producers: Producers,
    pub(crate) tail: Tail,
    /// Who wrote what is not written yet.
    pub(crate) new_runs: Vec<Run>,
    pub(crate) queued: Queued,
    /// Files with bytes that no sync covers.
    pub(crate) unsynced: Vec<Arc<SegmentFile>>,
    /// Whether names were made that no sync covers: the log's folder in its parent, files in it.
    pub(crate) has_unsynced_dir: bool,
    pub(crate) has_unsynced_names: bool,
    pub(crate) rolled: Vec<Rolled>,
    /// Records appended since the last sync, for `flush.messages`.
    pub(crate) unflushed_records: i64,
    pub(crate) is_deleted: bool,
}

impl State {
    pub(crate) fn new(dir: &Path, config: LogConfig, image: LogImage, now_ms: i64) -> State {
        let log_end_offset = image.log_end_offset();
        let mut segments = VecDeque::new();
        let mut virtual_end = 0;
        for found in image.segments {
            let mut segment = Segment::new(dir, found.base_offset, found.meta, virtual_end, now_ms);
            segment.damaged = found.damaged;
            virtual_end += found.meta.size_bytes;
            segments.push_back(segment);
        }
        if segments.is_empty() {
            let meta = SegmentMeta::empty(log_end_offset);
            segments.push_back(Segment::new(dir, log_end_offset, meta, 0, now_ms));
        }
        State {
            config: Arc::new(config),
            log_start_offset: image.log_start_offset,
            high_watermark: log_end_offset,
            durable_offset: log_end_offset,
            written_offset: log_end_offset,
            log_end_offset,
            written: virtual_end,
            durable: virtual_end,
            segments,
            epochs: image.epochs,
            producers: image.producers,
            tail: Tail::new(virtual_end),
            new_runs: Vec::new(),
            queued: Queued::No,
            unsynced: Vec::new(),
            has_unsynced_dir: false,
            has_unsynced_names: false,
            rolled: Vec::new(),
            unflushed_records: 0,
            is_deleted: false,
        }
    }

    pub(crate) fn offsets(&mut self) -> LogOffsets {
        LogOffsets {
            log_start_offset: self.log_start_offset,
            high_watermark: self.high_watermark,
            last_stable_offset: self.producers.last_stable_offset(self.high_watermark),
            durable_offset: self.durable_offset,
            log_end_offset: self.log_end_offset,
        }
    }

    pub(crate) fn end_of(&mut self, up_to: ReadUpTo) -> i64 {
        match up_to {
            ReadUpTo::HighWatermark => self.high_watermark,
            ReadUpTo::LogEnd => self.log_end_offset,
            ReadUpTo::LastStable => self.producers.last_stable_offset(self.high_watermark),
        }
    }

    pub(crate) fn active(&mut self) -> &mut Segment {
        self.segments.back_mut().expect("a log has a segment at all times")
    }

    /// Moves the high watermark to where the durability class allows; says whether it moved.
    pub(crate) fn advance_high_watermark(&mut self) -> bool {
        let target = match self.config.durability {
            Durability::Acked | Durability::Strict => self.durable_offset,
            Durability::PageCache => self.written_offset,
        };
        let moves = target > self.high_watermark;
        if moves {
            self.high_watermark = target;
        }
        moves
    }

    /// Index of the segment that holds `offset` or would hold it.
    pub(crate) fn segment_index(&self, offset: i64) -> usize {
        let count = self.segments.partition_point(|segment| segment.base_offset <= offset);
        count.saturating_sub(1)
    }

    /// Bytes of a segment that are in its file.
    pub(crate) fn written_size(&self, segment: &Segment) -> u64 {
        self.written.saturating_sub(segment.virtual_start).min(segment.meta.size_bytes)
    }

    /// How far the log is known to be on disk.
    pub(crate) fn position(&self) -> Position {
        let index = self
            .segments
            .partition_point(|segment| segment.virtual_start <= self.durable)
            .saturating_sub(1);
        let segment = &self.segments[index];
        let position = self.durable.saturating_sub(segment.virtual_start);
        Position {
            leader_epoch: self.epochs.current(),
            log_start_offset: self.log_start_offset,
            durable_offset: self.durable_offset,
            segment_base_offset: segment.base_offset,
            position: i64::try_from(position).unwrap_or(i64::MAX),
        }
    }
}
