//! How records become state: the only place where the hard state changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use crate::coordinator::Coordinator;
use crate::event::RebalanceReason;
use crate::group::{Group, Member, Protocol, State};
use crate::message::{Now, Output, Record};
use crate::schema::{self, Change, GroupValue, MemberValue, OffsetValue, SchemaError};

impl Coordinator {
    /// Applies one record of the log: at load, and in live traffic as soon as it is appended.
    /// Applying a record twice is the same as once.
    ///
    /// # Errors
    /// [`SchemaError`] for a record that cannot be read. [`SchemaError::Kind`] is a record of
    /// another kind of group, which may be skipped.
    pub fn replay(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<(), SchemaError> {
        let change = schema::decode(key, value)?;
        let (Change::Offset { group_id, .. } | Change::Group { group_id, .. }) = &change;
        let group_id: Arc<str> = group_id.as_str().into();
        let group =
            self.groups.entry(group_id.clone()).or_insert_with(|| Group::new(group_id.clone(), 0));
        match change {
            Change::Offset { topic, partition, value, .. } => {
                group.replay_offset(&topic, partition, value);
            }
            Change::Group { value: Some(value), .. } => group.replay_metadata(value),
            Change::Group { value: None, .. } => group.replay_deleted(),
        }
        self.settle(&group_id);
        Ok(())
    }

    /// Ends the load: sessions of all members begin anew, as if each had just been heard of.
    pub fn loaded(&mut self, now: Now) -> Output {
        let mut out = Output::default();
        let group_ids: Vec<_> = self.groups.keys().cloned().collect();
        for group_id in group_ids {
            self.with_group(&group_id, now, &mut out, |group, step| {
                for member in group.members.values_mut() {
                    member.hear(now.mono_ms);
                }
                if group.members.len() > step.config.group_size_max {
                    group.prepare_rebalance(step, RebalanceReason::GroupTooLarge);
                }
            });
        }
        self.schedule_expiry_check(now);
        out
    }

    /// The records that make the hard state from nothing: what replaces a log that has grown long.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Record> {
        let mut records = Vec::new();
        for group in self.groups.values() {
            if let Some(value) = &group.persisted {
                records.push(schema::group_record(&group.id, Some(value)));
            }
            for (topic, offsets) in &group.offsets {
                for (index, value) in offsets {
                    records.push(schema::offset_record(&group.id, topic, *index, Some(value)));
                }
            }
        }
        records
    }
}

impl Group {
    fn replay_offset(&mut self, topic: &str, partition: i32, value: Option<OffsetValue>) {
        match value {
            Some(value) => {
                let offsets = self.offsets.entry(topic.into()).or_default();
                self.offset_count += usize::from(offsets.insert(partition, value).is_none());
            }
            None => {
                let Some(offsets) = self.offsets.get_mut(topic) else { return };
                self.offset_count -= usize::from(offsets.remove(&partition).is_some());
                if offsets.is_empty() {
                    self.offsets.remove(topic);
                }
            }
        }
    }

    /// Takes over a persisted group. Members that are here keep what is not persisted: their parked
    /// requests, sessions and other protocols.
    fn replay_metadata(&mut self, value: GroupValue) {
        let shared = |text: &String| Arc::<str>::from(text.as_str());
        self.protocol_type =
            Some(shared(&value.protocol_type)).filter(|protocol_type| !protocol_type.is_empty());
        self.generation = value.generation;
        self.protocol_name = value.protocol_name.as_ref().map(shared);
        self.leader = value.leader.as_ref().map(shared);
        self.state_timestamp_ms = value.state_timestamp_ms.unwrap_or(0);
        let mut before = std::mem::take(&mut self.members);
        self.members = BTreeMap::new();
        self.static_members = BTreeMap::new();
        for persisted in &value.members {
            let known = before.remove(persisted.member_id.as_str());
            let member = replayed_member(persisted, known, self.protocol_name.as_ref());
            if let Some(instance_id) = &member.instance_id {
                self.static_members.insert(instance_id.clone(), member.id.clone());
            }
            self.members.insert(member.id.clone(), member);
        }
        self.state = if self.members.is_empty() { State::Empty } else { State::Stable };
        self.subscribed_topics = self.subscriptions();
        self.persisted = Some(value);
    }

    fn replay_deleted(&mut self) {
        self.persisted = None;
        self.members.clear();
        self.static_members.clear();
        self.pending_members.clear();
        self.pending_sync.clear();
        self.join_timer = None;
        self.sync_deadline_ms = None;
        self.state = State::Empty;
        self.protocol_type = None;
        self.protocol_name = None;
        self.leader = None;
        self.generation = 0;
    }
}

fn replayed_member(
    persisted: &MemberValue,
    known: Option<Member>,
    protocol_name: Option<&Arc<str>>,
) -> Member {
    let assignment = Bytes::copy_from_slice(&persisted.assignment);
    if let Some(known) = known {
        return Member { assignment, ..known };
    }
    let protocol = protocol_name.map(|name| Protocol {
        name: name.clone(),
        metadata: Bytes::copy_from_slice(&persisted.subscription),
    });
    Member {
        id: persisted.member_id.as_str().into(),
        instance_id: persisted.instance_id.as_deref().map(Into::into),
        client_id: persisted.client_id.as_str().into(),
        client_host: persisted.client_host.as_str().into(),
        session_timeout_ms: persisted.session_timeout_ms,
        rebalance_timeout_ms: persisted.rebalance_timeout_ms,
        protocols: protocol.into_iter().collect(),
        assignment,
        is_new: false,
        joining: None,
        syncing: None,
        deadline_ms: None,
        last_heard_ms: 0,
    }
}
