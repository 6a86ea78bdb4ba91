//! The cluster as it is after some prefix of the metadata log.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::record::{BrokerScope, MetadataRecord};
use crate::topic::{Partition, Topic, TopicId, TopicName};

/// The cluster at one moment: immutable, cheap to clone, safe to hold while the next one is made.
///
/// Changed only by [`Image::apply`], with the same records at recovery and in live traffic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    cluster_id: Arc<str>,
    created_ms: i64,
    broker_id: i32,
    topics: Arc<BTreeMap<TopicName, Arc<Topic>>>,
    topic_names: Arc<BTreeMap<TopicId, TopicName>>,
    broker_configs: Arc<BTreeMap<(BrokerScope, String), String>>,
    next_producer_id: i64,
    partition_count: usize,
}

impl Image {
    /// The image before the first record: no cluster id, no topics. `broker_id` is configured, not
    /// logged.
    #[must_use]
    pub fn empty(broker_id: i32) -> Self {
        Self { broker_id, ..Self::default() }
    }

    /// The cluster id, 22 characters; empty before [`MetadataRecord::ClusterCreated`].
    #[must_use]
    pub fn cluster_id(&self) -> &str {
        &self.cluster_id
    }

    /// When the cluster was created, in milliseconds since the epoch.
    #[must_use]
    pub fn created_ms(&self) -> i64 {
        self.created_ms
    }

    /// The id of the only broker.
    #[must_use]
    pub fn broker_id(&self) -> i32 {
        self.broker_id
    }

    /// The topic with this name.
    #[must_use]
    pub fn topic(&self, name: &str) -> Option<&Arc<Topic>> {
        self.topics.get(name)
    }

    /// The topic with this id.
    #[must_use]
    pub fn topic_by_id(&self, id: TopicId) -> Option<&Arc<Topic>> {
        self.topics.get(self.topic_names.get(&id)?)
    }

    /// All topics, by name.
    pub fn topics(&self) -> impl ExactSizeIterator<Item = &Arc<Topic>> {
        self.topics.values()
    }

    /// The number of partitions over all topics.
    #[must_use]
    pub fn partition_count(&self) -> usize {
        self.partition_count
    }

    /// A dynamic broker configuration value.
    #[must_use]
    pub fn broker_config(&self, scope: BrokerScope, key: &str) -> Option<&str> {
        self.broker_configs.get(&(scope, key.to_owned())).map(String::as_str)
    }

    /// All dynamic broker configuration values of one scope, by name.
    pub fn broker_configs(&self, scope: BrokerScope) -> impl Iterator<Item = (&str, &str)> {
        let of_scope = self.broker_configs.iter().filter(move |((s, _), _)| *s == scope);
        of_scope.map(|((_, key), value)| (key.as_str(), value.as_str()))
    }

    /// The first producer id that was never reserved.
    #[must_use]
    pub fn next_producer_id(&self) -> i64 {
        self.next_producer_id
    }

    /// Finds a topic whose name differs from `name` only in `.` and `_`.
    pub(crate) fn colliding_topic(&self, name: &TopicName) -> Option<&TopicName> {
        let form = name.collision_form();
        if !form.contains('_') {
            return None;
        }
        self.topics.keys().find(|other| *other != name && other.collision_form() == form)
    }

    /// Returns the image after `record`. A record about a topic that does not exist changes
    /// nothing: a compacted log may hold such.
    #[must_use]
    pub fn apply(&self, record: &MetadataRecord) -> Image {
        self.apply_all([record])
    }

