//! Reading about groups, and deleting them.

use std::collections::BTreeMap;

use freshet_app::console::{GroupActions, Groups, Pending};
use freshet_app::error::Answer;
use freshet_app::model::group::{
    GroupDetail, GroupPartition, GroupRow, GroupSort, GroupState, GroupTopic, GroupsPage,
    GroupsQuery, LagHistory, Member, Span,
};
use freshet_app::model::number::{Lag, Rate, Trend};
use freshet_app::model::offsets::{OffsetEdit, OffsetPreview};
use freshet_app::model::topic::LIST_ROWS_MAX;

use super::topics::{LAG_HISTORY_MS, LAG_HISTORY_SAMPLES_MAX, count, worst_sum};
use super::{KafkaCluster, deadline, errors};
use crate::sampler::{GroupRates, GroupSample, Sample, StandingSample};

/// Cells of a heat strip.
const CELLS_MAX: usize = 64;

impl Groups for KafkaCluster {
    fn groups(&self, query: GroupsQuery) -> Pending<'_, GroupsPage> {
        deadline::read(async move {
            let sample = self.sample().await?;
            Ok(self.groups_page(&sample, &query))
        })
    }

    fn group(&self, group: String) -> Pending<'_, GroupDetail> {
        deadline::read(self.group_detail(group))
    }

    fn lag_history(&self, group: String, span: Span) -> Pending<'_, LagHistory> {
        deadline::read(super::lag_history::read(self, group, span))
    }

    fn preview_offsets(&self, edit: OffsetEdit) -> Pending<'_, OffsetPreview> {
        deadline::read(super::offsets::preview(self, edit))
    }
}

impl GroupActions for KafkaCluster {
    fn apply_offsets(&self, preview: OffsetPreview) -> Pending<'_, ()> {
        deadline::action(super::offsets::apply(self, preview))
    }

    fn delete_group(&self, group: String) -> Pending<'_, ()> {
        deadline::action(async move {
            self.client
                .delete_group(&group)
                .await
                .map_err(|error| errors::about(&errors::group(&group), &error))?;
            self.sampler.refresh().await;
            Ok(())
        })
    }

    fn delete_group_offsets(&self, group: String, topic: String) -> Pending<'_, ()> {
        deadline::action(async move {
            let sample = self.sample().await?;
            let standings = sample.groups.get(&group).map(|group| &group.standings);
            let partitions: Vec<i32> = standings
                .into_iter()
                .flat_map(|standings| standings.keys())
                .filter(|(name, _)| *name == topic)
                .map(|(_, partition)| *partition)
                .collect();
            self.client
                .delete_offsets(&group, &topic, &partitions)
                .await
                .map_err(|error| errors::about(&errors::group(&group), &error))?;
            self.sampler.refresh().await;
            Ok(())
        })
    }
}

/// Kafka's word as the page's enum.
pub(super) fn state_of(name: &str) -> GroupState {
    match name {
        // The newer protocol has states of its own for what is stable or under way.
        "Stable" => GroupState::Stable,
        "PreparingRebalance" | "Assigning" => GroupState::PreparingRebalance,
        "CompletingRebalance" | "Reconciling" => GroupState::CompletingRebalance,
        "Empty" => GroupState::Empty,
        "Dead" => GroupState::Dead,
        _ => GroupState::Unknown,
    }
}

/// How far behind a standing is.
pub(super) fn lag_of(standing: &StandingSample, trend: Trend) -> Lag {
    Lag { messages: standing.lag, time_ms: standing.lag_ms, trend }
}

impl KafkaCluster {
    /// Total lag of a group; `None` when nothing is committed.
    pub(super) fn group_lag(&self, name: &str, group: &GroupSample) -> Option<Lag> {
        if group.standings.is_empty() {
            return None;
        }
        let trend = self
            .sampler
            .with_rates(|rates| rates.groups.get(name).map(GroupRates::trend).unwrap_or_default());
        Some(Lag { messages: group.lag(), time_ms: group.lag_ms(), trend })
    }

    /// One group in a list.
    pub(super) fn group_row(&self, name: &str, group: &GroupSample) -> GroupRow {
        let cells = group.standings.values().take(CELLS_MAX);
        let cells: Vec<Option<Lag>> =
            cells.map(|standing| Some(lag_of(standing, Trend::Unknown))).collect();
        let mut topics: Vec<&String> = group.standings.keys().map(|(topic, _)| topic).collect();
        topics.dedup();
        GroupRow {
            group: name.to_owned(),
            state: state_of(&group.state),
            protocol_type: group.protocol_type.clone(),
            protocol: group.protocol.clone(),
            members_count: count(group.members.len()),
            topics_count: count(topics.len()),
            lag: self.group_lag(name, group),
            history: self.sampler.with_rates(|rates| {
                let group = rates.groups.get(name)?;
                Some(group.hour.series(LAG_HISTORY_MS, LAG_HISTORY_SAMPLES_MAX))
            }),
            cells_omitted_count: count(group.standings.len() - cells.len()),
            cells,
        }
    }

