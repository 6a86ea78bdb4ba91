//! Topics of the scenarios.

use super::entries::{self, GroupSeed, TopicSeed};
use super::groups::{cells, state, total_lag};
use super::numbers::{pick, walk};
use super::{FakeCluster, NOW_MS, Scenario};
use crate::console::{Pending, Topics};
use crate::error::AppError;
use crate::model::cluster::Durability;
use crate::model::config::{ConfigEntry, ConfigKind, ConfigSource};
use crate::model::number::{Count, Lag, Rate};
use crate::model::topic::{
    LIST_ROWS_MAX, PartitionRow, PartitionsView, TopicConfig, TopicDefaults, TopicGroupRow,
    TopicGroups, TopicHead, TopicLag, TopicRow, TopicSort, TopicsPage, TopicsQuery,
};

impl FakeCluster {
    /// Something about one topic, or that there is none.
    pub(super) fn about_topic<'a, T: Send + 'a>(
        &self,
        name: &str,
        make: impl FnOnce(Scenario, TopicSeed) -> T,
    ) -> Pending<'a, T> {
        let found = match self.scenario {
            Scenario::Empty => Some(empty_topic(name)),
            scenario => entries::topic(scenario, name),
        };
        match (self.scenario, found) {
            (Scenario::Filled | Scenario::Many, None) => {
                let error = AppError::NotFound { what: format!("topic “{name}”") };
                Box::pin(std::future::ready(Err(error)))
            }
            (_, found) => self.answer(move |scenario| {
                make(scenario, found.unwrap_or_else(|| empty_topic("unknown")))
            }),
        }
    }
}

fn empty_topic(name: &str) -> TopicSeed {
    TopicSeed {
        name: name.to_owned(),
        seed: 0,
        partitions: 1,
        rate: 0,
        messages: 0,
        size_bytes: 0,
        is_internal: false,
        cleanup: "delete",
    }
}

fn readers(scenario: Scenario, topic: &str) -> Vec<GroupSeed> {
    entries::groups(scenario).into_iter().filter(|group| group.topic == topic).take(50).collect()
}

fn worst(groups: &[GroupSeed]) -> Option<TopicLag> {
    let worst = groups.iter().max_by_key(|group| group.behind_ms)?;
    Some(TopicLag { group: worst.name.clone(), lag: total_lag(worst) })
}

fn row(topic: &TopicSeed, groups: &[GroupSeed]) -> TopicRow {
    TopicRow {
        name: topic.name.clone(),
        is_internal: topic.is_internal,
        partitions_count: topic.partitions,
        cleanup_policy: topic.cleanup.to_owned(),
        size_bytes: Some(topic.size_bytes),
        messages: count(topic),
        rate_in: Some(Rate::per_second(topic.rate)),
        rate_history: (topic.rate > 0)
            .then(|| walk(topic.seed, 30, topic.rate, topic.rate / 3, 30_000)),
        groups_count: u32::try_from(groups.len()).unwrap_or(0),
        worst_lag: worst(groups).map(|worst| worst.lag),
        offline_count: 0,
    }
}

fn count(topic: &TopicSeed) -> Count {
    if topic.cleanup == "compact" {
        Count::AtMost(topic.messages)
    } else {
        Count::Exact(topic.messages)
    }
}

