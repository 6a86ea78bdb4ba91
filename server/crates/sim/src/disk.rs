//! A disk in memory that forgets whatever was not synced.
//!
//! Bytes are safe only after `sync_data` of their file, names only after `sync_dir` of their
//! folder. At a power cut each block written since the last sync survives or not, on its own; of the
//! names changed in a folder since its last sync, a prefix survives.

mod inode;
mod tree;

use std::io::{self, IoSlice};
use std::path::Path;
use std::sync::Arc;

use freshet_storage::{DirEntry, DirLock, Disk, DiskFile, DiskSpace, OpenMode};
use parking_lot::Mutex;

use crate::Random;
use inode::InodeId;
use tree::Tree;

/// Whether a sync does what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SyncHonesty {
    /// It does.
    #[default]
    Honest,
    /// `sync_data` says so and does nothing, as a disk with a volatile cache may. A checker that
    /// does not notice is worth nothing.
    Lying,
}

/// What goes wrong besides power cuts.
#[derive(Debug, Clone, Default)]
pub struct Misbehaviour {
    /// Whether syncs are honest.
    pub sync_honesty: SyncHonesty,
    /// The number of the sync (from 0, files and folders counted together) that fails with EIO.
    /// What it should have saved is never saved, as on Linux.
    pub failing_sync: Option<u64>,
    /// The number of the write (from 0) that fails with EIO.
    pub failing_write: Option<u64>,
    /// Number of changing operations (from 0) after which the machine is off: everything fails.
    pub off_after: Option<u64>,
    /// Bytes that fit on the disk.
    pub capacity_bytes: Option<u64>,
    /// Percentage of reads and writes that do only a part.
    pub short_percent: u64,
}

#[derive(Debug)]
struct Counters {
    syncs: u64,
    writes: u64,
    changes: u64,
}

#[derive(Debug)]
struct Machine {
    tree: Tree,
    random: Random,
    misbehaviour: Misbehaviour,
    counters: Counters,
    /// Grows with each crash: handles of an older life are dead.
    life: u64,
    is_locked: bool,
}

/// The disk. Clones are the same disk.
#[derive(Debug, Clone)]
pub struct ForgetfulDisk {
    machine: Arc<Mutex<Machine>>,
    life: u64,
}

fn eio() -> io::Error {
    // EIO, as the kernel would say it.
    io::Error::from_raw_os_error(5)
}

impl Machine {
    /// Counts a changing operation; fails when the machine is off.
    fn change(&mut self) -> io::Result<()> {
        if self.misbehaviour.off_after.is_some_and(|after| self.counters.changes >= after) {
            return Err(eio());
        }
        self.counters.changes += 1;
        Ok(())
    }

    fn count_sync(&mut self) -> bool {
        let fails = self.misbehaviour.failing_sync == Some(self.counters.syncs);
        self.counters.syncs += 1;
        fails
    }

    fn shortened(&mut self, wanted: usize) -> usize {
        if wanted > 1 && self.random.chance(self.misbehaviour.short_percent) {
            1 + self.random.below(wanted as u64 - 1) as usize
        } else {
            wanted
        }
    }

    fn alive(&self, life: u64) -> io::Result<()> {
        if self.life == life { Ok(()) } else { Err(eio()) }
    }
}

