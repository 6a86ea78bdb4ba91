//! What all logs of a data directory share.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, RwLock};

use crate::disk::Disk;
use crate::files::FileCache;
use crate::index_cache::IndexCache;
use crate::log::Log;
use crate::origin::{Origin, OriginRef, Origins, known_reference};
use crate::positions::Positions;
use crate::rounds::Rounds;
use crate::space::Space;
use crate::sync_pool::{SyncJob, SyncPool};
use crate::tail::TailBudget;
use crate::{AppendError, Clock, LogId, StoreOptions};

static NEXT_TAG: AtomicUsize = AtomicUsize::new(0);

/// A renamed file or folder that waits for its removal.
#[derive(Debug)]
pub(crate) struct Trash {
    pub(crate) path: PathBuf,
    pub(crate) is_dir: bool,
    pub(crate) remove_at_mono_ms: u64,
}

/// The shared part of a store.
pub(crate) struct Directory {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: StoreOptions,
    pub(crate) logs_dir: PathBuf,
    pub(crate) files: FileCache,
    pub(crate) indexes: IndexCache,
    pub(crate) tails: TailBudget,
    pub(crate) space: Space,
    pub(crate) sync_pool: SyncPool,
    pub(crate) rounds: Rounds,
    pub(crate) positions: Mutex<Positions>,
    pub(crate) logs: RwLock<HashMap<LogId, Arc<Log>>>,
    pub(crate) trash: Mutex<Vec<Trash>>,
    /// What a fresh directory still has to sync; done by its first round.
    pub(crate) first_round: Mutex<Vec<SyncJob>>,
    origins: Mutex<Origins>,
    /// Tells this directory from others of the process.
    tag: usize,
    offline: OnceLock<String>,
}

impl Directory {
    pub(crate) fn new(
        disk: Arc<dyn Disk>,
        clock: Arc<dyn Clock>,
        options: StoreOptions,
        logs_dir: PathBuf,
        positions: Positions,
        origins: Origins,
    ) -> Directory {
        /// Open files that are enough for any load; more would only cost kernel memory.
        const OPEN_FILES_MAX: usize = 4096;
        let half = usize::try_from(disk.open_files_max() / 2).unwrap_or(OPEN_FILES_MAX);
        let open_files_max = options.open_files_max.unwrap_or(half.min(OPEN_FILES_MAX)).max(1);
        Directory {
            files: FileCache::new(Arc::clone(&disk), open_files_max),
            indexes: IndexCache::new(options.index_cache_bytes_max),
            tails: TailBudget::new(options.tail_cache_bytes_max),
            space: Space::new(Arc::clone(&disk), options.data_dir.clone(), options.reserve_bytes),
            sync_pool: SyncPool::new(options.sync_threads_max),
            rounds: Rounds::new(options.writer),
            positions: Mutex::new(positions),
            origins: Mutex::new(origins),
            tag: NEXT_TAG.fetch_add(1, Ordering::Relaxed),
            logs: RwLock::new(HashMap::new()),
            trash: Mutex::new(Vec::new()),
            first_round: Mutex::new(Vec::new()),
            offline: OnceLock::new(),
            disk,
            clock,
            options,
            logs_dir,
        }
    }

    pub(crate) fn offline_reason(&self) -> Option<&str> {
        self.offline.get().map(String::as_str)
    }

    /// Takes the directory offline for good: what the kernel dropped cannot be written again.
    pub(crate) fn fail(&self, action: &str, path: &Path, error: &io::Error) {
        let reason = format!("cannot {action} {}: {error}", path.display());
        if self.offline.set(reason.clone()).is_err() {
            return;
        }
        tracing::error!(%reason, "the data directory goes offline until the next start");
        let logs: Vec<Arc<Log>> = self.logs.read().values().cloned().collect();
        for log in logs {
            log.notify_failed(&reason);
        }
        self.rounds.wake();
    }

    /// Ends the directory's life in this process; nobody is told.
    pub(crate) fn close(&self) {
        let _ = self.offline.set("the store was closed".to_owned());
    }

    /// Whether appends are taken at all.
    pub(crate) fn admit(&self, size_bytes: usize) -> Result<(), AppendError> {
        if let Some(reason) = self.offline_reason() {
            return Err(AppendError::Offline { reason: reason.to_owned() });
        }
        self.space.admit(size_bytes, self.clock.mono_ms())
    }

    pub(crate) fn intern_origin(&self, origin: &Origin) -> OriginRef {
        known_reference(origin, self.tag)
            .unwrap_or_else(|| self.origins.lock().intern(origin, self.tag))
    }

    pub(crate) fn resolve_origin(&self, origin: OriginRef) -> Option<Origin> {
        self.origins.lock().resolve(origin)
    }

    /// Lets other logs' old bytes go when this append passed the budget.
    pub(crate) fn charge_tail(&self, log: &std::sync::Weak<Log>, bytes: u64) {
        for (log, bytes) in self.tails.charge(log, bytes) {
            if let Some(log) = log.upgrade() {
                log.shrink_tail(bytes);
            }
        }
    }

    /// Renames something out of the way; housekeeping removes it when its time has come.
    pub(crate) fn discard(&self, path: &Path, is_dir: bool, delay_ms: u64) -> io::Result<()> {
        let mut renamed = path.as_os_str().to_owned();
        renamed.push(crate::layout::DELETED_SUFFIX);
        let renamed = PathBuf::from(renamed);
        match self.disk.rename(path, &renamed) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
        let remove_at_mono_ms = self.clock.mono_ms().saturating_add(delay_ms);
        self.trash.lock().push(Trash { path: renamed, is_dir, remove_at_mono_ms });
        Ok(())
    }
}