fn page(scenario: Scenario, query: &TopicsQuery) -> TopicsPage {
    let all = entries::topics(scenario);
    let hidden = all.iter().filter(|topic| topic.is_internal).count();
    let mut listed: Vec<TopicSeed> =
        all.into_iter().filter(|topic| query.with_internal || !topic.is_internal).collect();
    let total = listed.len();
    let wanted = query.filter.to_lowercase();
    listed.retain(|topic| topic.name.to_lowercase().contains(&wanted));
    let lag = |topic: &TopicSeed| {
        worst(&readers(Scenario::Filled, &topic.name)).map_or(0, |w| w.lag.messages)
    };
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    match query.sort {
        TopicSort::Name => {}
        TopicSort::Partitions => listed.sort_by_key(|topic| topic.partitions),
        TopicSort::Size => listed.sort_by_key(|topic| topic.size_bytes),
        TopicSort::Messages => listed.sort_by_key(|topic| topic.messages),
        TopicSort::Rate => listed.sort_by_key(|topic| topic.rate),
        TopicSort::Lag => listed.sort_by_cached_key(lag),
    }
    if query.descending {
        listed.reverse();
    }
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let window =
        listed.iter().skip(query.start as usize).take(query.limit.min(LIST_ROWS_MAX) as usize);
    TopicsPage {
        now_ms: NOW_MS,
        total_count: number(total),
        matched_count: number(listed.len()),
        matched_partitions_count: listed.iter().map(|topic| topic.partitions).sum(),
        matched_size_bytes: Some(listed.iter().map(|topic| topic.size_bytes).sum()),
        hidden_count: if query.with_internal { 0 } else { number(hidden) },
        start: query.start,
        rows: window.map(|topic| row(topic, &readers(Scenario::Filled, &topic.name))).collect(),
    }
}

fn head(scenario: Scenario, topic: &TopicSeed) -> TopicHead {
    let groups = readers(scenario, &topic.name);
    let history =
        (topic.rate > 0).then(|| walk(topic.seed, 60, topic.rate, topic.rate / 3, 15_000));
    TopicHead {
        now_ms: NOW_MS,
        name: topic.name.clone(),
        topic_id: "b8tRS7h4TJ2Vt43Dp85v2A".to_owned(),
        is_internal: topic.is_internal,
        partitions_count: topic.partitions,
        replication_factor: 1,
        cleanup_policy: topic.cleanup.to_owned(),
        retention_ms: Some(604_800_000),
        retention_bytes: Some(-1),
        durability: Some(Durability::Acked),
        size_bytes: Some(topic.size_bytes),
        messages: count(topic),
        rate_in: Some(Rate::per_second(topic.rate)),
        bytes_in: Some(Rate::per_second(topic.rate * 187)),
        rate_out: Some(Rate::per_second(topic.rate * 2)),
        rate_history: history,
        groups_count: u32::try_from(groups.len()).unwrap_or(0),
        worst_lag: worst(&groups),
        configs_set_count: 2,
        bootstrap: "localhost:9092".to_owned(),
    }
}

/// First and next offset of one partition.
pub(super) fn marks(topic: &TopicSeed, partition: u32) -> (i64, i64) {
    let share = topic.messages / u64::from(topic.partitions.max(1));
    let start = if topic.messages == 0 { 0 } else { pick(topic.seed + u64::from(partition), 900) };
    let end = start + share + pick(u64::from(partition), share / 40 + 1);
    (i64::try_from(start).unwrap_or(0), i64::try_from(end).unwrap_or(0))
}

fn partition(topic: &TopicSeed, number: u32) -> PartitionRow {
    let (start, end) = marks(topic, number);
    let even = 1000 / topic.partitions.max(1);
    let tilt = if number.is_multiple_of(2) { even / 5 } else { 0 };
    PartitionRow {
        partition: i32::try_from(number).unwrap_or(0),
        leader: Some(1),
        leader_epoch: 4,
        replicas: vec![1],
        in_sync: vec![1],
        log_start_offset: start,
        high_watermark: end,
        last_stable_offset: None,
        messages: Count::Exact(u64::try_from(end - start).unwrap_or(0)),
        size_bytes: Some(topic.size_bytes / u64::from(topic.partitions.max(1))),
        rate_in: Some(Rate(topic.rate * 1000 / u64::from(topic.partitions.max(1)))),
        share_permille: u16::try_from(even + tilt).unwrap_or(0),
        problem: None,
    }
}

fn group_row(topic: &TopicSeed, group: &GroupSeed) -> TopicGroupRow {
    TopicGroupRow {
        group: group.name.clone(),
        state: state(group),
        members_count: group.members,
        lag: Some(total_lag(group)),
        partitions: cells(group),
        history: Some(walk(topic.seed + group.seed, 30, group.lag / 2, group.lag / 2 + 5, 120_000)),
    }
}

