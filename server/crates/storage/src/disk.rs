//! The file system as the store sees it.
//!
//! Everything that touches a disk goes through [`Disk`] and [`DiskFile`], so that the simulator can
//! forget, tear, fail and fill it. The contract is POSIX': bytes are safe only after
//! [`DiskFile::sync_data`], names only after [`Disk::sync_dir`] of the folder that holds them.

mod std_disk;

use std::fmt::Debug;
use std::io::{self, IoSlice};
use std::path::Path;
use std::sync::Arc;

pub use std_disk::StdDisk;

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// For reading; the file must exist.
    Read,
    /// For reading and writing; the file must exist.
    Write,
    /// For reading and writing; made if missing, kept as it is otherwise.
    Create,
    /// For reading and writing; made if missing, emptied otherwise.
    Truncate,
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirEntry {
    /// The name alone. Names that are not UTF-8 are not listed.
    pub name: String,
    /// Whether it is a folder.
    pub is_dir: bool,
}

/// Room on the disk that holds a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskSpace {
    /// Size of the file system.
    pub total_bytes: u64,
    /// Bytes that this process may still use.
    pub usable_bytes: u64,
}

/// Keeps a data directory to this process for as long as it lives.
pub trait DirLock: Send + Sync + Debug {}

/// A file system.
pub trait Disk: Send + Sync + Debug {
    /// Makes a folder and its missing parents; fine if it exists.
    ///
    /// # Errors
    /// As the operating system says.
    fn create_dir_all(&self, path: &Path) -> io::Result<()>;

    /// The names in a folder, in no order.
    ///
    /// # Errors
    /// `NotFound` for a missing folder, otherwise as the operating system says.
    fn list_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>>;

    /// Opens a file.
    ///
    /// # Errors
    /// `NotFound` for a missing file under [`OpenMode::Read`] and [`OpenMode::Write`], otherwise as
    /// the operating system says.
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn DiskFile>>;

    /// Renames a file or folder, replacing a file of the new name.
    ///
    /// # Errors
    /// As the operating system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// As the operating system says.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Removes a folder and all that is in it.
    ///
    /// # Errors
    /// As the operating system says.
    fn remove_dir_all(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// Any error means that names may be lost; it must not be retried.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;

    /// Room on the file system that holds `path`.
    ///
    /// # Errors
    /// As the operating system says.
    fn space(&self, path: &Path) -> io::Result<DiskSpace>;

    /// Takes the exclusive lock file at `path`; `None` when another process holds it.
    ///
    /// # Errors
    /// As the operating system says, `ReadOnlyFilesystem` and `PermissionDenied` among them.
    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn DirLock>>>;

    /// Number of files that this process may have open.
    fn open_files_max(&self) -> u64;
}

/// An open file. Reads and writes name their position; there is no cursor.
pub trait DiskFile: Send + Sync + Debug {
    /// Current size.
    ///
    /// # Errors
    /// As the operating system says.
    fn size_bytes(&self) -> io::Result<u64>;

    /// Reads into `buf` from `position`; may read less than asked for, 0 only at the end.
    ///
    /// # Errors
    /// As the operating system says.
    fn read_at(&self, buf: &mut [u8], position: u64) -> io::Result<usize>;

    /// Writes `slices` one behind the other from `position`; may write less than asked for.
    ///
    /// # Errors
    /// As the operating system says; `StorageFull` is the one the store recovers from.
    fn write_at(&self, slices: &[IoSlice<'_>], position: u64) -> io::Result<usize>;

    /// Makes content and size durable.
    ///
    /// # Errors
    /// Any error means that written bytes may be lost; it must not be retried.
    fn sync_data(&self) -> io::Result<()>;

    /// Cuts or extends the file.
    ///
    /// # Errors
    /// As the operating system says.
    fn set_size(&self, size_bytes: u64) -> io::Result<()>;
}

/// Fills `buf` from `position`.
///
/// # Errors
/// `UnexpectedEof` when the file ends first, otherwise what [`DiskFile::read_at`] says.
pub fn read_exact_at(file: &dyn DiskFile, mut buf: &mut [u8], mut position: u64) -> io::Result<()> {
    while !buf.is_empty() {
        match file.read_at(buf, position) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                buf = &mut buf[read..];
                position += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads up to `buf.len()` bytes from `position`; less only at the end of the file.
pub(crate) fn read_up_to(file: &dyn DiskFile, buf: &mut [u8], position: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buf.len() {
        match file.read_at(&mut buf[filled..], position + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Most pieces in one vectored write; the smallest limit a Linux system may have.
const SLICES_PER_WRITE_MAX: usize = 1024;

/// Writes all of `pieces` one behind the other from `position`.
///
/// # Errors
/// The first error of [`DiskFile::write_at`]; a part may be written by then. `WriteZero` when the
/// file takes nothing more.
pub fn write_all_at(file: &dyn DiskFile, pieces: &[&[u8]], mut position: u64) -> io::Result<()> {
    for group in pieces.chunks(SLICES_PER_WRITE_MAX) {
        let mut slices: Vec<IoSlice<'_>> = group.iter().map(|piece| IoSlice::new(piece)).collect();
        let mut rest = slices.as_mut_slice();
        IoSlice::advance_slices(&mut rest, 0);
        while !rest.is_empty() {
            match file.write_at(rest, position) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    position += written as u64;
                    IoSlice::advance_slices(&mut rest, written);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
