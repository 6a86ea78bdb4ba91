//! Syncing several files at once.

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::disk::{Disk, DiskFile};

/// Something to make durable.
#[derive(Debug, Clone)]
pub(crate) enum SyncJob {
    /// Content and size of a file; the path is for messages.
    File(Arc<dyn DiskFile>, PathBuf),
    /// Names in a folder.
    Dir(PathBuf),
}

impl SyncJob {
    fn run(&self, disk: &dyn Disk) -> io::Result<()> {
        match self {
            SyncJob::File(file, _) => file.sync_data(),
            SyncJob::Dir(path) => disk.sync_dir(path),
        }
    }

    fn path(&self) -> &PathBuf {
        match self {
            SyncJob::File(_, path) | SyncJob::Dir(path) => path,
        }
    }
}

/// The same jobs, each folder once.
pub(crate) fn unique(jobs: Vec<SyncJob>) -> Vec<SyncJob> {
    let mut dirs = HashSet::new();
    let is_first = |job: &SyncJob| match job {
        SyncJob::Dir(path) => dirs.insert(path.clone()),
        SyncJob::File(..) => true,
    };
    let mut jobs = jobs;
    jobs.retain(is_first);
    jobs
}

/// Runs all jobs, on up to `threads_max` threads; the first failure wins.
///
/// Threads live for one round: making one costs a hundredth of a sync.
pub(crate) fn sync_all(
    disk: &dyn Disk,
    jobs: &[SyncJob],
    threads_max: usize,
) -> Result<(), (PathBuf, io::Error)> {
    let next = AtomicUsize::new(0);
    let failure: Mutex<Option<(PathBuf, io::Error)>> = Mutex::new(None);
    let work = || {
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(error) = job.run(disk) {
                failure.lock().get_or_insert_with(|| (job.path().clone(), error));
            }
        }
    };
    let threads = jobs.len().min(threads_max.max(1));
    if threads <= 1 {
        work();
    } else {
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
    }
    failure.into_inner().map_or(Ok(()), Err)
}
