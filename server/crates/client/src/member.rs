//! Being the only member of a classic consumer group: join, assign everything to itself, stay alive.
//!
//! Enough for a consumer that is alone in its group; an assignor for several members is not here.

use bytes::{BufMut, Bytes, BytesMut};
use freshet_wire::messages::join_group_request::JoinGroupRequestProtocol;
use freshet_wire::messages::leave_group_request::MemberIdentity;
use freshet_wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use freshet_wire::messages::sync_group_request::SyncGroupRequestAssignment;
use freshet_wire::messages::{
    GroupId, HeartbeatRequest, HeartbeatResponse, JoinGroupRequest, JoinGroupResponse,
    LeaveGroupRequest, LeaveGroupResponse, OffsetCommitRequest, OffsetCommitResponse,
    SyncGroupRequest, SyncGroupResponse, TopicName,
};
use freshet_wire::{ApiKey, ErrorCode, StrBytes};

use crate::{Client, Error, OffsetToCommit};

const SESSION_TIMEOUT_MS: i32 = 30_000;
const REBALANCE_TIMEOUT_MS: i32 = 30_000;
/// Kafka's name of the assignor whose result a lone leader makes itself.
const PROTOCOL: &str = "range";
/// Joining may be asked to begin anew (a new id, a rebalance under way) this often.
const ATTEMPTS_MAX: usize = 10;

/// Membership of one generation.
#[derive(Debug, Clone)]
pub struct Membership {
    group: String,
    member_id: StrBytes,
    generation: i32,
}

impl Client {
    /// Joins `group` as its only member and takes all partitions of `topic`.
    ///
    /// # Errors
    /// INCONSISTENT_GROUP_PROTOCOL and the like when others are in the group, or no connection.
    pub async fn join_alone(
        &self,
        group: &str,
        topic: &str,
        partitions_count: i32,
    ) -> Result<Membership, Error> {
        let mut member_id = StrBytes::new();
        for _ in 0..ATTEMPTS_MAX {
            let joined = self.join(group, topic, &member_id).await?;
            match ErrorCode::from(joined.error_code) {
                ErrorCode::None => {}
                ErrorCode::MemberIdRequired => {
                    member_id = joined.member_id;
                    continue;
                }
                ErrorCode::UnknownMemberId => {
                    member_id = StrBytes::new();
                    continue;
                }
                code if code.is_retriable() => continue,
                code => return Err(Error::Kafka { code, message: String::new() }),
            }
            let membership = Membership {
                group: group.to_owned(),
                member_id: joined.member_id.clone(),
                generation: joined.generation_id,
            };
            let is_leader = joined.leader == joined.member_id;
            let assignment = assignment(topic, partitions_count);
            let synced = self.sync(&membership, is_leader.then_some(assignment)).await?;
            match ErrorCode::from(synced.error_code) {
                ErrorCode::None => return Ok(membership),
                _ => member_id = joined.member_id,
            }
        }
        Err(Error::Kafka { code: ErrorCode::RebalanceInProgress, message: String::new() })
    }

    async fn join(
        &self,
        group: &str,
        topic: &str,
        member_id: &StrBytes,
    ) -> Result<JoinGroupResponse, Error> {
        let protocol = JoinGroupRequestProtocol::default()
            .with_name(StrBytes::from_static_str(PROTOCOL))
            .with_metadata(subscription(topic));
        self.coordinator(group)
            .await?
            .ask(ApiKey::JoinGroup, 5, |version| {
                let request = JoinGroupRequest::default()
                    .with_group_id(group_id(group))
                    .with_session_timeout_ms(SESSION_TIMEOUT_MS)
                    .with_member_id(member_id.clone())
                    .with_protocol_type(StrBytes::from_static_str("consumer"))
                    .with_protocols(vec![protocol]);
                if version >= 1 {
                    request.with_rebalance_timeout_ms(REBALANCE_TIMEOUT_MS)
                } else {
                    request
                }
            })
            .await
    }

