//! Opening a log whose last state was not written down: after a crash or a power cut.
//!
//! ```text
//!        durable-up-to mark
//!               |
//!  [ good ][bad][ good ][bad][ good ]      before the mark: rot. Kept, quarantined, reported.
//!               ^             ^            past the mark: torn by the power cut. Cut off at the first
//!            scanned from here with CRC    bad batch, because only unacknowledged records follow.
//! ```
//! Cutting drops no acknowledged record: everything acknowledged as durable lies before everything
//! that a power cut can tear. Where sound batches lie behind the tear, they are copied to a `.torn`
//! file first. Without a mark (its file is gone) nothing is cut that has a sound batch behind it.

mod cut;
mod walk;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::LogId;
use crate::disk::{Disk, DiskFile, OpenMode};
use crate::encoding::{Fields, read_file, unseal};
use crate::epochs::Epochs;
use crate::index::{Index, META_SIZE_BYTES, SegmentMeta};
use crate::layout::{
    DELETED_SUFFIX, SegmentFileKind, TEMPORARY_SUFFIX, parse_log_file_name, segment_path,
};
use crate::log::{LogImage, SNAPSHOT_MAGIC, SNAPSHOT_VERSION, SegmentImage};
use crate::positions::Position;
use crate::producers::Producers;
use crate::sync_pool::SyncJob;

/// Something an unclean start found in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The end of the log was torn and cut off; none of it was acknowledged as durable.
    TornTail {
        /// Offset at which the log ends now.
        at_offset: i64,
        /// Bytes cut off.
        size_bytes: u64,
        /// Where they were copied to, if sound batches were among them.
        saved_to: Option<PathBuf>,
    },
    /// Damage that no crash explains. The bytes are kept; reads of the range answer Corrupt.
    Quarantined {
        /// First damaged offset.
        first_offset: i64,
        /// First readable offset behind it.
        next_offset: i64,
        /// The damaged file.
        path: PathBuf,
    },
    /// The disk lost bytes that it had confirmed.
    LostDurable {
        /// Offset at which the log ends now.
        log_end_offset: i64,
        /// Offset up to which it was durable, exclusive.
        durable_offset: i64,
    },
}

/// A finding and its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFinding {
    /// The log.
    pub log: LogId,
    /// What was found.
    pub finding: Finding,
}

/// How the start went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecoveryReport {
    /// Whether the last stop was clean, or there was none.
    pub was_clean: bool,
    /// Logs found on disk.
    pub log_count: usize,
    /// Logs whose content had to be looked at.
    pub recovered_log_count: usize,
    /// Bytes read past the durable marks.
    pub scanned_bytes: u64,
    /// What was found, by log.
    pub findings: Vec<LogFinding>,
}

/// What recovery makes of one log.
pub(crate) struct Recovered {
    pub(crate) image: LogImage,
    pub(crate) findings: Vec<Finding>,
    pub(crate) scanned_bytes: u64,
    /// What must be synced before anything of it may be shown.
    pub(crate) jobs: Vec<SyncJob>,
}

/// How far a log is known to be durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Nothing is known: the file with the marks is gone.
    Unknown,
    /// Up to this position.
    At(Position),
}

impl Mark {
    /// The mark of a log that the file does not mention: nothing of it was confirmed.
    pub(crate) const NOTHING: Mark = Mark::At(Position {
        leader_epoch: 0,
        log_start_offset: 0,
        durable_offset: 0,
        segment_base_offset: 0,
        position: 0,
    });

    /// Bytes of a segment that were durable; `None` if that is unknown.
    fn durable_bytes(self, base_offset: i64, size_bytes: u64) -> Option<u64> {
        match self {
            Mark::Unknown => None,
            Mark::At(at) if base_offset < at.segment_base_offset => Some(size_bytes),
            Mark::At(at) if base_offset == at.segment_base_offset => {
                Some(u64::try_from(at.position).unwrap_or(0))
            }
            Mark::At(_) => Some(0),
        }
    }

    fn position(self) -> Option<Position> {
        match self {
            Mark::Unknown => None,
            Mark::At(position) => Some(position),
        }
    }
}

/// One log under recovery.
pub(crate) struct Recovery<'a> {
    disk: &'a dyn Disk,
    dir: &'a Path,
    mark: Mark,
    now_ms: i64,
    findings: Vec<Finding>,
    scanned_bytes: u64,
    jobs: Vec<SyncJob>,
}

