//! Opening a data directory.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::directory::{Directory, Trash};
use crate::disk::{Disk, OpenMode, write_all_at};
use crate::encoding::read_file;
use crate::epochs::Epochs;
use crate::layout::{
    CLEAN_STOP_FILE, DELETED_SUFFIX, FORMAT_FILE, LOCK_FILE, LOGS_DIR, POSITIONS_FILE,
    STORAGE_FORMAT_VERSION, SegmentFileKind, segment_path,
};
use crate::log::LogImage;
use crate::origin::Origins;
use crate::positions::{Position, Positions};
use crate::producers::Producers;
use crate::recovery::{Finding, LogFinding, Mark, Recovery, RecoveryReport};
use crate::store::{Store, clean_stop};
use crate::sync_pool::{SyncJob, unique};
use crate::{Clock, Error, LogId, StoreOptions, WriterMode};

const FORMAT_PREFIX: &str = "freshet storage format ";

impl Store {
    /// Opens a data directory, new or old: takes its lock, checks its format, and after an unclean
    /// stop looks at everything past the durable marks. No log is open yet; see
    /// [`create_log`](Store::create_log).
    ///
    /// After an unclean stop each log's leader epoch is one higher than before.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::NotWritable`], [`Error::NewerFormat`], [`Error::UnknownFormat`],
    /// or [`Error::Io`].
    pub fn open(
        disk: Arc<dyn Disk>,
        clock: Arc<dyn Clock>,
        options: StoreOptions,
    ) -> Result<(Store, RecoveryReport), Error> {
        let data_dir = options.data_dir.clone();
        let not_writable = |source: io::Error| match source.kind() {
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                Error::NotWritable { path: data_dir.clone(), source }
            }
            _ => Error::Io { action: "open", path: data_dir.clone(), source },
        };
        let made_in = parents_to_sync(disk.as_ref(), &data_dir);
        disk.create_dir_all(&data_dir).map_err(not_writable)?;
        let lock = disk.lock(&data_dir.join(LOCK_FILE)).map_err(not_writable)?;
        let lock = lock.ok_or_else(|| Error::InUse { path: data_dir.clone() })?;
        let first_round = check_format(disk.as_ref(), &data_dir, &made_in)?;
        let logs_dir = data_dir.join(LOGS_DIR);
        disk.create_dir_all(&logs_dir).map_err(not_writable)?;

        let positions = Positions::load(Arc::clone(&disk), &data_dir)
            .map_err(Error::io("read", data_dir.join(POSITIONS_FILE)))?;
        let origins = Origins::load(Arc::clone(&disk), &data_dir)
            .map_err(Error::io("read", data_dir.clone()))?;
        let has_positions = positions.is_known();
        let directory = Directory::new(disk, clock, options, logs_dir, positions, origins);
        let listed = list_logs(&directory)?;
        let mut opening = Opening { directory, has_positions, report: RecoveryReport::default() };
        let found = opening.load(listed)?;
        let Opening { directory, report, .. } = opening;
        *directory.first_round.lock() = first_round;
        let directory = Arc::new(directory);
        let writer = match directory.options.writer {
            WriterMode::Manual => None,
            WriterMode::Thread => Some(spawn_writer(&directory)?),
        };
        let store =
            Store { directory, found: Mutex::new(found), writer: Mutex::new(writer), _lock: lock };
        Ok((store, report))
    }
}

/// Takes the directory offline if the writer thread dies.
struct PanicGuard(Arc<Directory>);

impl Drop for PanicGuard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let error = io::Error::other("the writer thread panicked");
            self.0.fail("write to", &self.0.options.data_dir, &error);
        }
    }
}

fn spawn_writer(directory: &Arc<Directory>) -> Result<std::thread::JoinHandle<()>, Error> {
    let guard = PanicGuard(Arc::clone(directory));
    std::thread::Builder::new()
        .name("freshet-writer".into())
        .spawn(move || guard.0.run_writer())
        .map_err(Error::io("start the writer thread for", &directory.options.data_dir))
}

/// The folders in which names appear when `dir` is made; its parent in any case.
fn parents_to_sync(disk: &dyn Disk, dir: &Path) -> Vec<PathBuf> {
    let is_missing = |path: &Path| match disk.list_dir(path) {
        Ok(_) => false,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    let parents = dir.ancestors().skip(1);
    let missing_count = parents.clone().take_while(|path| is_missing(path)).count();
    let named = |path: &Path| if path.as_os_str().is_empty() { ".".into() } else { path.into() };
    parents.take(missing_count + 1).map(named).collect()
}

/// A folder that may be entered but not listed cannot be synced; its owner made the data directory.
fn sync_if_permitted(disk: &dyn Disk, dir: &Path) -> io::Result<()> {
    match disk.sync_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        result => result,
    }
}

