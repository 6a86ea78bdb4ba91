//! Groups as the console shows them.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::consumer_protocol;
use crate::coordinator::Coordinator;
use crate::event::Rebalance;
use crate::group::{Group, Member, State};
use crate::message::Now;

/// One group with everything known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupView {
    /// Its id.
    pub group_id: String,
    /// Where it is in its life.
    pub state: State,
    /// When it came into that state, in milliseconds since the epoch.
    pub state_timestamp_ms: i64,
    /// Its generation: grows with each rebalance.
    pub generation: i32,
    /// What kind of clients it is of; `None` for groups that only ever committed offsets.
    pub protocol_type: Option<String>,
    /// The assignment protocol in use.
    pub protocol_name: Option<String>,
    /// The member id of its leader.
    pub leader: Option<String>,
    /// Its members, by id.
    pub members: Vec<MemberView>,
    /// Its committed offsets, by topic and partition.
    pub offsets: BTreeMap<String, BTreeMap<i32, OffsetView>>,
    /// Its last rebalances since the broker started, newest last.
    pub rebalances: Vec<Rebalance>,
}

/// One member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberView {
    /// Its id.
    pub member_id: String,
    /// Its `group.instance.id`; `None` for dynamic members.
    pub instance_id: Option<String>,
    /// The client id it joined with.
    pub client_id: String,
    /// The address it joined from.
    pub client_host: String,
    /// How long it may be silent.
    pub session_timeout_ms: i32,
    /// How long the group waits for it in a rebalance.
    pub rebalance_timeout_ms: i32,
    /// How long ago it was last heard of; since the broker's start if not since then.
    pub silent_ms: u64,
    /// Whether the group waits for it: it has not come back to a rebalance under way.
    pub is_awaited: bool,
    /// The assignment protocols it can do, by preference.
    pub protocols: Vec<String>,
    /// What it says in the group's protocol.
    pub subscription: Bytes,
    /// The topics it subscribes to; `None` if the bytes do not tell.
    pub subscribed_topics: Option<Vec<String>>,
    /// Its assignment.
    pub assignment: Bytes,
    /// The partitions assigned to it; `None` if the bytes do not tell.
    pub assigned_partitions: Option<BTreeMap<String, Vec<i32>>>,
}

/// One committed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetView {
    /// The next offset the group will read.
    pub offset: i64,
    /// The leader epoch of the last record read; -1 when unknown.
    pub leader_epoch: i32,
    /// What the client stored beside it.
    pub metadata: String,
    /// When it was committed, in milliseconds since the epoch.
    pub commit_timestamp_ms: i64,
}

impl Coordinator {
    /// The ids of all groups, in order.
    pub fn group_ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.groups.keys().map(|group_id| &**group_id)
    }

    /// Looks at one group; `None` if there is none.
    #[must_use]
    pub fn view(&self, group_id: &str, now: Now) -> Option<GroupView> {
        self.groups.get(group_id).map(|group| group.view(now))
    }
}

impl Group {
    fn view(&self, now: Now) -> GroupView {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let offsets = self.offsets.iter().map(|(topic, offsets)| {
            let of_topic = offsets.iter().map(|(index, value)| {
                let view = OffsetView {
                    offset: value.offset,
                    leader_epoch: value.leader_epoch,
                    metadata: value.metadata.clone(),
                    commit_timestamp_ms: value.commit_timestamp_ms,
                };
                (*index, view)
            });
            (topic.to_string(), of_topic.collect())
        });
        GroupView {
            group_id: self.id.to_string(),
            state: self.state,
            state_timestamp_ms: self.state_timestamp_ms,
            generation: self.generation,
            protocol_type: owned(self.protocol_type.as_deref()),
            protocol_name: owned(self.protocol_name.as_deref()),
            leader: owned(self.leader.as_deref()),
            members: self.members.values().map(|member| self.member_view(member, now)).collect(),
            offsets: offsets.collect(),
            rebalances: self.history.iter().cloned().collect(),
        }
    }

    fn member_view(&self, member: &Member, now: Now) -> MemberView {
        let protocol_name = self.protocol_name.as_deref();
        let preferred = member.protocols.first().map(|protocol| &*protocol.name);
        let subscription =
            protocol_name.or(preferred).map(|name| member.metadata(name)).unwrap_or_default();
        let is_consumer = self.is_consumer_group();
        let topics = consumer_protocol::subscribed_topics(&subscription);
        let partitions = consumer_protocol::assigned_partitions(&member.assignment);
        MemberView {
            member_id: member.id.to_string(),
            instance_id: member.instance_id.as_deref().map(str::to_owned),
            client_id: member.client_id.to_string(),
            client_host: member.client_host.to_string(),
            session_timeout_ms: member.session_timeout_ms,
            rebalance_timeout_ms: member.rebalance_timeout_ms,
            silent_ms: now.mono_ms.saturating_sub(member.last_heard_ms),
            is_awaited: self.state == State::PreparingRebalance && member.joining.is_none(),
            protocols: member.protocols.iter().map(|each| each.name.to_string()).collect(),
            subscribed_topics: topics.filter(|_| is_consumer),
            subscription,
            assigned_partitions: partitions.filter(|_| is_consumer),
            assignment: member.assignment.clone(),
        }
    }
}
