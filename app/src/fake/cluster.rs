//! The frame and the cluster page of the scenarios.

use super::numbers::walk;
use super::topics::configs;
use super::{FakeCluster, NOW_MS, Scenario, entries, overview};
use crate::console::{Demo, Glance, Pending};
use crate::model::cluster::{
    ApiVersions, Broker, Capabilities, ClusterDetail, Connection, Durability, Frame, Listener,
    LogDir, LogDirPartition, Mode,
};
use crate::model::overview::{DemoState, Overview};
use crate::model::search::{HITS_MAX, Hit, HitKind};

fn frame(scenario: Scenario) -> Frame {
    let topics = entries::topics(scenario);
    let user_topics = topics.iter().filter(|topic| !topic.is_internal).count();
    Frame {
        now_ms: NOW_MS,
        cluster: scenario.name().to_owned(),
        mode: Mode::Embedded,
        colour: 0,
        version: "0.1.0".to_owned(),
        build: super::BUILD.to_owned(),
        topics_count: u32::try_from(user_topics).unwrap_or(u32::MAX),
        groups_count: u32::try_from(entries::groups(scenario).len()).unwrap_or(u32::MAX),
        durability: Some(Durability::Acked),
        size_bytes: Some(topics.iter().map(|topic| topic.size_bytes).sum()),
        uptime_ms: Some(273_600_000),
        messages_in: walk(5, 24, 1_200_000, 150_000, 5_000),
        capabilities: Capabilities {
            time_lag: true,
            origins: true,
            connections: true,
            exact_rates: true,
            group_events: true,
            durability: true,
            demo: true,
            delete_records: true,
        },
        exposure_warning: None,
        clusters: vec![scenario.name().to_owned()],
    }
}

fn log_dir(scenario: Scenario) -> LogDir {
    let topics = entries::topics(scenario);
    let mut largest: Vec<LogDirPartition> = topics
        .iter()
        .map(|topic| LogDirPartition {
            topic: topic.name.clone(),
            partition: 0,
            size_bytes: topic.size_bytes / u64::from(topic.partitions),
        })
        .collect();
    largest.sort_by_key(|entry| std::cmp::Reverse(entry.size_bytes));
    largest.truncate(20);
    LogDir {
        broker: 1,
        path: "/var/lib/freshet".to_owned(),
        size_bytes: topics.iter().map(|topic| topic.size_bytes).sum(),
        total_bytes: Some(80_000_000_000),
        usable_bytes: Some(61_000_000_000),
        problem: None,
        partitions: largest,
        partitions_count: topics.iter().map(|topic| topic.partitions).sum(),
    }
}

fn detail(scenario: Scenario) -> ClusterDetail {
    let api = |key, name: &str, min, max| ApiVersions { key, name: name.to_owned(), min, max };
    ClusterDetail {
        now_ms: NOW_MS,
        cluster_id: "kQ2v0c5nTtWm1yXb9h3d4A".to_owned(),
        mode: Mode::Embedded,
        version: "0.1.0".to_owned(),
        broker_software: "Freshet 0.1.0".to_owned(),
        started_ms: Some(NOW_MS - 273_600_000),
        brokers: vec![Broker {
            id: 1,
            host: "localhost".to_owned(),
            port: 9092,
            rack: None,
            is_controller: true,
            leaders_count: 80,
            replicas_count: 80,
            size_bytes: Some(12_400_000_000),
        }],
        listeners: vec![Listener {
            name: "PLAINTEXT".to_owned(),
            bound: Some("127.0.0.1:9092".to_owned()),
            advertised: "localhost:9092".to_owned(),
            security: "PLAINTEXT".to_owned(),
        }],
        log_dirs: vec![log_dir(scenario)],
        configs: configs(false),
        apis: vec![
            api(0, "Produce", 3, 11),
            api(1, "Fetch", 4, 12),
            api(2, "ListOffsets", 1, 8),
            api(3, "Metadata", 0, 12),
        ],
    }
}

fn search(scenario: Scenario, text: &str) -> Vec<Hit> {
    let wanted = text.to_lowercase();
    let topics = entries::topics(scenario).into_iter().map(|topic| Hit {
        kind: HitKind::Topic,
        note: format!("{} partitions", topic.partitions),
        name: topic.name,
    });
    let groups = entries::groups(scenario).into_iter().map(|group| Hit {
        kind: HitKind::Group,
        note: format!("{} members", group.members),
        name: group.name,
    });
    let hits = topics.chain(groups).filter(|hit| hit.name.to_lowercase().contains(&wanted));
    hits.take(HITS_MAX as usize).collect()
}

impl Glance for FakeCluster {
    /// The frame is always there: a page in trouble still has its navigation.
    fn frame(&self) -> Pending<'_, Frame> {
        let scenario = self.scenario;
        Box::pin(std::future::ready(Ok(frame(scenario))))
    }

    fn overview(&self) -> Pending<'_, Overview> {
        self.answer(overview::overview)
    }

    fn cluster_detail(&self) -> Pending<'_, ClusterDetail> {
        self.answer(detail)
    }

    fn connections(&self) -> Pending<'_, Vec<Connection>> {
        self.answer(overview::connections)
    }

    fn search(&self, text: String) -> Pending<'_, Vec<Hit>> {
        self.answer(|scenario| search(scenario, &text))
    }
}

fn demo(is_running: bool) -> DemoState {
    DemoState { topic: "weather_data_demo".to_owned(), is_running, exists: true }
}

impl Demo for FakeCluster {
    fn start_demo(&self) -> Pending<'_, DemoState> {
        self.answer(|_| demo(true))
    }

    fn stop_demo(&self) -> Pending<'_, DemoState> {
        self.answer(|_| demo(false))
    }
}
