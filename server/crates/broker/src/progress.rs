//! Waiting for a partition's high watermark: acknowledgements and long polls.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use freshet_storage::{Log, LogObserver, LogOffsets};
use parking_lot::Mutex;
use tokio::sync::Notify;

/// The log can't take or confirm writes any more: its directory went offline, or the topic is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogFailed;

/// One partition's high watermark and who waits for it.
///
/// The number of waiters is bounded by connections times in-flight requests (`limits`).
#[derive(Default)]
pub(crate) struct Progress {
    high_watermark: AtomicI64,
    failed: AtomicBool,
    waiting: Mutex<Vec<Waiter>>,
}

struct Waiter {
    /// Wakes when the high watermark is at least this.
    at: i64,
    wake: Arc<Notify>,
}

impl Progress {
    /// Starts from what recovery found.
    pub(crate) fn new(high_watermark: i64) -> Progress {
        Progress { high_watermark: AtomicI64::new(high_watermark), ..Progress::default() }
    }

    /// Asks to be woken once the high watermark reaches `at`.
    ///
    /// Answers `false`, without registering, when that is already so or the log has failed: the
    /// check and the registration happen under one lock, so no advance is missed between them.
    pub(crate) fn register(&self, at: i64, wake: &Arc<Notify>) -> bool {
        let mut waiting = self.waiting.lock();
        if self.high_watermark.load(Ordering::Acquire) >= at || self.has_failed() {
            return false;
        }
        waiting.push(Waiter { at, wake: Arc::clone(wake) });
        true
    }

    /// Takes back every registration of `wake`; harmless when there is none left.
    pub(crate) fn deregister(&self, wake: &Arc<Notify>) {
        self.waiting.lock().retain(|waiter| !Arc::ptr_eq(&waiter.wake, wake));
    }

    /// The log refuses writes for good.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    /// Waits until the high watermark is at least `at`.
    ///
    /// Cancel safe: a dropped wait leaves its registration to the next advance.
    ///
    /// # Errors
    /// [`LogFailed`] when the log went offline first.
    pub(crate) async fn reached(&self, at: i64) -> Result<(), LogFailed> {
        let wake = Arc::new(Notify::new());
        while self.register(at, &wake) {
            wake.notified().await;
        }
        if self.high_watermark.load(Ordering::Acquire) >= at { Ok(()) } else { Err(LogFailed) }
    }

    /// Wakes everybody: the topic was deleted or the directory went offline.
    pub(crate) fn fail(&self) {
        self.failed.store(true, Ordering::Release);
        for waiter in self.waiting.lock().drain(..) {
            waiter.wake.notify_one();
        }
    }

    fn advance(&self, high_watermark: i64) {
        self.high_watermark.fetch_max(high_watermark, Ordering::AcqRel);
        let mut waiting = self.waiting.lock();
        if waiting.is_empty() {
            return;
        }
        waiting.retain(|waiter| {
            let is_due = waiter.at <= high_watermark;
            if is_due {
                waiter.wake.notify_one();
            }
            !is_due
        });
    }
}

impl LogObserver for Progress {
    fn high_watermark_advanced(&self, _log: &Log, offsets: LogOffsets) {
        self.advance(offsets.high_watermark);
    }

    fn log_failed(&self, _log: &Log, _reason: &str) {
        self.fail();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wait_ends_when_the_high_watermark_covers_it() {
        let progress = Arc::new(Progress::new(3));
        progress.reached(3).await.unwrap();
        let waiting = tokio::spawn({
            let progress = Arc::clone(&progress);
            async move { progress.reached(5).await }
        });
        while progress.waiting.lock().is_empty() {
            tokio::task::yield_now().await;
        }
        progress.advance(4);
        assert_eq!(progress.waiting.lock().len(), 1);
        progress.advance(5);
        assert_eq!(waiting.await.unwrap(), Ok(()));
    }

    #[tokio::test]
    async fn a_failed_log_ends_every_wait_with_an_error() {
        let progress = Arc::new(Progress::new(0));
        let wake = Arc::new(Notify::new());
        assert!(progress.register(1, &wake));
        progress.fail();
        wake.notified().await;
        assert_eq!(progress.reached(1).await, Err(LogFailed));
    }
}