    fn groups_page(&self, sample: &Sample, query: &GroupsQuery) -> GroupsPage {
        let filter = query.filter.to_lowercase();
        let mut states: Vec<(GroupState, u32)> = Vec::new();
        for group in sample.groups.values() {
            let state = state_of(&group.state);
            match states.iter_mut().find(|(known, _)| *known == state) {
                Some((_, number)) => *number += 1,
                None => states.push((state, 1)),
            }
        }
        let is_wanted = |(name, group): &(&String, &GroupSample)| {
            name.to_lowercase().contains(&filter)
                && query.state.is_none_or(|state| state == state_of(&group.state))
        };
        let mut matching: Vec<(&String, &GroupSample)> =
            sample.groups.iter().filter(is_wanted).collect();
        match query.sort {
            GroupSort::Name => {}
            GroupSort::Members => matching.sort_by_key(|(_, group)| group.members.len()),
            GroupSort::Topics => matching.sort_by_key(|(_, group)| group.standings.len()),
            GroupSort::Lag => matching.sort_by_key(|(_, group)| group.lag()),
        }
        if query.descending {
            matching.reverse();
        }
        let start = usize::try_from(query.start).unwrap_or(usize::MAX);
        let limit = usize::try_from(query.limit.min(LIST_ROWS_MAX)).unwrap_or(0);
        GroupsPage {
            now_ms: sample.at_ms,
            total_count: count(sample.groups.len()),
            matched_count: count(matching.len()),
            states,
            start: query.start,
            rows: matching
                .into_iter()
                .skip(start)
                .take(limit)
                .map(|(name, group)| self.group_row(name, group))
                .collect(),
        }
    }

    async fn group_detail(&self, name: String) -> Answer<GroupDetail> {
        let mut sample = self.sample().await?;
        if !sample.groups.contains_key(&name) {
            self.sampler.refresh().await;
            sample = self.sampler.current();
        }
        let Some(group) = sample.groups.get(&name) else {
            return Err(freshet_app::error::AppError::NotFound { what: errors::group(&name) });
        };
        let lag = self.group_lag(&name, group);
        let produce_rate = written_to(&sample, group);
        let members: Vec<Member> = group.members.iter().map(|one| member(group, one)).collect();
        let blocked = (!group.members.is_empty()).then(|| {
            let number = group.members.len();
            let noun = if number == 1 { "member" } else { "members" };
            format!("the group has {number} {noun}; stop the consumers first")
        });
        Ok(GroupDetail {
            now_ms: sample.at_ms,
            state: state_of(&group.state),
            protocol_type: group.protocol_type.clone(),
            protocol: group.protocol.clone(),
            coordinator: Some(sample.metadata.controller_id).filter(|id| *id >= 0),
            lag,
            worst: worst_partition(group),
            consume_rate: Some(group.consume_rate),
            produce_rate: Some(produce_rate),
            caught_up_in_ms: caught_up_in_ms(group, produce_rate),
            members,
            topics: self.group_topics(&name, group),
            events: super::group_events::newest_first(self, &name).await,
            edit_blocked: blocked.clone(),
            delete_blocked: blocked,
            group: name,
        })
    }

    fn group_topics(&self, name: &str, group: &GroupSample) -> Vec<GroupTopic> {
        let mut topics: BTreeMap<&str, Vec<GroupPartition>> = BTreeMap::new();
        for (key, standing) in &group.standings {
            let (topic, partition) = key;
            let trend = self.sampler.with_rates(|rates| {
                rates.groups.get(name).map(|rates| rates.trend_of(key)).unwrap_or_default()
            });
            let owner = group.members.iter().find(|member| member.partitions.contains(key));
            topics.entry(topic).or_default().push(GroupPartition {
                partition: *partition,
                log_start_offset: standing.start,
                log_end_offset: standing.end,
                committed_offset: Some(standing.committed),
                committed_ms: None,
                metadata: standing.metadata.clone(),
                lag: Some(lag_of(standing, trend)),
                member: owner.map(|member| member.client_id.clone()),
            });
        }
        topics
            .into_iter()
            .map(|(topic, partitions)| GroupTopic { topic: topic.to_owned(), partitions })
            .collect()
    }
}

fn member(group: &GroupSample, found: &freshet_client::MemberDescription) -> Member {
    let mut assignment: BTreeMap<String, Vec<i32>> = BTreeMap::new();
    for (topic, partition) in &found.partitions {
        assignment.entry(topic.clone()).or_default().push(*partition);
    }
    let lags: Vec<Option<Lag>> = found
        .partitions
        .iter()
        .map(|key| group.standings.get(key).map(|standing| lag_of(standing, Trend::Unknown)))
        .collect();
    Member {
        member_id: found.member_id.clone(),
        instance_id: found.instance_id.clone(),
        client_id: found.client_id.clone(),
        host: found.host.trim_start_matches('/').to_owned(),
        assignment: assignment.into_iter().collect(),
        lag: worst_sum(&lags),
    }
}

fn worst_partition(group: &GroupSample) -> Option<(String, i32)> {
    let worst = group.standings.iter().max_by_key(|(_, standing)| (standing.lag_ms, standing.lag));
    worst.filter(|(_, standing)| standing.lag > 0).map(|(key, _)| key.clone())
}

/// Records per second written to the partitions in which a group stands.
fn written_to(sample: &Sample, group: &GroupSample) -> Rate {
    let rate = |(topic, partition): &(String, i32)| {
        let index = usize::try_from(*partition).ok()?;
        Some(sample.topics.get(topic)?.partitions.get(index)?.rate_in.0)
    };
    Rate(group.standings.keys().filter_map(rate).sum())
}

/// Time until caught up if both rates stay as they are.
fn caught_up_in_ms(group: &GroupSample, produce_rate: Rate) -> Option<u64> {
    let gain = group.consume_rate.0.checked_sub(produce_rate.0).filter(|gain| *gain > 0)?;
    let lag = group.lag();
    (lag > 0).then(|| lag.saturating_mul(1_000_000) / gain)
}
