//! What is known of a log when it is opened.

use crate::epochs::Epochs;
use crate::index::SegmentMeta;
use crate::log::Log;
use crate::producers::Producers;
use crate::segment::Damage;

/// One segment as found on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SegmentImage {
    pub(crate) base_offset: i64,
    pub(crate) meta: SegmentMeta,
    pub(crate) damaged: Vec<Damage>,
}

/// A whole log as found on disk, or as it begins.
#[derive(Debug, Clone)]
pub(crate) struct LogImage {
    /// Oldest first, gapless; empty for a log without files.
    pub(crate) segments: Vec<SegmentImage>,
    pub(crate) log_start_offset: i64,
    pub(crate) epochs: Epochs,
    pub(crate) producers: Producers,
    /// Whether its folder exists.
    pub(crate) has_files: bool,
}

impl LogImage {
    /// A log that nothing was ever appended to.
    pub(crate) fn new_log() -> LogImage {
        LogImage {
            segments: Vec::new(),
            log_start_offset: 0,
            epochs: Epochs::new(0, 0),
            producers: Producers::default(),
            has_files: false,
        }
    }

    pub(crate) fn log_end_offset(&self) -> i64 {
        self.segments.last().map_or(self.log_start_offset, |last| last.meta.next_offset)
    }
}

impl Log {
    /// The log as the next start should find it; `None` unless everything is durable. Saves the
    /// index of the active segment on the way.
    pub(crate) fn image(&self) -> Option<LogImage> {
        let active = {
            let mut state = self.state.lock();
            let active = state.active();
            (!active.growing.is_empty()).then_some(active.base_offset)
        };
        if let Some(base_offset) = active {
            self.save_index(base_offset);
        }
        let has_files = self.writing.lock().has_dir;
        let state = self.state.lock();
        if state.durable != state.tail.end() {
            return None;
        }
        let segments = state
            .segments
            .iter()
            .map(|segment| SegmentImage {
                base_offset: segment.base_offset,
                meta: segment.meta,
                damaged: segment.damaged.clone(),
            })
            .collect();
        Some(LogImage {
            segments,
            log_start_offset: state.log_start_offset,
            epochs: state.epochs.clone(),
            producers: state.producers.clone(),
            has_files,
        })
    }
}
