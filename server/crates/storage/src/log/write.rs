//! From memory to the page cache, and from there to the disk.

use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use crate::disk::{OpenMode, write_all_at};
use crate::encoding::seal;
use crate::files::SegmentFile;
use crate::index::Index;
use crate::layout::{SegmentFileKind, segment_path};
use crate::log::Log;
use crate::log::state::{Queued, Rolled, State};
use crate::origin::{Run, sound_size};
use crate::positions::Position;
use crate::sync_pool::SyncJob;
use crate::tail::Stretch;

/// Magic of a snapshot: leader epochs and producers at the beginning of a segment.
pub(crate) const SNAPSHOT_MAGIC: [u8; 4] = *b"FSgP";
pub(crate) const SNAPSHOT_VERSION: u32 = 1;

/// What the thread that writes needs to remember.
#[derive(Debug)]
pub(crate) struct WriteState {
    /// Whether the log's folder exists.
    pub(super) has_dir: bool,
}

/// Bytes for one segment file.
struct FileWrite {
    file: Arc<SegmentFile>,
    position: u64,
    pieces: Vec<Bytes>,
    to: u64,
}

/// Everything that waits to be written.
struct WritePlan {
    writes: Vec<FileWrite>,
    runs: Vec<Run>,
    end: u64,
    end_offset: i64,
}

/// What a sync round makes durable for one log.
#[derive(Debug)]
pub(crate) struct SyncTarget {
    pub(crate) jobs: Vec<SyncJob>,
    end: u64,
    end_offset: i64,
    files: Vec<Arc<SegmentFile>>,
}

impl State {
    fn plan_write(&mut self) -> Option<WritePlan> {
        let end = self.tail.end();
        if end == self.written {
            return None;
        }
        let mut writes = Vec::new();
        for segment in &self.segments {
            let segment_end = segment.virtual_start + segment.meta.size_bytes;
            if segment_end <= self.written || segment.meta.size_bytes == 0 {
                continue;
            }
            let from = self.written.max(segment.virtual_start);
            let pieces = self.tail.slices(Stretch { from, to: segment_end });
            writes.push(FileWrite {
                file: Arc::clone(&segment.file),
                position: from - segment.virtual_start,
                pieces,
                to: segment_end,
            });
        }
        let runs = std::mem::take(&mut self.new_runs);
        Some(WritePlan { writes, runs, end, end_offset: self.log_end_offset })
    }

    /// Notes that a file has everything up to the virtual position `to`.
    fn note_written(&mut self, file: &Arc<SegmentFile>, to: u64) {
        self.written = to;
        file.set_unsynced(true);
        if !self.unsynced.iter().any(|known| Arc::ptr_eq(known, file)) {
            self.unsynced.push(Arc::clone(file));
        }
    }
}

impl Log {
    /// Writes everything that waits, on this thread. A full disk leaves it waiting; any other error
    /// takes the directory offline.
    pub(crate) fn write_now(&self) {
        let mut writing = self.writing.lock();
        let Some(plan) = self.state.lock().plan_write() else { return };
        for write in &plan.writes {
            if let Err(error) = self.write_file(&mut writing, write) {
                self.give_back_runs(plan.runs);
                drop(writing);
                self.write_failed(write.file.path(), &error);
                return;
            }
        }
        let advanced = {
            let mut state = self.state.lock();
            debug_assert_eq!(state.written, plan.end);
            state.written_offset = plan.end_offset;
            state.advance_high_watermark().then(|| state.offsets())
        };
        if let Err(error) = self.write_runs(&plan.runs) {
            tracing::warn!(log = %self.id, %error, "cannot record who wrote a batch");
        }
        drop(writing);
        if let Some(offsets) = advanced {
            self.notify_advanced(offsets);
        }
    }

