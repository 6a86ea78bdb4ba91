//! The coordinator: its groups, its timers, and the way of a request to its group.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use freshet_wire::ErrorCode;

use crate::config::{Config, GROUPS_MAX, GROWN_TOPICS_MAX};
use crate::event::RebalanceReason;
use crate::group::Group;
use crate::message::{Caller, Input, Now, Output, Token};

/// A coordinator of classic consumer groups: a pure state machine.
///
/// ```text
///   load      replay(key, value)* ─► loaded(now)
///   live      handle(now, …) or on_time(now) ─► Output ─► append, replay ─► replies
/// ```
///
/// The caller owns mailbox, log and sleep: it wakes at [`Coordinator::next_deadline`]. Groups are
/// independent of each other, so a broker may run several coordinators and spread groups over them;
/// it then splits requests that name several groups.
#[derive(Debug)]
pub struct Coordinator {
    pub(crate) config: Config,
    pub(crate) groups: BTreeMap<Arc<str>, Group>,
    /// When to look at which group; each group has at most one entry, never later than needed.
    timers: BTreeSet<(u64, Arc<str>)>,
    pub(crate) expiry_check_at_ms: Option<u64>,
    /// Topics that got more partitions, by name, until a leader asks for the rebalance this causes.
    pub(crate) grown_topics: BTreeMap<String, i32>,
}

/// What one step works with.
pub(crate) struct Step<'a> {
    pub(crate) now: Now,
    pub(crate) config: &'a Config,
    pub(crate) grown_topics: &'a BTreeMap<String, i32>,
    pub(crate) out: &'a mut Output,
}

