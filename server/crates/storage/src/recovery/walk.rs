//! Walking one segment during recovery.

use std::io;

use freshet_records::BatchHeader;

use crate::disk::DiskFile;
use crate::epochs::Epochs;
use crate::index::{Point, SegmentMeta};
use crate::log::SegmentImage;
use crate::producers::Producers;
use crate::recovery::{Finding, Recovery};
use crate::scan::{Step, Walk, read_bytes};
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
        replay: Option<(&mut Epochs, &mut Producers)>,
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
        let leader_epoch_max = self.mark.position().map_or(i32::MAX, |at| at.leader_epoch);
        let mut walk = Walk::new(file.as_ref(), base_offset, Point::START, size_bytes)
            .with_leader_epoch_max(leader_epoch_max);
        let mut image = SegmentImage {
            base_offset,
            meta: SegmentMeta::empty(base_offset),
            damaged: Vec::new(),
        };
        let is_cut;
        let mut replay = Replay { target: replay, pending: None, now_ms: self.now_ms };
        loop {
            if walk.position() >= checked_from {
                walk.check_crc();
            }
            match walk.step()? {
                Step::Batch { position, header } => {
                    let before = image.meta;
                    image.meta.add(header.next_offset(), header.max_timestamp, header.size_bytes());
                    replay.accept(Pending { position, header, before });
                }
                // Without CRCs a wrong length or offset shows only where the next batch should be.
                Step::Bad { .. } | Step::End if replay.is_last_damaged(file.as_ref())? => {
                    if let Some(last) = replay.pending.take() {
                        walk.rewind(last.position, last.header.base_offset);
                        walk.check_crc();
                        image.meta = last.before;
                    }
                }
                Step::End => {
                    replay.settle();
                    is_cut = self.close_gap(&mut image, &around);
                    break;
                }
                Step::Bad { position } => match self.judge(&walk, position, &around)? {
                    Verdict::Cut { saves_rest } => {
                        replay.settle();
                        self.cut(file.as_ref(), &around.cut_at(position), &image, saves_rest)?;
                        is_cut = true;
                        break;
                    }
                    Verdict::Quarantine { next } => {
                        replay.settle();
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

    /// A file may end early without a bad byte, when its last pages never reached the disk; the next
    /// segment's name tells. Says whether the log ends here.
    fn close_gap(&mut self, image: &mut SegmentImage, around: &Surroundings) -> bool {
        let first_offset = image.meta.next_offset;
        let Some(next_offset) = around.next_base_offset.filter(|next| *next != first_offset) else {
            return false;
        };
        let is_past_mark = around.durable_bytes.is_none_or(|durable| around.size_bytes >= durable);
        let is_known = around.durable_bytes.is_some();
        if is_past_mark && (is_known || !around.has_later) {
            self.findings.push(Finding::TornTail {
                at_offset: first_offset,
                size_bytes: 0,
                saved_to: None,
            });
            return true;
        }
        let position = around.size_bytes;
        image.damaged.push(Damage {
            from_position: position,
            to_position: position,
            first_offset,
            next_offset,
        });
        image.meta.next_offset = next_offset;
        self.findings.push(Finding::Quarantined {
            first_offset,
            next_offset,
            path: self.segment_log_path(around.base_offset),
        });
        false
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

/// A batch that was taken for sound because of its header.
struct Pending {
    position: u64,
    header: BatchHeader,
    /// The segment's state before it.
    before: SegmentMeta,
}

/// Takes batches into epochs and producers, each once the one behind it confirms it.
struct Replay<'a> {
    target: Option<(&'a mut Epochs, &'a mut Producers)>,
    pending: Option<Pending>,
    now_ms: i64,
}

impl Replay<'_> {
    fn accept(&mut self, next: Pending) {
        self.settle();
        self.pending = Some(next);
    }

    fn settle(&mut self) {
        let Some(confirmed) = self.pending.take() else { return };
        if let Some((epochs, producers)) = &mut self.target {
            epochs.replay(confirmed.header.partition_leader_epoch, confirmed.header.base_offset);
            producers.record(&confirmed.header, self.now_ms);
        }
    }

    fn is_last_damaged(&self, file: &dyn DiskFile) -> io::Result<bool> {
        let Some(last) = &self.pending else { return Ok(false) };
        let bytes = read_bytes(file, last.position, last.header.size_bytes())?;
        Ok(last.header.verify_crc(&bytes).is_err())
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
