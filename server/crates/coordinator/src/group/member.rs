use std::sync::Arc;

use bytes::Bytes;

use crate::message::Token;
use crate::schema::MemberValue;

/// A request that waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parked {
    pub(crate) token: Token,
    pub(crate) api_version: i16,
}

/// An assignment protocol a member can do, with what it says in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Protocol {
    pub(crate) name: Arc<str>,
    pub(crate) metadata: Bytes,
}

#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) id: Arc<str>,
    pub(crate) instance_id: Option<Arc<str>>,
    pub(crate) client_id: Arc<str>,
    pub(crate) client_host: Arc<str>,
    pub(crate) session_timeout_ms: i32,
    pub(crate) rebalance_timeout_ms: i32,
    /// By the member's preference.
    pub(crate) protocols: Vec<Protocol>,
    pub(crate) assignment: Bytes,
    /// Has not had the answer to its first join: knows no id to send heartbeats with.
    pub(crate) is_new: bool,
    pub(crate) joining: Option<Parked>,
    pub(crate) syncing: Option<Parked>,
    /// When it counts as gone; `None` while a parked request vouches for it.
    pub(crate) deadline_ms: Option<u64>,
    pub(crate) last_heard_ms: u64,
}

impl Member {
    /// Starts the session anew.
    pub(crate) fn hear(&mut self, mono_ms: u64) {
        let timeout_ms = u64::try_from(self.session_timeout_ms).unwrap_or(0);
        self.last_heard_ms = mono_ms;
        self.deadline_ms = Some(mono_ms.saturating_add(timeout_ms));
    }

    /// Whether a parked request keeps the member alive. A new member's does not: its client may be
    /// gone, and it could not be told.
    pub(crate) fn is_vouched_for(&self) -> bool {
        !self.is_new && (self.joining.is_some() || self.syncing.is_some())
    }

    pub(crate) fn metadata(&self, protocol_name: &str) -> Bytes {
        let found = self.protocols.iter().find(|protocol| *protocol.name == *protocol_name);
        found.map(|protocol| protocol.metadata.clone()).unwrap_or_default()
    }

    pub(super) fn to_value(&self, protocol_name: Option<&str>, assignment: &[u8]) -> MemberValue {
        MemberValue {
            member_id: self.id.to_string(),
            instance_id: self.instance_id.as_deref().map(str::to_owned),
            client_id: self.client_id.to_string(),
            client_host: self.client_host.to_string(),
            rebalance_timeout_ms: self.rebalance_timeout_ms,
            session_timeout_ms: self.session_timeout_ms,
            subscription: protocol_name.map(|name| self.metadata(name)).unwrap_or_default().into(),
            assignment: assignment.to_vec(),
        }
    }
}
