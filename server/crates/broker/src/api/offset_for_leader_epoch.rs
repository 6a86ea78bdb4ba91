//! OffsetForLeaderEpoch (key 23), versions 2-4 (KIP-320).
//!
//! Answers where an epoch ended, so that a client that read a tail which a power cut then took
//! notices instead of skipping ahead.

use freshet_wire::messages::offset_for_leader_epoch_response::{
    EpochEndOffset, OffsetForLeaderTopicResult,
};
use freshet_wire::messages::{OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse};
use freshet_wire::{ApiKey, ErrorCode, VersionRange};

use super::leader_epoch;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::OffsetForLeaderEpoch,
    served: VersionRange::new(2, 4),
    advertised_min: 2,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: OffsetForLeaderEpochRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let mut topics = Vec::with_capacity(body.topics.len());
    for topic in body.topics {
        let found = request.shared().topics.by_name(&topic.topic);
        let partitions = topic
            .partitions
            .iter()
            .map(|asked| {
                let partition = found.as_ref().and_then(|topic| topic.partition(asked.partition));
                let end =
                    partition.ok_or(ErrorCode::UnknownTopicOrPartition).and_then(|partition| {
                        leader_epoch::check(partition, asked.current_leader_epoch)?;
                        Ok(partition.log.epoch_end_offset(asked.leader_epoch))
                    });
                let (code, found) = match end {
                    Ok(found) => (ErrorCode::None, found),
                    Err(code) => (code, None),
                };
                let (epoch, end_offset) = found.map_or((-1, -1), |end| (end.epoch, end.end_offset));
                EpochEndOffset::default()
                    .with_partition(asked.partition)
                    .with_error_code(code.code())
                    .with_leader_epoch(epoch)
                    .with_end_offset(end_offset)
            })
            .collect();
        topics.push(
            OffsetForLeaderTopicResult::default()
                .with_topic(topic.topic)
                .with_partitions(partitions),
        );
    }
    request.reply(OffsetForLeaderEpochResponse::default().with_topics(topics))
}
