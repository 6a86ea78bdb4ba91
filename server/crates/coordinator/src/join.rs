//! JoinGroup (key 11), versions 0 to 9.
//!
//! Version 1 adds the rebalance timeout; 4 asks unnamed members to come back with the id they are
//! given (KIP-394); 5 adds static members (KIP-345); 7 returns the protocol type; 8 carries a
//! reason (KIP-800); 9 tells a leader that came back to a stable group to skip the assignment
//! (KIP-814).

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use bytes::Bytes;
use freshet_wire::messages::join_group_response::JoinGroupResponseMember;
use freshet_wire::messages::{JoinGroupRequest, JoinGroupResponse};
use freshet_wire::{ErrorCode, StrBytes};

use crate::config::{NEW_MEMBER_JOIN_TIMEOUT_MS, PENDING_MEMBERS_MAX, PROTOCOLS_PER_MEMBER_MAX};
use crate::coordinator::{Coordinator, Step};
use crate::event::RebalanceReason;
use crate::group::{Group, Member, Parked, Protocol, State};
use crate::message::{Caller, Now, Output, Token};
use crate::schema;

const MEMBER_ID_REQUIRED_FROM: i16 = 4;
const PROTOCOL_TYPE_FROM: i16 = 7;
const SKIP_ASSIGNMENT_FROM: i16 = 9;

/// How much of an instance or client id goes into a member id, which must fit a string field.
const MEMBER_ID_PREFIX_BYTES_MAX: usize = 4096;

/// A JoinGroup request, copied out of its frame.
struct Join {
    parked: Parked,
    member_id: Arc<str>,
    instance_id: Option<Arc<str>>,
    client_id: Arc<str>,
    client_host: Arc<str>,
    session_timeout_ms: i32,
    rebalance_timeout_ms: i32,
    protocol_type: Arc<str>,
    protocols: Vec<Protocol>,
    reason: Option<String>,
    entropy: u128,
}

impl Coordinator {
    pub(crate) fn join(
        &mut self,
        now: Now,
        token: Token,
        caller: &Caller,
        request: &JoinGroupRequest,
        out: &mut Output,
    ) {
        let join = Join::new(token, caller, request);
        let group_id = request.group_id.as_str();
        let checked = self
            .check_join(group_id, &join)
            .and_then(|()| self.ensure_joinable(group_id, &join, now));
        if let Err(error_code) = checked {
            out.reply(token, refusal(join.parked, &join.member_id, error_code));
            return;
        }
        self.with_group(group_id, now, out, |group, step| group.join(step, join));
    }

    fn check_join(&self, group_id: &str, join: &Join) -> Result<(), ErrorCode> {
        if group_id.is_empty() {
            return Err(ErrorCode::InvalidGroupId);
        }
        let allowed = self.config.session_timeout_min_ms..=self.config.session_timeout_max_ms;
        if !allowed.contains(&join.session_timeout_ms) {
            return Err(ErrorCode::InvalidSessionTimeout);
        }
        if join.protocols.len() > PROTOCOLS_PER_MEMBER_MAX {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        Ok(())
    }

    /// Only a member without an id brings a group into being.
    fn ensure_joinable(&mut self, group_id: &str, join: &Join, now: Now) -> Result<(), ErrorCode> {
        if join.member_id.is_empty() {
            self.ensure_group(group_id, now)
        } else if self.groups.contains_key(group_id) {
            Ok(())
        } else {
            Err(ErrorCode::UnknownMemberId)
        }
    }
}

impl Group {
    fn join(&mut self, step: &mut Step<'_>, join: Join) {
        if let Err(error_code) = self.admit(step, &join) {
            let member_id =
                if error_code == ErrorCode::GroupMaxSizeReached { "" } else { &join.member_id };
            step.out.reply(join.parked.token, refusal(join.parked, member_id, error_code));
        } else if join.member_id.is_empty() {
            self.join_unnamed(step, join);
        } else {
            self.join_named(step, join);
        }
    }

