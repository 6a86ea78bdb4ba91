//! What goes into a coordinator and what comes out.

use std::fmt;

use bytes::Bytes;
use freshet_wire::Response;
use freshet_wire::messages::{
    DeleteGroupsRequest, DescribeGroupsRequest, HeartbeatRequest, JoinGroupRequest,
    LeaveGroupRequest, ListGroupsRequest, OffsetCommitRequest, OffsetDeleteRequest,
    OffsetFetchRequest, SyncGroupRequest,
};

/// The time, as an argument: nothing here looks at a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds on a clock that never jumps, from any origin: sessions and timers.
    pub mono_ms: u64,
    /// Milliseconds since the epoch: what is persisted and shown.
    pub wall_ms: i64,
}

/// Names one request until it is answered; chosen by the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(pub u64);

/// Who sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The version of the request, which the answer follows.
    pub api_version: i16,
    /// The client id of the request's header; empty when it had none.
    pub client_id: String,
    /// The client's address in Kafka's form, such as `/127.0.0.1`.
    pub client_host: String,
    /// 128 random bits, of which a new member's id is made.
    pub entropy: u128,
}

/// A request or event for a coordinator.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the requests have Kafka's own names")]
pub enum Input {
    JoinGroup(JoinGroupRequest),
    SyncGroup(SyncGroupRequest),
    Heartbeat(HeartbeatRequest),
    LeaveGroup(LeaveGroupRequest),
    OffsetCommit(OffsetCommitRequest),
    OffsetFetch(OffsetFetchRequest),
    OffsetDelete(OffsetDeleteRequest),
    DescribeGroups(DescribeGroupsRequest),
    ListGroups(ListGroupsRequest),
    DeleteGroups(DeleteGroupsRequest),
}

/// A change of the hard state: a record of `__consumer_offsets`, in Kafka's own schema.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// What it is about.
    pub key: Bytes,
    /// The new state; `None` removes it.
    pub value: Option<Bytes>,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match crate::schema::decode(&self.key, self.value.as_deref()) {
            Ok(change) => change.fmt(f),
            Err(error) => write!(f, "unreadable record: {error}"),
        }
    }
}

/// The answer to one request.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The request it answers.
    pub token: Token,
    /// The answer.
    pub response: Response,
}

/// What a step of the coordinator leads to.
///
/// The caller appends `records` in order and replays each as soon as it is appended, before the
/// next step; `replies` go out once the newest appended record is durable. If the append fails, the
/// coordinator is dropped and loaded anew, and the requests answered with NOT_COORDINATOR.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Output {
    /// Changes to append, in order.
    pub records: Vec<Record>,
    /// Answers to send, to this request or to others that waited.
    pub replies: Vec<Reply>,
}

impl Output {
    pub(crate) fn reply(&mut self, token: Token, response: impl Into<Response>) {
        self.replies.push(Reply { token, response: response.into() });
    }
}
