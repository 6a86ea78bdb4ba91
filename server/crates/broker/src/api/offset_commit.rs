//! OffsetCommit (key 8), versions 2-9.
//!
//! v5: no retention time of its own. v6: leader epoch. v7: static members. v9: the bytes of KIP-848,
//! whose groups are not served. Partitions that do not exist answer UNKNOWN_TOPIC_OR_PARTITION; the
//! others of the same request are committed.

use freshet_coordinator::Input;
use freshet_wire::messages::offset_commit_response::{
    OffsetCommitResponsePartition, OffsetCommitResponseTopic,
};
use freshet_wire::messages::{OffsetCommitRequest, OffsetCommitResponse};
use freshet_wire::{ApiKey, ErrorCode, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::OffsetCommit,
    served: VersionRange::new(2, 9),
    advertised_min: 2,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let mut body: OffsetCommitRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let unknown = take_unknown(&request, &mut body);
    if body.topics.is_empty() && !unknown.is_empty() {
        return request.reply(OffsetCommitResponse::default().with_topics(unknown));
    }
    let asked = group::response(&request, Input::OffsetCommit(body)).await;
    match asked.map(OffsetCommitResponse::try_from) {
        Ok(Ok(mut response)) => {
            response.topics.extend(unknown);
            request.reply(response)
        }
        _ => group::cannot_answer(),
    }
}

/// Takes partitions out of the request that do not exist, with their answers.
fn take_unknown(
    request: &Request,
    body: &mut OffsetCommitRequest,
) -> Vec<OffsetCommitResponseTopic> {
    let mut unknown = Vec::new();
    for topic in &mut body.topics {
        let known = request.shared().topics.by_name(&topic.name);
        let exists = |index: i32| known.as_ref().is_some_and(|t| t.partition(index).is_some());
        let missing: Vec<i32> = topic
            .partitions
            .iter()
            .map(|partition| partition.partition_index)
            .filter(|index| !exists(*index))
            .collect();
        if missing.is_empty() {
            continue;
        }
        topic.partitions.retain(|partition| exists(partition.partition_index));
        let partitions = missing.into_iter().map(|index| {
            OffsetCommitResponsePartition::default()
                .with_partition_index(index)
                .with_error_code(ErrorCode::UnknownTopicOrPartition.code())
        });
        unknown.push(
            OffsetCommitResponseTopic::default()
                .with_name(topic.name.clone())
                .with_partitions(partitions.collect()),
        );
    }
    body.topics.retain(|topic| !topic.partitions.is_empty());
    unknown
}
