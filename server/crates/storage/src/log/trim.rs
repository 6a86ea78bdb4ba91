//! Taking old records away: retention, DeleteRecords, deletion of the log.

use std::io;
use std::path::PathBuf;

use crate::disk::OpenMode;
use crate::layout::{SegmentFileKind, segment_path};
use crate::log::Log;
use crate::log::append::roll;
use crate::log::state::State;
use crate::segment::Segment;
use crate::{Error, LogConfig};

/// What retention removed from one log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Trimmed {
    pub(crate) segment_count: usize,
    pub(crate) size_bytes: u64,
}

impl Log {
    /// Moves the log start up to `offset` (DeleteRecords): nothing below is served from now on, and
    /// whole segments below go with the next housekeeping. Waits for a sync.
    ///
    /// Returns the new log start; an offset at or below the present one changes nothing.
    ///
    /// # Errors
    /// [`Error::OffsetOutOfRange`] above the high watermark, [`Error::Offline`] if it cannot be made
    /// durable.
    pub fn delete_records_before(&self, offset: i64) -> Result<i64, Error> {
        let position = {
            let mut state = self.state.lock();
            if offset < 0 || offset > state.high_watermark {
                return Err(Error::OffsetOutOfRange {
                    offset,
                    log_start_offset: state.log_start_offset,
                    high_watermark: state.high_watermark,
                });
            }
            if offset <= state.log_start_offset {
                return Ok(state.log_start_offset);
            }
            state.log_start_offset = offset;
            state.epochs.drop_before(offset);
            state.position()
        };
        let mut positions = self.directory.positions.lock();
        let result = positions.append(&[(self.id, position)]).and_then(|()| positions.sync());
        drop(positions);
        match result {
            Ok(()) => Ok(offset),
            Err(source) if source.kind() == io::ErrorKind::StorageFull => {
                let path = self.directory.options.data_dir.clone();
                Err(Error::Io { action: "write down the log start in", path, source })
            }
            Err(error) => {
                self.directory.fail("sync", &self.directory.options.data_dir, &error);
                Err(Error::Offline {
                    reason: self.directory.offline_reason().unwrap_or_default().to_owned(),
                })
            }
        }
    }

    /// Closes the active segment if it is old, and removes segments as the settings say.
    pub(crate) fn enforce_retention(&self, now_ms: i64) -> Result<Trimmed, Error> {
        let (gone, position) = {
            let mut state = self.state.lock();
            if state.is_deleted {
                return Ok(Trimmed::default());
            }
            let config = state.config.clone();
            state.producers.expire(now_ms, config.producer_id_expiration_ms);
            if is_expired(state.active(), &config, now_ms)
                && state.high_watermark == state.log_end_offset
            {
                roll(&mut state, &self.dir, now_ms);
            }
            let count = removable_count(&state, &config, now_ms);
            if count == 0 {
                return Ok(Trimmed::default());
            }
            let gone: Vec<Segment> = state.segments.drain(..count).collect();
            let log_start_offset = state.log_start_offset.max(state.segments[0].base_offset);
            state.log_start_offset = log_start_offset;
            state.epochs.drop_before(log_start_offset);
            (gone, state.position())
        };
        self.remove_segments(&gone, position)
    }

    /// Removes the files of segments that left the log, once the new log start is durable.
    fn remove_segments(
        &self,
        gone: &[Segment],
        position: crate::positions::Position,
    ) -> Result<Trimmed, Error> {
        let io = |path: PathBuf| Error::io("remove", path);
        self.keep_an_active_file().map_err(io(self.dir.clone()))?;
        let noted = {
            let mut positions = self.directory.positions.lock();
            positions.append(&[(self.id, position)]).and_then(|()| positions.sync())
        };
        match noted {
            // A full disk is no reason not to make room.
            Err(error) if error.kind() == io::ErrorKind::StorageFull => {}
            noted => noted.map_err(io(self.directory.options.data_dir.clone()))?,
        }
        let delay_ms = self.config().file_delete_delay_ms;
        let mut trimmed = Trimmed::default();
        for segment in gone {
            trimmed.segment_count += 1;
            trimmed.size_bytes += segment.meta.size_bytes;
            self.directory.indexes.remove((self.id, segment.base_offset));
            for kind in SegmentFileKind::ALL {
                let path = segment_path(&self.dir, segment.base_offset, kind);
                self.directory.discard(&path, false, delay_ms).map_err(io(path))?;
            }
            segment.file.close();
            segment.origin_file.close();
        }
        tracing::info!(
            log = %self.id, segments = trimmed.segment_count, size_bytes = trimmed.size_bytes,
            log_start_offset = position.log_start_offset, "removed old segments"
        );
        Ok(trimmed)
    }

    /// An empty file tells where the log goes on when all older ones are gone.
    fn keep_an_active_file(&self) -> io::Result<()> {
        let writing = self.writing.lock();
        let path = {
            let mut state = self.state.lock();
            let active = state.active();
            if active.meta.size_bytes > 0 {
                return Ok(());
            }
            active.file.path().to_owned()
        };
        let file = self.directory.disk.open(&path, OpenMode::Create)?;
        file.sync_data()?;
        self.directory.disk.sync_dir(&self.dir)?;
        drop(writing);
        Ok(())
    }

    /// Ends the log: appends and reads answer that it was deleted. Its folder is renamed.
    pub(crate) fn delete(&self) -> io::Result<()> {
        let writing = self.writing.lock();
        let delay_ms = {
            let mut state = self.state.lock();
            state.is_deleted = true;
            for segment in &state.segments {
                segment.file.set_unsynced(false);
                segment.file.close();
                segment.origin_file.close();
                self.directory.indexes.remove((self.id, segment.base_offset));
            }
            state.unsynced.clear();
            let written = state.tail.end();
            state.written = written;
            state.tail.drop_front(u64::MAX / 2, written);
            state.config.file_delete_delay_ms
        };
        if writing.has_dir {
            self.directory.discard(&self.dir, true, delay_ms)?;
        }
        Ok(())
    }
}

fn is_expired(segment: &Segment, config: &LogConfig, now_ms: i64) -> bool {
    config.is_retention_enabled
        && config.retention_ms >= 0
        && segment.meta.size_bytes > 0
        && now_ms.saturating_sub(segment_age_from(segment)) > config.retention_ms
}

/// The time that a segment's age counts from: its largest timestamp, or when it was begun if its
/// records have none.
fn segment_age_from(segment: &Segment) -> i64 {
    if segment.meta.max_timestamp >= 0 { segment.meta.max_timestamp } else { segment.created_ms }
}

/// How many of the oldest segments go: never the active one, never what is not readable yet.
fn removable_count(state: &State, config: &LogConfig, now_ms: i64) -> usize {
    let mut total: i128 =
        state.segments.iter().map(|segment| segment.meta.size_bytes as i128).sum();
    let mut count = 0;
    while count + 1 < state.segments.len() {
        let segment = &state.segments[count];
        let next_base_offset = state.segments[count + 1].base_offset;
        let is_over = config.is_retention_enabled
            && config.retention_bytes >= 0
            && total - segment.meta.size_bytes as i128 >= config.retention_bytes as i128;
        let is_cut = next_base_offset <= state.log_start_offset;
        let goes = is_cut || is_over || is_expired(segment, config, now_ms);
        if !goes || next_base_offset > state.high_watermark || segment.virtual_end() > state.durable
        {
            break;
        }
        total -= segment.meta.size_bytes as i128;
        count += 1;
    }
    count
}
