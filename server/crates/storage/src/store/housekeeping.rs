//! What has to be done now and then, and what can be asked about the whole directory.

use crate::store::Store;
use crate::{Error, LogId};

/// What one housekeeping did.
#[derive(Debug, Default)]
pub struct Housekeeping {
    /// Segments that retention took out of their logs.
    pub removed_segment_count: usize,
    /// Their size.
    pub removed_size_bytes: u64,
    /// Logs that could not be looked after, and why. The others were.
    pub errors: Vec<(LogId, Error)>,
}

/// Size of one log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogUsage {
    /// The log.
    pub id: LogId,
    /// Size of its `.log` files.
    pub size_bytes: u64,
}

/// Who uses the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// Open logs, by id.
    pub logs: Vec<LogUsage>,
    /// Size of the file system.
    pub total_bytes: u64,
    /// Bytes left on it for this process.
    pub usable_bytes: u64,
}

impl Store {
    /// Removes old segments, expired producers and renamed files, and looks at the free space. Call
    /// it every few minutes with the wall time, `now_ms` since the epoch. May take long.
    pub fn housekeeping(&self, now_ms: i64) -> Housekeeping {
        let mut done = Housekeeping::default();
        for log in self.logs() {
            match log.enforce_retention(now_ms) {
                Ok(trimmed) => {
                    done.removed_segment_count += trimmed.segment_count;
                    done.removed_size_bytes += trimmed.size_bytes;
                }
                Err(error) => done.errors.push((log.id(), error)),
            }
        }
        self.empty_trash();
        if let Err(error) = self.directory.space.check(self.directory.clock.mono_ms()) {
            tracing::warn!(%error, "cannot ask for the free space of the disk");
        }
        done
    }

    fn empty_trash(&self) {
        let now_mono_ms = self.directory.clock.mono_ms();
        let due = {
            let mut trash = self.directory.trash.lock();
            let (due, rest) =
                trash.drain(..).partition(|item| item.remove_at_mono_ms <= now_mono_ms);
            *trash = rest;
            due
        };
        for item in due {
            let disk = self.directory.disk.as_ref();
            let removed = if item.is_dir {
                disk.remove_dir_all(&item.path)
            } else {
                disk.remove_file(&item.path)
            };
            if let Err(error) = removed
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(path = %item.path.display(), %error, "cannot remove a deleted file");
            }
        }
    }

    /// Sizes of all logs and of the disk.
    ///
    /// # Errors
    /// [`Error::Io`] when the system does not tell.
    pub fn usage(&self) -> Result<Usage, Error> {
        let data_dir = &self.directory.options.data_dir;
        let space = self
            .directory
            .disk
            .space(data_dir)
            .map_err(Error::io("ask for the space of", data_dir))?;
        let logs = self
            .logs()
            .iter()
            .map(|log| LogUsage { id: log.id(), size_bytes: log.size_bytes() })
            .collect();
        Ok(Usage { logs, total_bytes: space.total_bytes, usable_bytes: space.usable_bytes })
    }
}
