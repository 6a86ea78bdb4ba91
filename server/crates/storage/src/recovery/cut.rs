//! Cutting off a torn end.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{DiskFile, OpenMode, write_all_at};
use crate::layout::{SegmentFileKind, TORN_SUFFIX, segment_path};
use crate::log::SegmentImage;
use crate::recovery::{Finding, Recovery};
use crate::scan::read_bytes;
use crate::sync_pool::SyncJob;

/// Bytes copied at once.
const COPY_BYTES: usize = 1 << 20;

/// Where a segment file is cut.
pub(super) struct CutPlace {
    pub(super) base_offset: i64,
    pub(super) position: u64,
    pub(super) size_bytes: u64,
}

impl Recovery<'_> {
    /// Cuts a segment file, durably; copies the rest aside first if asked to.
    pub(super) fn cut(
        &mut self,
        file: &dyn DiskFile,
        place: &CutPlace,
        image: &SegmentImage,
        saves_rest: bool,
    ) -> io::Result<()> {
        let saved_to = if saves_rest { Some(self.save_rest(file, place)?) } else { None };
        file.set_size(place.position)?;
        file.sync_data()?;
        self.findings.push(Finding::TornTail {
            at_offset: image.meta.next_offset,
            size_bytes: place.size_bytes - place.position,
            saved_to,
        });
        Ok(())
    }

    fn save_rest(&self, file: &dyn DiskFile, place: &CutPlace) -> io::Result<PathBuf> {
        let log = self.segment_log_path(place.base_offset);
        let path = with_suffix(&log, &format!(".{}{TORN_SUFFIX}", place.position));
        let copy = self.disk.open(&path, OpenMode::Truncate)?;
        let mut position = place.position;
        while position < place.size_bytes {
            let wanted = COPY_BYTES.min((place.size_bytes - position) as usize);
            let bytes = read_bytes(file, position, wanted)?;
            if bytes.is_empty() {
                break;
            }
            write_all_at(copy.as_ref(), &[&bytes], position - place.position)?;
            position += bytes.len() as u64;
        }
        copy.sync_data()?;
        Ok(path)
    }

    /// Renames segments behind a cut, so that the log ends at the cut.
    pub(super) fn set_aside_later(&mut self, base_offsets: &[i64]) -> io::Result<()> {
        for &base_offset in base_offsets {
            for kind in SegmentFileKind::ALL {
                let path = segment_path(self.dir, base_offset, kind);
                match self.disk.rename(&path, &with_suffix(&path, TORN_SUFFIX)) {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
        }
        self.jobs.push(SyncJob::Dir(self.dir.to_owned()));
        Ok(())
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
