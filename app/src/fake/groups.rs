//! Groups of the scenarios.

use super::entries::{self, GroupSeed, TopicSeed};
use super::numbers::{lag, pick, series, walk};
use super::topics::{marks, partition_lag};
use super::{FakeCluster, NOW_MS, Scenario};
use crate::console::{Groups, Pending};
use crate::error::AppError;
use crate::model::group::{
    GroupDetail, GroupEvent, GroupEventKind, GroupPartition, GroupRow, GroupSort, GroupState,
    GroupTopic, GroupsPage, GroupsQuery, LagHistory, Member, PartitionSeries, Span,
};
use crate::model::number::{Lag, Rate, Series, Trend};
use crate::model::offsets::{OffsetEdit, OffsetMove, OffsetPreview, OffsetTarget};
use crate::model::topic::LIST_ROWS_MAX;

const SLOW_PARTITION: u32 = 2;

/// The lag of each partition.
pub(super) fn cells(group: &GroupSeed) -> Vec<Option<Lag>> {
    (0..group.partitions)
        .map(|partition| {
            let is_slow = group.is_all || partition == SLOW_PARTITION % group.partitions.max(1);
            Some(if group.lag == 0 {
                lag(0, 0, Trend::Steady)
            } else if is_slow {
                let trend = if group.is_all { Trend::Rising } else { Trend::Falling };
                lag(group.lag, group.behind_ms, trend)
            } else {
                let messages = group.lag / 8 + pick(group.seed + u64::from(partition), 40);
                lag(messages, group.behind_ms / 10, Trend::Steady)
            })
        })
        .collect()
}

/// All partitions together.
pub(super) fn total_lag(group: &GroupSeed) -> Lag {
    let cells = cells(group);
    let messages = cells.iter().flatten().map(|lag| lag.messages).sum();
    let trend = if group.lag == 0 {
        Trend::Steady
    } else if group.is_all {
        Trend::Rising
    } else {
        Trend::Falling
    };
    lag(messages, group.behind_ms, trend)
}

/// The state of a group.
pub(super) fn state(group: &GroupSeed) -> GroupState {
    if group.members == 0 { GroupState::Empty } else { GroupState::Stable }
}

/// One group in a list.
pub(super) fn row(group: &GroupSeed) -> GroupRow {
    GroupRow {
        group: group.name.clone(),
        state: state(group),
        protocol_type: "consumer".to_owned(),
        protocol: if group.members == 0 { String::new() } else { "range".to_owned() },
        members_count: group.members,
        topics_count: 1,
        lag: Some(total_lag(group)),
        history: Some(walk(group.seed, 30, group.lag / 2, group.lag / 2 + 5, 120_000)),
        cells: cells(group),
        cells_omitted_count: 0,
    }
}

fn page(scenario: Scenario, query: &GroupsQuery) -> GroupsPage {
    let mut all = entries::groups(scenario);
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let total = all.len();
    let empty = all.iter().filter(|group| group.members == 0).count();
    all.retain(|group| {
        group.name.contains(&query.filter)
            && query.state.is_none_or(|wanted| wanted == state(group))
    });
    all.sort_by(|a, b| a.name.cmp(&b.name));
    match query.sort {
        GroupSort::Name | GroupSort::Topics => {}
        GroupSort::Members => all.sort_by_key(|group| group.members),
        GroupSort::Lag => all.sort_by_key(|group| total_lag(group).messages),
    }
    if query.descending {
        all.reverse();
    }
    let window =
        all.iter().skip(query.start as usize).take(query.limit.min(LIST_ROWS_MAX) as usize);
    let states = [(GroupState::Stable, total - empty), (GroupState::Empty, empty)];
    GroupsPage {
        now_ms: NOW_MS,
        total_count: number(total),
        matched_count: number(all.len()),
        states: states.map(|(state, count)| (state, number(count))).to_vec(),
        start: query.start,
        rows: window.map(row).collect(),
    }
}

fn topic_of(scenario: Scenario, group: &GroupSeed) -> TopicSeed {
    entries::topic(scenario, group.topic).expect("every made-up group reads a made-up topic")
}