    /// Returns the image after `records`, in order; costs one copy of what changes, however many.
    #[must_use]
    pub fn apply_all<'a>(&self, records: impl IntoIterator<Item = &'a MetadataRecord>) -> Image {
        let mut next = self.clone();
        for record in records {
            next.replay(record);
        }
        next
    }

    fn replay(&mut self, record: &MetadataRecord) {
        match record {
            MetadataRecord::ClusterCreated { cluster_id, created_ms } => {
                self.cluster_id = cluster_id.as_str().into();
                self.created_ms = *created_ms;
            }
            MetadataRecord::TopicCreated { .. } => self.replay_topic_created(record),
            MetadataRecord::TopicDeleted { id } => {
                if let Some(name) = Arc::make_mut(&mut self.topic_names).remove(id)
                    && let Some(topic) = Arc::make_mut(&mut self.topics).remove(&name)
                {
                    self.partition_count -= topic.partitions.len();
                }
            }
            MetadataRecord::PartitionsAdded { id, partition_count } => {
                let wanted = usize::try_from(*partition_count).unwrap_or(0);
                let mut added = 0;
                self.change_topic(*id, |topic| {
                    added = wanted.saturating_sub(topic.partitions.len());
                    let new_count = topic.partitions.len() + added;
                    topic.partitions.resize(new_count, Partition::default());
                });
                self.partition_count += added;
            }
            MetadataRecord::TopicConfigChanged { id, key, value } => {
                self.change_topic(*id, |topic| set(&mut topic.configs, key.clone(), value.clone()));
            }
            MetadataRecord::BrokerConfigChanged { scope, key, value } => {
                let configs = Arc::make_mut(&mut self.broker_configs);
                set(configs, (*scope, key.clone()), value.clone());
            }
            MetadataRecord::LeaderEpochsBumped => {
                for topic in Arc::make_mut(&mut self.topics).values_mut() {
                    for partition in &mut Arc::make_mut(topic).partitions {
                        partition.leader_epoch = partition.leader_epoch.saturating_add(1);
                    }
                }
            }
            MetadataRecord::LeaderEpochSet { id, partition, leader_epoch } => {
                self.change_topic(*id, |topic| {
                    let index = usize::try_from(*partition).unwrap_or(usize::MAX);
                    if let Some(partition) = topic.partitions.get_mut(index) {
                        partition.leader_epoch = *leader_epoch;
                    }
                });
            }
            MetadataRecord::ProducerIdsReserved { next_producer_id } => {
                self.next_producer_id = self.next_producer_id.max(*next_producer_id);
            }
        }
    }

    fn replay_topic_created(&mut self, record: &MetadataRecord) {
        let MetadataRecord::TopicCreated { id, name, partition_count, created_ms, configs } =
            record
        else {
            return;
        };
        let count = usize::try_from(*partition_count).unwrap_or(0);
        let topic = Topic {
            name: name.clone(),
            id: *id,
            created_ms: *created_ms,
            partitions: vec![Partition::default(); count],
            configs: configs.clone(),
        };
        let replaced = Arc::make_mut(&mut self.topics).insert(name.clone(), Arc::new(topic));
        let topic_names = Arc::make_mut(&mut self.topic_names);
        if let Some(replaced) = replaced {
            topic_names.remove(&replaced.id);
            self.partition_count -= replaced.partitions.len();
        }
        topic_names.insert(*id, name.clone());
        self.partition_count += count;
    }

    fn change_topic(&mut self, id: TopicId, change: impl FnOnce(&mut Topic)) {
        let Some(name) = self.topic_names.get(&id) else { return };
        if let Some(topic) = Arc::make_mut(&mut self.topics).get_mut(name) {
            change(Arc::make_mut(topic));
        }
    }

    /// The records that make this image from an empty one: what replaces a metadata log that has
    /// grown long.
    #[must_use]
    pub fn records(&self) -> Vec<MetadataRecord> {
        let mut records = Vec::with_capacity(2 + self.topics.len());
        records.push(MetadataRecord::ClusterCreated {
            cluster_id: self.cluster_id.to_string(),
            created_ms: self.created_ms,
        });
        records
            .push(MetadataRecord::ProducerIdsReserved { next_producer_id: self.next_producer_id });
        for ((scope, key), value) in self.broker_configs.iter() {
            records.push(MetadataRecord::BrokerConfigChanged {
                scope: *scope,
                key: key.clone(),
                value: Some(value.clone()),
            });
        }
        for topic in self.topics.values() {
            records.push(MetadataRecord::TopicCreated {
                id: topic.id,
                name: topic.name.clone(),
                partition_count: topic.partition_count(),
                created_ms: topic.created_ms,
                configs: topic.configs.clone(),
            });
            let bumped = topic.partitions.iter().enumerate().filter(|(_, p)| p.leader_epoch > 0);
            records.extend(bumped.map(|(index, partition)| MetadataRecord::LeaderEpochSet {
                id: topic.id,
                partition: i32::try_from(index).unwrap_or(i32::MAX),
                leader_epoch: partition.leader_epoch,
            }));
        }
        records
    }
}

fn set<K: Ord>(configs: &mut BTreeMap<K, String>, key: K, value: Option<String>) {
    match value {
        Some(value) => configs.insert(key, value),
        None => configs.remove(&key),
    };
}

#[cfg(test)]
mod tests;
