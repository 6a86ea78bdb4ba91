//! One file: what readers see, and what a power cut leaves.

use std::collections::BTreeSet;

use crate::Random;

/// Smallest unit that survives or not.
const BLOCK_BYTES: usize = 512;

/// Names a file or folder, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct InodeId(pub(super) usize);

/// Bytes of a file.
#[derive(Debug, Default)]
pub(super) struct Inode {
    cached: Vec<u8>,
    durable: Vec<u8>,
    /// Blocks written since the last sync.
    dirty: BTreeSet<usize>,
    /// Smallest size it was cut to since the last sync.
    cut_to: Option<usize>,
}

impl Inode {
    pub(super) fn content(&self) -> &[u8] {
        &self.cached
    }

    pub(super) fn write(&mut self, position: usize, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let end = position + bytes.len();
        if self.cached.len() < end {
            self.cached.resize(end, 0);
        }
        self.cached[position..end].copy_from_slice(bytes);
        self.dirty.extend(position / BLOCK_BYTES..=(end - 1) / BLOCK_BYTES);
    }

    pub(super) fn set_size(&mut self, size: usize) {
        if size < self.cached.len() {
            self.cut_to = Some(self.cut_to.map_or(size, |cut| cut.min(size)));
        }
        self.cached.resize(size, 0);
    }

    pub(super) fn replace(&mut self, content: &[u8]) {
        self.cached = content.to_vec();
        self.sync();
    }

    pub(super) fn sync(&mut self) {
        if self.cut_to.take().is_some() {
            self.durable.clone_from(&self.cached);
        } else {
            self.durable.resize(self.cached.len(), 0);
            for block in &self.dirty {
                let from = block * BLOCK_BYTES;
                let to = (from + BLOCK_BYTES).min(self.cached.len());
                if from < to {
                    self.durable[from..to].copy_from_slice(&self.cached[from..to]);
                }
            }
        }
        self.dirty.clear();
    }

    /// A failed sync: the kernel calls the pages clean, and they never reach the disk.
    pub(super) fn drop_unsynced(&mut self) {
        self.dirty.clear();
        self.cut_to = None;
    }

    pub(super) fn flip(&mut self, position: usize, mask: u8) {
        self.cached[position] ^= mask;
        if let Some(byte) = self.durable.get_mut(position) {
            *byte ^= mask;
        }
    }

    /// Leaves what was synced, and of the rest what chance leaves.
    pub(super) fn power_cut(&mut self, random: &mut Random) {
        let survival_percent = *random.choose(&[0, 10, 50, 90, 100]);
        let mut left = std::mem::take(&mut self.durable);
        if let Some(cut) = self.cut_to.take()
            && random.chance(50)
        {
            left.truncate(cut);
        }
        for block in std::mem::take(&mut self.dirty) {
            let from = block * BLOCK_BYTES;
            let to = (from + BLOCK_BYTES).min(self.cached.len());
            if from >= to || !random.chance(survival_percent) {
                continue;
            }
            if left.len() < to {
                left.resize(to, 0);
            }
            left[from..to].copy_from_slice(&self.cached[from..to]);
        }
        // The new size may reach the disk without any of the bytes.
        if left.len() < self.cached.len() && random.chance(survival_percent / 2) {
            left.resize(self.cached.len(), 0);
        }
        self.cached.clone_from(&left);
        self.durable = left;
    }
}