fn partitions(topic: &TopicSeed, group: &GroupSeed) -> Vec<GroupPartition> {
    let partition = |number: u32| {
        let (start, end) = marks(topic, number);
        let lag = partition_lag(group, number);
        let committed = (end - i64::try_from(lag.messages).unwrap_or(0)).max(start);
        let member =
            (group.members > 0).then(|| format!("consumer-{}", 1 + number % group.members));
        GroupPartition {
            partition: i32::try_from(number).unwrap_or(0),
            log_start_offset: start,
            log_end_offset: end,
            committed_offset: Some(committed),
            committed_ms: Some(NOW_MS - 900),
            metadata: String::new(),
            lag: Some(lag),
            member,
        }
    };
    (0..group.partitions).map(partition).collect()
}

fn member(group: &GroupSeed, number: u32) -> Member {
    let assigned = (0..group.partitions).filter(|partition| partition % group.members == number);
    let assigned: Vec<i32> =
        assigned.filter_map(|partition| i32::try_from(partition).ok()).collect();
    let client_id = format!("consumer-{}", number + 1);
    Member {
        member_id: format!("{client_id}-5b1ae0c2-8f0d-4a57-93bd-{number:012}"),
        instance_id: None,
        client_id,
        host: "127.0.0.1".to_owned(),
        assignment: vec![(group.topic.to_owned(), assigned)],
        lag: Some(partition_lag(group, number)),
    }
}

fn events() -> Vec<GroupEvent> {
    let event = |before_ms: i64, kind, title: &str, detail: &str| GroupEvent {
        at_ms: NOW_MS - before_ms,
        kind,
        title: title.to_owned(),
        detail: detail.to_owned(),
    };
    vec![
        event(
            420_000,
            GroupEventKind::Rebalance,
            "Rebalance finished",
            "stood still 3.1 s · partitions 2, 3 → consumer-3",
        ),
        event(
            423_000,
            GroupEventKind::MemberRemoved,
            "consumer-2 removed",
            "no heartbeat for 10.4 s (session timeout 10 s)",
        ),
        event(1_160_000, GroupEventKind::MemberJoined, "consumer-3 joined", "librdkafka 2.11.1"),
    ]
}

fn detail(scenario: Scenario, group: &GroupSeed) -> GroupDetail {
    let topic = topic_of(scenario, group);
    let is_live = group.members > 0;
    let blocked =
        is_live.then(|| format!("the group has {} members; stop them first", group.members));
    GroupDetail {
        now_ms: NOW_MS,
        group: group.name.clone(),
        state: state(group),
        protocol_type: "consumer".to_owned(),
        protocol: if is_live { "range".to_owned() } else { String::new() },
        coordinator: Some(1),
        lag: Some(total_lag(group)),
        worst: Some((group.topic.to_owned(), 2)),
        consume_rate: Some(Rate::per_second(if is_live { topic.rate + 106 } else { 0 })),
        produce_rate: Some(Rate::per_second(topic.rate)),
        caught_up_in_ms: is_live.then_some(116_000),
        members: (0..group.members).map(|number| member(group, number)).collect(),
        topics: vec![GroupTopic {
            topic: group.topic.to_owned(),
            partitions: partitions(&topic, group),
        }],
        events: if is_live { events() } else { Vec::new() },
        edit_blocked: blocked.clone(),
        delete_blocked: blocked,
    }
}

/// Quiet, then one partition stops, then it is worked off.
fn story(group: &GroupSeed, partition: u32, count: u64) -> Series {
    let peak = partition_lag(group, partition).messages * 3 / 2;
    let (stop, turn) = (count / 3, count * 3 / 4);
    let at = |n: u64| {
        let noise = pick(group.seed + u64::from(partition) * 1000 + n, peak / 60 + 20);
        let lag = if n < stop {
            0
        } else if n < turn {
            peak * (n - stop) / (turn - stop).max(1)
        } else {
            peak - (peak / 3) * (n - turn) / (count - turn).max(1)
        };
        Some(lag + noise)
    };
    let step_ms = 5_000;
    series((0..count).map(at).collect(), step_ms)
}

