//! Checksummed little files and the integers in them.
//!
//! ```text
//! | magic 4 | version u32 | body length u64 | CRC-32C of the body u32 | body |
//! ```
//! All integers are big-endian, as everywhere in Kafka.

use std::io;
use std::path::Path;

use crate::disk::{Disk, OpenMode, read_exact_at, write_all_at};
use crate::layout::TEMPORARY_SUFFIX;

/// Bytes in front of the body.
pub(crate) const SEAL_SIZE_BYTES: usize = 20;
/// Largest sealed file that is read whole; far above what the store writes.
const SEALED_FILE_BYTES_MAX: u64 = 1 << 30;

/// Puts the seal in front of `body`.
pub(crate) fn seal(magic: [u8; 4], version: u32, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(SEAL_SIZE_BYTES + body.len());
    out.extend_from_slice(&magic);
    out.extend_from_slice(&version.to_be_bytes());
    out.extend_from_slice(&(body.len() as u64).to_be_bytes());
    out.extend_from_slice(&crc32c::crc32c(body).to_be_bytes());
    out.extend_from_slice(body);
    out
}

/// The body of the sealed bytes at the start of `bytes`; `None` unless everything fits.
pub(crate) fn unseal(magic: [u8; 4], version: u32, bytes: &[u8]) -> Option<&[u8]> {
    let mut fields = Fields::new(bytes);
    if fields.array::<4>()? != magic || fields.u32()? != version {
        return None;
    }
    let length = usize::try_from(fields.u64()?).ok()?;
    let crc = fields.u32()?;
    let body = fields.rest().get(..length)?;
    (crc32c::crc32c(body) == crc).then_some(body)
}

/// Replaces `path` durably: temporary file, sync, rename, sync of the folder.
pub(crate) fn replace_file(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(TEMPORARY_SUFFIX);
    let temporary = Path::new(&temporary);
    let file = disk.open(temporary, OpenMode::Truncate)?;
    write_all_at(file.as_ref(), &[bytes], 0)?;
    file.sync_data()?;
    disk.rename(temporary, path)?;
    match path.parent() {
        Some(parent) => disk.sync_dir(parent),
        None => Ok(()),
    }
}

/// Reads a whole file; `None` when it does not exist or is larger than any file of ours.
pub(crate) fn read_file(disk: &dyn Disk, path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match disk.open(path, OpenMode::Read) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let size = file.size_bytes()?;
    if size > SEALED_FILE_BYTES_MAX {
        return Ok(None);
    }
    let mut bytes = vec![0; size as usize];
    read_exact_at(file.as_ref(), &mut bytes, 0)?;
    Ok(Some(bytes))
}

/// Reads integers off the front of some bytes; `None` once they run out.
pub(crate) struct Fields<'a> {
    bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Fields<'a> {
        Fields { bytes }
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*head)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn i16(&mut self) -> Option<i16> {
        self.array().map(i16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub(crate) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }

    pub(crate) fn slice(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(head)
    }

    /// A count of items that take at least `item_bytes_min` each; `None` if they cannot fit.
    pub(crate) fn count(&mut self, item_bytes_min: usize) -> Option<usize> {
        let count = self.u32()? as usize;
        (count <= self.bytes.len() / item_bytes_min.max(1)).then_some(count)
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}
