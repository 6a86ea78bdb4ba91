//! Names of files and folders in a data directory.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Version of everything this crate writes.
pub const STORAGE_FORMAT_VERSION: u32 = 1;

pub(crate) const LOCK_FILE: &str = "lock";
pub(crate) const FORMAT_FILE: &str = "format";
pub(crate) const POSITIONS_FILE: &str = "positions";
pub(crate) const CLEAN_STOP_FILE: &str = "clean-stop";
pub(crate) const ORIGINS_FILE: &str = "origins";
pub(crate) const LOGS_DIR: &str = "logs";
pub(crate) const TEMPORARY_SUFFIX: &str = ".tmp";
pub(crate) const DELETED_SUFFIX: &str = ".deleted";
pub(crate) const TORN_SUFFIX: &str = ".torn";

/// A log's name: the topic's id and the partition index.
///
/// Ids, not names, so that a topic that is deleted and made again never meets its old files.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LogId {
    /// The topic's 128-bit id.
    pub topic_id: [u8; 16],
    /// Partition index, from 0.
    pub partition: i32,
}

/// Written as in folder names: 32 hexadecimal digits, a dash, the partition.
impl fmt::Display for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.topic_id {
            write!(f, "{byte:02x}")?;
        }
        write!(f, "-{}", self.partition)
    }
}

impl fmt::Debug for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a log id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a log id: 32 hexadecimal digits, a dash and a partition are expected")]
pub struct NotALogId;

impl FromStr for LogId {
    type Err = NotALogId;

    fn from_str(text: &str) -> Result<LogId, NotALogId> {
        let (hex, partition) = text.split_at_checked(32).ok_or(NotALogId)?;
        let mut topic_id = [0; 16];
        for (byte, digits) in topic_id.iter_mut().zip(hex.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| NotALogId)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NotALogId)?;
        }
        let partition = partition.strip_prefix('-').ok_or(NotALogId)?;
        let partition = partition.parse().map_err(|_| NotALogId)?;
        let id = LogId { topic_id, partition };
        // Only the one spelling that we write is a log.
        if partition >= 0 && id.to_string() == text { Ok(id) } else { Err(NotALogId) }
    }
}

/// Kind of a file that belongs to a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SegmentFileKind {
    Log,
    Index,
    Producers,
    Origin,
}

impl SegmentFileKind {
    pub(crate) const ALL: [SegmentFileKind; 4] = [
        SegmentFileKind::Log,
        SegmentFileKind::Index,
        SegmentFileKind::Producers,
        SegmentFileKind::Origin,
    ];

    fn extension(self) -> &'static str {
        match self {
            SegmentFileKind::Log => "log",
            SegmentFileKind::Index => "index",
            SegmentFileKind::Producers => "producers",
            SegmentFileKind::Origin => "origin",
        }
    }
}

pub(crate) fn segment_path(dir: &Path, base_offset: i64, kind: SegmentFileKind) -> PathBuf {
    dir.join(format!("{base_offset:020}.{}", kind.extension()))
}

/// The base offset in the name of a `.log` file; `None` for any other name.
pub(crate) fn parse_log_file_name(name: &str) -> Option<i64> {
    let digits = name.strip_suffix(".log")?;
    if digits.len() != 20 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_id_comes_back_from_its_folder_name() {
        let id = LogId { topic_id: *b"0123456789abcdef", partition: 17 };
        assert_eq!(id.to_string(), "30313233343536373839616263646566-17");
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in [
            "",
            "x",
            "30313233343536373839616263646566",
            "30313233343536373839616263646566-",
            "30313233343536373839616263646566--1",
            "30313233343536373839616263646566-01",
            "3031323334353637383961626364656é-1",
        ] {
            assert_eq!(wrong.parse::<LogId>(), Err(NotALogId), "{wrong}");
        }
    }

    #[test]
    fn only_segment_files_have_a_base_offset() {
        assert_eq!(parse_log_file_name("00000000000000000042.log"), Some(42));
        assert_eq!(parse_log_file_name("42.log"), None);
        assert_eq!(parse_log_file_name("0000000000000000004x.log"), None);
        assert_eq!(parse_log_file_name("99999999999999999999.log"), None);
    }
}
