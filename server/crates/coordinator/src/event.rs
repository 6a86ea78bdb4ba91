//! Why and when a group rebalanced, for people.

use std::collections::VecDeque;

use crate::config::{REASONS_PER_REBALANCE_MAX, REBALANCES_REMEMBERED_MAX};

/// Why a group rebalances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RebalanceReason {
    /// A member came.
    MemberJoined {
        /// The new member.
        member_id: String,
        /// Its client id.
        client_id: String,
    },
    /// A member came back with another subscription or other protocols.
    SubscriptionChanged {
        /// The member.
        member_id: String,
        /// What the client says about it (KIP-800).
        client_reason: Option<String>,
    },
    /// The leader asked for a new assignment.
    LeaderRejoined {
        /// The leader.
        member_id: String,
        /// What the client says about it (KIP-800).
        client_reason: Option<String>,
    },
    /// The leader asked for a new assignment after a topic it reads got more partitions.
    TopicGrew {
        /// The topic.
        topic: String,
        /// How many partitions it has now.
        partition_count: i32,
    },
    /// A static member's process was replaced, and its protocols differ or a rebalance was under
    /// way.
    StaticMemberReplaced {
        /// The instance.
        instance_id: String,
    },
    /// A member left.
    MemberLeft {
        /// The member.
        member_id: String,
        /// Its client id.
        client_id: String,
        /// What the client says about it (KIP-800).
        client_reason: Option<String>,
    },
    /// A member was not heard of for longer than its session timeout.
    MissedHeartbeat {
        /// The member.
        member_id: String,
        /// Its client id.
        client_id: String,
        /// How long it has been silent.
        silent_ms: u64,
    },
    /// A member did not come back in time when the group rebalanced.
    MissedRebalance {
        /// The member.
        member_id: String,
        /// Its client id.
        client_id: String,
        /// How long it had.
        waited_ms: u64,
    },
    /// A member joined but did not fetch its assignment in time.
    MissedSync {
        /// The member.
        member_id: String,
        /// Its client id.
        client_id: String,
    },
    /// The group has more members than it may since the limit was lowered.
    GroupTooLarge,
}

/// One rebalance of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebalance {
    /// When it began, in milliseconds since the epoch.
    pub began_ms: i64,
    /// When all members had joined; `None` while they are waited for.
    pub joined_ms: Option<i64>,
    /// When the assignment was there, or the group empty; `None` until then, and for good if the
    /// next rebalance came first.
    pub finished_ms: Option<i64>,
    /// The generation it ended.
    pub from_generation: i32,
    /// How many members the new generation has; 0 until they have joined.
    pub member_count: usize,
    /// Why: the first began it, the others came while it was under way. At most
    /// [`REASONS_PER_REBALANCE_MAX`].
    pub reasons: Vec<RebalanceReason>,
    /// How many more reasons there were.
    pub further_reasons: usize,
}

/// The last rebalances of a group: at most [`REBALANCES_REMEMBERED_MAX`], newest last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct History(VecDeque<Rebalance>);

impl History {
    pub(crate) fn begin(&mut self, wall_ms: i64, from_generation: i32, reason: RebalanceReason) {
        if self.0.len() == REBALANCES_REMEMBERED_MAX {
            self.0.pop_front();
        }
        self.0.push_back(Rebalance {
            began_ms: wall_ms,
            joined_ms: None,
            finished_ms: None,
            from_generation,
            member_count: 0,
            reasons: vec![reason],
            further_reasons: 0,
        });
    }

    /// Notes a reason that came while a rebalance was under way.
    pub(crate) fn add(&mut self, reason: RebalanceReason) {
        let Some(current) = self.0.back_mut() else { return };
        if current.reasons.contains(&reason) {
            return;
        }
        if current.reasons.len() < REASONS_PER_REBALANCE_MAX {
            current.reasons.push(reason);
        } else {
            current.further_reasons += 1;
        }
    }

    pub(crate) fn joined(&mut self, wall_ms: i64, member_count: usize) {
        if let Some(current) = self.0.back_mut() {
            current.joined_ms = Some(wall_ms);
            current.member_count = member_count;
        }
    }

    pub(crate) fn finished(&mut self, wall_ms: i64) {
        if let Some(current) = self.0.back_mut()
            && current.finished_ms.is_none()
        {
            current.finished_ms = Some(wall_ms);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Rebalance> {
        self.0.iter()
    }
}
