//! Folders and names, and which of them are durable.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

use freshet_storage::DirEntry;

use super::inode::{Inode, InodeId};
use crate::Random;

/// A change of names in a folder since its last sync.
#[derive(Debug, Clone)]
enum Change {
    Set(String, InodeId),
    Remove(String),
    Rename(String, String),
}

#[derive(Debug, Default)]
struct Folder {
    names: BTreeMap<String, InodeId>,
    durable: BTreeMap<String, InodeId>,
    changes: Vec<Change>,
}

fn apply(names: &mut BTreeMap<String, InodeId>, change: &Change) {
    match change {
        Change::Set(name, id) => {
            names.insert(name.clone(), *id);
        }
        Change::Remove(name) => {
            names.remove(name);
        }
        Change::Rename(from, to) => {
            if let Some(id) = names.remove(from) {
                names.insert(to.clone(), id);
            }
        }
    }
}

impl Folder {
    fn change(&mut self, change: Change) {
        apply(&mut self.names, &change);
        self.changes.push(change);
    }

    fn sync(&mut self) {
        self.durable.clone_from(&self.names);
        self.changes.clear();
    }

    fn power_cut(&mut self, random: &mut Random) {
        let kept = random.below(self.changes.len() as u64 + 1) as usize;
        for change in self.changes.drain(..).take(kept) {
            apply(&mut self.durable, &change);
        }
        self.names.clone_from(&self.durable);
    }
}

#[derive(Debug)]
enum Node {
    File(Inode),
    Folder(Folder),
}

/// The whole file system. Nodes are never reused, so that open files stay what they were.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

const ROOT: InodeId = InodeId(0);

fn names_of(path: &Path) -> Vec<String> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            Component::Prefix(_)
            | Component::RootDir
            | Component::CurDir
            | Component::ParentDir => None,
        })
        .collect()
}

impl Tree {
    pub(super) fn new() -> Tree {
        Tree { nodes: vec![Node::Folder(Folder::default())] }
    }

    fn folder(&mut self, id: InodeId) -> io::Result<&mut Folder> {
        match &mut self.nodes[id.0] {
            Node::Folder(folder) => Ok(folder),
            Node::File(_) => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    fn find_names(&self, names: &[String]) -> io::Result<InodeId> {
        let mut at = ROOT;
        for name in names {
            let Node::Folder(folder) = &self.nodes[at.0] else {
                return Err(io::ErrorKind::NotADirectory.into());
            };
            at = *folder.names.get(name).ok_or(io::ErrorKind::NotFound)?;
        }
        Ok(at)
    }

    pub(super) fn find(&self, path: &Path) -> io::Result<InodeId> {
        self.find_names(&names_of(path))
    }

    /// The folder that holds a path, and the path's last name.
    fn parent(&mut self, path: &Path) -> io::Result<(&mut Folder, String)> {
        let mut names = names_of(path);
        let name = names.pop().ok_or(io::ErrorKind::InvalidInput)?;
        let id = self.find_names(&names)?;
        Ok((self.folder(id)?, name))
    }

    /// The bytes of an open file.
    pub(super) fn inode(&mut self, id: InodeId) -> &mut Inode {
        match &mut self.nodes[id.0] {
            Node::File(inode) => inode,
            Node::Folder(_) => panic!("a folder was opened as a file"),
        }
    }

    pub(super) fn open(&mut self, path: &Path, makes: bool) -> io::Result<InodeId> {
        match self.find(path) {
            Ok(id) if matches!(self.nodes[id.0], Node::File(_)) => Ok(id),
            Ok(_) => Err(io::ErrorKind::IsADirectory.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound && makes => {
                let id = InodeId(self.nodes.len());
                let (folder, name) = self.parent(path)?;
                folder.change(Change::Set(name, id));
                self.nodes.push(Node::File(Inode::default()));
                Ok(id)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn create_dir_all(&mut self, path: &Path) -> io::Result<()> {
        let names = names_of(path);
        for depth in 1..=names.len() {
            match self.find_names(&names[..depth]) {
                Ok(id) => {
                    self.folder(id)?;
                }
                Err(_) => {
                    let id = InodeId(self.nodes.len());
                    let parent = self.find_names(&names[..depth - 1])?;
                    self.folder(parent)?.change(Change::Set(names[depth - 1].clone(), id));
                    self.nodes.push(Node::Folder(Folder::default()));
                }
            }
        }
        Ok(())
    }

    pub(super) fn list(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let Node::Folder(folder) = &self.nodes[self.find(path)?.0] else {
            return Err(io::ErrorKind::NotADirectory.into());
        };
        let entry = |(name, id): (&String, &InodeId)| DirEntry {
            name: name.clone(),
            is_dir: matches!(self.nodes[id.0], Node::Folder(_)),
        };
        Ok(folder.names.iter().map(entry).collect())
    }

    /// # Errors
    /// `Unsupported` between two folders, which the engine never does.
    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.find(from)?;
        if from.parent() != to.parent() {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let new_name = names_of(to).pop().ok_or(io::ErrorKind::InvalidInput)?;
        let (folder, name) = self.parent(from)?;
        folder.change(Change::Rename(name, new_name));
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.find(path)?;
        let (folder, name) = self.parent(path)?;
        folder.change(Change::Remove(name));
        Ok(())
    }

    pub(super) fn sync_dir(&mut self, path: &Path) -> io::Result<()> {
        let id = self.find(path)?;
        self.folder(id)?.sync();
        Ok(())
    }

    pub(super) fn sync_parent(&mut self, path: &Path) {
        if let Ok((folder, _)) = self.parent(path) {
            folder.sync();
        }
    }

    pub(super) fn used_bytes(&self) -> u64 {
        self.reachable(ROOT)
    }

    fn reachable(&self, id: InodeId) -> u64 {
        match &self.nodes[id.0] {
            Node::File(inode) => inode.content().len() as u64,
            Node::Folder(folder) => folder.names.values().map(|id| self.reachable(*id)).sum(),
        }
    }

    pub(super) fn files(&self, below: &Path) -> Vec<PathBuf> {
        let mut out = Vec::new();
        if let Ok(id) = self.find(below) {
            self.collect(id, below, &mut out);
        }
        out
    }

    fn collect(&self, id: InodeId, path: &Path, out: &mut Vec<PathBuf>) {
        match &self.nodes[id.0] {
            Node::File(_) => out.push(path.to_owned()),
            Node::Folder(folder) => {
                for (name, id) in &folder.names {
                    self.collect(*id, &path.join(name), out);
                }
            }
        }
    }

    pub(super) fn power_cut(&mut self, random: &mut Random) {
        for node in &mut self.nodes {
            match node {
                Node::File(inode) => inode.power_cut(random),
                Node::Folder(folder) => folder.power_cut(random),
            }
        }
    }
}
