//! Sync rounds: whatever became dirty during one round rides in the next.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::directory::Directory;
use crate::log::{Log, SyncTarget};
use crate::positions::Position;
use crate::sync_pool::{SyncJob, unique};
use crate::{LogId, WriterMode};

pub(crate) use crate::log::Queued;

/// Longest time that a `page-cache` log stays unsynced.
const BACKGROUND_INTERVAL_MS: u64 = 1000;
/// Time between two syncs of the positions file while rounds go on.
const POSITIONS_INTERVAL_MS: u64 = 100;
/// Idle time after which one closing sync makes the last positions durable.
const IDLE_BEFORE_CLOSING_MS: u64 = 100;
/// Pause before a full disk is tried again.
const RETRY_INTERVAL_MS: u64 = 500;

#[derive(Debug, Default)]
struct Queues {
    urgent: Vec<Arc<Log>>,
    background: Vec<Arc<Log>>,
    background_since_ms: Option<u64>,
    is_stopping: bool,
}

#[derive(Debug, Default)]
struct Closing {
    /// What the last round made durable, not written down yet.
    positions: Vec<(LogId, Position)>,
    positions_synced_at_ms: u64,
    idle_since_ms: Option<u64>,
}

/// The queue of dirty logs and the writer's own memory.
#[derive(Debug)]
pub(crate) struct Rounds {
    queues: Mutex<Queues>,
    changed: Condvar,
    is_manual: bool,
    is_busy: AtomicBool,
    closing: Mutex<Closing>,
}

impl Rounds {
    /// In manual mode every append may count on a later round.
    pub(crate) fn new(mode: WriterMode) -> Rounds {
        Rounds {
            is_manual: mode == WriterMode::Manual,
            queues: Mutex::new(Queues::default()),
            changed: Condvar::new(),
            is_busy: AtomicBool::new(false),
            closing: Mutex::new(Closing::default()),
        }
    }

    /// Whether a sync is under way, so that another round is certain to follow an append.
    pub(crate) fn is_busy(&self) -> bool {
        self.is_manual || self.is_busy.load(Ordering::Acquire)
    }

    /// Queues a log; the caller has noted in the log that it is queued.
    pub(crate) fn push(&self, log: Arc<Log>, queued: Queued, now_ms: u64) {
        let mut queues = self.queues.lock();
        match queued {
            Queued::Urgent => queues.urgent.push(log),
            Queued::Background => {
                queues.background.push(log);
                queues.background_since_ms.get_or_insert(now_ms);
            }
            Queued::No => return,
        }
        drop(queues);
        if queued == Queued::Urgent && !self.is_busy() {
            self.changed.notify_one();
        }
    }

    pub(crate) fn wake(&self) {
        self.changed.notify_all();
    }

    pub(crate) fn stop(&self) {
        self.queues.lock().is_stopping = true;
        self.wake();
    }
}

impl Directory {
    /// The writer thread's life.
    pub(crate) fn run_writer(&self) {
        loop {
            if !self.wait_for_work() {
                return;
            }
            self.run_round();
        }
    }

    /// Waits until a round is due; false when the store stops.
    fn wait_for_work(&self) -> bool {
        loop {
            let now_ms = self.clock.mono_ms();
            let is_offline = self.offline_reason().is_some();
            // Asked before the queue is locked: the positions may be under a sync of their own.
            let closing_ms = self.closing_due_ms(now_ms);
            let mut queues = self.rounds.queues.lock();
            if queues.is_stopping {
                return false;
            }
            if !is_offline && !queues.urgent.is_empty() {
                return true;
            }
            let background_ms = queues
                .background_since_ms
                .map_or(u64::MAX, |since| (since + BACKGROUND_INTERVAL_MS).saturating_sub(now_ms));
            let wait_ms = match background_ms.min(closing_ms) {
                _ if is_offline => BACKGROUND_INTERVAL_MS,
                0 => return true,
                wait_ms => wait_ms.min(BACKGROUND_INTERVAL_MS),
            };
            self.rounds.changed.wait_for(&mut queues, Duration::from_millis(wait_ms));
        }
    }

    /// Milliseconds until the last positions have to be made durable; the idle time counts from the
    /// first call after a round.
    fn closing_due_ms(&self, now_ms: u64) -> u64 {
        let mut closing = self.rounds.closing.lock();
        if closing.positions.is_empty() && self.positions.lock().unsynced_file().is_none() {
            closing.idle_since_ms = None;
            return u64::MAX;
        }
        let since = *closing.idle_since_ms.get_or_insert(now_ms);
        (since + IDLE_BEFORE_CLOSING_MS).saturating_sub(now_ms)
    }