/// Refuses a directory of another format, marks a new one. Returns what the first round must sync.
fn check_format(
    disk: &dyn Disk,
    data_dir: &Path,
    parents: &[PathBuf],
) -> Result<Vec<SyncJob>, Error> {
    let path = data_dir.join(FORMAT_FILE);
    let bytes = read_file(disk, &path).map_err(Error::io("read", &path))?.unwrap_or_default();
    if bytes.iter().all(|byte| *byte == 0) {
        // Missing, or left without its content by a power cut right after the first start: nothing
        // was acknowledged then.
        let write = || -> io::Result<SyncJob> {
            for parent in parents {
                sync_if_permitted(disk, parent)?;
            }
            let file = disk.open(&path, OpenMode::Truncate)?;
            let text = format!("{FORMAT_PREFIX}{STORAGE_FORMAT_VERSION}\n");
            write_all_at(file.as_ref(), &[text.as_bytes()], 0)?;
            Ok(SyncJob::File(file, path.clone()))
        };
        return Ok(vec![write().map_err(Error::io("write", &path))?]);
    }
    let found = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| text.strip_prefix(FORMAT_PREFIX)?.trim_end().parse::<u32>().ok());
    match found {
        None => Err(Error::UnknownFormat { path }),
        Some(found) if found > STORAGE_FORMAT_VERSION => Err(Error::NewerFormat {
            path: data_dir.to_owned(),
            found,
            known: STORAGE_FORMAT_VERSION,
        }),
        Some(_) => Ok(Vec::new()),
    }
}

/// The logs in the directory; what an interrupted deletion left goes to the trash.
fn list_logs(directory: &Directory) -> Result<Vec<LogId>, Error> {
    let logs_dir = &directory.logs_dir;
    let entries = directory.disk.list_dir(logs_dir).map_err(Error::io("list", logs_dir))?;
    let mut ids = Vec::new();
    for entry in entries.into_iter().filter(|entry| entry.is_dir) {
        if let Ok(id) = entry.name.parse() {
            ids.push(id);
        } else if entry.name.ends_with(DELETED_SUFFIX) {
            let path = logs_dir.join(&entry.name);
            directory.trash.lock().push(Trash { path, is_dir: true, remove_at_mono_ms: 0 });
        }
    }
    ids.sort_unstable();
    Ok(ids)
}

struct Opening {
    directory: Directory,
    has_positions: bool,
    report: RecoveryReport,
}

impl Opening {
    /// The state of every log: from the clean-stop file where it may be believed, else from disk.
    fn load(&mut self, listed: Vec<LogId>) -> Result<HashMap<LogId, LogImage>, Error> {
        let clean = self.take_clean_stop()?;
        self.report.was_clean = clean.is_some() || (listed.is_empty() && !self.has_positions);
        self.report.log_count = listed.len();
        let mut clean = clean.unwrap_or_default();
        let mut found = HashMap::new();
        let mut jobs = Vec::new();
        for &id in &listed {
            let image = match clean.remove(&id) {
                Some(image) if self.fits(id, &image) => image,
                stale => self.recover(id, stale, &mut jobs)?,
            };
            found.insert(id, image);
        }
        // A log may have no folder and still have a past: an epoch, a log start.
        if self.report.was_clean {
            found.extend(clean.into_iter().filter(|(_, image)| !image.has_files));
        } else {
            let noted = self.directory.positions.lock().all();
            for (id, position) in noted {
                if !found.contains_key(&id) && !self.is_in_trash(id) {
                    found.insert(id, self.recover_without_folder(id, position));
                }
            }
        }
        self.settle(&found, &jobs)?;
        Ok(found)
    }

    /// Reads the clean-stop file and removes it, so that it is believed once.
    fn take_clean_stop(&self) -> Result<Option<HashMap<LogId, LogImage>>, Error> {
        let disk = self.directory.disk.as_ref();
        let data_dir = &self.directory.options.data_dir;
        let path = data_dir.join(CLEAN_STOP_FILE);
        let Some(bytes) = read_file(disk, &path).map_err(Error::io("read", &path))? else {
            return Ok(None);
        };
        disk.remove_file(&path)
            .and_then(|()| disk.sync_dir(data_dir))
            .map_err(Error::io("remove", &path))?;
        Ok(clean_stop::decode(&bytes))
    }

