//! Reading batches: from the tail in memory, or from a segment file.

mod cold;

use std::io;
use std::sync::Arc;

use bytes::Bytes;

use crate::ReadError;
use crate::disk::OpenMode;
use crate::encoding::read_file;
use crate::files::SegmentFile;
use crate::index::{Index, Point, SegmentMeta};
use crate::layout::{SegmentFileKind, segment_path};
use crate::log::state::State;
use crate::log::{FetchRange, Log, LogOffsets, ReadSlices};
use crate::scan::{Step, Walk};
use crate::segment::Damage;
use cold::{Collected, Collector};

/// Where a cold read has to look.
struct ColdPlace {
    base_offset: i64,
    file: Arc<SegmentFile>,
    /// A batch at or before the wanted one; `None` asks the segment's saved index.
    from: Option<Point>,
    leader_epoch: i32,
    indexed_to: u64,
    /// First position that must not be read: damage, or the end of what is written.
    to: u64,
    end_offset: i64,
    offsets: LogOffsets,
    is_active_segment: bool,
    /// Offset behind the segment's last record.
    next_offset: i64,
}

enum Place {
    Ready(ReadSlices),
    Cold(Box<ColdPlace>),
}

impl Log {
    /// Reads whole batches from the one that holds `range.offset` on, from memory or disk.
    ///
    /// At the end of what `range.up_to` allows the result is empty. May block on the disk; see
    /// [`read_cached`](Log::read_cached).
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read(&self, range: &FetchRange) -> Result<ReadSlices, ReadError> {
        let mut offset = range.offset;
        loop {
            let place = self.state.lock().place_read(offset, range)?;
            match place {
                Place::Ready(slices) => return Ok(slices),
                Place::Cold(place) => match self.read_cold(&place, offset, range)? {
                    Some(slices) => return Ok(slices),
                    // Nothing at or behind the offset in that segment: go on in the next one.
                    None => offset = place.next_offset,
                },
            }
        }
    }

    /// As [`read`](Log::read), from memory only: `Ok(None)` when the disk would have to be asked.
    ///
    /// # Errors
    /// [`ReadError`], without [`ReadError::Io`].
    pub fn read_cached(&self, range: &FetchRange) -> Result<Option<ReadSlices>, ReadError> {
        match self.state.lock().place_read(range.offset, range)? {
            Place::Ready(slices) => Ok(Some(slices)),
            Place::Cold(_) => Ok(None),
        }
    }

    fn read_cold(
        &self,
        place: &ColdPlace,
        offset: i64,
        range: &FetchRange,
    ) -> Result<Option<ReadSlices>, ReadError> {
        match self.collect(place, offset, range) {
            Ok(Collected::Batches(bytes)) => Ok(Some(ReadSlices {
                size_bytes: bytes.len(),
                bytes: if bytes.is_empty() { Vec::new() } else { vec![bytes] },
                offsets: place.offsets,
                is_active_segment: place.is_active_segment,
            })),
            Ok(Collected::PastEnd) => {
                let slices = ReadSlices {
                    bytes: Vec::new(),
                    size_bytes: 0,
                    offsets: place.offsets,
                    is_active_segment: place.is_active_segment,
                };
                Ok((place.is_active_segment || place.next_offset <= offset).then_some(slices))
            }
            Ok(Collected::Bad(point)) => {
                let damage = self.quarantine(place, point, offset)?;
                Err(ReadError::Corrupt {
                    first_offset: damage.first_offset,
                    next_offset: damage.next_offset,
                })
            }
            Err(error) => Err(self.read_failed(place, offset, &error)),
        }
    }