    fn write_file(&self, writing: &mut WriteState, write: &FileWrite) -> io::Result<()> {
        if !writing.has_dir {
            self.directory.disk.create_dir_all(&self.dir)?;
            writing.has_dir = true;
            self.state.lock().has_unsynced_dir = true;
        }
        let is_new = write.position == 0;
        let mode = if is_new { OpenMode::Truncate } else { OpenMode::Write };
        let handle = self.directory.files.get(&write.file, mode)?;
        let pieces: Vec<&[u8]> = write.pieces.iter().map(|piece| &piece[..]).collect();
        write_all_at(handle.as_ref(), &pieces, write.position)?;
        let mut state = self.state.lock();
        state.has_unsynced_names |= is_new;
        state.note_written(&write.file, write.to);
        Ok(())
    }

    fn give_back_runs(&self, mut runs: Vec<Run>) {
        let mut state = self.state.lock();
        runs.append(&mut state.new_runs);
        state.new_runs = runs;
    }

    fn write_failed(&self, path: &Path, error: &io::Error) {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                self.directory.space.write_failed();
            }
            _ => self.directory.fail("write", path, error),
        }
    }

    /// Appends runs to the files beside the segments they belong to.
    fn write_runs(&self, runs: &[Run]) -> io::Result<()> {
        let mut rest = runs;
        while let Some(first) = rest.first() {
            let (base_offset, next_base_offset, file, size) = {
                let state = self.state.lock();
                let index = state.segment_index(first.first_offset);
                let segment = &state.segments[index];
                let next = state.segments.get(index + 1).map_or(i64::MAX, |next| next.base_offset);
                (
                    segment.base_offset,
                    next,
                    Arc::clone(&segment.origin_file),
                    segment.origin_size_bytes,
                )
            };
            let count = rest.iter().take_while(|run| run.first_offset < next_base_offset).count();
            let (here, behind) = rest.split_at(count.max(1));
            rest = behind;
            let handle = self.directory.files.get(&file, OpenMode::Create)?;
            let position = match size {
                Some(0) => {
                    handle.set_size(0)?;
                    0
                }
                Some(size) => size,
                None => {
                    let size = sound_size(handle.as_ref(), first.first_offset)?;
                    handle.set_size(size)?;
                    size
                }
            };
            let mut bytes = Vec::with_capacity(here.len() * crate::origin::RUN_SIZE_BYTES);
            for run in here {
                run.encode(&mut bytes);
            }
            write_all_at(handle.as_ref(), &[&bytes], position)?;
            let mut state = self.state.lock();
            let index = state.segment_index(base_offset);
            if state.segments[index].base_offset == base_offset {
                state.segments[index].origin_size_bytes = Some(position + bytes.len() as u64);
            }
        }
        Ok(())
    }

    /// Writes what waits and says what has to be synced; `None` when all is durable.
    pub(crate) fn begin_sync(&self) -> Option<SyncTarget> {
        let rolled = {
            let mut state = self.state.lock();
            state.queued = Queued::No;
            if state.is_deleted {
                return None;
            }
            std::mem::take(&mut state.rolled)
        };
        self.write_now();
        let mut jobs = Vec::new();
        for boundary in rolled {
            match self.write_boundary(&boundary) {
                Ok(job) => jobs.push(job),
                // Without a snapshot a recovery reads more headers, that is all.
                Err(error) => {
                    tracing::warn!(log = %self.id, %error, "cannot write a snapshot of producers");
                }
            }
        }
        let mut state = self.state.lock();
        if state.durable == state.written && state.unsynced.is_empty() && jobs.is_empty() {
            return None;
        }
        let files = std::mem::take(&mut state.unsynced);
        if std::mem::take(&mut state.has_unsynced_dir) {
            jobs.push(SyncJob::Dir(self.directory.logs_dir.clone()));
        }
        if std::mem::take(&mut state.has_unsynced_names) || jobs.len() > 1 {
            jobs.push(SyncJob::Dir(self.dir.clone()));
        }
        state.unflushed_records = 0;
        let (end, end_offset) = (state.written, state.written_offset);
        drop(state);
        for file in &files {
            // The handle cannot have been closed: it had unsynced bytes.
            match self.directory.files.get(file, OpenMode::Write) {
                Ok(handle) => jobs.push(SyncJob::File(handle, file.path().to_owned())),
                Err(error) => {
                    self.directory.fail("open", file.path(), &error);
                    return None;
                }
            }
        }
        Some(SyncTarget { jobs, end, end_offset, files })
    }

    /// The round's sync has succeeded: moves the durable offset and the high watermark.
    pub(crate) fn finish_sync(&self, target: &SyncTarget) -> Option<Position> {
        let (advanced, position) = {
            let mut state = self.state.lock();
            for file in &target.files {
                if !state.unsynced.iter().any(|known| Arc::ptr_eq(known, file)) {
                    file.set_unsynced(false);
                }
            }
            if state.is_deleted {
                return None;
            }
            state.durable = state.durable.max(target.end);
            state.durable_offset = state.durable_offset.max(target.end_offset);
            let position = state.position();
            (state.advance_high_watermark().then(|| state.offsets()), position)
        };
        if let Some(offsets) = advanced {
            self.notify_advanced(offsets);
        }
        Some(position)
    }

    /// Writes the index of a closed segment and a snapshot at the start of the next.
    fn write_boundary(&self, rolled: &Rolled) -> io::Result<SyncJob> {
        self.save_index(rolled.sealed_base_offset);
        let path = segment_path(&self.dir, rolled.next_base_offset, SegmentFileKind::Producers);
        let file =
            self.write_sealed(&path, &seal(SNAPSHOT_MAGIC, SNAPSHOT_VERSION, &rolled.snapshot))?;
        Ok(SyncJob::File(file, path))
    }

    fn write_sealed(&self, path: &Path, bytes: &[u8]) -> io::Result<Arc<dyn crate::DiskFile>> {
        let file = self.directory.disk.open(path, OpenMode::Truncate)?;
        write_all_at(file.as_ref(), &[bytes], 0)?;
        Ok(file)
    }

    /// Writes a segment's index file, unsynced, and lets go of its entries in memory. Failing is
    /// harmless: the index is made again when it is needed.
    pub(crate) fn save_index(&self, base_offset: i64) {
        let Some((growing, meta, indexed_to)) = self.with_segment(base_offset, |segment| {
            (segment.growing.clone(), segment.meta, segment.indexed_to)
        }) else {
            return;
        };
        if indexed_to == meta.size_bytes {
            return;
        }
        let mut whole = if indexed_to == 0 {
            Index::default()
        } else {
            match self.covering_index(base_offset, indexed_to) {
                Ok(index) => (*index).clone(),
                Err(_) => return,
            }
        };
        whole.extend(&growing);
        let path = segment_path(&self.dir, base_offset, SegmentFileKind::Index);
        if let Err(error) = self.write_sealed(&path, &whole.encode(&meta)) {
            tracing::warn!(log = %self.id, %error, "cannot write an index file");
            return;
        }
        let whole = Arc::new(whole);
        self.directory.indexes.put((self.id, base_offset), meta.size_bytes, whole);
        let mut state = self.state.lock();
        let index = state.segment_index(base_offset);
        let segment = &mut state.segments[index];
        if segment.base_offset == base_offset && segment.meta.size_bytes == meta.size_bytes {
            segment.growing = Index::default();
            segment.indexed_to = meta.size_bytes;
        }
    }

    pub(super) fn with_segment<T>(
        &self,
        base_offset: i64,
        read: impl FnOnce(&crate::segment::Segment) -> T,
    ) -> Option<T> {
        let state = self.state.lock();
        let segment = &state.segments[state.segment_index(base_offset)];
        (segment.base_offset == base_offset).then(|| read(segment))
    }

    /// Whether everything is written; false on a full disk.
    pub(crate) fn is_written(&self) -> bool {
        let state = self.state.lock();
        state.written == state.tail.end()
    }
}
