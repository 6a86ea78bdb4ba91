//! A bounded number of open segment files.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use crate::disk::{Disk, DiskFile, OpenMode};

/// A segment's `.log` file, opened when it is needed.
///
/// The cache may close it between two uses, but never while it has bytes that are not synced: a
/// failed write-back must reach the file that wrote.
#[derive(Debug)]
pub(crate) struct SegmentFile {
    path: PathBuf,
    handle: Mutex<Option<Arc<dyn DiskFile>>>,
    was_used: AtomicBool,
    has_unsynced: AtomicBool,
}

impl SegmentFile {
    pub(crate) fn new(path: PathBuf) -> Arc<SegmentFile> {
        Arc::new(SegmentFile {
            path,
            handle: Mutex::new(None),
            was_used: AtomicBool::new(false),
            has_unsynced: AtomicBool::new(false),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn set_unsynced(&self, has_unsynced: bool) {
        self.has_unsynced.store(has_unsynced, Ordering::Release);
    }

    /// Closes the file for good measure, before it is removed.
    pub(crate) fn close(&self) {
        *self.handle.lock() = None;
    }
}

/// Which files are open, oldest first, with a second chance for those used since.
#[derive(Debug)]
pub(crate) struct FileCache {
    disk: Arc<dyn Disk>,
    open_files_max: usize,
    opened: Mutex<VecDeque<Weak<SegmentFile>>>,
}

impl FileCache {
    pub(crate) fn new(disk: Arc<dyn Disk>, open_files_max: usize) -> FileCache {
        FileCache { disk, open_files_max, opened: Mutex::new(VecDeque::new()) }
    }

    /// The open file; opens it if need be. `mode` says whether a missing file is made.
    ///
    /// A file is never opened for reading only: the handle is shared, and who reads first would
    /// take away the next one's right to write.
    pub(crate) fn get(
        &self,
        file: &Arc<SegmentFile>,
        mode: OpenMode,
    ) -> io::Result<Arc<dyn DiskFile>> {
        file.was_used.store(true, Ordering::Relaxed);
        let mut slot = file.handle.lock();
        if let Some(handle) = &*slot {
            return Ok(Arc::clone(handle));
        }
        let mode = if mode == OpenMode::Read { OpenMode::Write } else { mode };
        let handle = self.disk.open(&file.path, mode)?;
        *slot = Some(Arc::clone(&handle));
        drop(slot);
        self.make_room(file);
        Ok(handle)
    }

    fn make_room(&self, opened: &Arc<SegmentFile>) {
        let mut queue = self.opened.lock();
        queue.push_back(Arc::downgrade(opened));
        let mut chances = queue.len();
        while queue.len() > self.open_files_max && chances > 0 {
            chances -= 1;
            let Some(oldest) = queue.pop_front() else { break };
            let Some(file) = oldest.upgrade() else { continue };
            let is_busy = file.was_used.swap(false, Ordering::Relaxed)
                || file.has_unsynced.load(Ordering::Acquire);
            if is_busy || Arc::ptr_eq(&file, opened) {
                queue.push_back(oldest);
                continue;
            }
            match file.handle.try_lock() {
                Some(mut slot) => *slot = None,
                None => queue.push_back(oldest),
            }
        }
    }
}
