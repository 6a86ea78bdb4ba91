//! One look at the cluster.

use std::collections::BTreeMap;
use std::sync::Arc;

use freshet_app::model::number::Rate;
use freshet_client::{ClusterMetadata, MemberDescription};

/// The cluster at one moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    /// When it was finished, milliseconds since the epoch; 0 when none was taken yet.
    pub at_ms: i64,
    /// Brokers, topics, partitions.
    pub metadata: Arc<ClusterMetadata>,
    /// Offsets of every topic, by name.
    pub topics: BTreeMap<String, TopicSample>,
    /// Every group, by id.
    pub groups: BTreeMap<String, GroupSample>,
    /// Records per second written to topics that are not internal.
    pub rate_in: Rate,
    /// What the engine counted since it started; `None` when attached.
    pub totals: Option<freshet_broker::TrafficCounts>,
    /// Records per second read, where the engine counts them.
    pub rate_out: Option<Rate>,
    /// Bytes per second written, where the engine counts them.
    pub bytes_in: Option<Rate>,
    /// Bytes per second read, where the engine counts them.
    pub bytes_out: Option<Rate>,
}

/// One topic's offsets.
#[derive(Debug, Clone, Default)]
pub(crate) struct TopicSample {
    /// By partition index.
    pub partitions: Vec<PartitionSample>,
    /// Records per second written, over all partitions.
    pub rate_in: Rate,
}

/// One partition's offsets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PartitionSample {
    /// First offset that can be read.
    pub start: i64,
    /// One past the last offset that can be read; -1 when it could not be asked for.
    pub end: i64,
    /// Records per second written since the sample before.
    pub rate_in: Rate,
}

/// One group.
#[derive(Debug, Clone, Default)]
pub(crate) struct GroupSample {
    /// Kafka's name of the state.
    pub state: String,
    /// `consumer`, `connect`, …
    pub protocol_type: String,
    /// Assignor.
    pub protocol: String,
    /// Members, when it has any.
    pub members: Vec<MemberDescription>,
    /// Where it stands, by topic and partition.
    pub standings: BTreeMap<(String, i32), StandingSample>,
    /// Records per second that its committed offsets advance.
    pub consume_rate: Rate,
}

/// Where a group stands in one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StandingSample {
    /// Next offset to be read.
    pub committed: i64,
    /// What the consumer stored beside it.
    pub metadata: String,
    /// First offset of the partition.
    pub start: i64,
    /// End of the partition at the time of the sample.
    pub end: i64,
    /// `end - committed`, never negative.
    pub lag: u64,
    /// Age of the first unread record by its append time; `None` when only an engine could know.
    pub lag_ms: Option<u64>,
}

impl Sample {
    /// Partitions over all topics.
    pub(crate) fn partitions_count(&self) -> usize {
        self.topics.values().map(|topic| topic.partitions.len()).sum()
    }

    /// Kafka's own topics.
    pub(crate) fn is_internal(&self, topic: &str) -> bool {
        self.metadata.topics.get(topic).is_some_and(|topic| topic.is_internal)
    }

    /// Groups that stand somewhere in a topic.
    pub(crate) fn groups_of<'a>(
        &'a self,
        topic: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a GroupSample)> {
        self.groups.iter().filter(move |(_, group)| group.reads(topic))
    }
}

impl TopicSample {
    /// Records between start and end of all partitions.
    pub(crate) fn records_count(&self) -> u64 {
        let count = |partition: &PartitionSample| {
            u64::try_from(partition.end.saturating_sub(partition.start)).unwrap_or(0)
        };
        self.partitions.iter().map(count).sum()
    }
}

impl GroupSample {
    /// Committed somewhere in the topic, or a member owns a part of it.
    pub(crate) fn reads(&self, topic: &str) -> bool {
        self.standings.keys().any(|(name, _)| name == topic)
            || self
                .members
                .iter()
                .any(|member| member.partitions.iter().any(|(name, _)| name == topic))
    }

    /// Lag over all partitions.
    pub(crate) fn lag(&self) -> u64 {
        self.standings.values().map(|standing| standing.lag).sum()
    }

    /// The worst lag in time; `None` when nobody knows.
    pub(crate) fn lag_ms(&self) -> Option<u64> {
        self.standings.values().filter_map(|standing| standing.lag_ms).max()
    }
}