    async fn sync(
        &self,
        membership: &Membership,
        assignment: Option<Bytes>,
    ) -> Result<SyncGroupResponse, Error> {
        let assignments = assignment.into_iter().map(|assignment| {
            SyncGroupRequestAssignment::default()
                .with_member_id(membership.member_id.clone())
                .with_assignment(assignment)
        });
        let assignments = assignments.collect();
        self.coordinator(&membership.group)
            .await?
            .ask(ApiKey::SyncGroup, 3, |_| {
                SyncGroupRequest::default()
                    .with_group_id(group_id(&membership.group))
                    .with_generation_id(membership.generation)
                    .with_member_id(membership.member_id.clone())
                    .with_assignments(assignments)
            })
            .await
    }

    /// Says that the member is alive.
    ///
    /// # Errors
    /// REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION or UNKNOWN_MEMBER_ID: join again.
    pub async fn heartbeat(&self, membership: &Membership) -> Result<(), Error> {
        let response: HeartbeatResponse = self
            .coordinator(&membership.group)
            .await?
            .ask(ApiKey::Heartbeat, 3, |_| {
                HeartbeatRequest::default()
                    .with_group_id(group_id(&membership.group))
                    .with_generation_id(membership.generation)
                    .with_member_id(membership.member_id.clone())
            })
            .await?;
        Error::check(response.error_code, None)
    }

    /// Commits positions as a member.
    ///
    /// # Errors
    /// As [`Client::heartbeat`].
    pub async fn commit_as(
        &self,
        membership: &Membership,
        offsets: &[OffsetToCommit],
    ) -> Result<(), Error> {
        let topics = offsets.iter().map(|offset| {
            let partition = OffsetCommitRequestPartition::default()
                .with_partition_index(offset.partition)
                .with_committed_offset(offset.offset)
                .with_committed_metadata(Some(StrBytes::new()));
            OffsetCommitRequestTopic::default()
                .with_name(TopicName(StrBytes::from_string(offset.topic.clone())))
                .with_partitions(vec![partition])
        });
        let topics = topics.collect();
        let response: OffsetCommitResponse = self
            .coordinator(&membership.group)
            .await?
            .ask(ApiKey::OffsetCommit, 7, |_| {
                OffsetCommitRequest::default()
                    .with_group_id(group_id(&membership.group))
                    .with_generation_id_or_member_epoch(membership.generation)
                    .with_member_id(membership.member_id.clone())
                    .with_topics(topics)
            })
            .await?;
        let mut partitions = response.topics.iter().flat_map(|topic| &topic.partitions);
        partitions.try_for_each(|partition| Error::check(partition.error_code, None))
    }

    /// Leaves the group at once instead of by timeout.
    ///
    /// # Errors
    /// The broker's refusal; the session then times out.
    pub async fn leave(&self, membership: &Membership) -> Result<(), Error> {
        let response: LeaveGroupResponse = self
            .coordinator(&membership.group)
            .await?
            .ask(ApiKey::LeaveGroup, 3, |version| {
                let request =
                    LeaveGroupRequest::default().with_group_id(group_id(&membership.group));
                if version >= 3 {
                    let member =
                        MemberIdentity::default().with_member_id(membership.member_id.clone());
                    request.with_members(vec![member])
                } else {
                    request.with_member_id(membership.member_id.clone())
                }
            })
            .await?;
        Error::check(response.error_code, None)
    }
}

fn group_id(group: &str) -> GroupId {
    GroupId(StrBytes::from_string(group.to_owned()))
}

fn put_text(out: &mut BytesMut, text: &str) {
    out.put_i16(i16::try_from(text.len()).unwrap_or(i16::MAX));
    out.extend_from_slice(text.as_bytes());
}

/// ConsumerProtocolSubscription, version 0.
fn subscription(topic: &str) -> Bytes {
    let mut out = BytesMut::new();
    out.put_i16(0);
    out.put_i32(1);
    put_text(&mut out, topic);
    out.put_i32(-1);
    out.freeze()
}

/// ConsumerProtocolAssignment, version 0: all partitions of one topic.
fn assignment(topic: &str, partitions_count: i32) -> Bytes {
    let mut out = BytesMut::new();
    out.put_i16(0);
    out.put_i32(1);
    put_text(&mut out, topic);
    out.put_i32(partitions_count);
    (0..partitions_count).for_each(|index| out.put_i32(index));
    out.put_i32(-1);
    out.freeze()
}
