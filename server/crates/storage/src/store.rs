//! One data directory.

mod clean_stop;
mod housekeeping;
mod open;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::Mutex;

use crate::directory::Directory;
use crate::disk::DirLock;
use crate::encoding::replace_file;
use crate::layout::CLEAN_STOP_FILE;
use crate::log::{Log, LogImage};
use crate::{Error, LogConfig, LogId};

pub use housekeeping::{Housekeeping, LogUsage, Usage};

/// Whether the store takes appends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreState {
    /// Everything works.
    Online,
    /// The disk is down to its reserve: appends are refused, reads and deletes go on. Ends by
    /// itself when there is room.
    ReadOnly {
        /// Why, for people.
        reason: String,
    },
    /// A write or sync failed, or the store was closed: nothing more is taken until the next start.
    Offline {
        /// Why, for people.
        reason: String,
    },
}

/// A data directory, opened by [`Store::open`].
///
/// Dropping it without [`close`](Store::close) leaves the directory as a crash would: nothing
/// acknowledged is lost, but the next start has to look at the newest bytes.
pub struct Store {
    directory: Arc<Directory>,
    /// Logs on disk that nobody asked for yet.
    found: Mutex<HashMap<LogId, LogImage>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    _lock: Box<dyn DirLock>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("data_dir", &self.directory.options.data_dir)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the log of that id with what is on disk, or begins an empty one. Makes no file.
    ///
    /// # Errors
    /// [`Error::LogExists`] when this process has it open already.
    pub fn create_log(&self, id: LogId, config: LogConfig) -> Result<Arc<Log>, Error> {
        let mut logs = self.directory.logs.write();
        if logs.contains_key(&id) {
            return Err(Error::LogExists { id });
        }
        let image = self.found.lock().remove(&id).unwrap_or_else(LogImage::new_log);
        let log = Log::open(&self.directory, id, config, image);
        logs.insert(id, Arc::clone(&log));
        Ok(log)
    }

    /// An open log.
    #[must_use]
    pub fn log(&self, id: LogId) -> Option<Arc<Log>> {
        self.directory.logs.read().get(&id).cloned()
    }

    /// All open logs, by id.
    #[must_use]
    pub fn logs(&self) -> Vec<Arc<Log>> {
        let mut logs: Vec<Arc<Log>> = self.directory.logs.read().values().cloned().collect();
        logs.sort_unstable_by_key(|log| log.id());
        logs
    }

    /// Logs on disk that were not opened with [`create_log`](Store::create_log). They are kept:
    /// metadata that forgot a log must not destroy it.
    #[must_use]
    pub fn unclaimed(&self) -> Vec<LogId> {
        let mut ids: Vec<LogId> = self.found.lock().keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// Deletes a log, open or unclaimed. Its folder is renamed now and removed by a later
    /// [`housekeeping`](Store::housekeeping); who still holds the log gets `Deleted` from it.
    ///
    /// # Errors
    /// [`Error::UnknownLog`], or [`Error::Io`] when the folder cannot be renamed.
    pub fn delete_log(&self, id: LogId) -> Result<(), Error> {
        let log = self.directory.logs.write().remove(&id);
        let dir = self.directory.logs_dir.join(id.to_string());
        let rename = |source| Error::Io { action: "rename", path: dir.clone(), source };
        match log {
            Some(log) => log.delete().map_err(rename)?,
            None => {
                if self.found.lock().remove(&id).is_none() {
                    return Err(Error::UnknownLog { id });
                }
                self.directory.discard(&dir, true, 0).map_err(rename)?;
            }
        }
        let forgotten = self.directory.positions.lock().remove(id);
        if let Err(error) = forgotten {
            tracing::warn!(log = %id, %error, "cannot note that a log was deleted");
        }
        Ok(())
    }

    /// The data directory.
    #[must_use]
    pub fn data_dir(&self) -> &std::path::Path {
        &self.directory.options.data_dir
    }

    /// Whether appends are taken.
    #[must_use]
    pub fn state(&self) -> StoreState {
        if let Some(reason) = self.directory.offline_reason() {
            return StoreState::Offline { reason: reason.to_owned() };
        }
        if self.directory.space.is_full() {
            return StoreState::ReadOnly { reason: self.directory.space.refusal().to_string() };
        }
        StoreState::Online
    }

    /// Runs one sync round on this thread: for stores opened with
    /// [`WriterMode::Manual`](crate::WriterMode::Manual). Without a dirty log it makes the durable
    /// marks of the last round durable.
    pub fn run_round(&self) {
        self.directory.run_round();
    }

    /// Stops cleanly: syncs everything and writes down the state of all logs, so that the next
    /// start looks at no segment. Logs answer `Offline` to appends from then on.
    ///
    /// # Errors
    /// [`Error::Offline`] after an earlier failure, [`Error::Io`] if writing fails now; the next
    /// start is then as after a crash.
    pub fn close(&self) -> Result<(), Error> {
        self.stop_writer();
        let logs = self.logs();
        for log in &logs {
            log.mark_dirty_if_behind();
        }
        self.directory.run_round();
        self.directory.run_round();
        if let Some(reason) = self.directory.offline_reason() {
            return Err(Error::Offline { reason: reason.to_owned() });
        }
        self.directory.close();
        let mut images: Vec<(LogId, LogImage)> = Vec::new();
        for log in &logs {
            match log.image() {
                Some(image) => images.push((log.id(), image)),
                None => return Err(Error::Offline { reason: "a log has unwritten bytes".into() }),
            }
        }
        let unclaimed = self.found.lock();
        images.extend(unclaimed.iter().map(|(id, image)| (*id, image.clone())));
        images.sort_unstable_by_key(|(id, _)| *id);
        let path = self.directory.options.data_dir.join(CLEAN_STOP_FILE);
        replace_file(self.directory.disk.as_ref(), &path, &clean_stop::encode(&images))
            .map_err(Error::io("write", path))
    }

    fn stop_writer(&self) {
        self.directory.rounds.stop();
        if let Some(writer) = self.writer.lock().take()
            && writer.join().is_err()
        {
            tracing::error!("the writer thread panicked");
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.stop_writer();
        // Who still holds a log must not write any more: another store may own the files soon.
        self.directory.close();
        // Logs and directory hold each other.
        self.directory.logs.write().clear();
    }
}
