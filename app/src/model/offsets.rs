//! Moving the committed offsets of a group, always with a before and after first.

use serde::{Deserialize, Serialize};

/// Where committed offsets should go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OffsetTarget {
    #[default]
    Earliest,
    Latest,
    /// This offset in each chosen partition, clamped to the log.
    Offset(i64),
    /// The first record at or after this time.
    Time(i64),
    /// So many records further; negative goes back.
    Shift(i64),
}

/// What to move.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OffsetEdit {
    pub group: String,
    /// `None` for all topics of the group.
    pub topic: Option<String>,
    /// Empty for all partitions of `topic`.
    pub partitions: Vec<i32>,
    pub target: OffsetTarget,
}

/// Before and after of one partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffsetMove {
    pub topic: String,
    pub partition: i32,
    pub log_start_offset: i64,
    pub log_end_offset: i64,
    pub before: Option<i64>,
    pub after: i64,
    /// The wish was outside the log, and this is the nearest offset inside.
    pub is_clamped: bool,
}

impl OffsetMove {
    /// Records that will be read again (negative: skipped). `None` when nothing was committed.
    #[must_use]
    pub fn reread_count(&self) -> Option<i64> {
        self.before.map(|before| before - self.after)
    }
}

/// What an edit would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffsetPreview {
    pub now_ms: i64,
    pub edit: OffsetEdit,
    pub moves: Vec<OffsetMove>,
    /// Why it cannot be applied now, if so.
    pub blocked: Option<String>,
}
