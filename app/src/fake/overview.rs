//! The first page of the scenarios.

use super::entries::{self, TopicSeed};
use super::groups::{row, total_lag};
use super::numbers::walk;
use super::{NOW_MS, Scenario};
use crate::model::cluster::{Connection, Durability, Mode};
use crate::model::number::{Rate, Severity};
use crate::model::overview::{BusyTopic, DemoState, Overview, Problem, Throughput};

fn connection(client: &str, library: &str, doing: &[&str], rate: u64) -> Connection {
    let (library, version) = library.split_once(' ').unwrap_or((library, ""));
    Connection {
        client_id: client.to_owned(),
        library: library.to_owned(),
        library_version: version.to_owned(),
        address: "127.0.0.1:50412".to_owned(),
        principal: "User:ANONYMOUS".to_owned(),
        listener: "PLAINTEXT".to_owned(),
        connected_ms: NOW_MS - 4_000_000,
        doing: doing.iter().map(|name| (*name).to_owned()).collect(),
        records: Rate::per_second(rate),
        bytes: Rate::per_second(rate * 187),
        is_idle: doing.is_empty(),
    }
}

/// Who is connected.
pub(super) fn connections(scenario: Scenario) -> Vec<Connection> {
    if scenario == Scenario::Empty {
        return Vec::new();
    }
    vec![
        connection("weather-station-3", "librdkafka 2.11.1", &["Produce"], 312),
        connection("consumer-1", "librdkafka 2.11.1", &["Fetch", "OffsetCommit"], 209),
        connection("consumer-3", "librdkafka 2.11.1", &["Fetch"], 209),
        connection("billing-7", "apache-kafka-java 4.4.0", &["Fetch", "OffsetCommit"], 22),
        connection("rdkafka", "librdkafka 2.0.2", &[], 0),
    ]
}

fn throughput(is_empty: bool) -> Throughput {
    if is_empty {
        let flat = |_: u64| super::numbers::series(vec![Some(0); 120], 5_000);
        return Throughput {
            messages_in: flat(0),
            messages_out: Some(flat(0)),
            bytes_in: Some(flat(0)),
            bytes_out: Some(flat(0)),
        };
    }
    Throughput {
        messages_in: walk(3, 240, 1_000_000, 400_000, 15_000),
        messages_out: Some(walk(4, 240, 2_000_000, 700_000, 15_000)),
        bytes_in: Some(walk(3, 240, 200_000, 80_000, 15_000)),
        bytes_out: Some(walk(4, 240, 400_000, 120_000, 15_000)),
    }
}

fn problems(behind: usize) -> Vec<Problem> {
    if behind == 0 {
        return Vec::new();
    }
    vec![Problem {
        severity: Severity::Warning,
        title: "nightly_archive is 9 h behind and has no members.".to_owned(),
        remedy: "Start its consumers, or delete the group if nobody needs it.".to_owned(),
    }]
}

/// The page.
pub(super) fn overview(scenario: Scenario) -> Overview {
    let topics: Vec<TopicSeed> =
        entries::topics(scenario).into_iter().filter(|topic| !topic.is_internal).collect();
    let mut groups = entries::groups(scenario);
    groups.sort_by_key(|group| std::cmp::Reverse(group.behind_ms));
    let behind = groups.iter().filter(|group| total_lag(group).severity() > Severity::Fine).count();
    let mut busy: Vec<&TopicSeed> = topics.iter().filter(|topic| topic.rate > 0).collect();
    busy.sort_by_key(|topic| std::cmp::Reverse(topic.rate));
    let busy = busy.into_iter().take(8).map(|topic| BusyTopic {
        name: topic.name.clone(),
        rate_in: Rate::per_second(topic.rate),
        history: walk(topic.seed, 30, topic.rate, topic.rate / 3, 30_000),
        size_bytes: Some(topic.size_bytes),
    });
    let is_empty = scenario == Scenario::Empty;
    let rate = |n| Rate::per_second(if is_empty { 0 } else { n });
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let connections = connections(scenario);
    Overview {
        now_ms: NOW_MS,
        mode: Mode::Embedded,
        version: "0.1.0".to_owned(),
        problems: problems(behind),
        brokers_count: 1,
        topics_count: number(topics.len()),
        partitions_count: topics.iter().map(|topic| topic.partitions).sum(),
        groups_count: number(groups.len()),
        groups_behind_count: number(behind),
        messages_in: rate(1_284),
        bytes_in: Some(rate(241_000)),
        messages_out: Some(rate(2_466)),
        bytes_out: Some(rate(463_000)),
        size_bytes: Some(topics.iter().map(|topic| topic.size_bytes).sum()),
        disk_total_bytes: Some(80_000_000_000),
        disk_usable_bytes: Some(61_000_000_000),
        memory_bytes: Some(38_000_000),
        uptime_ms: Some(273_600_000),
        durability: Some(Durability::Acked),
        ack_p99_us: (!is_empty).then_some(2_140),
        throughput: throughput(is_empty),
        groups: groups.iter().take(12).map(row).collect(),
        busy_topics: busy.collect(),
        connections_count: Some(number(connections.len())),
        connections: Some(connections),
        bootstrap: "localhost:9092".to_owned(),
        demo: Some(DemoState {
            topic: "weather_data_demo".to_owned(),
            is_running: false,
            exists: !is_empty,
        }),
    }
}
