//! OffsetCommit (key 8), versions 2 to 9.
//!
//! Versions 2 to 4 may carry a retention; 6 adds the leader epoch; 7 static members (KIP-345).
//! The group id may be empty, as nowhere else: old clients commit without one. Whether a topic
//! exists is the caller's question.

use freshet_wire::ErrorCode;
use freshet_wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use freshet_wire::messages::offset_commit_response::{
    OffsetCommitResponsePartition, OffsetCommitResponseTopic,
};
use freshet_wire::messages::{OffsetCommitRequest, OffsetCommitResponse};

use crate::config::OFFSETS_PER_GROUP_MAX;
use crate::coordinator::{Coordinator, Step};
use crate::group::{Group, State};
use crate::message::{Now, Output, Token};
use crate::schema::{self, OffsetValue};

impl Coordinator {
    pub(crate) fn commit(
        &mut self,
        now: Now,
        token: Token,
        request: &OffsetCommitRequest,
        out: &mut Output,
    ) {
        let group_id = request.group_id.as_str();
        let response = match self.ensure_committable(group_id, request, now) {
            Err(error_code) => refusal(request, error_code),
            Ok(()) => self
                .with_group(group_id, now, out, |group, step| group.commit(step, request))
                .unwrap_or_else(|| refusal(request, ErrorCode::UnknownMemberId)),
        };
        out.reply(token, response);
    }

    /// A commit brings a group into being only if it claims no generation.
    fn ensure_committable(
        &mut self,
        group_id: &str,
        request: &OffsetCommitRequest,
        now: Now,
    ) -> Result<(), ErrorCode> {
        if request.generation_id_or_member_epoch < 0 {
            return self.ensure_group(group_id, now);
        }
        let is_known = self.groups.contains_key(group_id);
        if is_known { Ok(()) } else { Err(ErrorCode::IllegalGeneration) }
    }
}

impl Group {
    fn commit(
        &mut self,
        step: &mut Step<'_>,
        request: &OffsetCommitRequest,
    ) -> OffsetCommitResponse {
        if let Err(error_code) = self.check_commit(request) {
            return refusal(request, error_code);
        }
        // A commit shows as well as a heartbeat that the member lives.
        if matches!(self.state, State::Stable | State::PreparingRebalance)
            && let Some(member) = self.members.get_mut(request.member_id.as_str())
        {
            member.hear(step.now.mono_ms);
        }
        let expire_timestamp_ms = match request.retention_time_ms {
            retention_ms if retention_ms < 0 => None,
            retention_ms => Some(step.now.wall_ms.saturating_add(retention_ms)),
        };
        let mut room = OFFSETS_PER_GROUP_MAX.saturating_sub(self.offset_count);
        let topics = request.topics.iter().map(|topic| {
            let partitions = topic.partitions.iter().map(|partition| {
                let result =
                    self.commit_partition(step, topic, partition, expire_timestamp_ms, &mut room);
                (partition.partition_index, result.err().unwrap_or_default())
            });
            answer(topic, partitions)
        });
        OffsetCommitResponse::default().with_topics(topics.collect())
    }

    fn check_commit(&self, request: &OffsetCommitRequest) -> Result<(), ErrorCode> {
        let generation = request.generation_id_or_member_epoch;
        if generation < 0 && self.state == State::Empty {
            return Ok(());
        }
        let instance_id = request.group_instance_id.as_deref();
        if generation >= 0 || !request.member_id.is_empty() || instance_id.is_some() {
            self.check_member(&request.member_id, instance_id)?;
            if generation != self.generation {
                return Err(ErrorCode::IllegalGeneration);
            }
        } else {
            // Somebody outside the group, which has members.
            return Err(ErrorCode::UnknownMemberId);
        }
        // It knows the new generation but has no partitions in it yet.
        if self.state == State::CompletingRebalance {
            return Err(ErrorCode::RebalanceInProgress);
        }
        Ok(())
    }

    fn commit_partition(
        &self,
        step: &mut Step<'_>,
        topic: &OffsetCommitRequestTopic,
        partition: &OffsetCommitRequestPartition,
        expire_timestamp_ms: Option<i64>,
        room: &mut usize,
    ) -> Result<(), ErrorCode> {
        let metadata = partition.committed_metadata.as_deref().unwrap_or_default();
        let metadata_bytes_max = step.config.offset_metadata_bytes_max.min(i16::MAX as usize);
        if metadata.len() > metadata_bytes_max {
            return Err(ErrorCode::OffsetMetadataTooLarge);
        }
        let index = partition.partition_index;
        if self.offset(&topic.name, index).is_none() {
            *room = room.checked_sub(1).ok_or(ErrorCode::InvalidCommitOffsetSize)?;
        }
        let value = OffsetValue {
            offset: partition.committed_offset,
            leader_epoch: partition.committed_leader_epoch,
            metadata: metadata.to_owned(),
            commit_timestamp_ms: step.now.wall_ms,
            expire_timestamp_ms,
        };
        step.out.records.push(schema::offset_record(&self.id, &topic.name, index, Some(&value)));
        Ok(())
    }
}

/// The same error for every partition.
fn refusal(request: &OffsetCommitRequest, error_code: ErrorCode) -> OffsetCommitResponse {
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter();
        answer(topic, partitions.map(|partition| (partition.partition_index, error_code)))
    });
    OffsetCommitResponse::default().with_topics(topics.collect())
}

fn answer(
    topic: &OffsetCommitRequestTopic,
    partitions: impl Iterator<Item = (i32, ErrorCode)>,
) -> OffsetCommitResponseTopic {
    let partitions = partitions.map(|(index, error_code)| {
        OffsetCommitResponsePartition::default()
            .with_partition_index(index)
            .with_error_code(error_code.code())
    });
    OffsetCommitResponseTopic::default()
        .with_name(topic.name.clone())
        .with_partitions(partitions.collect())
}
