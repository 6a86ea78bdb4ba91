//! A coordinator with a log in memory and a clock that tests move.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use freshet_wire::messages::join_group_request::JoinGroupRequestProtocol;
use freshet_wire::messages::leave_group_request::MemberIdentity;
use freshet_wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use freshet_wire::messages::sync_group_request::SyncGroupRequestAssignment;
use freshet_wire::messages::{
    GroupId, HeartbeatRequest, JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest,
    LeaveGroupResponse, OffsetCommitRequest, OffsetFetchRequest, SyncGroupRequest,
    SyncGroupResponse, TopicName,
};
use freshet_wire::{ErrorCode, Response, StrBytes, encode_response};

use crate::{Caller, Config, Coordinator, GroupView, Input, Now, Output, Record, Token};

pub(super) const GROUP: &str = "orders";

pub(super) struct Rig {
    pub(super) coordinator: Coordinator,
    pub(super) log: Vec<Record>,
    pub(super) now: Now,
    replies: BTreeMap<Token, Response>,
    versions: BTreeMap<Token, i16>,
    next_token: u64,
    /// Requests without an answer yet.
    pub(super) unanswered: BTreeSet<Token>,
}

/// A member as a test knows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Client {
    pub(super) version: i16,
    pub(super) client_id: &'static str,
    pub(super) member_id: String,
    pub(super) instance_id: Option<&'static str>,
    pub(super) generation: i32,
    pub(super) protocols: Vec<&'static str>,
    pub(super) topics: Vec<&'static str>,
    pub(super) session_timeout_ms: i32,
    pub(super) rebalance_timeout_ms: i32,
    pub(super) is_leader: bool,
    /// What the group chose.
    pub(super) protocol: String,
}

pub(super) fn client(client_id: &'static str) -> Client {
    Client {
        version: 9,
        client_id,
        generation: -1,
        protocols: vec!["range"],
        topics: vec!["t"],
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 60_000,
        ..Client::default()
    }
}

impl Client {
    pub(super) fn of_version(self, version: i16) -> Self {
        Self { version, ..self }
    }

    pub(super) fn named(self, instance_id: &'static str) -> Self {
        Self { instance_id: Some(instance_id), ..self }
    }