    /// Whether the newest segment still has the size it had at the stop.
    fn fits(&self, id: LogId, image: &LogImage) -> bool {
        let Some(last) = image.segments.last() else { return true };
        let dir = self.directory.logs_dir.join(id.to_string());
        let path = segment_path(&dir, last.base_offset, SegmentFileKind::Log);
        match self.directory.disk.open(&path, OpenMode::Read).and_then(|file| file.size_bytes()) {
            Ok(size_bytes) => size_bytes == last.meta.size_bytes,
            Err(_) => last.meta.size_bytes == 0,
        }
    }

    fn recover(
        &mut self,
        id: LogId,
        stale: Option<LogImage>,
        jobs: &mut Vec<SyncJob>,
    ) -> Result<LogImage, Error> {
        let mark = match (stale, self.directory.positions.lock().get(id)) {
            (Some(image), _) => Mark::At(end_position(&image)),
            (None, Some(position)) => Mark::At(position),
            (None, None) if self.has_positions => Mark::NOTHING,
            (None, None) => Mark::Unknown,
        };
        let dir = self.directory.logs_dir.join(id.to_string());
        let now_ms = self.directory.clock.wall_ms();
        let recovered = Recovery::new(self.directory.disk.as_ref(), &dir, mark, now_ms)
            .run()
            .map_err(Error::io("recover", dir))?;
        self.report.recovered_log_count += 1;
        self.report.scanned_bytes += recovered.scanned_bytes;
        for finding in recovered.findings {
            tracing::warn!(log = %id, ?finding, "recovery found something");
            self.report.findings.push(LogFinding { log: id, finding });
        }
        jobs.extend(recovered.jobs);
        Ok(recovered.image)
    }

    fn is_in_trash(&self, id: LogId) -> bool {
        let path = self.directory.logs_dir.join(format!("{id}{DELETED_SUFFIX}"));
        self.directory.trash.lock().iter().any(|item| item.path == path)
    }

    /// A power cut took the folder of a log whose position was noted.
    fn recover_without_folder(&mut self, id: LogId, position: Position) -> LogImage {
        let log_end_offset = position.durable_offset.max(position.log_start_offset);
        if position.durable_offset > position.log_start_offset {
            let durable_offset = position.durable_offset;
            let finding = Finding::LostDurable { log_end_offset, durable_offset };
            self.report.findings.push(LogFinding { log: id, finding });
        }
        self.report.recovered_log_count += 1;
        LogImage {
            segments: Vec::new(),
            log_start_offset: log_end_offset,
            epochs: Epochs::new(position.leader_epoch.saturating_add(1), log_end_offset),
            producers: Producers::default(),
            has_files: false,
        }
    }

    /// Makes what was recovered durable before anybody may read it, and writes down the new leader
    /// epochs.
    fn settle(&self, found: &HashMap<LogId, LogImage>, jobs: &[SyncJob]) -> Result<(), Error> {
        let directory = &self.directory;
        if self.report.recovered_log_count == 0 && self.has_positions {
            return Ok(());
        }
        if self.report.recovered_log_count > 0 {
            // A folder found may be one whose name no sync covered yet.
            let logs_dir = SyncJob::Dir(directory.logs_dir.clone());
            let jobs = unique(jobs.iter().cloned().chain([logs_dir]).collect());
            directory.sync_pool.run(&directory.disk, jobs).map_err(|(path, source)| Error::Io {
                action: "sync",
                path,
                source,
            })?;
        }
        let known = found.iter().map(|(id, image)| (*id, end_position(image))).collect();
        directory
            .positions
            .lock()
            .replace_all(known)
            .map_err(Error::io("write", directory.options.data_dir.join(POSITIONS_FILE)))
    }
}

/// The position of a log that is durable to its end.
fn end_position(image: &LogImage) -> Position {
    let log_end_offset = image.log_end_offset();
    let (segment_base_offset, size_bytes) = image
        .segments
        .last()
        .map_or((log_end_offset, 0), |last| (last.base_offset, last.meta.size_bytes));
    Position {
        leader_epoch: image.epochs.current(),
        log_start_offset: image.log_start_offset,
        durable_offset: log_end_offset,
        segment_base_offset,
        position: i64::try_from(size_bytes).unwrap_or(i64::MAX),
    }
}
