//! SyncGroup (key 14), versions 0 to 5: the leader brings the assignment, the others fetch theirs.
//!
//! Version 3 adds static members (KIP-345); 5 adds the protocol, which must be there and be
//! the group's (KIP-559).

use std::collections::BTreeMap;

use bytes::Bytes;
use freshet_wire::ErrorCode;
use freshet_wire::messages::{SyncGroupRequest, SyncGroupResponse};

use crate::coordinator::{Coordinator, Step};
use crate::group::{Group, Parked, State};
use crate::join::text;
use crate::message::{Caller, Now, Output, Token};
use crate::schema;

const PROTOCOL_FROM: i16 = 5;

impl Coordinator {
    pub(crate) fn sync(
        &mut self,
        now: Now,
        token: Token,
        caller: &Caller,
        request: &SyncGroupRequest,
        out: &mut Output,
    ) {
        let group_id = request.group_id.as_str();
        let has_protocol = request.protocol_type.is_some() && request.protocol_name.is_some();
        if caller.api_version >= PROTOCOL_FROM && !has_protocol {
            out.reply(token, refusal(ErrorCode::InconsistentGroupProtocol));
            return;
        }
        if group_id.is_empty() {
            out.reply(token, refusal(ErrorCode::InvalidGroupId));
            return;
        }
        let parked = Parked { token, api_version: caller.api_version };
        let found =
            self.with_group(group_id, now, out, |group, step| group.sync(step, parked, request));
        if found.is_none() {
            out.reply(token, refusal(ErrorCode::UnknownMemberId));
        }
    }
}

impl Group {
    fn sync(&mut self, step: &mut Step<'_>, parked: Parked, request: &SyncGroupRequest) {
        if let Err(error_code) = self.check_sync(request) {
            step.out.reply(parked.token, refusal(error_code));
            return;
        }
        let member_id = request.member_id.as_str();
        self.pending_sync.remove(member_id);
        if self.pending_sync.is_empty() {
            self.sync_deadline_ms = None;
        }
        let is_leader = self.is_leader(member_id);
        let Some(member) = self.members.get_mut(member_id) else { return };
        if self.state == State::Stable {
            member.hear(step.now.mono_ms);
            let assignment = member.assignment.clone();
            step.out.reply(parked.token, self.assignment_response(parked, assignment));
            return;
        }
        member.last_heard_ms = step.now.mono_ms;
        if let Some(earlier) = member.syncing.replace(parked) {
            step.out.reply(earlier.token, refusal(ErrorCode::RebalanceInProgress));
        }
        if is_leader {
            self.spread_assignment(step, request);
        }
    }

    fn check_sync(&self, request: &SyncGroupRequest) -> Result<(), ErrorCode> {
        self.check_member(&request.member_id, request.group_instance_id.as_deref())?;
        if request.generation_id != self.generation {
            return Err(ErrorCode::IllegalGeneration);
        }
        let differs = |sent: Option<&str>, ours: Option<&str>| {
            sent.zip(ours).is_some_and(|(sent, ours)| sent != ours)
        };
        if differs(request.protocol_type.as_deref(), self.protocol_type.as_deref())
            || differs(request.protocol_name.as_deref(), self.protocol_name.as_deref())
        {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        match self.state {
            State::Empty => Err(ErrorCode::UnknownMemberId),
            State::PreparingRebalance => Err(ErrorCode::RebalanceInProgress),
            State::CompletingRebalance | State::Stable => Ok(()),
        }
    }

    /// Persists the leader's assignment and answers everybody who waits for it; members the leader
    /// left out get an empty one. The group is stable when the record is replayed.
    fn spread_assignment(&mut self, step: &mut Step<'_>, request: &SyncGroupRequest) {
        let assignments: BTreeMap<&str, &Bytes> = request
            .assignments
            .iter()
            .map(|each| (each.member_id.as_str(), &each.assignment))
            .collect();
        let of = |member_id: &str| assignments.get(member_id).map_or(&[][..], |bytes| &bytes[..]);
        let value = self.to_value(step.now.wall_ms, |member| of(&member.id));
        step.out.records.push(schema::group_record(&self.id, Some(&value)));
        self.history.finished(step.now.wall_ms);
        let waiting: Vec<_> = self
            .members
            .values_mut()
            .filter_map(|member| {
                let parked = member.syncing.take()?;
                member.hear(step.now.mono_ms);
                Some((parked, Bytes::copy_from_slice(of(&member.id))))
            })
            .collect();
        for (parked, assignment) in waiting {
            step.out.reply(parked.token, self.assignment_response(parked, assignment));
        }
    }

    fn assignment_response(&self, parked: Parked, assignment: Bytes) -> SyncGroupResponse {
        let with_protocol = parked.api_version >= PROTOCOL_FROM;
        let protocol_type = self.protocol_type.as_deref().filter(|_| with_protocol);
        let protocol_name = self.protocol_name.as_deref().filter(|_| with_protocol);
        SyncGroupResponse::default()
            .with_protocol_type(protocol_type.map(text))
            .with_protocol_name(protocol_name.map(text))
            .with_assignment(assignment)
    }
}

/// The answer to a sync that does not succeed.
pub(crate) fn refusal(error_code: ErrorCode) -> SyncGroupResponse {
    SyncGroupResponse::default().with_error_code(error_code.code())
}