impl<'a> Recovery<'a> {
    pub(crate) fn new(disk: &'a dyn Disk, dir: &'a Path, mark: Mark, now_ms: i64) -> Recovery<'a> {
        Recovery {
            disk,
            dir,
            mark,
            now_ms,
            findings: Vec::new(),
            scanned_bytes: 0,
            jobs: Vec::new(),
        }
    }

    /// Looks at the log and brings its files into a state that can be appended to.
    pub(crate) fn run(mut self) -> io::Result<Recovered> {
        let mut files = self.list_segments()?;
        let (mut epochs, mut producers, replay_from) = self.load_snapshot(&files)?;
        let mut segments: Vec<SegmentImage> = Vec::new();
        let bases: Vec<i64> = files.keys().copied().collect();
        for (index, &base_offset) in bases.iter().enumerate() {
            let next_base_offset = bases.get(index + 1).copied();
            let size_bytes = files[&base_offset];
            let saved = self.saved_meta(base_offset, size_bytes, next_base_offset);
            if let Some(meta) = saved.filter(|_| base_offset < replay_from) {
                segments.push(SegmentImage { base_offset, meta, damaged: Vec::new() });
                continue;
            }
            let has_later = bases[index + 1..].iter().any(|later| files[later] > 0);
            let replay = (base_offset >= replay_from).then_some((&mut epochs, &mut producers));
            let walked =
                self.walk_segment(base_offset, size_bytes, next_base_offset, has_later, replay)?;
            segments.push(walked.image);
            if walked.is_cut {
                self.set_aside_later(&bases[index + 1..])?;
                for later in &bases[index + 1..] {
                    files.remove(later);
                }
                break;
            }
        }
        self.drop_below_log_start(&mut segments)?;
        Ok(self.finish(segments, epochs, producers))
    }

    /// Where a power cut took everything behind a log start that was promised, the log goes on at
    /// that log start: it never goes back.
    fn drop_below_log_start(&mut self, segments: &mut Vec<SegmentImage>) -> io::Result<()> {
        let log_start_offset = self.mark.position().map_or(0, |at| at.log_start_offset);
        if segments.last().is_none_or(|last| last.meta.next_offset >= log_start_offset) {
            return Ok(());
        }
        for segment in segments.drain(..) {
            for kind in SegmentFileKind::ALL {
                match self.disk.remove_file(&segment_path(self.dir, segment.base_offset, kind)) {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
        }
        self.jobs.push(SyncJob::Dir(self.dir.to_owned()));
        Ok(())
    }

    fn finish(
        mut self,
        segments: Vec<SegmentImage>,
        mut epochs: Epochs,
        producers: Producers,
    ) -> Recovered {
        let known = self.mark.position();
        let first_offset = segments.first().map(|first| first.base_offset);
        let known_start = known.map_or(0, |at| at.log_start_offset);
        let mut log_start_offset = known_start.max(first_offset.unwrap_or(0));
        let log_end_offset = segments
            .last()
            .map_or(known.map_or(0, |at| at.durable_offset.max(at.log_start_offset)), |last| {
                last.meta.next_offset
            });
        if let Some(at) = known.filter(|at| at.durable_offset > log_end_offset) {
            let durable_offset = at.durable_offset;
            self.findings.push(Finding::LostDurable { log_end_offset, durable_offset });
        }
        if segments.is_empty() {
            log_start_offset = log_end_offset;
        }
        log_start_offset = log_start_offset.min(log_end_offset);
        let last_epoch = known.map_or(-1, |at| at.leader_epoch).max(epochs.latest().unwrap_or(-1));
        epochs.begin(last_epoch + 1, log_end_offset);
        epochs.drop_before(log_start_offset);
        let image = LogImage { segments, log_start_offset, epochs, producers, has_files: true };
        Recovered {
            image,
            findings: self.findings,
            scanned_bytes: self.scanned_bytes,
            jobs: self.jobs,
        }
    }

    /// Base offsets and sizes of the segments; removes what an interrupted deletion left.
    fn list_segments(&self) -> io::Result<BTreeMap<i64, u64>> {
        let mut files = BTreeMap::new();
        for entry in self.disk.list_dir(self.dir)? {
            let path = self.dir.join(&entry.name);
            if entry.name.ends_with(DELETED_SUFFIX) || entry.name.ends_with(TEMPORARY_SUFFIX) {
                self.disk.remove_file(&path)?;
            } else if let Some(base_offset) = parse_log_file_name(&entry.name) {
                let size_bytes = self.disk.open(&path, OpenMode::Read)?.size_bytes()?;
                files.insert(base_offset, size_bytes);
            }
        }
        Ok(files)
    }

    /// The newest sound snapshot, and the segment from which on batches have to be replayed.
    fn load_snapshot(&self, files: &BTreeMap<i64, u64>) -> io::Result<(Epochs, Producers, i64)> {
        let first = files.keys().next().copied().unwrap_or(0);
        for &base_offset in files.keys().rev() {
            if base_offset == first && base_offset == 0 {
                break;
            }
            let path = segment_path(self.dir, base_offset, SegmentFileKind::Producers);
            let bytes = read_file(self.disk, &path)?.unwrap_or_default();
            let decoded = unseal(SNAPSHOT_MAGIC, SNAPSHOT_VERSION, &bytes).and_then(|body| {
                let mut fields = Fields::new(body);
                Some((Epochs::decode(&mut fields)?, Producers::decode(&mut fields)?))
            });
            if let Some((epochs, producers)) = decoded {
                return Ok((epochs, producers, base_offset));
            }
        }
        Ok((Epochs::unknown(), Producers::default(), first))
    }

    /// What the index file says about a closed segment, if it is sound and fits its neighbours, and
    /// all of the segment was durable.
    fn saved_meta(
        &self,
        base_offset: i64,
        size_bytes: u64,
        next_base_offset: Option<i64>,
    ) -> Option<SegmentMeta> {
        let next_base_offset = next_base_offset?;
        if self.mark.durable_bytes(base_offset, size_bytes)? < size_bytes {
            return None;
        }
        let path = segment_path(self.dir, base_offset, SegmentFileKind::Index);
        let file = self.disk.open(&path, OpenMode::Read).ok()?;
        let mut head = [0; META_SIZE_BYTES];
        crate::disk::read_exact_at(file.as_ref(), &mut head, 0).ok()?;
        let meta = Index::decode_meta(&head)?;
        (meta.size_bytes == size_bytes && meta.next_offset == next_base_offset).then_some(meta)
    }

    fn open_segment(&self, base_offset: i64) -> io::Result<std::sync::Arc<dyn DiskFile>> {
        let path = segment_path(self.dir, base_offset, SegmentFileKind::Log);
        self.disk.open(&path, OpenMode::Write)
    }

    fn segment_log_path(&self, base_offset: i64) -> PathBuf {
        segment_path(self.dir, base_offset, SegmentFileKind::Log)
    }
}