    /// One round: takes all dirty logs that are due, writes and syncs them, and moves their offsets.
    /// With nothing due it makes the last positions durable.
    pub(crate) fn run_round(&self) {
        if self.offline_reason().is_some() {
            return;
        }
        let now_ms = self.clock.mono_ms();
        self.rounds.is_busy.store(true, Ordering::Release);
        let (logs, is_closing) = self.take_due(now_ms);
        let targets: Vec<(Arc<Log>, SyncTarget)> = logs
            .iter()
            .filter_map(|log| log.begin_sync().map(|target| (Arc::clone(log), target)))
            .collect();
        let outcome = self.sync_round(&targets, is_closing, now_ms);
        self.rounds.is_busy.store(false, Ordering::Release);
        if let Err((path, error)) = outcome {
            self.fail("sync", &path, &error);
            return;
        }
        let positions = targets
            .iter()
            .filter_map(|(log, target)| Some((log.id(), log.finish_sync(target)?)))
            .collect::<Vec<_>>();
        {
            let mut closing = self.rounds.closing.lock();
            closing.positions.extend(positions);
            closing.idle_since_ms = None;
        }
        self.retry_later(&logs);
    }

    fn take_due(&self, now_ms: u64) -> (Vec<Arc<Log>>, bool) {
        let mut queues = self.rounds.queues.lock();
        let mut logs = std::mem::take(&mut queues.urgent);
        let is_background_due = queues
            .background_since_ms
            .is_some_and(|since| now_ms >= since + BACKGROUND_INTERVAL_MS)
            || (logs.is_empty() && self.options.writer == WriterMode::Manual);
        if is_background_due {
            logs.append(&mut queues.background);
            queues.background_since_ms = None;
        }
        let is_closing = logs.is_empty();
        (logs, is_closing)
    }

    /// Writes down the last round's positions and syncs everything of this round.
    fn sync_round(
        &self,
        targets: &[(Arc<Log>, SyncTarget)],
        is_closing: bool,
        now_ms: u64,
    ) -> Result<(), (std::path::PathBuf, std::io::Error)> {
        let mut jobs: Vec<SyncJob> = std::mem::take(&mut *self.first_round.lock());
        jobs.extend(targets.iter().flat_map(|(_, target)| target.jobs.iter().cloned()));
        let mut jobs = unique(jobs);
        let positions_synced = {
            let mut closing = self.rounds.closing.lock();
            let mut finished = std::mem::take(&mut closing.positions);
            finished.retain(|(id, _)| self.logs.read().contains_key(id));
            let mut positions = self.positions.lock();
            if let Err(error) = positions.append(&finished) {
                // Older positions only make a recovery read more; a full disk must not end here.
                tracing::warn!(%error, "cannot write down how far the logs are durable");
            }
            let is_due =
                is_closing || now_ms >= closing.positions_synced_at_ms + POSITIONS_INTERVAL_MS;
            if is_due {
                closing.positions_synced_at_ms = now_ms;
                if let Some(file) = positions.unsynced_file() {
                    jobs.push(SyncJob::File(file, positions.path().to_owned()));
                }
            }
            is_due.then(|| positions.size_bytes())
        };
        if jobs.is_empty() {
            return Ok(());
        }
        self.sync_pool.run(&self.disk, jobs)?;
        if let Some(size_bytes) = positions_synced {
            self.positions.lock().synced(size_bytes);
        }
        Ok(())
    }

    /// Logs that a full disk kept from writing stay dirty.
    fn retry_later(&self, logs: &[Arc<Log>]) {
        if !self.space.is_full() {
            return;
        }
        let mut is_stuck = false;
        for log in logs {
            if !log.is_written() {
                is_stuck = true;
                log.mark_dirty_if_behind();
            }
        }
        if is_stuck && self.options.writer == WriterMode::Thread {
            let mut queues = self.rounds.queues.lock();
            if !queues.is_stopping {
                self.rounds.changed.wait_for(&mut queues, Duration::from_millis(RETRY_INTERVAL_MS));
            }
            drop(queues);
            let _ = self.space.check(self.clock.mono_ms());
        }
    }
}
