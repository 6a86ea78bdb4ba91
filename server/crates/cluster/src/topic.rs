//! What is known of one topic.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use freshet_wire::ErrorCode;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Longest topic name, in bytes, inclusive: Kafka's bound, so that a folder name made of it fits
/// every file system.
pub const TOPIC_NAME_BYTES_MAX: usize = 249;

/// Topics that only the broker itself creates, writes and deletes.
pub const INTERNAL_TOPICS: [&str; 3] =
    ["__consumer_offsets", "__transaction_state", "__share_group_state"];

/// A topic's name, checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicName(Arc<str>);

impl TopicName {
    /// Checks a name: 1 to [`TOPIC_NAME_BYTES_MAX`] of letters, digits, `.`, `_` and `-`, and
    /// neither `.` nor `..`.
    ///
    /// # Errors
    /// INVALID_TOPIC_EXCEPTION, with what is wrong.
    pub fn new(name: &str) -> Result<Self, Refusal> {
        let refuse = |reason: String| Err(Refusal::new(ErrorCode::InvalidTopic, reason));
        if name.is_empty() {
            return refuse("the topic name is empty".into());
        }
        if name == "." || name == ".." {
            return refuse(format!("topic name '{name}' is not allowed"));
        }
        if name.len() > TOPIC_NAME_BYTES_MAX {
            let length = name.len();
            return refuse(format!(
                "the topic name has {length} characters, at most {TOPIC_NAME_BYTES_MAX} are allowed"
            ));
        }
        let is_legal =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if !name.bytes().all(is_legal) {
            return refuse(format!(
                "topic name '{}' has characters other than letters, digits, '.', '_' and '-'",
                name.escape_debug()
            ));
        }
        Ok(Self(name.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Says whether the broker keeps its own state in this topic.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        INTERNAL_TOPICS.contains(&self.as_str())
    }

    /// The form under which names collide: Kafka's metric names cannot tell `.` from `_`.
    pub(crate) fn collision_form(&self) -> String {
        self.0.replace('.', "_")
    }
}

impl fmt::Display for TopicName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for TopicName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A topic's identity: survives restarts and differs after delete and create (KIP-516).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicId(pub Uuid);

impl TopicId {
    /// Says whether this is an id a topic may have: not nil, and not Kafka's reserved second value.
    #[must_use]
    pub fn is_assignable(self) -> bool {
        self.0.as_u128() > 1
    }
}

impl fmt::Display for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::cluster_id::base64url(self.0.as_bytes()))
    }
}

/// One topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its name.
    pub name: TopicName,
    /// Its id.
    pub id: TopicId,
    /// When it was created, in milliseconds since the epoch.
    pub created_ms: i64,
    /// Its partitions, by index.
    pub partitions: Vec<Partition>,
    /// The configuration values set on it, by name; what is absent comes from the broker.
    pub configs: BTreeMap<String, String>,
}

impl Topic {
    /// The number of partitions.
    #[must_use]
    pub fn partition_count(&self) -> i32 {
        i32::try_from(self.partitions.len()).unwrap_or(i32::MAX)
    }

    /// The partition with this index; `None` outside `0..partition_count()`.
    #[must_use]
    pub fn partition(&self, index: i32) -> Option<&Partition> {
        self.partitions.get(usize::try_from(index).ok()?)
    }

    /// Says whether the broker keeps its own state in this topic.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.name.is_internal()
    }
}

/// One partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Partition {
    /// Grows by one with each start after an unclean stop; begins at 0.
    pub leader_epoch: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_kafkas_rules() {
        for good in ["a", "A.b_c-9", "...", "__consumer_offsets", &"x".repeat(249)] {
            assert!(TopicName::new(good).is_ok(), "{good}");
        }
        let too_long = "x".repeat(250);
        for bad in ["", ".", "..", "a b", "a/b", "ü", "a\0", "😀", &too_long] {
            let refusal = TopicName::new(bad).unwrap_err();
            assert_eq!(refusal.code, ErrorCode::InvalidTopic, "{bad}");
        }
    }

    #[test]
    fn only_the_brokers_own_topics_are_internal() {
        assert!(TopicName::new("__consumer_offsets").unwrap().is_internal());
        assert!(!TopicName::new("__mine").unwrap().is_internal());
    }
}
