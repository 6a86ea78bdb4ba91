//! Syncing several files at once.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::{Condvar, Mutex, MutexGuard};

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

/// Threads that sync, kept between rounds and made when they are first needed.
#[derive(Debug)]
pub(crate) struct SyncPool {
    threads_max: usize,
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Shared {
    work: Mutex<Work>,
    /// Told when there is work, or the pool ends.
    has_work: Condvar,
    /// Told when the last job of a round is done.
    is_done: Condvar,
}

#[derive(Default)]
struct Work {
    queue: VecDeque<(Arc<dyn Disk>, SyncJob)>,
    running: usize,
    failure: Option<(PathBuf, io::Error)>,
    is_ending: bool,
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").field("queued", &self.queue.len()).finish_non_exhaustive()
    }
}

impl Shared {
    /// Does jobs until there are none; returns with the lock.
    fn work<'a>(&'a self, mut work: MutexGuard<'a, Work>) -> MutexGuard<'a, Work> {
        while let Some((disk, job)) = work.queue.pop_front() {
            work.running += 1;
            let result = MutexGuard::unlocked(&mut work, || job.run(disk.as_ref()));
            work.running -= 1;
            if let Err(error) = result {
                work.failure.get_or_insert_with(|| (job.path().clone(), error));
            }
        }
        if work.running == 0 {
            self.is_done.notify_all();
        }
        work
    }

    fn run_helper(&self) {
        let mut work = self.work.lock();
        loop {
            work = self.work(work);
            if work.is_ending {
                return;
            }
            self.has_work.wait(&mut work);
        }
    }
}

impl SyncPool {
    pub(crate) fn new(threads_max: usize) -> SyncPool {
        SyncPool { threads_max, shared: Arc::default(), threads: Mutex::new(Vec::new()) }
    }

    /// Runs all jobs, this thread helping; the first failure wins. One round at a time.
    pub(crate) fn run(
        &self,
        disk: &Arc<dyn Disk>,
        jobs: Vec<SyncJob>,
    ) -> Result<(), (PathBuf, io::Error)> {
        let mut threads = self.threads.lock();
        let helpers = jobs.len().min(self.threads_max).saturating_sub(1);
        while threads.len() < helpers {
            let shared = Arc::clone(&self.shared);
            let spawned = std::thread::Builder::new()
                .name("freshet-sync".into())
                .spawn(move || shared.run_helper());
            match spawned {
                Ok(thread) => threads.push(thread),
                // Fewer threads sync as well, only slower.
                Err(_) => break,
            }
        }
        let mut work = self.shared.work.lock();
        work.queue.extend(jobs.into_iter().map(|job| (Arc::clone(disk), job)));
        for _ in 0..helpers {
            self.shared.has_work.notify_one();
        }
        work = self.shared.work(work);
        while work.running > 0 || !work.queue.is_empty() {
            self.shared.is_done.wait(&mut work);
        }
        work.failure.take().map_or(Ok(()), Err)
    }
}

impl Drop for SyncPool {
    fn drop(&mut self) {
        self.shared.work.lock().is_ending = true;
        self.shared.has_work.notify_all();
        for thread in self.threads.get_mut().drain(..) {
            // A helper that panicked has nothing left to give back.
            let _ = thread.join();
        }
    }
}