impl ForgetfulDisk {
    /// An empty disk whose accidents come from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> ForgetfulDisk {
        let machine = Machine {
            tree: Tree::new(),
            random: Random::new(seed),
            misbehaviour: Misbehaviour::default(),
            counters: Counters { syncs: 0, writes: 0, changes: 0 },
            life: 0,
            is_locked: false,
        };
        ForgetfulDisk { machine: Arc::new(Mutex::new(machine)), life: 0 }
    }

    /// Says what goes wrong from now on; counters begin anew.
    pub fn misbehave(&self, misbehaviour: Misbehaviour) {
        let mut machine = self.machine.lock();
        machine.misbehaviour = misbehaviour;
        machine.counters = Counters { syncs: 0, writes: 0, changes: 0 };
    }

    /// Changing operations since [`misbehave`](ForgetfulDisk::misbehave), for sweeps over all of
    /// them.
    #[must_use]
    pub fn change_count(&self) -> u64 {
        self.machine.lock().counters.changes
    }

    /// Syncs since [`misbehave`](ForgetfulDisk::misbehave).
    #[must_use]
    pub fn sync_count(&self) -> u64 {
        self.machine.lock().counters.syncs
    }

    fn next_life(&self, machine: &mut Machine) -> ForgetfulDisk {
        machine.life += 1;
        machine.is_locked = false;
        machine.misbehaviour.off_after = None;
        machine.misbehaviour.failing_sync = None;
        machine.misbehaviour.failing_write = None;
        ForgetfulDisk { machine: Arc::clone(&self.machine), life: machine.life }
    }

    /// Cuts the power: what was not synced is torn or gone. Returns the disk as the next start
    /// finds it; this one and all its files answer EIO from now on.
    #[must_use]
    pub fn power_cut(&self) -> ForgetfulDisk {
        let mut machine = self.machine.lock();
        let Machine { tree, random, .. } = &mut *machine;
        tree.power_cut(random);
        self.next_life(&mut machine)
    }

    /// Kills the process: what was written stays, unsynced. Returns the disk for the next start.
    #[must_use]
    pub fn kill(&self) -> ForgetfulDisk {
        let mut machine = self.machine.lock();
        self.next_life(&mut machine)
    }

    /// Flips bits of one byte on the medium, as rot does.
    ///
    /// # Panics
    /// If there is no such byte.
    pub fn flip(&self, path: &Path, position: u64, mask: u8) {
        let mut machine = self.machine.lock();
        let id = machine.tree.find(path).expect("the file to flip a bit in");
        machine.tree.inode(id).flip(position as usize, mask);
    }

    /// Paths of all files below a folder, sorted.
    #[must_use]
    pub fn files(&self, below: &Path) -> Vec<std::path::PathBuf> {
        self.machine.lock().tree.files(below)
    }

    /// The content of a file, as a reader sees it.
    #[must_use]
    pub fn content(&self, path: &Path) -> Option<Vec<u8>> {
        let mut machine = self.machine.lock();
        let id = machine.tree.find(path).ok()?;
        Some(machine.tree.inode(id).content().to_vec())
    }

    /// Replaces or makes a file, durably, as an administrator's accident may.
    ///
    /// # Panics
    /// If its folder does not exist.
    pub fn overwrite(&self, path: &Path, content: &[u8]) {
        let mut machine = self.machine.lock();
        let id = machine.tree.open(path, true).expect("the folder exists");
        machine.tree.inode(id).replace(content);
        machine.tree.sync_parent(path);
    }

    /// Removes a file, durably.
    ///
    /// # Panics
    /// If it does not exist.
    pub fn erase(&self, path: &Path) {
        let mut machine = self.machine.lock();
        machine.tree.remove(path).expect("the file to erase");
        machine.tree.sync_parent(path);
    }

    fn changing<T>(&self, act: impl FnOnce(&mut Tree) -> io::Result<T>) -> io::Result<T> {
        let mut machine = self.machine.lock();
        machine.alive(self.life)?;
        machine.change()?;
        act(&mut machine.tree)
    }
}

#[derive(Debug)]
struct OpenFile {
    machine: Arc<Mutex<Machine>>,
    life: u64,
    inode: InodeId,
    /// Opened for reading only: a real disk refuses to write through such a handle.
    is_read_only: bool,
}

