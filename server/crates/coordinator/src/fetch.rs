//! OffsetFetch (key 9), versions 1 to 9.
//!
//! Version 2 may ask for all topics; 5 returns leader epochs; 7 adds `require_stable`, without
//! meaning until there are transactions; 8 asks for several groups (KIP-709); 9 adds the member,
//! which classic groups do not look at.

use freshet_wire::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions,
    OffsetFetchResponseTopic, OffsetFetchResponseTopics,
};
use freshet_wire::messages::{OffsetFetchRequest, OffsetFetchResponse, TopicName};

use crate::coordinator::Coordinator;
use crate::join::text;
use crate::schema::OffsetValue;

const GROUPS_FROM: i16 = 8;
const LEADER_EPOCH_FROM: i16 = 5;

/// Partitions by topic.
type Wanted<'a> = Vec<(&'a str, &'a [i32])>;

/// One partition's answer; `None` for nothing committed.
type Found<'a> = (i32, Option<&'a OffsetValue>);

impl Coordinator {
    pub(crate) fn fetch_offsets(
        &self,
        api_version: i16,
        request: &OffsetFetchRequest,
    ) -> OffsetFetchResponse {
        if api_version < GROUPS_FROM {
            let wanted = request.topics.as_ref().map(|topics| {
                topics.iter().map(|t| (t.name.as_str(), &t.partition_indexes[..])).collect()
            });
            let with_epoch = api_version >= LEADER_EPOCH_FROM;
            let topics = self.committed(&request.group_id, wanted).into_iter();
            let topics = topics.map(|(topic, found)| {
                OffsetFetchResponseTopic::default()
                    .with_name(TopicName(text(topic)))
                    .with_partitions(found.into_iter().map(|f| partition(f, with_epoch)).collect())
            });
            return OffsetFetchResponse::default().with_topics(topics.collect());
        }
        let groups = request.groups.iter().map(|group| {
            let wanted = group.topics.as_ref().map(|topics| {
                topics.iter().map(|t| (t.name.as_str(), &t.partition_indexes[..])).collect()
            });
            let topics = self.committed(&group.group_id, wanted).into_iter();
            let topics = topics.map(|(topic, found)| {
                OffsetFetchResponseTopics::default()
                    .with_name(TopicName(text(topic)))
                    .with_partitions(found.into_iter().map(group_partition).collect())
            });
            OffsetFetchResponseGroup::default()
                .with_group_id(group.group_id.clone())
                .with_topics(topics.collect())
        });
        OffsetFetchResponse::default().with_groups(groups.collect())
    }

    /// Looks up what is wanted, or all there is.
    fn committed<'a>(
        &'a self,
        group_id: &str,
        wanted: Option<Wanted<'a>>,
    ) -> Vec<(&'a str, Vec<Found<'a>>)> {
        let group = self.groups.get(group_id);
        match (wanted, group) {
            (Some(wanted), group) => wanted
                .into_iter()
                .map(|(topic, partitions)| {
                    let look_up =
                        |index: &i32| (*index, group.and_then(|g| g.offset(topic, *index)));
                    (topic, partitions.iter().map(look_up).collect())
                })
                .collect(),
            (None, Some(group)) => group
                .offsets
                .iter()
                .map(|(topic, offsets)| {
                    let all = offsets.iter().map(|(index, value)| (*index, Some(value)));
                    (&**topic, all.collect())
                })
                .collect(),
            (None, None) => Vec::new(),
        }
    }
}

fn partition((index, found): Found<'_>, with_epoch: bool) -> OffsetFetchResponsePartition {
    let leader_epoch = found.map_or(-1, |value| value.leader_epoch);
    OffsetFetchResponsePartition::default()
        .with_partition_index(index)
        .with_committed_offset(found.map_or(-1, |value| value.offset))
        .with_committed_leader_epoch(if with_epoch { leader_epoch } else { -1 })
        .with_metadata(Some(text(found.map_or("", |value| &value.metadata))))
}

fn group_partition((index, found): Found<'_>) -> OffsetFetchResponsePartitions {
    OffsetFetchResponsePartitions::default()
        .with_partition_index(index)
        .with_committed_offset(found.map_or(-1, |value| value.offset))
        .with_committed_leader_epoch(found.map_or(-1, |value| value.leader_epoch))
        .with_metadata(Some(text(found.map_or("", |value| &value.metadata))))
}