    fn admit(&mut self, step: &mut Step<'_>, join: &Join) -> Result<(), ErrorCode> {
        let size_max = step.config.group_size_max;
        let member = self.members.get(&join.member_id);
        let is_known_instance =
            join.instance_id.as_ref().is_some_and(|id| self.static_members.contains_key(id));
        let has_room = match self.state {
            State::Empty => true,
            State::PreparingRebalance => {
                let joining = self.members.values().filter(|member| member.joining.is_some());
                member.is_some_and(|member| member.joining.is_some()) || joining.count() < size_max
            }
            State::CompletingRebalance | State::Stable => {
                member.is_some() || is_known_instance || self.members.len() < size_max
            }
        };
        if !has_room {
            // A member that is refused is no longer waited for.
            self.remove_member(&join.member_id);
            self.complete_join_if_all_joined(step);
            return Err(ErrorCode::GroupMaxSizeReached);
        }
        if !self.supports(&join.protocol_type, &join.protocols) {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        Ok(())
    }

    fn join_unnamed(&mut self, step: &mut Step<'_>, join: Join) {
        let member_id = new_member_id(&join);
        let is_known_instance =
            join.instance_id.as_ref().is_some_and(|id| self.static_members.contains_key(id));
        if is_known_instance {
            self.replace_static_member(step, join, member_id);
        } else if join.instance_id.is_none() && join.parked.api_version >= MEMBER_ID_REQUIRED_FROM {
            self.require_member_id(step, &join, member_id);
        } else {
            self.add_and_rebalance(step, join, member_id);
        }
    }

    /// Gives out an id and waits for the member to come back with it: a client that never saw the
    /// answer leaves nothing behind.
    fn require_member_id(&mut self, step: &mut Step<'_>, join: &Join, member_id: Arc<str>) {
        let parked = join.parked;
        if self.pending_members.len() >= PENDING_MEMBERS_MAX {
            step.out.reply(parked.token, refusal(parked, "", ErrorCode::GroupMaxSizeReached));
            return;
        }
        let patience_ms = u64::try_from(join.session_timeout_ms).unwrap_or(0);
        step.out.reply(parked.token, refusal(parked, &member_id, ErrorCode::MemberIdRequired));
        self.pending_members.insert(member_id, step.now.mono_ms.saturating_add(patience_ms));
    }

    fn join_named(&mut self, step: &mut Step<'_>, join: Join) {
        if join.instance_id.is_none() && self.pending_members.contains_key(&join.member_id) {
            let member_id = join.member_id.clone();
            self.add_and_rebalance(step, join, member_id);
            return;
        }
        if let Err(error_code) = self.check_member(&join.member_id, join.instance_id.as_deref()) {
            step.out.reply(join.parked.token, refusal(join.parked, &join.member_id, error_code));
            return;
        }
        let is_unchanged =
            self.members.get(&join.member_id).is_some_and(|m| m.protocols == join.protocols);
        let is_leader = self.is_leader(&join.member_id);
        match self.state {
            // Its answer to the first join may have been lost: it gets the same again.
            State::CompletingRebalance if is_unchanged => {
                let members = if is_leader { self.member_list(join.parked) } else { Vec::new() };
                self.answer_from_memory(step, &join, members);
            }
            State::Stable if is_unchanged && !is_leader => {
                self.answer_from_memory(step, &join, Vec::new());
            }
            State::PreparingRebalance | State::CompletingRebalance | State::Stable => {
                let reason = self.rejoin_reason(step, &join, is_leader && is_unchanged);
                let member_id = join.member_id.clone();
                self.update_member(step, &member_id, join);
                self.rebalance(step, reason);
            }
            State::Empty => {
                let refused = refusal(join.parked, &join.member_id, ErrorCode::UnknownMemberId);
                step.out.reply(join.parked.token, refused);
            }
        }
    }

    fn rejoin_reason(
        &self,
        step: &Step<'_>,
        join: &Join,
        is_leaders_wish: bool,
    ) -> RebalanceReason {
        let member_id = join.member_id.to_string();
        let client_reason = join.reason.clone();
        if !is_leaders_wish {
            return RebalanceReason::SubscriptionChanged { member_id, client_reason };
        }
        step.growth_of(self).unwrap_or(RebalanceReason::LeaderRejoined { member_id, client_reason })
    }

    fn add_and_rebalance(&mut self, step: &mut Step<'_>, join: Join, member_id: Arc<str>) {
        let reason = RebalanceReason::MemberJoined {
            member_id: member_id.to_string(),
            client_id: join.client_id.to_string(),
        };
        // Only the first wait of a group that was empty is extended by newcomers.
        self.is_new_member_added = self.state == State::PreparingRebalance;
        let mono_ms = step.now.mono_ms;
        let member = Member {
            id: member_id,
            instance_id: join.instance_id,
            client_id: join.client_id,
            client_host: join.client_host,
            session_timeout_ms: join.session_timeout_ms,
            rebalance_timeout_ms: join.rebalance_timeout_ms,
            protocols: join.protocols,
            assignment: Bytes::new(),
            is_new: true,
            joining: Some(join.parked),
            syncing: None,
            deadline_ms: Some(mono_ms.saturating_add(NEW_MEMBER_JOIN_TIMEOUT_MS)),
            last_heard_ms: mono_ms,
        };
        self.add_member(member, &join.protocol_type);
        self.rebalance(step, reason);
    }

    /// Takes over what the member says now, and parks its request.
    fn update_member(&mut self, step: &mut Step<'_>, member_id: &str, join: Join) {
        let Some(member) = self.members.get_mut(member_id) else { return };
        member.last_heard_ms = step.now.mono_ms;
        member.protocols = join.protocols;
        member.session_timeout_ms = join.session_timeout_ms;
        member.rebalance_timeout_ms = join.rebalance_timeout_ms;
        if let Some(earlier) = member.joining.replace(join.parked) {
            // The client has given up on that request, but its connection may still wait for it.
            let answer = refusal(earlier, member_id, ErrorCode::RebalanceInProgress);
            step.out.reply(earlier.token, answer);
        }
    }

    /// A static member's new process takes the place of the old one.
    fn replace_static_member(&mut self, step: &mut Step<'_>, join: Join, member_id: Arc<str>) {
        let Some(instance_id) = join.instance_id.clone() else { return };
        let Some(old_id) = self.static_members.get(&instance_id).cloned() else { return };
        let old_leader = self.leader.clone();
        let Some(mut member) = self.members.remove(&old_id) else { return };
        fence(step, &mut member);
        self.pending_sync.remove(&old_id);
        if self.is_leader(&old_id) {
            self.leader = Some(member_id.clone());
        }
        member.id = member_id.clone();
        member.client_id = join.client_id.clone();
        member.client_host = join.client_host.clone();
        member.hear(step.now.mono_ms);
        self.static_members.insert(instance_id.clone(), member_id.clone());
        self.members.insert(member_id.clone(), member);
        let parked = join.parked;
        self.update_member(step, &member_id, join);
        let reason = RebalanceReason::StaticMemberReplaced { instance_id: instance_id.to_string() };
        match self.state {
            State::Stable if self.select_protocol() == self.protocol_name => {
                self.answer_replaced(step, parked, &member_id, old_leader.as_deref());
            }
            // The leader may already have assigned partitions to the old member id.
            State::Stable | State::CompletingRebalance => self.prepare_rebalance(step, reason),
            State::PreparingRebalance => {
                self.history.add(reason);
                self.complete_join_if_all_joined(step);
            }
            State::Empty => self.prepare_rebalance(step, reason),
        }
    }

    /// Lets a replaced static member go on with its partitions: no rebalance, the new member id is
    /// persisted with the assignment of the old.
    fn answer_replaced(
        &mut self,
        step: &mut Step<'_>,
        parked: Parked,
        member_id: &str,
        old_leader: Option<&str>,
    ) {
        if let Some(member) = self.members.get_mut(member_id) {
            member.joining = None;
        }
        let value = self.to_value(self.state_timestamp_ms, |member| &member.assignment);
        step.out.records.push(schema::group_record(&self.id, Some(&value)));
        let mut response = self.response(parked, member_id);
        if parked.api_version >= SKIP_ASSIGNMENT_FROM {
            response.skip_assignment = self.is_leader(member_id);
            if response.skip_assignment {
                response.members = self.member_list(parked);
            }
        } else {
            // Before version 9 a leader cannot be told to skip the assignment, which the stable
            // group would not spread: the old leader's id keeps it from taking itself for one.
            response.leader = text(old_leader.unwrap_or_default());
        }
        step.out.reply(parked.token, response);
    }

    fn answer_from_memory(
        &mut self,
        step: &mut Step<'_>,
        join: &Join,
        members: Vec<JoinGroupResponseMember>,
    ) {
        if let Some(member) = self.members.get_mut(&join.member_id) {
            member.hear(step.now.mono_ms);
        }
        let response = self.response(join.parked, &join.member_id).with_members(members);
        step.out.reply(join.parked.token, response);
    }

    /// The answer to a join of the current generation, without the list of members.
    pub(crate) fn response(&self, parked: Parked, member_id: &str) -> JoinGroupResponse {
        let with_type = parked.api_version >= PROTOCOL_TYPE_FROM;
        let protocol_type = self.protocol_type.as_deref().filter(|_| with_type);
        JoinGroupResponse::default()
            .with_generation_id(self.generation)
            .with_protocol_type(protocol_type.map(text))
            .with_protocol_name(Some(text(self.protocol_name.as_deref().unwrap_or_default())))
            .with_leader(text(self.leader.as_deref().unwrap_or_default()))
            .with_member_id(text(member_id))
    }

    /// What the leader gets to assign partitions by.
    pub(crate) fn member_list(&self, parked: Parked) -> Vec<JoinGroupResponseMember> {
        let protocol_name = self.protocol_name.as_deref().unwrap_or_default();
        let with_instance = parked.api_version >= 5;
        self.members
            .values()
            .map(|member| {
                let instance_id = member.instance_id.as_deref().filter(|_| with_instance);
                JoinGroupResponseMember::default()
                    .with_member_id(text(&member.id))
                    .with_group_instance_id(instance_id.map(text))
                    .with_metadata(member.metadata(protocol_name))
            })
            .collect()
    }
}

/// Tells whoever waits under a static member's old id that it has been replaced.
fn fence(step: &mut Step<'_>, member: &mut Member) {
    if let Some(parked) = member.joining.take() {
        let answer = refusal(parked, &member.id, ErrorCode::FencedInstanceId);
        step.out.reply(parked.token, answer);
    }
    if let Some(parked) = member.syncing.take() {
        step.out.reply(parked.token, crate::sync::refusal(ErrorCode::FencedInstanceId));
    }
}

/// The answer to a join that does not succeed, or not yet.
pub(crate) fn refusal(parked: Parked, member_id: &str, error_code: ErrorCode) -> JoinGroupResponse {
    let is_nullable = parked.api_version >= PROTOCOL_TYPE_FROM;
    JoinGroupResponse::default()
        .with_error_code(error_code.code())
        .with_protocol_name((!is_nullable).then(StrBytes::new))
        .with_member_id(text(member_id))
}

/// Makes a member id as Kafka does: instance id or client id, then 128 random bits as a UUID.
fn new_member_id(join: &Join) -> Arc<str> {
    let prefix = join.instance_id.as_deref().unwrap_or(&join.client_id);
    let prefix = &prefix[..prefix.floor_char_boundary(MEMBER_ID_PREFIX_BYTES_MAX)];
    // Version and variant bits of a random UUID.
    let bits = join.entropy & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let mut member_id = format!("{prefix}-");
    for (index, digit) in format!("{bits:032x}").chars().enumerate() {
        let dash = if matches!(index, 8 | 12 | 16 | 20) { "-" } else { "" };
        let _ = write!(member_id, "{dash}{digit}");
    }
    member_id.into()
}

impl Join {
    fn new(token: Token, caller: &Caller, request: &JoinGroupRequest) -> Self {
        let session_timeout_ms = request.session_timeout_ms;
        // Version 0 has no rebalance timeout.
        let rebalance_timeout_ms = match request.rebalance_timeout_ms {
            timeout_ms if timeout_ms < 0 => session_timeout_ms,
            timeout_ms => timeout_ms,
        };
        let mut names = BTreeSet::new();
        let protocols = request.protocols.iter().filter(|protocol| names.insert(&*protocol.name));
        Self {
            parked: Parked { token, api_version: caller.api_version },
            member_id: request.member_id.as_str().into(),
            instance_id: request.group_instance_id.as_deref().map(Into::into),
            client_id: caller.client_id.as_str().into(),
            client_host: caller.client_host.as_str().into(),
            session_timeout_ms,
            rebalance_timeout_ms,
            protocol_type: request.protocol_type.as_str().into(),
            protocols: protocols
                .map(|protocol| Protocol {
                    name: protocol.name.as_str().into(),
                    metadata: Bytes::copy_from_slice(&protocol.metadata),
                })
                .collect(),
            reason: request.reason.as_deref().map(str::to_owned),
            entropy: caller.entropy,
        }
    }
}

/// Copies text into a response.
pub(crate) fn text(value: &str) -> StrBytes {
    StrBytes::from_string(value.to_owned())
}
