//! Looking up offsets: ListOffsets.

use std::collections::BTreeMap;

use freshet_wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use freshet_wire::messages::{ListOffsetsRequest, ListOffsetsResponse, TopicName};
use freshet_wire::{ApiKey, ErrorCode, StrBytes};

use crate::{Address, Client, Error};

/// Which offset of a partition is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetSpec {
    /// The first that still exists.
    Earliest,
    /// One past the last readable.
    Latest,
    /// The first record at or after this time, milliseconds since the epoch.
    At(i64),
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetAsk {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Which offset.
    pub spec: OffsetSpec,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetFound {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// `None` when no record is at or after the time.
    pub offset: Option<i64>,
    /// `NONE`, or why there is no answer.
    pub error: ErrorCode,
}

impl Client {
    /// Looks up several offsets at once, each at its leader.
    ///
    /// # Errors
    /// No connection; errors of a partition are in its answer.
    pub async fn list_offsets(&self, asks: &[OffsetAsk]) -> Result<Vec<OffsetFound>, Error> {
        let mut by_leader: Vec<(Address, Vec<&OffsetAsk>)> = Vec::new();
        let mut leaderless = Vec::new();
        for ask in asks {
            match self.leader(&ask.topic, ask.partition).await {
                Ok(address) => match by_leader.iter_mut().find(|(known, _)| *known == address) {
                    Some((_, group)) => group.push(ask),
                    None => by_leader.push((address, vec![ask])),
                },
                Err(Error::Kafka { code, .. }) => leaderless.push(unanswered(ask, code)),
                Err(Error::NoLeader { .. }) => {
                    leaderless.push(unanswered(ask, ErrorCode::LeaderNotAvailable));
                }
                Err(other) => return Err(other),
            }
        }
        let lookups = by_leader.iter().map(|(address, group)| self.offsets_from(address, group));
        let found = futures::future::try_join_all(lookups).await?;
        let found: Vec<OffsetFound> = found.into_iter().flatten().chain(leaderless).collect();
        for moved in found.iter().filter(|found| found.error == ErrorCode::NotLeaderOrFollower) {
            let _ = self.topic_metadata(&moved.topic).await;
        }
        Ok(found)
    }

    async fn offsets_from(
        &self,
        address: &Address,
        asks: &[&OffsetAsk],
    ) -> Result<Vec<OffsetFound>, Error> {
        let connection = self.to(address).await?;
        let mut by_topic: BTreeMap<&str, Vec<ListOffsetsPartition>> = BTreeMap::new();
        for ask in asks {
            let timestamp = match ask.spec {
                OffsetSpec::Earliest => -2,
                OffsetSpec::Latest => -1,
                OffsetSpec::At(at_ms) => at_ms,
            };
            by_topic.entry(&ask.topic).or_default().push(
                ListOffsetsPartition::default()
                    .with_partition_index(ask.partition)
                    .with_current_leader_epoch(-1)
                    .with_timestamp(timestamp),
            );
        }
        let topics = by_topic
            .into_iter()
            .map(|(topic, partitions)| {
                ListOffsetsTopic::default()
                    .with_name(TopicName(StrBytes::from_string(topic.to_owned())))
                    .with_partitions(partitions)
            })
            .collect();
        let response: ListOffsetsResponse = connection
            .ask(ApiKey::ListOffsets, 7, |_| {
                ListOffsetsRequest::default().with_replica_id((-1).into()).with_topics(topics)
            })
            .await?;
        let found = response.topics.into_iter().flat_map(|topic| {
            let name = topic.name.to_string();
            topic.partitions.into_iter().map(move |partition| OffsetFound {
                topic: name.clone(),
                partition: partition.partition_index,
                offset: Some(partition.offset).filter(|offset| *offset >= 0),
                error: ErrorCode::from(partition.error_code),
            })
        });
        Ok(found.collect())
    }
}

fn unanswered(ask: &OffsetAsk, error: ErrorCode) -> OffsetFound {
    OffsetFound { topic: ask.topic.clone(), partition: ask.partition, offset: None, error }
}
