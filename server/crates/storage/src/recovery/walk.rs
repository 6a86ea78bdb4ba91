//! Walking one segment during recovery.

use std::io;

use crate::epochs::Epochs;
use crate::index::{Point, SegmentMeta};
use crate::log::SegmentImage;
use crate::producers::Producers;
use crate::recovery::{Finding, Recovery};
use crate::scan::{Step, Walk};
use crate::segment::Damage;
use crate::sync_pool::SyncJob;

/// A segment after its walk.
pub(super) struct Walked {
    pub(super) image: SegmentImage,
    /// Whether the log ends here because the rest was cut off.
    pub(super) is_cut: bool,
}

/// What to do about bad bytes.
enum Verdict {
    Cut { saves_rest: bool },
    Quarantine { next: Option<u64> },
}

/// A segment on disk, and what surrounds it.
struct Surroundings {
    base_offset: i64,
    size_bytes: u64,
    next_base_offset: Option<i64>,
    has_later: bool,
    durable_bytes: Option<u64>,
}

impl Recovery<'_> {
    /// Reads the headers of a segment, and every byte past the durable mark.
    pub(super) fn walk_segment(
        &mut self,
        base_offset: i64,
        size_bytes: u64,
        next_base_offset: Option<i64>,
        has_later: bool,
        mut replay: Option<(&mut Epochs, &mut Producers)>,
    ) -> io::Result<Walked> {
        let durable_bytes = self.mark.durable_bytes(base_offset, size_bytes);
        let around =
            Surroundings { base_offset, size_bytes, next_base_offset, has_later, durable_bytes };
        let file = self.open_segment(base_offset)?;
        let path = self.segment_log_path(base_offset);
        let checked_from = durable_bytes.unwrap_or(0);
        if checked_from < size_bytes || durable_bytes.is_none() {
            self.scanned_bytes += size_bytes.saturating_sub(checked_from);
            self.jobs.push(SyncJob::File(std::sync::Arc::clone(&file), path.clone()));
            self.jobs.push(SyncJob::Dir(self.dir.to_owned()));
        }
        let mut walk = Walk::new(file.as_ref(), base_offset, Point::START, size_bytes);
        let mut image = SegmentImage {
            base_offset,
            meta: SegmentMeta::empty(base_offset),
            damaged: Vec::new(),
        };
        let mut is_cut = false;
        loop {
            if walk.position() >= checked_from {
                walk.check_crc();
            }
            match walk.step()? {
                Step::Batch { header, .. } => {
                    image.meta.add(header.next_offset(), header.max_timestamp, header.size_bytes());
                    if let Some((epochs, producers)) = &mut replay {
                        epochs.replay(header.partition_leader_epoch, header.base_offset);
                        producers.record(&header, self.now_ms);
                    }
                }
                Step::End => break,
                Step::Bad { position } => match self.judge(&walk, position, &around)? {
                    Verdict::Cut { saves_rest } => {
                        self.cut(file.as_ref(), &around.cut_at(position), &image, saves_rest)?;
                        is_cut = true;
                        break;
                    }
                    Verdict::Quarantine { next } => {
                        self.quarantine(&mut image, &mut walk, position, next, &around)?;
                    }
                },
            }
        }
        Ok(Walked { image, is_cut })
    }

    fn judge(&self, walk: &Walk<'_>, position: u64, around: &Surroundings) -> io::Result<Verdict> {
        let next = walk.find_sound_behind(position)?;
        let has_sound_behind = next.is_some() || around.has_later;
        let is_past_mark = around.durable_bytes.is_none_or(|durable| position >= durable);
        // Where the file ends before the mark, what is left of the last batch cannot be kept.
        let is_short = around.durable_bytes.is_some_and(|durable| around.size_bytes < durable);
        Ok(match (is_past_mark, has_sound_behind) {
            (true, false) => Verdict::Cut { saves_rest: false },
            (true, true) if around.durable_bytes.is_some() => Verdict::Cut { saves_rest: true },
            (false, false) if is_short => Verdict::Cut { saves_rest: true },
            (true | false, _) => Verdict::Quarantine { next },
        })
    }

    fn quarantine(
        &mut self,
        image: &mut SegmentImage,
        walk: &mut Walk<'_>,
        position: u64,
        next: Option<u64>,
        around: &Surroundings,
    ) -> io::Result<()> {
        let first_offset = walk.expected_offset();
        let to_position = next.unwrap_or(around.size_bytes);
        walk.jump(to_position);
        image.meta.size_bytes = to_position;
        let next_offset = match walk.peek_base_offset()? {
            Some(base_offset) => base_offset,
            None => self.offset_behind(first_offset, around),
        };
        image.meta.next_offset = next_offset;
        image.damaged.push(Damage {
            from_position: position,
            to_position,
            first_offset,
            next_offset,
        });
        self.findings.push(Finding::Quarantined {
            first_offset,
            next_offset,
            path: self.segment_log_path(around.base_offset),
        });
        Ok(())
    }

    /// The offset at which a segment ends whose last bytes are damaged.
    fn offset_behind(&self, first_offset: i64, around: &Surroundings) -> i64 {
        let by_mark = self
            .mark
            .position()
            .filter(|at| at.segment_base_offset == around.base_offset)
            .map_or(first_offset, |at| at.durable_offset);
        around.next_base_offset.unwrap_or(by_mark).max(first_offset)
    }
}

impl Surroundings {
    fn cut_at(&self, position: u64) -> super::cut::CutPlace {
        super::cut::CutPlace {
            base_offset: self.base_offset,
            position,
            size_bytes: self.size_bytes,
        }
    }
}
