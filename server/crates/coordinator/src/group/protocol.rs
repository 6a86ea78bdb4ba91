//! Which assignment protocol a group uses, and which topics it reads by it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Group, Protocol, State};
use crate::consumer_protocol;

impl Group {
    /// Whether a member with these protocols can be in this group: in an empty one, anybody who has
    /// a protocol at all.
    pub(crate) fn supports(&self, protocol_type: &str, protocols: &[Protocol]) -> bool {
        if protocol_type.is_empty() || protocols.is_empty() {
            return false;
        }
        if self.state == State::Empty || self.members.is_empty() {
            return true;
        }
        self.protocol_type.as_deref() == Some(protocol_type)
            && protocols.iter().any(|protocol| self.is_common(&protocol.name))
    }

    fn is_common(&self, name: &str) -> bool {
        let mut members = self.members.values();
        members.all(|member| member.protocols.iter().any(|protocol| *protocol.name == *name))
    }

    /// Picks the protocol all members can do that most of them like best; of equals the leader's
    /// preference decides. `None` without members.
    pub(crate) fn select_protocol(&self) -> Option<Arc<str>> {
        let leader = self.leader.as_ref().and_then(|id| self.members.get(id));
        let first = leader.or_else(|| self.members.values().next())?;
        let candidates: Vec<Arc<str>> = first
            .protocols
            .iter()
            .map(|protocol| protocol.name.clone())
            .filter(|name| self.is_common(name))
            .collect();
        let mut votes: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for member in self.members.values() {
            let names = member.protocols.iter().map(|protocol| &protocol.name);
            if let Some(best) = names.into_iter().find(|name| candidates.contains(name)) {
                *votes.entry(best.clone()).or_default() += 1;
            }
        }
        let votes_of = |name: &Arc<str>| votes.get(name).copied().unwrap_or(0);
        // `max_by_key` keeps the last of equals, so the leader's order is reversed.
        candidates.into_iter().rev().max_by_key(votes_of)
    }

    /// Works out which topics the members read.
    pub(crate) fn subscriptions(&self) -> Option<BTreeSet<String>> {
        if self.members.is_empty() {
            return Some(BTreeSet::new());
        }
        if !self.is_consumer_group() {
            return None;
        }
        let protocol_name = self.protocol_name.as_deref()?;
        let mut topics = BTreeSet::new();
        for member in self.members.values() {
            topics.extend(consumer_protocol::subscribed_topics(&member.metadata(protocol_name))?);
        }
        Some(topics)
    }
}