impl Coordinator {
    /// Builds a coordinator without groups.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            groups: BTreeMap::new(),
            timers: BTreeSet::new(),
            expiry_check_at_ms: None,
            grown_topics: BTreeMap::new(),
        }
    }

    /// The configuration in use.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Changes the configuration: it holds from the next request on.
    pub fn set_config(&mut self, config: Config) {
        self.config = config;
    }

    /// Handles one request. `token` names it until it is answered, which may be in a later step:
    /// JoinGroup and SyncGroup wait for other members.
    ///
    /// Every token is answered in the end: waiting requests have timeouts.
    pub fn handle(&mut self, now: Now, token: Token, caller: &Caller, input: Input) -> Output {
        let mut out = Output::default();
        match input {
            Input::JoinGroup(request) => self.join(now, token, caller, &request, &mut out),
            Input::SyncGroup(request) => self.sync(now, token, caller, &request, &mut out),
            Input::Heartbeat(request) => self.heartbeat(now, token, &request, &mut out),
            Input::LeaveGroup(request) => self.leave(now, token, caller, &request, &mut out),
            Input::OffsetCommit(request) => self.commit(now, token, &request, &mut out),
            Input::OffsetFetch(request) => {
                out.reply(token, self.fetch_offsets(caller.api_version, &request));
            }
            Input::OffsetDelete(request) => self.delete_offsets(token, &request, &mut out),
            Input::DescribeGroups(request) => {
                out.reply(token, self.describe_groups(caller.api_version, &request));
            }
            Input::ListGroups(request) => {
                out.reply(token, self.list_groups(caller.api_version, &request));
            }
            Input::DeleteGroups(request) => self.delete_groups(token, &request, &mut out),
        }
        out
    }

    /// When [`Coordinator::on_time`] is due, on the clock of [`Now::mono_ms`]; `None` while nothing
    /// is. May be earlier than anything happens, never later.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        let first = self.timers.first().map(|(at_ms, _)| *at_ms);
        first.into_iter().chain(self.expiry_check_at_ms).min()
    }

    /// Does what is due at `now`: ends sessions and rebalances, expires offsets.
    pub fn on_time(&mut self, now: Now) -> Output {
        let mut out = Output::default();
        while let Some((at_ms, group_id)) = self.timers.first().cloned() {
            if at_ms > now.mono_ms {
                break;
            }
            self.timers.pop_first();
            if let Some(group) = self.groups.get_mut(&group_id) {
                group.armed_at_ms = None;
            }
            self.with_group(&group_id, now, &mut out, Group::on_time);
        }
        if self.expiry_check_at_ms.is_some_and(|at_ms| at_ms <= now.mono_ms) {
            self.expire_offsets(now, &mut out);
            self.schedule_expiry_check(now);
        }
        out
    }

    /// Notes that a topic got more partitions: its groups' leaders will see it in the metadata and
    /// ask for a rebalance, whose reason is then known.
    pub fn topic_grew(&mut self, topic: &str, partition_count: i32) {
        if self.grown_topics.len() < GROWN_TOPICS_MAX || self.grown_topics.contains_key(topic) {
            self.grown_topics.insert(topic.to_owned(), partition_count);
        }
    }

    /// Runs one step of a group that exists, then sets its timer and forgets it if it is void.
    pub(crate) fn with_group<T>(
        &mut self,
        group_id: &str,
        now: Now,
        out: &mut Output,
        step: impl FnOnce(&mut Group, &mut Step<'_>) -> T,
    ) -> Option<T> {
        let group = self.groups.get_mut(group_id)?;
        let config = &self.config;
        let grown_topics = &self.grown_topics;
        let result = step(group, &mut Step { now, config, grown_topics, out });
        self.settle(group_id);
        Some(result)
    }

    /// Finds or makes a group.
    ///
    /// # Errors
    /// COORDINATOR_NOT_AVAILABLE when there are [`GROUPS_MAX`] already.
    pub(crate) fn ensure_group(&mut self, group_id: &str, now: Now) -> Result<(), ErrorCode> {
        if self.groups.contains_key(group_id) {
            return Ok(());
        }
        if self.groups.len() >= GROUPS_MAX {
            return Err(ErrorCode::CoordinatorNotAvailable);
        }
        let group_id: Arc<str> = group_id.into();
        self.groups.insert(group_id.clone(), Group::new(group_id, now.wall_ms));
        if self.expiry_check_at_ms.is_none() {
            self.schedule_expiry_check(now);
        }
        Ok(())
    }

    /// Sets the timer of a group after it changed, and forgets it if nothing is left of it.
    pub(crate) fn settle(&mut self, group_id: &str) {
        let Some(group) = self.groups.get_mut(group_id) else { return };
        let wanted_ms = group.deadline_ms();
        // An entry that is too early does no harm: it is looked at and set again.
        let is_early_enough = match (group.armed_at_ms, wanted_ms) {
            (_, None) => true,
            (Some(armed_ms), Some(wanted_ms)) => armed_ms <= wanted_ms,
            (None, Some(_)) => false,
        };
        if !is_early_enough && let Some(wanted_ms) = wanted_ms {
            if let Some(armed_ms) = group.armed_at_ms.replace(wanted_ms) {
                self.timers.remove(&(armed_ms, group.id.clone()));
            }
            self.timers.insert((wanted_ms, group.id.clone()));
        }
        if group.is_void() {
            if let Some(armed_ms) = group.armed_at_ms {
                self.timers.remove(&(armed_ms, group.id.clone()));
            }
            self.groups.remove(group_id);
        }
    }

    pub(crate) fn schedule_expiry_check(&mut self, now: Now) {
        let interval_ms = self.config.offsets_retention_check_interval_ms;
        let is_needed = !self.groups.is_empty();
        self.expiry_check_at_ms = is_needed.then(|| now.mono_ms.saturating_add(interval_ms));
    }
}

impl Step<'_> {
    /// Why the leader of a group asks for a rebalance, if a topic that grew explains it.
    pub(crate) fn growth_of(&self, group: &Group) -> Option<RebalanceReason> {
        let mut grown = self.grown_topics_of(group);
        let is_news = |(topic, count): &(&String, &i32)| {
            group.seen_growth.get(topic.as_str()) != Some(*count)
        };
        grown.find(is_news).map(|(topic, partition_count)| RebalanceReason::TopicGrew {
            topic: topic.clone(),
            partition_count: *partition_count,
        })
    }

    /// The topics that grew of those a group reads, with their partitions.
    pub(crate) fn grown_topics_of<'a>(
        &'a self,
        group: &'a Group,
    ) -> impl Iterator<Item = (&'a String, &'a i32)> {
        let topics = group.subscribed_topics.as_ref();
        let is_read = move |topic: &str| topics.is_some_and(|topics| topics.contains(topic));
        self.grown_topics.iter().filter(move |(topic, _)| is_read(topic))
    }
}
