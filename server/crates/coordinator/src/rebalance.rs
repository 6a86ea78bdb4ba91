//! The rebalance itself: waiting for members, picking leader and protocol, and what happens to
//! those who do not come.

use freshet_wire::ErrorCode;

use crate::coordinator::Step;
use crate::event::RebalanceReason;
use crate::group::{Group, JoinTimer, State};
use crate::join::refusal;
use crate::schema;

impl Group {
    /// Begins a rebalance, or lets the one under way go on with one more reason.
    pub(crate) fn rebalance(&mut self, step: &mut Step<'_>, reason: RebalanceReason) {
        if self.state == State::PreparingRebalance {
            self.history.add(reason);
            self.complete_join_if_all_joined(step);
        } else {
            self.prepare_rebalance(step, reason);
        }
    }

    pub(crate) fn prepare_rebalance(&mut self, step: &mut Step<'_>, reason: RebalanceReason) {
        if self.state == State::CompletingRebalance {
            self.refuse_syncing(step, ErrorCode::RebalanceInProgress);
        }
        self.sync_deadline_ms = None;
        self.pending_sync.clear();
        self.history.begin(step.now.wall_ms, self.generation, reason);
        let is_initial = self.state == State::Empty;
        self.set_state(step, State::PreparingRebalance);
        let timeout_ms = self.rebalance_timeout_ms();
        if is_initial {
            self.is_new_member_added = false;
            let delay_ms = step.config.initial_rebalance_delay_ms;
            let at_ms = step.now.mono_ms.saturating_add(delay_ms);
            let remaining_ms = timeout_ms.saturating_sub(delay_ms);
            self.join_timer = Some(JoinTimer::Initial { at_ms, delay_ms, remaining_ms });
            if delay_ms == 0 {
                self.complete_join(step);
            }
        } else {
            self.wait_for_members(step);
            self.complete_join_if_all_joined(step);
        }
    }

    fn wait_for_members(&mut self, step: &Step<'_>) {
        let waited_ms = self.rebalance_timeout_ms();
        let at_ms = step.now.mono_ms.saturating_add(waited_ms);
        self.join_timer = Some(JoinTimer::Rebalance { at_ms, waited_ms });
    }

    /// Ends the waiting if nobody is missing. The first wait of a group that was empty always runs
    /// its time: nobody knows who else will come.
    pub(crate) fn complete_join_if_all_joined(&mut self, step: &mut Step<'_>) {
        let is_initial = matches!(self.join_timer, Some(JoinTimer::Initial { .. }));
        let has_all = self.pending_members.is_empty()
            && self.members.values().all(|member| member.joining.is_some());
        if self.state == State::PreparingRebalance && !is_initial && has_all {
            self.complete_join(step);
        }
    }

    /// The time of waiting is over.
    pub(crate) fn on_join_timer(&mut self, step: &mut Step<'_>) {
        if let Some(JoinTimer::Initial { delay_ms, remaining_ms, .. }) = self.join_timer
            && self.is_new_member_added
            && remaining_ms > 0
        {
            self.is_new_member_added = false;
            let next_ms = step.config.initial_rebalance_delay_ms.min(remaining_ms);
            self.join_timer = Some(JoinTimer::Initial {
                at_ms: step.now.mono_ms.saturating_add(next_ms),
                delay_ms: next_ms,
                remaining_ms: remaining_ms.saturating_sub(delay_ms),
            });
            return;
        }
        self.complete_join(step);
    }

    /// Begins the new generation with those who are here.
    fn complete_join(&mut self, step: &mut Step<'_>) {
        let waited_ms = match self.join_timer.take() {
            Some(JoinTimer::Rebalance { waited_ms, .. }) => waited_ms,
            Some(JoinTimer::Initial { .. }) | None => 0,
        };
        self.remove_absent_members(waited_ms);
        if self.members.is_empty() {
            self.become_empty(step);
            return;
        }
        if !self.elect_leader() {
            // Only static members are left, and all are away: they may come back.
            self.wait_for_members(step);
            return;
        }
        self.generation = self.generation.checked_add(1).unwrap_or(1);
        self.protocol_name = self.select_protocol();
        self.subscribed_topics = self.subscriptions();
        let seen = step.grown_topics_of(self).map(|(topic, count)| (topic.clone(), *count));
        self.seen_growth = seen.collect();
        self.set_state(step, State::CompletingRebalance);
        self.history.joined(step.now.wall_ms, self.members.len());
        self.answer_joining(step);
        let timeout_ms = self.rebalance_timeout_ms();
        self.sync_deadline_ms = Some(step.now.mono_ms.saturating_add(timeout_ms));
    }