/// Configuration entries with every kind of value.
pub(super) fn configs(is_topic: bool) -> Vec<ConfigEntry> {
    let entry = |name: &str, value: &str, kind, doc: &str| ConfigEntry {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        source: ConfigSource::Default,
        kind,
        inherited: Some(value.to_owned()),
        doc: Some(doc.to_owned()),
        is_read_only: !is_topic,
        is_sensitive: false,
        choices: Vec::new(),
    };
    let mut entries = vec![
        entry(
            "cleanup.policy",
            "delete",
            ConfigKind::List,
            "What happens to old records: they are deleted, or only the newest of each key is kept.",
        ),
        entry(
            "compression.type",
            "producer",
            ConfigKind::String,
            "How batches are stored; “producer” keeps what was sent.",
        ),
        entry("max.message.bytes", "1048588", ConfigKind::Int, "The largest batch that is taken."),
        entry("message.timestamp.type", "CreateTime", ConfigKind::String, "Whose clock counts."),
        entry(
            "min.insync.replicas",
            "1",
            ConfigKind::Int,
            "Replicas that must have a record before acks=all is answered.",
        ),
        entry(
            "retention.bytes",
            "-1",
            ConfigKind::Long,
            "How large a partition may grow before its oldest segments go.",
        ),
        entry("retention.ms", "604800000", ConfigKind::Long, "How long records are kept."),
        entry("segment.bytes", "1073741824", ConfigKind::Int, "How large a segment grows."),
        entry("segment.ms", "604800000", ConfigKind::Long, "How long a segment grows."),
        entry(
            "unclean.leader.election.enable",
            "false",
            ConfigKind::Boolean,
            "Whether a replica that is behind may lead.",
        ),
    ];
    if is_topic {
        for (name, value) in [("retention.ms", "86400000"), ("compression.type", "zstd")] {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.name == name) {
                entry.value = Some(value.to_owned());
                entry.source = ConfigSource::Topic;
            }
        }
        entries[1].choices = ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"]
            .map(str::to_owned)
            .to_vec();
    } else {
        entries[6].source = ConfigSource::StaticBroker;
    }
    entries
}

impl Topics for FakeCluster {
    fn topics(&self, query: TopicsQuery) -> Pending<'_, TopicsPage> {
        self.answer(|scenario| page(scenario, &query))
    }

    fn topic(&self, topic: String) -> Pending<'_, TopicHead> {
        self.about_topic(&topic, |scenario, seed| head(scenario, &seed))
    }

    fn partitions(&self, topic: String) -> Pending<'_, PartitionsView> {
        self.about_topic(&topic, |_, seed| PartitionsView {
            now_ms: NOW_MS,
            rows: (0..seed.partitions).map(|number| partition(&seed, number)).collect(),
        })
    }

    fn topic_groups(&self, topic: String) -> Pending<'_, TopicGroups> {
        self.about_topic(&topic, |scenario, seed| TopicGroups {
            now_ms: NOW_MS,
            rows: readers(scenario, &seed.name)
                .iter()
                .map(|group| group_row(&seed, group))
                .collect(),
        })
    }

    fn topic_config(&self, topic: String) -> Pending<'_, TopicConfig> {
        self.about_topic(&topic, |_, seed| TopicConfig {
            now_ms: NOW_MS,
            topic: seed.name,
            entries: configs(true),
        })
    }

    fn topic_defaults(&self) -> Pending<'_, TopicDefaults> {
        self.answer(|_| TopicDefaults {
            partitions_count: 1,
            replication_factor: 1,
            brokers_count: 1,
            entries: configs(false),
        })
    }
}

/// The lag of a group in one partition.
pub(super) fn partition_lag(group: &GroupSeed, partition: u32) -> Lag {
    cells(group).get(partition as usize).copied().flatten().unwrap_or_else(|| total_lag(group))
}
