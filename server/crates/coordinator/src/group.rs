//! One classic consumer group.
//!
//! ```text
//!            join                all joined             leader synced
//!   Empty ─────────► Preparing ─────────────► Completing ─────────────► Stable
//!     ▲              Rebalance  ◄──────────── Rebalance                   │
//!     │  nobody left   │  ▲     join, leave, timeout                      │
//!     └────────────────┘  └────────────── join, leave, timeout ───────────┘
//! ```
//!
//! What is persisted (generation, protocol, leader, members with their assignments, offsets)
//! changes in [`replay`](crate::Coordinator::replay) only; who waits for what, and timers, are
//! soft.

mod member;
mod protocol;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use freshet_wire::ErrorCode;

use crate::event::History;
use crate::schema::{GroupValue, OffsetValue};
pub(crate) use member::{Member, Parked, Protocol};

/// Where a group is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum State {
    /// No members; perhaps offsets.
    #[default]
    Empty,
    /// Members are waited for.
    PreparingRebalance,
    /// Members have joined; the leader's assignment is waited for.
    CompletingRebalance,
    /// Every member has its assignment.
    Stable,
}

impl State {
    /// Kafka's name, as in DescribeGroups.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::PreparingRebalance => "PreparingRebalance",
            Self::CompletingRebalance => "CompletingRebalance",
            Self::Stable => "Stable",
        }
    }
}

/// When members are no longer waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JoinTimer {
    /// The group was empty: more members may come until then, and each that comes extends it.
    Initial { at_ms: u64, delay_ms: u64, remaining_ms: u64 },
    /// Known members may come back until then.
    Rebalance { at_ms: u64, waited_ms: u64 },
}

impl JoinTimer {
    pub(crate) fn at_ms(self) -> u64 {
        match self {
            Self::Initial { at_ms, .. } | Self::Rebalance { at_ms, .. } => at_ms,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) id: Arc<str>,
    pub(crate) state: State,
    /// Wall time of the last change of state, milliseconds since the epoch.
    pub(crate) state_timestamp_ms: i64,
    pub(crate) generation: i32,
    /// `None` for groups that only ever committed offsets.
    pub(crate) protocol_type: Option<Arc<str>>,
    pub(crate) protocol_name: Option<Arc<str>>,
    pub(crate) leader: Option<Arc<str>>,
    pub(crate) members: BTreeMap<Arc<str>, Member>,
    /// Member ids by `group.instance.id`.
    pub(crate) static_members: BTreeMap<Arc<str>, Arc<str>>,
    /// Member ids given out but not yet used, with the end of their patience.
    pub(crate) pending_members: BTreeMap<Arc<str>, u64>,
    /// Members of the new generation that have not asked for their assignment.
    pub(crate) pending_sync: BTreeSet<Arc<str>>,
    pub(crate) join_timer: Option<JoinTimer>,
    pub(crate) sync_deadline_ms: Option<u64>,
    /// Whether a member came since the initial delay was last extended.
    pub(crate) is_new_member_added: bool,
    /// Topics its members read; `None` when that cannot be told.
    pub(crate) subscribed_topics: Option<BTreeSet<String>>,
    /// Of those, the ones that had grown when the members last joined, with their partitions.
    pub(crate) seen_growth: BTreeMap<String, i32>,
    pub(crate) offsets: BTreeMap<Arc<str>, BTreeMap<i32, OffsetValue>>,
    pub(crate) offset_count: usize,
    /// The newest record of the group itself in the log, if there is one.
    pub(crate) persisted: Option<GroupValue>,
    pub(crate) history: History,
    /// When the coordinator is to look at the group next: never later than anything due.
    pub(crate) armed_at_ms: Option<u64>,
}

impl Group {
    pub(crate) fn new(id: Arc<str>, wall_ms: i64) -> Self {
        Self {
            id,
            state: State::Empty,
            state_timestamp_ms: wall_ms,
            generation: 0,
            protocol_type: None,
            protocol_name: None,
            leader: None,
            members: BTreeMap::new(),
            static_members: BTreeMap::new(),
            pending_members: BTreeMap::new(),
            pending_sync: BTreeSet::new(),
            join_timer: None,
            sync_deadline_ms: None,
            is_new_member_added: false,
            subscribed_topics: Some(BTreeSet::new()),
            seen_growth: BTreeMap::new(),
            offsets: BTreeMap::new(),
            offset_count: 0,
            persisted: None,
            history: History::default(),
            armed_at_ms: None,
        }
    }

