//! Time that stands still until it is told to move.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use freshet_storage::Clock;

/// A clock that tests move.
#[derive(Debug)]
pub struct ManualClock {
    wall_ms: AtomicI64,
    mono_ms: AtomicU64,
}

impl ManualClock {
    /// A clock at `wall_ms` since the epoch.
    #[must_use]
    pub fn new(wall_ms: i64) -> ManualClock {
        ManualClock { wall_ms: AtomicI64::new(wall_ms), mono_ms: AtomicU64::new(0) }
    }

    /// Lets time pass on both clocks.
    pub fn advance(&self, ms: u64) {
        self.wall_ms.fetch_add(ms as i64, Ordering::SeqCst);
        self.mono_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Sets the wall clock alone, as an administrator or a bad time server may.
    pub fn jump_to(&self, wall_ms: i64) {
        self.wall_ms.store(wall_ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn wall_ms(&self) -> i64 {
        self.wall_ms.load(Ordering::SeqCst)
    }

    fn mono_ms(&self) -> u64 {
        self.mono_ms.load(Ordering::SeqCst)
    }
}
