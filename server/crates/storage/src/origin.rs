//! Who wrote which batch, and exactly when.
//!
//! Beside each segment lies a file of runs: the batches with these offsets were appended at this
//! millisecond by this origin. Origins are numbered once per data directory. Both files are written
//! with the data but never synced: after a power cut the newest runs may be unknown, never wrong.
//!
//! ```text
//! run:     first offset i64 | offsets u32 | leader epoch i32 | append time i64
//!          | origin number u32 | origin CRC u32 | CRC u32
//! origins: { length u32 | CRC u32 | client id, library, library version, principal, address }*
//! ```

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::disk::{Disk, DiskFile, OpenMode, read_exact_at, write_all_at};
use crate::encoding::{Fields, read_file};
use crate::layout::ORIGINS_FILE;

pub(crate) const RUN_SIZE_BYTES: usize = 36;
/// Most origins that a data directory numbers; later ones are recorded as unknown.
const ORIGINS_MAX: usize = 1 << 16;
/// Longest text of an origin that is kept.
const TEXT_BYTES_MAX: usize = 256;
/// The number of an origin without a number.
const UNKNOWN: u32 = u32::MAX;

/// Who writes: make one per connection and pass it with each append.
#[derive(Debug, Clone)]
pub struct Origin {
    details: Arc<Details>,
}

#[derive(Debug)]
struct Details {
    texts: [String; 5],
    /// Reference in the data directory that saw it first, with that directory's tag.
    reference: OnceLock<(usize, OriginRef)>,
}

impl PartialEq for Origin {
    fn eq(&self, other: &Origin) -> bool {
        self.details.texts == other.details.texts
    }
}

impl Eq for Origin {}

fn shortened(text: &str) -> String {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

impl Origin {
    /// An origin; empty texts mean unknown, texts longer than 256 bytes are cut. `address` is best
    /// given without the port, or every connection becomes an origin of its own.
    #[must_use]
    pub fn new(
        client_id: &str,
        library: &str,
        library_version: &str,
        principal: &str,
        address: &str,
    ) -> Origin {
        let texts = [client_id, library, library_version, principal, address].map(shortened);
        Origin { details: Arc::new(Details { texts, reference: OnceLock::new() }) }
    }

    /// The client id of the requests.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.details.texts[0]
    }

    /// Name of the client library, as ApiVersions tells it (KIP-511).
    #[must_use]
    pub fn library(&self) -> &str {
        &self.details.texts[1]
    }

    /// Version of the client library.
    #[must_use]
    pub fn library_version(&self) -> &str {
        &self.details.texts[2]
    }

    /// The authenticated principal.
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.details.texts[3]
    }

    /// Network address of the peer.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.details.texts[4]
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for text in &self.details.texts {
            out.extend_from_slice(&(text.len() as u32).to_be_bytes());
            out.extend_from_slice(text.as_bytes());
        }
        out
    }

    fn decode(bytes: &[u8]) -> Option<Origin> {
        let mut fields = Fields::new(bytes);
        let mut texts: [String; 5] = Default::default();
        for text in &mut texts {
            let length = fields.count(1)?;
            *text = String::from_utf8(fields.slice(length)?.to_vec()).ok()?;
        }
        Some(Origin { details: Arc::new(Details { texts, reference: OnceLock::new() }) })
    }
}

/// An origin's number and the checksum that proves it is the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OriginRef {
    number: u32,
    crc: u32,
}

impl OriginRef {
    const UNKNOWN: OriginRef = OriginRef { number: UNKNOWN, crc: 0 };
}

/// The origins of a data directory.
#[derive(Debug)]
pub(crate) struct Origins {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    file: Option<Arc<dyn DiskFile>>,
    size_bytes: u64,
    all: Vec<(Origin, u32)>,
    numbers: HashMap<[String; 5], u32>,
}

impl Origins {
    pub(crate) fn load(disk: Arc<dyn Disk>, data_dir: &std::path::Path) -> io::Result<Origins> {
        let path = data_dir.join(ORIGINS_FILE);
        let bytes = read_file(disk.as_ref(), &path)?.unwrap_or_default();
        let mut origins = Origins {
            disk,
            path,
            file: None,
            size_bytes: 0,
            all: Vec::new(),
            numbers: HashMap::new(),
        };
        let mut fields = Fields::new(&bytes);
        while let Some((origin, crc, size)) = next_origin(&mut fields) {
            origins.size_bytes += size;
            origins.number(origin, crc);
        }
        Ok(origins)
    }

    fn number(&mut self, origin: Origin, crc: u32) -> u32 {
        let number = self.all.len() as u32;
        self.numbers.insert(origin.details.texts.clone(), number);
        self.all.push((origin, crc));
        number
    }

    /// The number of an origin; new ones are written down. A failure to write makes them unknown
    /// after a restart, nothing worse.
    pub(crate) fn intern(&mut self, origin: &Origin, tag: usize) -> OriginRef {
        let number = match self.numbers.get(&origin.details.texts) {
            Some(number) => *number,
            None if self.all.len() >= ORIGINS_MAX => return OriginRef::UNKNOWN,
            None => {
                let body = origin.encode();
                let crc = crc32c::crc32c(&body);
                if let Err(error) = self.write(&body, crc) {
                    tracing::warn!(%error, "cannot record the origin of a batch");
                }
                self.number(origin.clone(), crc)
            }
        };
        let reference = OriginRef { number, crc: self.all[number as usize].1 };
        let _ = origin.details.reference.set((tag, reference));
        reference
    }

