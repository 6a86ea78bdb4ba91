//! The durable-up-to file: how far each log is known to be on disk.
//!
//! One append-only file per data directory. Each sync round appends what the round before it made
//! durable, so an entry never promises more than the disk holds; losing the newest entries only
//! makes a recovery look at more bytes. Log starts and leader epochs are kept in the same entries.
//!
//! ```text
//! { length u32 | CRC-32C u32 | entry 56 bytes * n }*
//! entry: topic id 16 | partition i32 | leader epoch i32 | log start i64
//!        | durable offset i64 | segment base offset i64 | position in that segment i64
//! ```
//! A leader epoch of -1 says that the log was deleted.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::LogId;
use crate::disk::{Disk, DiskFile, OpenMode, write_all_at};
use crate::encoding::{Fields, read_file, replace_file};
use crate::layout::POSITIONS_FILE;

const ENTRY_SIZE_BYTES: usize = 56;
const FRAME_HEADER_SIZE_BYTES: usize = 8;
/// Size from which the file is written anew, if that at least halves it.
const REWRITE_SIZE_BYTES_MIN: u64 = 1 << 20;
const DELETED_EPOCH: i32 = -1;

/// How far one log is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) leader_epoch: i32,
    pub(crate) log_start_offset: i64,
    /// Everything below is on disk.
    pub(crate) durable_offset: i64,
    /// The segment in which that offset lies or would lie.
    pub(crate) segment_base_offset: i64,
    /// Bytes of that segment that are on disk.
    pub(crate) position: i64,
}

fn encode_entry(out: &mut Vec<u8>, id: LogId, position: &Position) {
    out.extend_from_slice(&id.topic_id);
    out.extend_from_slice(&id.partition.to_be_bytes());
    out.extend_from_slice(&position.leader_epoch.to_be_bytes());
    out.extend_from_slice(&position.log_start_offset.to_be_bytes());
    out.extend_from_slice(&position.durable_offset.to_be_bytes());
    out.extend_from_slice(&position.segment_base_offset.to_be_bytes());
    out.extend_from_slice(&position.position.to_be_bytes());
}

fn decode_entry(fields: &mut Fields<'_>) -> Option<(LogId, Position)> {
    let id = LogId { topic_id: fields.array()?, partition: fields.i32()? };
    let position = Position {
        leader_epoch: fields.i32()?,
        log_start_offset: fields.i64()?,
        durable_offset: fields.i64()?,
        segment_base_offset: fields.i64()?,
        position: fields.i64()?,
    };
    Some((id, position))
}

fn frame(entries: &[(LogId, Position)]) -> Vec<u8> {
    let mut body = Vec::with_capacity(entries.len() * ENTRY_SIZE_BYTES);
    for (id, position) in entries {
        encode_entry(&mut body, *id, position);
    }
    let mut out = Vec::with_capacity(FRAME_HEADER_SIZE_BYTES + body.len());
    out.extend_from_slice(&(body.len() as u32).to_be_bytes());
    out.extend_from_slice(&crc32c::crc32c(&body).to_be_bytes());
    out.extend_from_slice(&body);
    out
}

/// The file and what it says.
#[derive(Debug)]
pub(crate) struct Positions {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    file: Option<Arc<dyn DiskFile>>,
    size_bytes: u64,
    known: HashMap<LogId, Position>,
    /// Whether bytes were appended since the last sync.
    has_unsynced: bool,
    /// Whether the file's name may not be durable yet.
    is_new: bool,
}

impl Positions {
    /// Reads the file; what follows a damaged frame is ignored and will be overwritten.
    pub(crate) fn load(disk: Arc<dyn Disk>, data_dir: &std::path::Path) -> io::Result<Positions> {
        let path = data_dir.join(POSITIONS_FILE);
        let found = read_file(disk.as_ref(), &path)?;
        let is_new = found.is_none();
        let bytes = found.unwrap_or_default();
        let mut known = HashMap::new();
        let mut fields = Fields::new(&bytes);
        let mut size_bytes = 0;
        while let Some(body) = next_frame(&mut fields) {
            size_bytes += (FRAME_HEADER_SIZE_BYTES + body.len()) as u64;
            let mut entries = Fields::new(body);
            while let Some((id, position)) = decode_entry(&mut entries) {
                if position.leader_epoch == DELETED_EPOCH {
                    known.remove(&id);
                } else {
                    known.insert(id, position);
                }
            }
        }
        Ok(Positions { disk, path, file: None, size_bytes, known, has_unsynced: false, is_new })
    }

