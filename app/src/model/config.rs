//! Configuration entries of topics and brokers.

use serde::{Deserialize, Serialize};

/// Where a value comes from, in Kafka's order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfigSource {
    Topic,
    DynamicBroker,
    DynamicDefault,
    StaticBroker,
    Default,
    Unknown,
}

impl ConfigSource {
    /// The word shown beside a value.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Topic => "set on this topic",
            Self::DynamicBroker => "broker, dynamic",
            Self::DynamicDefault => "cluster default, dynamic",
            Self::StaticBroker => "broker, at start",
            Self::Default => "default",
            Self::Unknown => "unknown",
        }
    }
}

/// The type of a value, by Kafka's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfigKind {
    Boolean,
    Int,
    Long,
    Double,
    String,
    List,
    Class,
    Password,
    Unknown,
}

/// One entry with everything that the reader needs to judge it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigEntry {
    pub name: String,
    /// `None` when sensitive or not set.
    pub value: Option<String>,
    pub source: ConfigSource,
    pub kind: ConfigKind,
    /// What it would be if it were not set here, where known.
    pub inherited: Option<String>,
    pub doc: Option<String>,
    pub is_read_only: bool,
    pub is_sensitive: bool,
    /// The values it can take, when they are few.
    pub choices: Vec<String>,
}

/// One change: a new value, or back to what it inherits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigEdit {
    pub name: String,
    /// `None` resets it.
    pub value: Option<String>,
}