    pub(super) fn with_protocols(self, protocols: &[&'static str]) -> Self {
        Self { protocols: protocols.to_vec(), ..self }
    }

    pub(super) fn with_topics(self, topics: &[&'static str]) -> Self {
        Self { topics: topics.to_vec(), ..self }
    }

    fn instance(&self) -> Option<StrBytes> {
        self.instance_id.map(StrBytes::from_static_str)
    }
}

pub(super) fn text(value: &str) -> StrBytes {
    StrBytes::from_string(value.to_owned())
}

pub(super) fn group_id() -> GroupId {
    GroupId(StrBytes::from_static_str(GROUP))
}

/// A subscription as consumers write it.
pub(super) fn subscription(topics: &[&str]) -> Bytes {
    let mut bytes = vec![0, 0];
    bytes.extend((topics.len() as i32).to_be_bytes());
    for topic in topics {
        bytes.extend((topic.len() as i16).to_be_bytes());
        bytes.extend(topic.as_bytes());
    }
    bytes.extend((-1_i32).to_be_bytes());
    bytes.into()
}

impl Rig {
    pub(super) fn new() -> Self {
        Self::with(Config { initial_rebalance_delay_ms: 0, ..Config::default() })
    }

    pub(super) fn with(config: Config) -> Self {
        Self {
            coordinator: Coordinator::new(config),
            log: Vec::new(),
            now: Now { mono_ms: 1_000, wall_ms: 1_700_000_000_000 },
            replies: BTreeMap::new(),
            versions: BTreeMap::new(),
            next_token: 1,
            unanswered: BTreeSet::new(),
        }
    }

    /// Does to an output what the broker does: append, replay, answer; and checks what always
    /// holds.
    pub(super) fn take(&mut self, output: Output) {
        for record in output.records {
            self.coordinator.replay(&record.key, record.value.as_deref()).unwrap();
            self.log.push(record);
        }
        for reply in output.replies {
            let version = self.versions[&reply.token];
            encode_response(&reply.response, version).expect("every answer fits its version");
            assert!(self.unanswered.remove(&reply.token), "a request was answered twice");
            self.replies.insert(reply.token, reply.response);
        }
        let mut recovered = Coordinator::new(self.coordinator.config().clone());
        for record in &self.log {
            recovered.replay(&record.key, record.value.as_deref()).unwrap();
        }
        assert_eq!(recovered.snapshot(), self.coordinator.snapshot());
    }

    pub(super) fn send(&mut self, version: i16, client_id: &str, input: Input) -> Token {
        let token = Token(self.next_token);
        self.next_token += 1;
        self.versions.insert(token, version);
        self.unanswered.insert(token);
        let caller = Caller {
            api_version: version,
            client_id: client_id.into(),
            client_host: "/127.0.0.1".into(),
            entropy: u128::from(token.0),
        };
        let output = self.coordinator.handle(self.now, token, &caller, input);
        self.take(output);
        token
    }

    pub(super) fn answer(&mut self, token: Token) -> Option<Response> {
        self.replies.remove(&token)
    }

    /// Moves the clock, doing what falls due on the way.
    pub(super) fn advance(&mut self, ms: u64) {
        let target = self.now.mono_ms + ms;
        while let Some(due) = self.coordinator.next_deadline().filter(|due| *due <= target) {
            self.move_to(due);
            let output = self.coordinator.on_time(self.now);
            self.take(output);
            let next = self.coordinator.next_deadline();
            assert!(next.is_none_or(|next| next > self.now.mono_ms), "time stands still");
        }
        self.move_to(target);
    }

    fn move_to(&mut self, mono_ms: u64) {
        let passed = mono_ms.saturating_sub(self.now.mono_ms);
        self.now.mono_ms += passed;
        self.now.wall_ms += passed as i64;
    }

    /// Stops without a word and loads the log again.
    pub(super) fn restart(&mut self) {
        self.coordinator = Coordinator::new(self.coordinator.config().clone());
        self.unanswered.clear();
        self.now.mono_ms = 50;
        for record in &self.log {
            self.coordinator.replay(&record.key, record.value.as_deref()).unwrap();
        }
        let output = self.coordinator.loaded(self.now);
        self.take(output);
    }

    pub(super) fn view(&self) -> GroupView {
        self.coordinator.view(GROUP, self.now).expect("the group exists")
    }

    // The group protocol.

    pub(super) fn send_join(&mut self, client: &Client) -> Token {
        let metadata = subscription(&client.topics);
        let protocols = client.protocols.iter().map(|name| {
            JoinGroupRequestProtocol::default()
                .with_name(StrBytes::from_static_str(name))
                .with_metadata(metadata.clone())
        });
        let request = JoinGroupRequest::default()
            .with_group_id(group_id())
            .with_session_timeout_ms(client.session_timeout_ms)
            .with_rebalance_timeout_ms(client.rebalance_timeout_ms)
            .with_member_id(text(&client.member_id))
            .with_group_instance_id(client.instance())
            .with_protocol_type(text("consumer"))
            .with_protocols(protocols.collect());
        self.send(client.version, client.client_id, Input::JoinGroup(request))
    }

    pub(super) fn joined(&mut self, token: Token) -> Option<JoinGroupResponse> {
        match self.answer(token)? {
            Response::JoinGroup(response) => Some(response),
            other => panic!("not an answer to a join: {other:?}"),
        }
    }

    /// Begins to join: from version 4 on a new dynamic member first fetches its id.
    pub(super) fn begin_join(&mut self, client: &mut Client) -> Token {
        let token = self.send_join(client);
        let Some(Response::JoinGroup(response)) = self.replies.get(&token) else { return token };
        if code(response.error_code) != ErrorCode::MemberIdRequired {
            return token;
        }
        client.member_id = response.member_id.to_string();
        self.send_join(client)
    }

    /// Takes the answer of a join that succeeded.
    pub(super) fn end_join(&mut self, client: &mut Client, token: Token) -> JoinGroupResponse {
        let response = self.joined(token).expect("the join is answered");
        assert_eq!(code(response.error_code), ErrorCode::None);
        client.member_id = response.member_id.to_string();
        client.generation = response.generation_id;
        client.protocol = response.protocol_name.as_deref().unwrap_or_default().to_owned();
        client.is_leader = response.leader == response.member_id;
        response
    }

    /// Sends a sync; the leader gives every member its own client id as assignment.
    pub(super) fn send_sync(&mut self, client: &Client, members: &[&Client]) -> Token {
        let members = members.iter();
        let assignments =
            members.map(|member| (member.member_id.clone(), member.client_id.to_owned()));
        self.send_assignments(client, assignments.collect())
    }

    pub(super) fn send_assignments(
        &mut self,
        client: &Client,
        assignments: Vec<(String, String)>,
    ) -> Token {
        let assignments = assignments.into_iter().map(|(member_id, assignment)| {
            SyncGroupRequestAssignment::default()
                .with_member_id(text(&member_id))
                .with_assignment(Bytes::from(assignment))
        });
        let request = SyncGroupRequest::default()
            .with_group_id(group_id())
            .with_generation_id(client.generation)
            .with_member_id(text(&client.member_id))
            .with_group_instance_id(client.instance())
            .with_protocol_type((client.version >= 5).then(|| text("consumer")))
            .with_protocol_name((client.version >= 5).then(|| text(&client.protocol)))
            .with_assignments(assignments.collect());
        self.send(client.version.min(5), client.client_id, Input::SyncGroup(request))
    }

    pub(super) fn synced(&mut self, token: Token) -> Option<SyncGroupResponse> {
        match self.answer(token)? {
            Response::SyncGroup(response) => Some(response),
            other => panic!("not an answer to a sync: {other:?}"),
        }
    }

    /// Makes these members, of whom the joins of all but the last do not wait, a stable group.
    pub(super) fn stabilise(&mut self, clients: &mut [&mut Client]) {
        let tokens: Vec<_> = clients.iter_mut().map(|client| self.begin_join(client)).collect();
        self.settle(clients, tokens);
    }

    /// Ends the joins of these members and syncs them all.
    pub(super) fn settle(&mut self, clients: &mut [&mut Client], tokens: Vec<Token>) {
        for (client, token) in clients.iter_mut().zip(tokens) {
            self.end_join(client, token);
        }
        self.sync_all(clients);
    }

    pub(super) fn sync_all(&mut self, clients: &mut [&mut Client]) {
        let copies: Vec<Client> = clients.iter().map(|client| (**client).clone()).collect();
        let all: Vec<&Client> = copies.iter().collect();
        let followers = copies.iter().filter(|client| !client.is_leader);
        let mut tokens: Vec<_> =
            followers.map(|client| (client, self.send_sync(client, &[]))).collect();
        let leader = copies.iter().find(|client| client.is_leader).expect("there is a leader");
        tokens.push((leader, self.send_sync(leader, &all)));
        for (client, token) in tokens {
            let response = self.synced(token).expect("the sync is answered");
            assert_eq!(code(response.error_code), ErrorCode::None);
            assert_eq!(&response.assignment[..], client.client_id.as_bytes());
        }
    }

    pub(super) fn heartbeat(&mut self, client: &Client) -> ErrorCode {
        let request = HeartbeatRequest::default()
            .with_group_id(group_id())
            .with_generation_id(client.generation)
            .with_member_id(text(&client.member_id))
            .with_group_instance_id(client.instance());
        let token = self.send(4, client.client_id, Input::Heartbeat(request));
        match self.answer(token) {
            Some(Response::Heartbeat(response)) => code(response.error_code),
            other => panic!("not an answer to a heartbeat: {other:?}"),
        }
    }

    pub(super) fn leave(&mut self, client: &Client) -> ErrorCode {
        let member = MemberIdentity::default()
            .with_member_id(text(&client.member_id))
            .with_group_instance_id(client.instance());
        code(self.leave_all(vec![member]).members[0].error_code)
    }

    pub(super) fn leave_all(&mut self, members: Vec<MemberIdentity>) -> LeaveGroupResponse {
        let request = LeaveGroupRequest::default().with_group_id(group_id()).with_members(members);
        let token = self.send(5, "", Input::LeaveGroup(request));
        match self.answer(token) {
            Some(Response::LeaveGroup(response)) => response,
            other => panic!("not an answer to a leave: {other:?}"),
        }
    }

    // Offsets.

    pub(super) fn commit(&mut self, client: &Client, topic: &str, offset: i64) -> ErrorCode {
        self.commit_with(client, topic, offset, "", |request| request)
    }

    pub(super) fn commit_with(
        &mut self,
        client: &Client,
        topic: &str,
        offset: i64,
        metadata: &str,
        change: impl FnOnce(OffsetCommitRequest) -> OffsetCommitRequest,
    ) -> ErrorCode {
        let partition = OffsetCommitRequestPartition::default()
            .with_committed_offset(offset)
            .with_committed_leader_epoch(3)
            .with_committed_metadata(Some(text(metadata)));
        let topic = OffsetCommitRequestTopic::default()
            .with_name(TopicName(text(topic)))
            .with_partitions(vec![partition]);
        let request = OffsetCommitRequest::default()
            .with_group_id(group_id())
            .with_generation_id_or_member_epoch(client.generation)
            .with_member_id(text(&client.member_id))
            .with_group_instance_id(client.instance())
            .with_topics(vec![topic]);
        let token = self.send(8, client.client_id, Input::OffsetCommit(change(request)));
        match self.answer(token) {
            Some(Response::OffsetCommit(response)) => {
                code(response.topics[0].partitions[0].error_code)
            }
            other => panic!("not an answer to a commit: {other:?}"),
        }
    }

    /// The committed offset of partition 0; -1 for none.
    pub(super) fn committed(&mut self, topic: &str) -> i64 {
        use freshet_wire::messages::offset_fetch_request::OffsetFetchRequestTopic;
        let topic = OffsetFetchRequestTopic::default()
            .with_name(TopicName(text(topic)))
            .with_partition_indexes(vec![0]);
        let request =
            OffsetFetchRequest::default().with_group_id(group_id()).with_topics(Some(vec![topic]));
        let token = self.send(7, "", Input::OffsetFetch(request));
        match self.answer(token) {
            Some(Response::OffsetFetch(response)) => {
                response.topics[0].partitions[0].committed_offset
            }
            other => panic!("not an answer to a fetch: {other:?}"),
        }
    }
}

pub(super) fn code(error_code: i16) -> ErrorCode {
    ErrorCode::from(error_code)
}
