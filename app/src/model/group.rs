//! Consumer groups: the list, one group, its lag over time.

use super::number::{Lag, Rate, Series};
use serde::{Deserialize, Serialize};

/// Kafka's states of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GroupState {
    Stable,
    PreparingRebalance,
    CompletingRebalance,
    Empty,
    Dead,
    Unknown,
}

impl GroupState {
    /// Kafka's word, spaced.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Stable => "Stable",
            Self::PreparingRebalance => "Preparing rebalance",
            Self::CompletingRebalance => "Completing rebalance",
            Self::Empty => "Empty",
            Self::Dead => "Dead",
            Self::Unknown => "Unknown",
        }
    }
}

/// What the group list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GroupSort {
    #[default]
    Name,
    Members,
    Topics,
    Lag,
}

/// Which part of the group list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GroupsQuery {
    pub filter: String,
    /// Only this state.
    pub state: Option<GroupState>,
    pub sort: GroupSort,
    pub descending: bool,
    pub start: u32,
    /// At most [`super::topic::LIST_ROWS_MAX`].
    pub limit: u32,
}

/// A window of the group list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupsPage {
    pub now_ms: i64,
    pub total_count: u32,
    pub matched_count: u32,
    /// How many groups are in each state, over all.
    pub states: Vec<(GroupState, u32)>,
    pub start: u32,
    pub rows: Vec<GroupRow>,
}

/// One group in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    pub group: String,
    pub state: GroupState,
    /// `consumer`, `connect`, …; may be empty.
    pub protocol_type: String,
    /// Assignor such as `range`; may be empty.
    pub protocol: String,
    pub members_count: u32,
    pub topics_count: u32,
    pub lag: Option<Lag>,
    /// Total lag, last hour.
    pub history: Option<Series>,
    /// One cell a partition in order of topic and number; at most 64.
    pub cells: Vec<Option<Lag>>,
    /// Partitions beyond `cells`.
    pub cells_omitted_count: u32,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetail {
    pub now_ms: i64,
    pub group: String,
    pub state: GroupState,
    pub protocol_type: String,
    pub protocol: String,
    pub coordinator: Option<i32>,
    pub lag: Option<Lag>,
    /// Partition with the worst lag.
    pub worst: Option<(String, i32)>,
    /// Records per second that the group's committed offsets advance.
    pub consume_rate: Option<Rate>,
    /// Records per second written to what it reads.
    pub produce_rate: Option<Rate>,
    /// Time until caught up at the present rates; `None` when it is not catching up.
    pub caught_up_in_ms: Option<u64>,
    pub members: Vec<Member>,
    pub topics: Vec<GroupTopic>,
    /// Newest first, at most 50.
    pub events: Vec<GroupEvent>,
    /// Why offsets cannot be edited now, if so: the group has members.
    pub edit_blocked: Option<String>,
    /// Why the group cannot be deleted now, if so.
    pub delete_blocked: Option<String>,
}

/// One member with what it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub member_id: String,
    pub instance_id: Option<String>,
    pub client_id: String,
    pub host: String,
    /// Topic and its partitions.
    pub assignment: Vec<(String, Vec<i32>)>,
    pub lag: Option<Lag>,
}

/// The group's partitions of one topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTopic {
    pub topic: String,
    pub partitions: Vec<GroupPartition>,
}

/// Where a group stands in one partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPartition {
    pub partition: i32,
    pub log_start_offset: i64,
    pub log_end_offset: i64,
    /// `None` when nothing is committed.
    pub committed_offset: Option<i64>,
    pub committed_ms: Option<i64>,
    pub metadata: String,
    pub lag: Option<Lag>,
    /// Client id of the member that reads it.
    pub member: Option<String>,
}

/// Something that happened to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupEvent {
    pub at_ms: i64,
    pub kind: GroupEventKind,
    /// One sentence: `consumer-2 removed`.
    pub title: String,
    /// Why, with numbers; may be empty.
    pub detail: String,
}

/// What kind of thing happened; decides the mark on the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupEventKind {
    Rebalance,
    MemberJoined,
    MemberLeft,
    MemberRemoved,
    OffsetsEdited,
    Other,
}

/// How far back a chart looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Span {
    #[default]
    Minutes15,
    Hour,
    Day,
    Month,
}

impl Span {
    /// All of them, shortest first.
    pub const ALL: [Self; 4] = [Self::Minutes15, Self::Hour, Self::Day, Self::Month];

    /// Length in milliseconds.
    #[must_use]
    pub fn length_ms(self) -> i64 {
        match self {
            Self::Minutes15 => 900_000,
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
            Self::Month => 30 * 86_400_000,
        }
    }

    /// The word on its button and in the URL.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Minutes15 => "15 min",
            Self::Hour => "1 h",
            Self::Day => "24 h",
            Self::Month => "30 d",
        }
    }
}

/// A group's lag over time. All series share start, step and length (at most 600 samples).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LagHistory {
    pub now_ms: i64,
    pub span: Span,
    /// Lag in messages, one per partition, worst first, at most 12.
    pub partitions: Vec<PartitionSeries>,
    /// All further partitions together.
    pub others: Option<Series>,
    /// Worst time lag in milliseconds, where the engine knows.
    pub time: Option<Series>,
    /// Thousandths of a record per second.
    pub consume_rate: Series,
    /// Thousandths of a record per second.
    pub produce_rate: Series,
    /// Marks on the chart, oldest first.
    pub events: Vec<GroupEvent>,
}

/// One partition's line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionSeries {
    pub topic: String,
    pub partition: i32,
    pub lag: Series,
}