    /// A file that vanished was deleted by retention in between.
    fn read_failed(&self, place: &ColdPlace, offset: i64, error: &io::Error) -> ReadError {
        let mut state = self.state.lock();
        if state.is_deleted {
            return ReadError::Deleted;
        }
        if offset < state.log_start_offset {
            return ReadError::OffsetOutOfRange {
                offset,
                log_start_offset: state.log_start_offset,
                end_offset: state.offsets().high_watermark,
            };
        }
        let message = error.to_string();
        tracing::error!(log = %self.id, offset, path = %place.file.path().display(), %message, "cannot read a segment");
        ReadError::Io { path: place.file.path().to_owned(), message }
    }

    /// Reads and checks batches until one of the limits.
    fn collect(&self, place: &ColdPlace, offset: i64, range: &FetchRange) -> io::Result<Collected> {
        let handle = self.directory.files.get(&place.file, OpenMode::Read)?;
        let from = match place.from {
            Some(from) => from,
            None => self
                .covering_index(place.base_offset, place.indexed_to)?
                .find_offset(offset - place.base_offset),
        };
        Collector::new(handle.as_ref(), place, from, offset, range).run()
    }

    /// Finds out how far damage reaches and keeps readers off it from now on.
    fn quarantine(&self, place: &ColdPlace, from: Point, offset: i64) -> Result<Damage, ReadError> {
        let found = self.measure_damage(place, from);
        let (to_position, next_offset) =
            found.map_err(|error| self.read_failed(place, offset, &error))?;
        let first_offset = place.base_offset + from.offset_delta;
        let damage = {
            let mut state = self.state.lock();
            let index = state.segment_index(place.base_offset);
            let segment = &mut state.segments[index];
            let next_offset = next_offset.unwrap_or(place.next_offset);
            let from_position = from.position;
            let damage = Damage { from_position, to_position, first_offset, next_offset };
            if segment.base_offset == place.base_offset {
                segment.add_damage(damage);
            }
            damage
        };
        tracing::error!(
            log = %self.id, first_offset, next_offset = damage.next_offset,
            path = %place.file.path().display(),
            "a segment is damaged; the range is kept and not served"
        );
        Ok(damage)
    }

    /// Position and offset of the first sound batch behind damage; no offset if there is none.
    fn measure_damage(&self, place: &ColdPlace, from: Point) -> io::Result<(u64, Option<i64>)> {
        let handle = self.directory.files.get(&place.file, OpenMode::Read)?;
        let mut walk = Walk::new(handle.as_ref(), place.base_offset, from, place.to)
            .with_leader_epoch_max(place.leader_epoch);
        match walk.find_sound_behind(from.position)? {
            Some(next) => {
                walk.jump(next);
                match walk.step()? {
                    Step::Batch { header, .. } => Ok((next, Some(header.base_offset))),
                    Step::End | Step::Bad { .. } => Ok((place.to, None)),
                }
            }
            None => Ok((place.to, None)),
        }
    }

    /// The index of the first `covered_bytes` of a segment: from memory, from its file, or made
    /// anew by walking the headers.
    pub(super) fn covering_index(
        &self,
        base_offset: i64,
        covered_bytes: u64,
    ) -> io::Result<Arc<Index>> {
        let key = (self.id, base_offset);
        if let Some(index) = self.directory.indexes.get(key, covered_bytes) {
            return Ok(index);
        }
        let path = segment_path(&self.dir, base_offset, SegmentFileKind::Index);
        let disk = self.directory.disk.as_ref();
        let saved = read_file(disk, &path).ok().flatten();
        let index = match saved.as_deref().and_then(Index::decode) {
            Some((meta, index)) if meta.size_bytes == covered_bytes => index,
            Some(_) | None => self.rebuild_index(base_offset, covered_bytes)?,
        };
        let index = Arc::new(index);
        self.directory.indexes.put(key, covered_bytes, Arc::clone(&index));
        Ok(index)
    }