    fn write(&mut self, body: &[u8], crc: u32) -> io::Result<()> {
        let file = match &self.file {
            Some(file) => Arc::clone(file),
            None => {
                let file = self.disk.open(&self.path, OpenMode::Create)?;
                file.set_size(self.size_bytes)?;
                Arc::clone(self.file.insert(file))
            }
        };
        let length = (body.len() as u32).to_be_bytes();
        write_all_at(file.as_ref(), &[&length, &crc.to_be_bytes(), body], self.size_bytes)?;
        self.size_bytes += 8 + body.len() as u64;
        Ok(())
    }

    pub(crate) fn resolve(&self, origin: OriginRef) -> Option<Origin> {
        let (known, crc) = self.all.get(origin.number as usize)?;
        (*crc == origin.crc).then(|| known.clone())
    }
}

/// The reference that `origin` already has in the directory with this tag.
pub(crate) fn known_reference(origin: &Origin, tag: usize) -> Option<OriginRef> {
    let (seen_by, reference) = *origin.details.reference.get()?;
    (seen_by == tag).then_some(reference)
}

fn next_origin(fields: &mut Fields<'_>) -> Option<(Origin, u32, u64)> {
    let length = fields.u32()? as usize;
    let crc = fields.u32()?;
    let body = fields.slice(length)?;
    if crc32c::crc32c(body) != crc {
        return None;
    }
    Some((Origin::decode(body)?, crc, 8 + length as u64))
}

/// The batches with these offsets were appended at this time by this origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) first_offset: i64,
    /// Offsets in the run. It says no more than it knows: what follows may be lost.
    pub(crate) offset_count: u32,
    /// Tells these offsets from earlier ones that a power cut took back.
    pub(crate) leader_epoch: i32,
    pub(crate) append_ms: i64,
    pub(crate) origin: OriginRef,
}

impl Run {
    pub(crate) fn next_offset(&self) -> i64 {
        self.first_offset.saturating_add(self.offset_count as i64)
    }

    pub(crate) fn holds(&self, offset: i64) -> bool {
        (self.first_offset..self.next_offset()).contains(&offset)
    }

    /// Takes in the batch that follows, if it was appended at the same time by the same origin.
    pub(crate) fn extend(&mut self, next: &Run) -> bool {
        let Some(offset_count) = self.offset_count.checked_add(next.offset_count) else {
            return false;
        };
        let fits = self.next_offset() == next.first_offset
            && self.leader_epoch == next.leader_epoch
            && self.append_ms == next.append_ms
            && self.origin == next.origin;
        if fits {
            self.offset_count = offset_count;
        }
        fits
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let from = out.len();
        out.extend_from_slice(&self.first_offset.to_be_bytes());
        out.extend_from_slice(&self.offset_count.to_be_bytes());
        out.extend_from_slice(&self.leader_epoch.to_be_bytes());
        out.extend_from_slice(&self.append_ms.to_be_bytes());
        out.extend_from_slice(&self.origin.number.to_be_bytes());
        out.extend_from_slice(&self.origin.crc.to_be_bytes());
        let crc = crc32c::crc32c(&out[from..]);
        out.extend_from_slice(&crc.to_be_bytes());
    }

    fn decode(bytes: &[u8; RUN_SIZE_BYTES]) -> Option<Run> {
        let mut fields = Fields::new(bytes);
        let run = Run {
            first_offset: fields.i64()?,
            offset_count: fields.u32()?,
            leader_epoch: fields.i32()?,
            append_ms: fields.i64()?,
            origin: OriginRef { number: fields.u32()?, crc: fields.u32()? },
        };
        (crc32c::crc32c(&bytes[..RUN_SIZE_BYTES - 4]) == fields.u32()?).then_some(run)
    }
}

fn read_run(file: &dyn DiskFile, index: u64) -> io::Result<Option<Run>> {
    let mut bytes = [0; RUN_SIZE_BYTES];
    read_exact_at(file, &mut bytes, index * RUN_SIZE_BYTES as u64)?;
    Ok(Run::decode(&bytes))
}

/// Size of the part of a file whose end is sound and says nothing about `end_offset` or later: what
/// comes behind was torn, or is about records that a recovery cut off.
pub(crate) fn sound_size(file: &dyn DiskFile, end_offset: i64) -> io::Result<u64> {
    let mut count = file.size_bytes()? / RUN_SIZE_BYTES as u64;
    while count > 0 {
        match read_run(file, count - 1)? {
            Some(run) if run.next_offset() <= end_offset => break,
            Some(_) | None => count -= 1,
        }
    }
    Ok(count * RUN_SIZE_BYTES as u64)
}

/// The run in a file that covers `offset`. `None` when there is none, or when it is damaged.
pub(crate) fn find_run(file: &dyn DiskFile, offset: i64) -> io::Result<Option<Run>> {
    let read = |index| read_run(file, index);
    let (mut low, mut high) = (0, file.size_bytes()? / RUN_SIZE_BYTES as u64);
    while low < high {
        let middle = low + (high - low) / 2;
        match read(middle)? {
            Some(run) if run.first_offset <= offset => low = middle + 1,
            Some(_) => high = middle,
            None => return Ok(None),
        }
    }
    if low == 0 { Ok(None) } else { Ok(read(low - 1)?.filter(|run| run.holds(offset))) }
}
