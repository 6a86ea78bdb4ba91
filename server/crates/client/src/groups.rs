//! Consumer groups: listing, describing, committed offsets.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use freshet_wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use freshet_wire::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use freshet_wire::messages::offset_fetch_request::OffsetFetchRequestGroup;
use freshet_wire::messages::{
    ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, DeleteGroupsRequest,
    DeleteGroupsResponse, DescribeGroupsRequest, DescribeGroupsResponse, GroupId,
    ListGroupsRequest, ListGroupsResponse, OffsetCommitRequest, OffsetCommitResponse,
    OffsetDeleteRequest, OffsetDeleteResponse, OffsetFetchRequest, OffsetFetchResponse, TopicName,
};
use freshet_wire::{ApiKey, ErrorCode, StrBytes};
use futures::future::BoxFuture;

use crate::connection::Connection;
use crate::{Client, Error};

/// A group as ListGroups names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupListing {
    /// Group id.
    pub group: String,
    /// `consumer`, `connect`, …; empty for groups that only commit offsets.
    pub protocol_type: String,
    /// Kafka's state name; empty when the broker is too old to say.
    pub state: String,
    /// `classic`, `consumer`, `share`; empty when the broker is too old to say.
    pub group_type: String,
}

/// A group with its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDescription {
    /// Group id.
    pub group: String,
    /// Kafka's state name.
    pub state: String,
    /// `consumer`, `connect`, …
    pub protocol_type: String,
    /// The assignor in use.
    pub protocol: String,
    /// Everybody in it.
    pub members: Vec<MemberDescription>,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberDescription {
    /// Member id.
    pub member_id: String,
    /// Static member's name, if it has one.
    pub instance_id: Option<String>,
    /// `client.id`.
    pub client_id: String,
    /// Address as the broker saw it.
    pub host: String,
    /// What it owns, when the group is one of consumers and the assignment parses.
    pub partitions: Vec<(String, i32)>,
}

/// A committed position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedOffset {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Next offset to be read.
    pub offset: i64,
    /// What the consumer stored beside it.
    pub metadata: String,
}

/// A position to commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetToCommit {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Next offset to be read.
    pub offset: i64,
}

impl Client {
    /// Every group, asked of every broker.
    ///
    /// # Errors
    /// No connection, or a broker's refusal.
    pub async fn list_groups(&self) -> Result<Vec<GroupListing>, Error> {
        let metadata = self.brokers().await?;
        let mut groups = Vec::new();
        for broker in &metadata.brokers {
            let connection = self.to(&broker.address).await?;
            let response: ListGroupsResponse =
                connection.ask(ApiKey::ListGroups, 5, |_| ListGroupsRequest::default()).await?;
            Error::check(response.error_code, None)?;
            groups.extend(response.groups.into_iter().map(|group| GroupListing {
                group: group.group_id.to_string(),
                protocol_type: group.protocol_type.to_string(),
                state: group.group_state.to_string(),
                group_type: group.group_type.to_string(),
            }));
        }
        groups.sort_by(|a, b| a.group.cmp(&b.group));
        groups.dedup_by(|a, b| a.group == b.group);
        Ok(groups)
    }

    /// One group with its members. Groups of the newer protocol (KIP-848) are found as well.
    ///
    /// # Errors
    /// GROUP_ID_NOT_FOUND when there is none, or a broker's refusal.
    pub async fn describe_group(&self, group: &str) -> Result<GroupDescription, Error> {
        self.with_coordinator(group, |connection| {
            Box::pin(async move {
                if connection.supports(ApiKey::ConsumerGroupDescribe)
                    && let Ok(described) = describe_modern(&connection, group).await
                {
                    return Ok(described);
                }
                describe_classic(&connection, group).await
            })
        })
        .await
    }

    /// Everything a group has committed.
    ///
    /// # Errors
    /// A broker's refusal.
    pub async fn committed_offsets(&self, group: &str) -> Result<Vec<CommittedOffset>, Error> {
        self.with_coordinator(group, |connection| {
            Box::pin(async move {
                let response: OffsetFetchResponse = connection
                    .ask(ApiKey::OffsetFetch, 8, |version| {
                        let id = GroupId(StrBytes::from_string(group.to_owned()));
                        let request = OffsetFetchRequest::default();
                        if version >= 8 {
                            let whole = OffsetFetchRequestGroup::default()
                                .with_group_id(id)
                                .with_topics(None);
                            request.with_groups(vec![whole])
                        } else {
                            request.with_group_id(id).with_topics(None)
                        }
                    })
                    .await?;
                committed_in(response)
            })
        })
        .await
    }

