//! The search palette.

use serde::{Deserialize, Serialize};

/// Most hits that one answer carries.
pub const HITS_MAX: u32 = 20;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HitKind {
    Topic,
    Group,
}

/// One hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    pub kind: HitKind,
    pub name: String,
    /// A few muted words: `4 partitions`.
    pub note: String,
}
