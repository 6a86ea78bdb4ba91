//! The durable-up-to file: how far each log is known to be on disk.
//!
//! One append-only file per data directory. Each sync round appends what the round before it made
//! durable, so an entry never promises more than the disk holds; losing the newest entries only
//! makes a recovery look at more bytes. Log starts and leader epochs are kept in the same entries.
//!
//! ```text
//! magic 4 | version u32 | { length u32 | CRC-32C u32 | entry 56 bytes * n }*
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

const MAGIC: [u8; 4] = *b"FSgL";
const VERSION: u32 = 1;
const FILE_HEADER_SIZE_BYTES: usize = 8;
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

impl Position {
    fn merged(&self, other: &Position) -> Position {
        let further = if other.durable_offset >= self.durable_offset { other } else { self };
        Position {
            leader_epoch: self.leader_epoch.max(other.leader_epoch),
            log_start_offset: self.log_start_offset.max(other.log_start_offset),
            ..*further
        }
    }
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
    /// Whether the file was there and is one of ours.
    is_known: bool,
}

impl Positions {
    /// Reads the file; what follows a damaged frame is ignored and will be overwritten.
    pub(crate) fn load(disk: Arc<dyn Disk>, data_dir: &std::path::Path) -> io::Result<Positions> {
        let path = data_dir.join(POSITIONS_FILE);
        let found = read_file(disk.as_ref(), &path)?;
        let bytes = found.unwrap_or_default();
        let mut known = HashMap::new();
        let mut fields = Fields::new(&bytes);
        let is_known = fields.array() == Some(MAGIC) && fields.u32() == Some(VERSION);
        let mut size_bytes = FILE_HEADER_SIZE_BYTES as u64;
        if !is_known {
            fields = Fields::new(&[]);
        }
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
        Ok(Positions { disk, path, file: None, size_bytes, known, has_unsynced: false, is_known })
    }

    pub(crate) fn get(&self, id: LogId) -> Option<Position> {
        self.known.get(&id).copied()
    }

    /// Everything known, by log.
    pub(crate) fn all(&self) -> Vec<(LogId, Position)> {
        let mut all: Vec<(LogId, Position)> =
            self.known.iter().map(|(id, position)| (*id, *position)).collect();
        all.sort_unstable_by_key(|(id, _)| *id);
        all
    }

    /// Appends the entries that say something new. Does not sync.
    ///
    /// Entries may come out of order: a round's from before a newer log start. The larger wins.
    pub(crate) fn append(&mut self, entries: &[(LogId, Position)]) -> io::Result<()> {
        let mut news = Vec::new();
        for (id, position) in entries {
            let newest = match self.known.get(id) {
                Some(known) => known.merged(position),
                None => *position,
            };
            if self.known.insert(*id, newest) != Some(newest) {
                news.push((*id, newest));
            }
        }
        if news.is_empty() { Ok(()) } else { self.write(&news) }
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
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&VERSION.to_be_bytes());
        if !self.known.is_empty() {
            bytes.extend_from_slice(&frame(&self.all()));
        }
        self.file = None;
        replace_file(self.disk.as_ref(), &self.path, &bytes)?;
        self.size_bytes = bytes.len() as u64;
        self.synced(self.size_bytes);
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
            self.synced(self.size_bytes);
        }
        Ok(())
    }

    /// Size of the file, what is not synced included.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Whether the file said anything when it was loaded. Without it nothing is known about any log.
    pub(crate) fn is_known(&self) -> bool {
        self.is_known
    }

    /// The path of the file, for messages.
    pub(crate) fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// The file to sync, if it has news; the caller says with [`Positions::synced`] that it did.
    pub(crate) fn unsynced_file(&self) -> Option<Arc<dyn DiskFile>> {
        if self.has_unsynced { self.file.clone() } else { None }
    }

    pub(crate) fn synced(&mut self, size_bytes: u64) {
        // What was appended during the sync is not covered by it.
        self.has_unsynced = self.size_bytes != size_bytes;
    }
}

fn next_frame<'a>(fields: &mut Fields<'a>) -> Option<&'a [u8]> {
    let length = fields.u32()? as usize;
    let crc = fields.u32()?;
    let body = fields.slice(length)?;
    (length > 0 && length.is_multiple_of(ENTRY_SIZE_BYTES) && crc32c::crc32c(body) == crc)
        .then_some(body)
}