impl OpenFile {
    fn check_writable(&self) -> io::Result<()> {
        if self.is_read_only {
            return Err(io::Error::other("the file is open for reading only"));
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Lock {
    machine: Arc<Mutex<Machine>>,
    life: u64,
}

impl DirLock for Lock {}

impl Drop for Lock {
    fn drop(&mut self) {
        let mut machine = self.machine.lock();
        if machine.life == self.life {
            machine.is_locked = false;
        }
    }
}

impl Disk for ForgetfulDisk {
    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        self.changing(|tree| tree.create_dir_all(path))
    }

    fn list_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let machine = self.machine.lock();
        machine.alive(self.life)?;
        machine.tree.list(path)
    }

    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn DiskFile>> {
        let mut machine = self.machine.lock();
        machine.alive(self.life)?;
        let makes = match mode {
            OpenMode::Read | OpenMode::Write => false,
            OpenMode::Create | OpenMode::Truncate => true,
        };
        if makes {
            machine.change()?;
        }
        let inode = machine.tree.open(path, makes)?;
        if mode == OpenMode::Truncate {
            machine.tree.inode(inode).set_size(0);
        }
        let is_read_only = mode == OpenMode::Read;
        let machine = Arc::clone(&self.machine);
        Ok(Arc::new(OpenFile { machine, life: self.life, inode, is_read_only }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.changing(|tree| tree.rename(from, to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.changing(|tree| tree.remove(path))
    }

    fn remove_dir_all(&self, path: &Path) -> io::Result<()> {
        self.changing(|tree| tree.remove(path))
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let mut machine = self.machine.lock();
        machine.alive(self.life)?;
        machine.change()?;
        if machine.count_sync() {
            return Err(eio());
        }
        machine.tree.sync_dir(path)
    }

    fn space(&self, _path: &Path) -> io::Result<DiskSpace> {
        const PLENTY_BYTES: u64 = 1 << 40;
        let machine = self.machine.lock();
        machine.alive(self.life)?;
        let total_bytes = machine.misbehaviour.capacity_bytes.unwrap_or(PLENTY_BYTES);
        let usable_bytes = total_bytes.saturating_sub(machine.tree.used_bytes());
        Ok(DiskSpace { total_bytes, usable_bytes })
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn DirLock>>> {
        let mut machine = self.machine.lock();
        machine.alive(self.life)?;
        machine.tree.open(path, true)?;
        if std::mem::replace(&mut machine.is_locked, true) {
            return Ok(None);
        }
        Ok(Some(Box::new(Lock { machine: Arc::clone(&self.machine), life: self.life })))
    }

    fn open_files_max(&self) -> u64 {
        64
    }
}

impl DiskFile for OpenFile {
    fn size_bytes(&self) -> io::Result<u64> {
        let mut machine = self.machine.lock();
        machine.alive(self.life)?;
        Ok(machine.tree.inode(self.inode).content().len() as u64)
    }

    fn read_at(&self, buf: &mut [u8], position: u64) -> io::Result<usize> {
        let mut machine = self.machine.lock();
        machine.alive(self.life)?;
        let wanted = machine.shortened(buf.len());
        let content = machine.tree.inode(self.inode).content();
        let from = (position as usize).min(content.len());
        let size = wanted.min(content.len() - from);
        buf[..size].copy_from_slice(&content[from..from + size]);
        Ok(size)
    }

    fn write_at(&self, slices: &[IoSlice<'_>], position: u64) -> io::Result<usize> {
        self.check_writable()?;
        let mut machine = self.machine.lock();
        machine.alive(self.life)?;
        machine.change()?;
        let fails = machine.misbehaviour.failing_write == Some(machine.counters.writes);
        machine.counters.writes += 1;
        if fails {
            return Err(eio());
        }
        let whole: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
        let mut size = machine.shortened(whole.len());
        if let Some(capacity) = machine.misbehaviour.capacity_bytes {
            let grows_from = machine.tree.inode(self.inode).content().len() as u64;
            let free = capacity.saturating_sub(machine.tree.used_bytes());
            let end_max = grows_from + free;
            size = size.min(end_max.saturating_sub(position) as usize);
            if size == 0 && !whole.is_empty() {
                return Err(io::ErrorKind::StorageFull.into());
            }
        }
        machine.tree.inode(self.inode).write(position as usize, &whole[..size]);
        Ok(size)
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut machine = self.machine.lock();
        machine.alive(self.life)?;
        machine.change()?;
        if machine.count_sync() {
            machine.tree.inode(self.inode).drop_unsynced();
            return Err(eio());
        }
        if machine.misbehaviour.sync_honesty == SyncHonesty::Honest {
            machine.tree.inode(self.inode).sync();
        }
        Ok(())
    }

    fn set_size(&self, size_bytes: u64) -> io::Result<()> {
        self.check_writable()?;
        let mut machine = self.machine.lock();
        machine.alive(self.life)?;
        machine.change()?;
        machine.tree.inode(self.inode).set_size(size_bytes as usize);
        Ok(())
    }
}