fn history(group: &GroupSeed, span: Span) -> LagHistory {
    const SAMPLES: u64 = 180;
    let step_ms = u32::try_from(span.length_ms() / 180).unwrap_or(5_000);
    let stretched = |series: Series| super::numbers::series(series.values, step_ms);
    let partitions = (0..group.partitions.min(12)).map(|partition| PartitionSeries {
        topic: group.topic.to_owned(),
        partition: i32::try_from(partition).unwrap_or(0),
        lag: stretched(story(group, partition, SAMPLES)),
    });
    let partitions: Vec<PartitionSeries> = partitions.collect();
    let time = partitions.get(2).map(|worst| {
        let values = worst.lag.values.iter().map(|value| value.map(|lag| lag * 2 / 5)).collect();
        super::numbers::series(values, step_ms)
    });
    LagHistory {
        now_ms: NOW_MS,
        span,
        partitions,
        others: None,
        time,
        consume_rate: walk(group.seed + 1, SAMPLES, 300_000, 120_000, step_ms),
        produce_rate: walk(group.seed + 2, SAMPLES, 290_000, 40_000, step_ms),
        events: events().into_iter().rev().collect(),
    }
}

fn moved(edit: &OffsetEdit, topic: &str, partition: &GroupPartition) -> OffsetMove {
    let before = partition.committed_offset;
    let wish = match edit.target {
        OffsetTarget::Earliest => partition.log_start_offset,
        OffsetTarget::Latest => partition.log_end_offset,
        OffsetTarget::Offset(offset) => offset,
        OffsetTarget::Time(_) => (partition.log_start_offset + partition.log_end_offset) / 2,
        OffsetTarget::Shift(by) => before.unwrap_or(partition.log_start_offset).saturating_add(by),
    };
    let after = wish.clamp(partition.log_start_offset, partition.log_end_offset);
    OffsetMove {
        topic: topic.to_owned(),
        partition: partition.partition,
        log_start_offset: partition.log_start_offset,
        log_end_offset: partition.log_end_offset,
        before,
        after,
        is_clamped: after != wish,
    }
}

impl FakeCluster {
    fn about_group<'a, T: Send + 'a>(
        &self,
        name: &str,
        make: impl FnOnce(Scenario, GroupSeed) -> T,
    ) -> Pending<'a, T> {
        let found = entries::groups(self.scenario).into_iter().find(|group| group.name == name);
        match (self.scenario, found) {
            (Scenario::Filled | Scenario::Many | Scenario::Empty, None) => {
                let error = AppError::NotFound { what: format!("group “{name}”") };
                Box::pin(std::future::ready(Err(error)))
            }
            (_, found) => self.answer(move |scenario| {
                make(scenario, found.expect("scenarios without groups answer before this"))
            }),
        }
    }
}

impl Groups for FakeCluster {
    fn groups(&self, query: GroupsQuery) -> Pending<'_, GroupsPage> {
        self.answer(|scenario| page(scenario, &query))
    }

    fn group(&self, group: String) -> Pending<'_, GroupDetail> {
        self.about_group(&group, |scenario, seed| detail(scenario, &seed))
    }

    fn lag_history(&self, group: String, span: Span) -> Pending<'_, LagHistory> {
        self.about_group(&group, |_, seed| history(&seed, span))
    }

    fn preview_offsets(&self, edit: OffsetEdit) -> Pending<'_, OffsetPreview> {
        let name = edit.group.clone();
        self.about_group(&name, |scenario, seed| {
            let detail = detail(scenario, &seed);
            let moves = detail.topics.iter().flat_map(|topic| {
                let chosen = topic.partitions.iter().filter(|partition| {
                    edit.partitions.is_empty() || edit.partitions.contains(&partition.partition)
                });
                chosen.map(|partition| moved(&edit, &topic.topic, partition))
            });
            OffsetPreview {
                now_ms: NOW_MS,
                moves: moves.collect(),
                blocked: detail.edit_blocked,
                edit: edit.clone(),
            }
        })
    }
}
