//! Heartbeat (key 12), versions 0 to 4: a member says that it lives, and learns of a rebalance.

use freshet_wire::ErrorCode;
use freshet_wire::messages::{HeartbeatRequest, HeartbeatResponse};

use crate::coordinator::{Coordinator, Step};
use crate::event::RebalanceReason;
use crate::group::{Group, State};
use crate::message::{Now, Output, Token};

impl Coordinator {
    pub(crate) fn heartbeat(
        &mut self,
        now: Now,
        token: Token,
        request: &HeartbeatRequest,
        out: &mut Output,
    ) {
        let group_id = request.group_id.as_str();
        let result = if group_id.is_empty() {
            Err(ErrorCode::InvalidGroupId)
        } else {
            let found =
                self.with_group(group_id, now, out, |group, step| group.heartbeat(step, request));
            found.unwrap_or(Err(ErrorCode::UnknownMemberId))
        };
        let error_code = result.err().unwrap_or_default();
        out.reply(token, HeartbeatResponse::default().with_error_code(error_code.code()));
    }
}

impl Group {
    fn heartbeat(
        &mut self,
        step: &mut Step<'_>,
        request: &HeartbeatRequest,
    ) -> Result<(), ErrorCode> {
        self.check_member(&request.member_id, request.group_instance_id.as_deref())?;
        if request.generation_id != self.generation {
            return Err(ErrorCode::IllegalGeneration);
        }
        if let Some(member) = self.members.get_mut(request.member_id.as_str()) {
            member.hear(step.now.mono_ms);
        }
        match self.state {
            State::Empty => Err(ErrorCode::UnknownMemberId),
            State::PreparingRebalance => Err(ErrorCode::RebalanceInProgress),
            State::CompletingRebalance | State::Stable => Ok(()),
        }
    }

    /// Does what is due: first those who are gone, then the rebalance they may be holding up.
    pub(crate) fn on_time(&mut self, step: &mut Step<'_>) {
        let mono_ms = step.now.mono_ms;
        let is_due = |at_ms: u64| at_ms <= mono_ms;
        let pending_before = self.pending_members.len();
        self.pending_members.retain(|_, at_ms| !is_due(*at_ms));
        if self.pending_members.len() < pending_before {
            self.complete_join_if_all_joined(step);
        }
        let silent: Vec<_> = self
            .members
            .values()
            .filter(|member| member.deadline_ms.is_some_and(is_due))
            .map(|member| member.id.clone())
            .collect();
        for member_id in silent {
            self.end_session(step, &member_id);
        }
        if self.join_timer.is_some_and(|timer| is_due(timer.at_ms())) {
            self.on_join_timer(step);
        }
        if self.sync_deadline_ms.is_some_and(is_due) {
            self.on_sync_timer(step);
        }
    }

    fn end_session(&mut self, step: &mut Step<'_>, member_id: &str) {
        let Some(member) = self.members.get_mut(member_id) else { return };
        if member.deadline_ms.is_none_or(|at_ms| at_ms > step.now.mono_ms) {
            // A rebalance that another member's end began has heard of it in the meantime.
            return;
        }
        if member.is_vouched_for() {
            member.deadline_ms = None;
            return;
        }
        let reason = RebalanceReason::MissedHeartbeat {
            member_id: member.id.to_string(),
            client_id: member.client_id.to_string(),
            silent_ms: step.now.mono_ms.saturating_sub(member.last_heard_ms),
        };
        self.drop_member(step, member_id, reason);
    }
}