    /// Commits positions for a group without members.
    ///
    /// # Errors
    /// UNKNOWN_MEMBER_ID when the group has members, or a broker's refusal; nothing says which
    /// partitions were committed before the refused one.
    pub async fn commit_offsets(
        &self,
        group: &str,
        offsets: &[OffsetToCommit],
    ) -> Result<(), Error> {
        let mut by_topic: BTreeMap<&str, Vec<OffsetCommitRequestPartition>> = BTreeMap::new();
        for offset in offsets {
            by_topic.entry(&offset.topic).or_default().push(
                OffsetCommitRequestPartition::default()
                    .with_partition_index(offset.partition)
                    .with_committed_offset(offset.offset)
                    .with_committed_metadata(Some(StrBytes::from_static_str(""))),
            );
        }
        let topics: &Vec<OffsetCommitRequestTopic> = &by_topic
            .into_iter()
            .map(|(topic, partitions)| {
                OffsetCommitRequestTopic::default()
                    .with_name(topic_name(topic))
                    .with_partitions(partitions)
            })
            .collect();
        self.with_coordinator(group, |connection| {
            Box::pin(async move {
                let response: OffsetCommitResponse = connection
                    .ask(ApiKey::OffsetCommit, 9, |_| {
                        OffsetCommitRequest::default()
                            .with_group_id(GroupId(StrBytes::from_string(group.to_owned())))
                            .with_generation_id_or_member_epoch(-1)
                            .with_topics(topics.clone())
                    })
                    .await?;
                for partition in response.topics.iter().flat_map(|topic| &topic.partitions) {
                    Error::check(partition.error_code, None)?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Deletes an empty group with its offsets.
    ///
    /// # Errors
    /// NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND, or another refusal.
    pub async fn delete_group(&self, group: &str) -> Result<(), Error> {
        self.with_coordinator(group, |connection| {
            Box::pin(async move {
                let response: DeleteGroupsResponse = connection
                    .ask(ApiKey::DeleteGroups, 2, |_| {
                        let id = GroupId(StrBytes::from_string(group.to_owned()));
                        DeleteGroupsRequest::default().with_groups_names(vec![id])
                    })
                    .await?;
                response.results.iter().try_for_each(|each| Error::check(each.error_code, None))
            })
        })
        .await
    }

    /// Forgets a group's offsets of some partitions.
    ///
    /// # Errors
    /// GROUP_SUBSCRIBED_TO_TOPIC while members read it, or another refusal.
    pub async fn delete_offsets(
        &self,
        group: &str,
        topic: &str,
        partitions: &[i32],
    ) -> Result<(), Error> {
        self.with_coordinator(group, |connection| {
            Box::pin(async move {
                let response: OffsetDeleteResponse = connection
                    .ask(ApiKey::OffsetDelete, 0, |_| {
                        let partitions = partitions.iter().map(|index| {
                            OffsetDeleteRequestPartition::default().with_partition_index(*index)
                        });
                        let wanted = OffsetDeleteRequestTopic::default()
                            .with_name(topic_name(topic))
                            .with_partitions(partitions.collect());
                        OffsetDeleteRequest::default()
                            .with_group_id(GroupId(StrBytes::from_string(group.to_owned())))
                            .with_topics(vec![wanted])
                    })
                    .await?;
                Error::check(response.error_code, None)?;
                for partition in response.topics.iter().flat_map(|topic| &topic.partitions) {
                    Error::check(partition.error_code, None)?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Runs a call at the coordinator, once more after looking it up anew when it has moved.
    async fn with_coordinator<'a, T>(
        &self,
        group: &str,
        call: impl Fn(Arc<Connection>) -> BoxFuture<'a, Result<T, Error>> + Send + 'a,
    ) -> Result<T, Error> {
        let connection = self.coordinator(group).await?;
        match call(connection).await {
            Err(error) if has_moved(&error) => {
                self.forget_coordinator(group);
                call(self.coordinator(group).await?).await
            }
            other => other,
        }
    }
}

fn has_moved(error: &Error) -> bool {
    match error {
        Error::Closed { .. } => true,
        Error::Kafka { code, .. } => {
            matches!(code, ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable)
        }
        _ => false,
    }
}

fn topic_name(topic: &str) -> TopicName {
    TopicName(StrBytes::from_string(topic.to_owned()))
}

async fn describe_classic(connection: &Connection, group: &str) -> Result<GroupDescription, Error> {
    let response: DescribeGroupsResponse = connection
        .ask(ApiKey::DescribeGroups, 5, |_| {
            let id = GroupId(StrBytes::from_string(group.to_owned()));
            DescribeGroupsRequest::default().with_groups(vec![id])
        })
        .await?;
    let found = response.groups.into_iter().next().unwrap_or_default();
    Error::check(found.error_code, None)?;
    let is_consumer = found.protocol_type.as_str() == "consumer";
    let members = found
        .members
        .into_iter()
        .map(|member| MemberDescription {
            member_id: member.member_id.to_string(),
            instance_id: member.group_instance_id.map(|id| id.to_string()),
            client_id: member.client_id.to_string(),
            host: member.client_host.to_string(),
            partitions: if is_consumer {
                assignment_of(member.member_assignment).unwrap_or_default()
            } else {
                Vec::new()
            },
        })
        .collect();
    Ok(GroupDescription {
        group: group.to_owned(),
        state: found.group_state.to_string(),
        protocol_type: found.protocol_type.to_string(),
        protocol: found.protocol_data.to_string(),
        members,
    })
}

async fn describe_modern(connection: &Connection, group: &str) -> Result<GroupDescription, Error> {
    let response: ConsumerGroupDescribeResponse = connection
        .ask(ApiKey::ConsumerGroupDescribe, 1, |_| {
            let id = GroupId(StrBytes::from_string(group.to_owned()));
            ConsumerGroupDescribeRequest::default().with_group_ids(vec![id])
        })
        .await?;
    let found = response.groups.into_iter().next().unwrap_or_default();
    Error::check(found.error_code, found.error_message.as_deref())?;
    let members = found
        .members
        .into_iter()
        .map(|member| MemberDescription {
            member_id: member.member_id.to_string(),
            instance_id: member.instance_id.map(|id| id.to_string()),
            client_id: member.client_id.to_string(),
            host: member.client_host.to_string(),
            partitions: member
                .assignment
                .topic_partitions
                .into_iter()
                .flat_map(|topic| {
                    let name = topic.topic_name.to_string();
                    topic.partitions.into_iter().map(move |index| (name.clone(), index))
                })
                .collect(),
        })
        .collect();
    Ok(GroupDescription {
        group: group.to_owned(),
        state: found.group_state.to_string(),
        protocol_type: "consumer".to_owned(),
        protocol: found.assignor_name.to_string(),
        members,
    })
}

fn committed_in(response: OffsetFetchResponse) -> Result<Vec<CommittedOffset>, Error> {
    Error::check(response.error_code, None)?;
    let mut found = Vec::new();
    for topic in response.topics {
        let partitions = topic.partitions.into_iter().map(|partition| {
            let metadata = partition.metadata.unwrap_or_default();
            (partition.partition_index, partition.committed_offset, metadata)
        });
        keep(&mut found, &topic.name, partitions);
    }
    for group in response.groups {
        Error::check(group.error_code, None)?;
        for topic in group.topics {
            let partitions = topic.partitions.into_iter().map(|partition| {
                let metadata = partition.metadata.unwrap_or_default();
                (partition.partition_index, partition.committed_offset, metadata)
            });
            keep(&mut found, &topic.name, partitions);
        }
    }
    Ok(found)
}

fn keep(
    found: &mut Vec<CommittedOffset>,
    topic: &str,
    partitions: impl Iterator<Item = (i32, i64, StrBytes)>,
) {
    let is_committed = |(_, offset, _): &(i32, i64, StrBytes)| *offset >= 0;
    found.extend(partitions.filter(is_committed).map(|(partition, offset, metadata)| {
        CommittedOffset {
            topic: topic.to_owned(),
            partition,
            offset,
            metadata: metadata.to_string(),
        }
    }));
}

/// Reads a consumer's assignment: version, then topics with their partitions. `None` when it is
/// something else, for the bytes belong to the clients.
fn assignment_of(mut bytes: Bytes) -> Option<Vec<(String, i32)>> {
    use bytes::Buf;
    let mut owned = Vec::new();
    bytes.try_get_i16().ok()?;
    let topics = bytes.try_get_i32().ok()?;
    for _ in 0..topics {
        let size_bytes = usize::try_from(bytes.try_get_i16().ok()?).ok()?;
        if bytes.len() < size_bytes {
            return None;
        }
        let name = String::from_utf8(bytes.split_to(size_bytes).to_vec()).ok()?;
        let partitions = bytes.try_get_i32().ok()?;
        for _ in 0..partitions {
            owned.push((name.clone(), bytes.try_get_i32().ok()?));
        }
    }
    Some(owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consumer_assignment_is_read_and_foreign_bytes_are_not() {
        let bytes = b"\0\x01\0\0\0\x01\0\x01t\0\0\0\x02\0\0\0\0\0\0\0\x05\xff\xff\xff\xff";
        let read = assignment_of(Bytes::from_static(bytes)).unwrap();
        assert_eq!(read, [("t".to_owned(), 0), ("t".to_owned(), 5)]);
        assert_eq!(assignment_of(Bytes::from_static(b"\0\x01\x7f\xff\xff\xff")), None);
        assert_eq!(assignment_of(Bytes::new()), None);
    }
}