    pub(crate) fn get(&self, id: LogId) -> Option<Position> {
        self.known.get(&id).copied()
    }

    /// Appends the entries that say something new. Does not sync.
    pub(crate) fn append(&mut self, entries: &[(LogId, Position)]) -> io::Result<()> {
        let news: Vec<(LogId, Position)> =
            entries.iter().filter(|(id, at)| self.known.get(id) != Some(at)).copied().collect();
        if news.is_empty() {
            return Ok(());
        }
        for (id, position) in &news {
            self.known.insert(*id, *position);
        }
        self.write(&news)
    }

    /// Notes that a log is gone.
    pub(crate) fn remove(&mut self, id: LogId) -> io::Result<()> {
        let Some(mut position) = self.known.remove(&id) else { return Ok(()) };
        position.leader_epoch = DELETED_EPOCH;
        self.write(&[(id, position)])
    }

    fn write(&mut self, entries: &[(LogId, Position)]) -> io::Result<()> {
        let live_bytes = (self.known.len() * ENTRY_SIZE_BYTES) as u64;
        if self.size_bytes > REWRITE_SIZE_BYTES_MIN && self.size_bytes > 2 * live_bytes {
            return self.rewrite();
        }
        let bytes = frame(entries);
        write_all_at(self.file()?.as_ref(), &[&bytes], self.size_bytes)?;
        self.size_bytes += bytes.len() as u64;
        self.has_unsynced = true;
        Ok(())
    }

    /// Replaces the file by one frame with everything known, durably.
    pub(crate) fn rewrite(&mut self) -> io::Result<()> {
        let mut all: Vec<(LogId, Position)> =
            self.known.iter().map(|(id, position)| (*id, *position)).collect();
        all.sort_unstable_by_key(|(id, _)| *id);
        let bytes = frame(&all);
        self.file = None;
        replace_file(self.disk.as_ref(), &self.path, &bytes)?;
        self.size_bytes = bytes.len() as u64;
        self.synced();
        Ok(())
    }

    /// Sets everything at once, durably; for the start after a crash.
    pub(crate) fn replace_all(&mut self, known: HashMap<LogId, Position>) -> io::Result<()> {
        self.known = known;
        self.rewrite()
    }

    fn file(&mut self) -> io::Result<Arc<dyn DiskFile>> {
        if let Some(file) = &self.file {
            return Ok(Arc::clone(file));
        }
        let file = self.disk.open(&self.path, OpenMode::Create)?;
        // Bytes behind a damaged frame must not look like frames later.
        file.set_size(self.size_bytes)?;
        self.file = Some(Arc::clone(&file));
        Ok(file)
    }

    /// Makes everything appended so far durable, on this thread.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        if let Some(file) = self.unsynced_file() {
            file.sync_data()?;
            if let Some(dir) = self.unsynced_dir() {
                self.disk.sync_dir(&dir)?;
            }
            self.synced();
        }
        Ok(())
    }

    /// The folder of the file, if the file was made since the last sync.
    pub(crate) fn unsynced_dir(&self) -> Option<PathBuf> {
        if self.is_new { self.path.parent().map(PathBuf::from) } else { None }
    }

    /// The path of the file, for messages.
    pub(crate) fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// The file to sync, if it has news; the caller says with [`Positions::synced`] that it did.
    pub(crate) fn unsynced_file(&self) -> Option<Arc<dyn DiskFile>> {
        if self.has_unsynced { self.file.clone() } else { None }
    }

    pub(crate) fn synced(&mut self) {
        self.has_unsynced = false;
        self.is_new = false;
    }
}

fn next_frame<'a>(fields: &mut Fields<'a>) -> Option<&'a [u8]> {
    let length = fields.u32()? as usize;
    let crc = fields.u32()?;
    let body = fields.slice(length)?;
    (length.is_multiple_of(ENTRY_SIZE_BYTES) && crc32c::crc32c(body) == crc).then_some(body)
}
