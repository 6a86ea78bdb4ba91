//! Topics: the list, one topic's head, partitions, readers, creation.

use super::cluster::Durability;
use super::config::ConfigEntry;
use super::group::GroupState;
use super::number::{Count, Lag, Rate, Series};
use serde::{Deserialize, Serialize};

/// Most rows that one answer about a long list carries.
pub const LIST_ROWS_MAX: u32 = 200;

/// What the topic list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TopicSort {
    #[default]
    Name,
    Partitions,
    Size,
    Messages,
    Rate,
    Lag,
}

/// Which part of the topic list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TopicsQuery {
    /// Case-insensitive substring of the name; empty for all.
    pub filter: String,
    /// Internal topics too.
    pub with_internal: bool,
    pub sort: TopicSort,
    pub descending: bool,
    /// Index of the first row wanted, after filtering and sorting.
    pub start: u32,
    /// At most [`LIST_ROWS_MAX`].
    pub limit: u32,
}

/// A window of the topic list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicsPage {
    pub now_ms: i64,
    /// Topics that the query could show with an empty filter.
    pub total_count: u32,
    /// Topics that match the filter.
    pub matched_count: u32,
    /// Partitions of all matching topics.
    pub matched_partitions_count: u32,
    /// Bytes of all matching topics, where known.
    pub matched_size_bytes: Option<u64>,
    /// Internal topics left out.
    pub hidden_count: u32,
    /// Index of the first of `rows`.
    pub start: u32,
    pub rows: Vec<TopicRow>,
}

/// One topic in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicRow {
    pub name: String,
    pub is_internal: bool,
    pub partitions_count: u32,
    /// `delete`, `compact` or `compact,delete`.
    pub cleanup_policy: String,
    pub size_bytes: Option<u64>,
    pub messages: Count,
    /// Written records, newest rate.
    pub rate_in: Option<Rate>,
    /// Written records per second, last 15 minutes.
    pub rate_history: Option<Series>,
    pub groups_count: u32,
    pub worst_lag: Option<Lag>,
    /// Partitions without a leader.
    pub offline_count: u32,
}

/// What stands above the tabs of one topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicHead {
    pub now_ms: i64,
    pub name: String,
    /// Kafka's topic id in its usual base64 form.
    pub topic_id: String,
    pub is_internal: bool,
    pub partitions_count: u32,
    pub replication_factor: i16,
    pub cleanup_policy: String,
    /// -1 for ever; `None` when unknown.
    pub retention_ms: Option<i64>,
    /// -1 for no limit; `None` when unknown.
    pub retention_bytes: Option<i64>,
    pub durability: Option<Durability>,
    pub size_bytes: Option<u64>,
    pub messages: Count,
    pub rate_in: Option<Rate>,
    pub bytes_in: Option<Rate>,
    pub rate_out: Option<Rate>,
    pub rate_history: Option<Series>,
    pub groups_count: u32,
    pub worst_lag: Option<TopicLag>,
    /// Entries set on the topic itself.
    pub configs_set_count: u32,
    /// An address that clients can use, for the snippets on an empty topic.
    pub bootstrap: String,
}

/// The group that is furthest behind on a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicLag {
    pub group: String,
    pub lag: Lag,
}

/// The Partitions tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionsView {
    pub now_ms: i64,
    pub rows: Vec<PartitionRow>,
}

/// One partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionRow {
    pub partition: i32,
    /// `None` when there is no leader.
    pub leader: Option<i32>,
    pub leader_epoch: i32,
    pub replicas: Vec<i32>,
    pub in_sync: Vec<i32>,
    /// First offset that can be read.
    pub log_start_offset: i64,
    /// One past the last offset that can be read.
    pub high_watermark: i64,
    /// One past the last stable offset, where it differs and is known.
    pub last_stable_offset: Option<i64>,
    pub messages: Count,
    pub size_bytes: Option<u64>,
    pub rate_in: Option<Rate>,
    /// Share of the topic's newest traffic, else of its messages, in thousandths.
    pub share_permille: u16,
    /// Why it cannot be used, if so.
    pub problem: Option<String>,
}

/// The Consumers tab: groups that have committed offsets or members on this topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicGroups {
    pub now_ms: i64,
    pub rows: Vec<TopicGroupRow>,
}

/// One group as seen from a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicGroupRow {
    pub group: String,
    pub state: GroupState,
    pub members_count: u32,
    /// On this topic only.
    pub lag: Option<Lag>,
    /// One entry a partition, in order; `None` where nothing is committed.
    pub partitions: Vec<Option<Lag>>,
    /// Lag on this topic, last hour.
    pub history: Option<Series>,
}

/// The Configuration tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicConfig {
    pub now_ms: i64,
    pub topic: String,
    pub entries: Vec<ConfigEntry>,
}

/// What a new topic gets when nothing is said: the placeholders of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicDefaults {
    pub partitions_count: i32,
    pub replication_factor: i16,
    /// Most brokers that a replica can be put on.
    pub brokers_count: i32,
    pub entries: Vec<ConfigEntry>,
}

/// A topic to create.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTopic {
    pub name: String,
    /// `None` takes the cluster's default.
    pub partitions_count: Option<i32>,
    /// `None` takes the cluster's default.
    pub replication_factor: Option<i16>,
    pub configs: Vec<(String, String)>,
}

/// Deletes the records of one partition below an offset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteBefore {
    pub partition: i32,
    /// The first offset to keep; -1 for the high watermark.
    pub offset: i64,
}