    fn rebuild_index(&self, base_offset: i64, covered_bytes: u64) -> io::Result<Index> {
        let found = {
            let state = self.state.lock();
            let segment = &state.segments[state.segment_index(base_offset)];
            (segment.base_offset == base_offset)
                .then(|| (Arc::clone(&segment.file), state.config.index_interval_bytes))
        };
        let (file, interval) = found.ok_or(io::ErrorKind::NotFound)?;
        let handle = self.directory.files.get(&file, OpenMode::Read)?;
        let mut walk = Walk::new(handle.as_ref(), base_offset, Point::START, covered_bytes);
        let mut index = Index::default();
        let mut meta = SegmentMeta::empty(base_offset);
        loop {
            match walk.step()? {
                Step::Batch { header, .. } => {
                    index.replay(base_offset, &header, &mut meta, interval);
                }
                Step::End => return Ok(index),
                Step::Bad { position } => match walk.find_sound_behind(position)? {
                    Some(next) => {
                        meta.size_bytes = next;
                        walk.jump(next);
                    }
                    None => return Ok(index),
                },
            }
        }
    }
}

impl State {
    /// Serves a read from memory, or says where on disk it has to go.
    fn place_read(&mut self, offset: i64, range: &FetchRange) -> Result<Place, ReadError> {
        if self.is_deleted {
            return Err(ReadError::Deleted);
        }
        let end_offset = self.end_of(range.up_to);
        let log_start_offset = self.log_start_offset;
        // Kafka answers a fetch between the high watermark and the log end with nothing.
        if offset < log_start_offset || offset > self.log_end_offset {
            return Err(ReadError::OffsetOutOfRange { offset, log_start_offset, end_offset });
        }
        let offsets = self.offsets();
        let index = self.segment_index(offset);
        let is_active_segment = index + 1 == self.segments.len();
        let ready = |bytes: Vec<Bytes>, size_bytes| {
            Ok(Place::Ready(ReadSlices { bytes, size_bytes, offsets, is_active_segment }))
        };
        if offset >= end_offset {
            return ready(Vec::new(), 0);
        }
        let at_least_one = range.at_least_one_batch;
        if self.tail.start_offset().is_some_and(|start| start <= offset)
            && let Some(found) = self.tail.find(offset, end_offset, range.max_bytes, at_least_one)
        {
            let bytes = if found.from == found.to { Vec::new() } else { self.tail.slices(found) };
            return ready(bytes, (found.to - found.from) as usize);
        }
        Ok(Place::Cold(Box::new(self.cold_place(index, offset, end_offset, offsets)?)))
    }

    fn cold_place(
        &self,
        index: usize,
        offset: i64,
        end_offset: i64,
        offsets: LogOffsets,
    ) -> Result<ColdPlace, ReadError> {
        let segment = &self.segments[index];
        if let Some(damage) = segment.damage_at(offset) {
            return Err(ReadError::Corrupt {
                first_offset: damage.first_offset,
                next_offset: damage.next_offset,
            });
        }
        let growing = segment.growing.find_offset(offset - segment.base_offset);
        let from = (growing.position > 0 || segment.indexed_to == 0).then_some(growing);
        // Damage before the offset is stepped over, damage behind it ends the read.
        let stepped = segment.damaged.iter().rfind(|damage| damage.next_offset <= offset);
        let ahead = segment.damaged.iter().find(|damage| damage.first_offset > offset);
        let behind = stepped.map(|damage| Point {
            position: damage.to_position,
            offset_delta: damage.next_offset - segment.base_offset,
        });
        let from = match (from, behind) {
            (Some(from), Some(behind)) if from.position >= behind.position => Some(from),
            (_, Some(behind)) => Some(behind),
            (from, None) => from,
        };
        let written = self.written_size(segment);
        Ok(ColdPlace {
            base_offset: segment.base_offset,
            file: Arc::clone(&segment.file),
            from,
            leader_epoch: self.epochs.current(),
            indexed_to: segment.indexed_to,
            to: ahead.map_or(written, |damage| damage.from_position.min(written)),
            end_offset,
            offsets,
            is_active_segment: index + 1 == self.segments.len(),
            next_offset: segment.meta.next_offset,
        })
    }
}
