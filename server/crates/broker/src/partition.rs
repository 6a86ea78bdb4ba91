//! One partition as the handlers meet it: its log, who waits for it, what flows through it.

use std::sync::Arc;

use freshet_storage::{Log, LogOffsets};

use crate::progress::Progress;
use crate::traffic::Traffic;

/// A partition of which this broker is the leader.
pub(crate) struct Partition {
    pub(crate) index: i32,
    pub(crate) log: Arc<Log>,
    pub(crate) progress: Arc<Progress>,
    pub(crate) traffic: Traffic,
}

impl Partition {
    /// Puts a log into service: from here on its advances wake waiters.
    pub(crate) fn new(index: i32, log: Arc<Log>) -> Partition {
        let progress = Arc::new(Progress::new(log.offsets().high_watermark));
        log.set_observer(Arc::clone(&progress) as Arc<dyn freshet_storage::LogObserver>);
        Partition { index, log, progress, traffic: Traffic::default() }
    }

    pub(crate) fn offsets(&self) -> LogOffsets {
        self.log.offsets()
    }
}
