//! The reserve of free disk space, below which appends are refused.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use crate::AppendError;
use crate::disk::{Disk, DiskSpace};

/// Default reserve, at most; else a twentieth of the disk.
const RESERVE_BYTES_MAX: u64 = 1 << 30;
const RESERVE_FRACTION: u64 = 20;
/// Time between two looks at the disk.
const CHECK_INTERVAL_MS: u64 = 500;
/// Bytes appended between two looks at the disk.
const CHECK_INTERVAL_BYTES: i64 = 16 << 20;

/// Watches the room that is left.
#[derive(Debug)]
pub(crate) struct Space {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    reserve_bytes: Option<u64>,
    is_full: AtomicBool,
    usable_bytes: AtomicU64,
    reserved_bytes: AtomicU64,
    checked_at_ms: AtomicU64,
    until_check_bytes: AtomicI64,
}

impl Space {
    pub(crate) fn new(disk: Arc<dyn Disk>, path: PathBuf, reserve_bytes: Option<u64>) -> Space {
        Space {
            disk,
            path,
            reserve_bytes,
            is_full: AtomicBool::new(false),
            usable_bytes: AtomicU64::new(u64::MAX),
            reserved_bytes: AtomicU64::new(0),
            checked_at_ms: AtomicU64::new(0),
            until_check_bytes: AtomicI64::new(0),
        }
    }

    /// Looks at the disk now; `Ok(true)` if there is room.
    pub(crate) fn check(&self, now_mono_ms: u64) -> io::Result<DiskSpace> {
        let space = self.disk.space(&self.path)?;
        let reserve = self
            .reserve_bytes
            .unwrap_or_else(|| RESERVE_BYTES_MAX.min(space.total_bytes / RESERVE_FRACTION));
        let is_full = space.usable_bytes < reserve;
        self.usable_bytes.store(space.usable_bytes, Ordering::Relaxed);
        self.reserved_bytes.store(reserve, Ordering::Relaxed);
        self.checked_at_ms.store(now_mono_ms, Ordering::Relaxed);
        self.until_check_bytes.store(CHECK_INTERVAL_BYTES, Ordering::Relaxed);
        if self.is_full.swap(is_full, Ordering::Relaxed) != is_full {
            let (usable, reserve) = (space.usable_bytes, reserve);
            if is_full {
                tracing::warn!(
                    usable,
                    reserve,
                    "the disk is down to its reserve, appends are refused"
                );
            } else {
                tracing::info!(usable, reserve, "the disk has room again, appends are taken");
            }
        }
        Ok(space)
    }

    /// Asks for room for an append; looks at the disk only now and then.
    pub(crate) fn admit(&self, size_bytes: usize, now_mono_ms: u64) -> Result<(), AppendError> {
        let left = self.until_check_bytes.fetch_sub(size_bytes as i64, Ordering::Relaxed);
        let elapsed = now_mono_ms.saturating_sub(self.checked_at_ms.load(Ordering::Relaxed));
        if left <= size_bytes as i64 || elapsed >= CHECK_INTERVAL_MS {
            // A disk that cannot say how full it is will say so at the write.
            let _ = self.check(now_mono_ms);
        }
        if self.is_full() { Err(self.refusal()) } else { Ok(()) }
    }

    /// A write met a full disk in spite of the reserve.
    pub(crate) fn write_failed(&self) {
        if !self.is_full.swap(true, Ordering::Relaxed) {
            tracing::warn!("a write met a full disk, appends are refused");
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Relaxed)
    }

    pub(crate) fn refusal(&self) -> AppendError {
        AppendError::DiskFull {
            usable_bytes: self.usable_bytes.load(Ordering::Relaxed),
            reserve_bytes: self.reserved_bytes.load(Ordering::Relaxed),
        }
    }
}