    /// Whether nothing is left to remember.
    pub(crate) fn is_void(&self) -> bool {
        self.members.is_empty()
            && self.pending_members.is_empty()
            && self.offsets.is_empty()
            && self.persisted.is_none()
            && self.state == State::Empty
    }

    pub(crate) fn is_leader(&self, member_id: &str) -> bool {
        self.leader.as_deref() == Some(member_id)
    }

    pub(crate) fn is_consumer_group(&self) -> bool {
        self.protocol_type.as_deref() == Some(crate::consumer_protocol::CONSUMER_PROTOCOL_TYPE)
    }

    /// Checks that a request comes from a member that still is one.
    pub(crate) fn check_member(
        &self,
        member_id: &str,
        instance_id: Option<&str>,
    ) -> Result<(), ErrorCode> {
        if let Some(instance_id) = instance_id {
            match self.static_members.get(instance_id) {
                None => return Err(ErrorCode::UnknownMemberId),
                Some(current) if **current != *member_id => {
                    return Err(ErrorCode::FencedInstanceId);
                }
                Some(_) => {}
            }
        }
        if self.members.contains_key(member_id) { Ok(()) } else { Err(ErrorCode::UnknownMemberId) }
    }

    /// How long members are waited for: as long as the most patient of them asks.
    pub(crate) fn rebalance_timeout_ms(&self) -> u64 {
        let timeouts = self.members.values().map(|member| member.rebalance_timeout_ms);
        timeouts.max().map_or(0, |timeout_ms| u64::try_from(timeout_ms).unwrap_or(0))
    }

    /// Adds a member; the first becomes the leader.
    pub(crate) fn add_member(&mut self, member: Member, protocol_type: &str) {
        if self.members.is_empty() {
            self.protocol_type = Some(protocol_type.into());
        }
        if self.leader.is_none() {
            self.leader = Some(member.id.clone());
        }
        if let Some(instance_id) = &member.instance_id {
            self.static_members.insert(instance_id.clone(), member.id.clone());
        }
        self.pending_members.remove(&member.id);
        self.members.insert(member.id.clone(), member);
    }

    /// Takes a member out, wherever it is; another becomes the leader if it was.
    pub(crate) fn remove_member(&mut self, member_id: &str) -> Option<Member> {
        self.pending_members.remove(member_id);
        self.pending_sync.remove(member_id);
        let member = self.members.remove(member_id)?;
        if let Some(instance_id) = &member.instance_id
            && self.static_members.get(instance_id) == Some(&member.id)
        {
            self.static_members.remove(instance_id);
        }
        if self.is_leader(member_id) {
            self.leader = self.members.keys().next().cloned();
        }
        Some(member)
    }

    /// The earliest moment at which something of this group is due.
    pub(crate) fn deadline_ms(&self) -> Option<u64> {
        let members = self.members.values().filter_map(|member| member.deadline_ms);
        let pending = self.pending_members.values().copied();
        let timers = self.join_timer.map(JoinTimer::at_ms).into_iter().chain(self.sync_deadline_ms);
        members.chain(pending).chain(timers).min()
    }

    /// The group as it is to be persisted, with `assignment_of` each member.
    pub(crate) fn to_value<'a>(
        &'a self,
        wall_ms: i64,
        assignment_of: impl Fn(&'a Member) -> &'a [u8],
    ) -> GroupValue {
        let protocol_name = self.protocol_name.as_deref().filter(|_| !self.members.is_empty());
        GroupValue {
            protocol_type: self.protocol_type.as_deref().unwrap_or_default().to_owned(),
            generation: self.generation,
            protocol_name: protocol_name.map(str::to_owned),
            leader: self.leader.as_deref().map(str::to_owned),
            state_timestamp_ms: Some(wall_ms),
            members: self
                .members
                .values()
                .map(|member| member.to_value(protocol_name, assignment_of(member)))
                .collect(),
        }
    }

    /// The committed offset of a partition.
    pub(crate) fn offset(&self, topic: &str, partition: i32) -> Option<&OffsetValue> {
        self.offsets.get(topic)?.get(&partition)
    }

    /// Whether members of the group read `topic`, as far as can be told.
    pub(crate) fn is_subscribed_to(&self, topic: &str) -> bool {
        match &self.subscribed_topics {
            Some(topics) => topics.contains(topic),
            None => self.is_consumer_group(),
        }
    }
}