    /// Takes out dynamic members that did not come back; static ones stay until their session ends.
    fn remove_absent_members(&mut self, waited_ms: u64) {
        let absent: Vec<_> = self
            .members
            .values()
            .filter(|member| member.joining.is_none() && member.instance_id.is_none())
            .map(|member| member.id.clone())
            .collect();
        for member_id in absent {
            if let Some(member) = self.remove_member(&member_id) {
                self.history.add(RebalanceReason::MissedRebalance {
                    member_id: member.id.to_string(),
                    client_id: member.client_id.to_string(),
                    waited_ms,
                });
            }
        }
    }

    /// Makes sure that the leader is somebody who is here; `false` if nobody is.
    fn elect_leader(&mut self) -> bool {
        let is_here = |id: &std::sync::Arc<str>| {
            self.members.get(id).is_some_and(|member| member.joining.is_some())
        };
        if self.leader.as_ref().is_some_and(is_here) {
            return true;
        }
        let here = self.members.values().find(|member| member.joining.is_some());
        let Some(leader) = here.map(|member| member.id.clone()) else { return false };
        self.leader = Some(leader);
        true
    }

    /// Persists that nobody is left; the state follows when the record is replayed.
    fn become_empty(&mut self, step: &mut Step<'_>) {
        self.history.joined(step.now.wall_ms, 0);
        self.history.finished(step.now.wall_ms);
        let mut value = self.to_value(step.now.wall_ms, |member| &member.assignment);
        value.generation = self.generation.checked_add(1).unwrap_or(1);
        step.out.records.push(schema::group_record(&self.id, Some(&value)));
    }

    fn answer_joining(&mut self, step: &mut Step<'_>) {
        let member_ids: Vec<_> = self.members.keys().cloned().collect();
        for member_id in member_ids {
            let Some(member) = self.members.get_mut(&member_id) else { continue };
            let parked = member.joining.take();
            member.is_new = false;
            member.hear(step.now.mono_ms);
            self.pending_sync.insert(member_id.clone());
            let Some(parked) = parked else { continue };
            let mut response = self.response(parked, &member_id);
            if self.is_leader(&member_id) {
                response.members = self.member_list(parked);
            }
            step.out.reply(parked.token, response);
        }
    }

    /// Answers everybody who waits for an assignment that will not come.
    fn refuse_syncing(&mut self, step: &mut Step<'_>, error_code: ErrorCode) {
        for member in self.members.values_mut() {
            member.assignment = bytes::Bytes::new();
            if let Some(parked) = member.syncing.take() {
                member.hear(step.now.mono_ms);
                step.out.reply(parked.token, crate::sync::refusal(error_code));
            }
        }
    }

    /// Takes a member out of the group and lets the others rebalance.
    pub(crate) fn drop_member(
        &mut self,
        step: &mut Step<'_>,
        member_id: &str,
        reason: RebalanceReason,
    ) {
        let Some(member) = self.remove_member(member_id) else { return };
        if let Some(parked) = member.joining {
            let answer = refusal(parked, member_id, ErrorCode::UnknownMemberId);
            step.out.reply(parked.token, answer);
        }
        if let Some(parked) = member.syncing {
            step.out.reply(parked.token, crate::sync::refusal(ErrorCode::UnknownMemberId));
        }
        if self.state != State::Empty {
            self.rebalance(step, reason);
        }
    }

    /// Members that joined but did not fetch their assignment in time are gone.
    pub(crate) fn on_sync_timer(&mut self, step: &mut Step<'_>) {
        self.sync_deadline_ms = None;
        let missing: Vec<_> = std::mem::take(&mut self.pending_sync).into_iter().collect();
        let mut reasons = Vec::new();
        for member_id in missing {
            if let Some(member) = self.remove_member(&member_id) {
                reasons.push(RebalanceReason::MissedSync {
                    member_id: member.id.to_string(),
                    client_id: member.client_id.to_string(),
                });
            }
        }
        let mut reasons = reasons.into_iter();
        if let Some(first) = reasons.next() {
            self.prepare_rebalance(step, first);
            reasons.for_each(|reason| self.history.add(reason));
        }
    }

    pub(crate) fn set_state(&mut self, step: &Step<'_>, state: State) {
        self.state = state;
        self.state_timestamp_ms = step.now.wall_ms;
    }
}
