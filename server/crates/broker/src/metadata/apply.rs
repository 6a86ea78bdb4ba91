//! What a change of the metadata means for logs and for the topics in service.

use std::collections::BTreeSet;
use std::sync::Arc;

use freshet_cluster::config::{BrokerConfig, BrokerSettings};
use freshet_cluster::{Image, MetadataRecord, Refusal, TopicId};
use freshet_storage::{LogId, Store};
use freshet_wire::ErrorCode;
use tracing::warn;

use crate::partition::Partition;
use crate::settings::Settings;
use crate::topics::{Topic, Topics};

/// Brings logs and topics in line with an image.
pub(super) struct Applier {
    store: Arc<Store>,
    topics: Arc<Topics>,
    config: BrokerConfig,
}

impl Applier {
    pub(super) fn new(store: Arc<Store>, topics: Arc<Topics>, config: BrokerConfig) -> Applier {
        Applier { store, topics, config }
    }

    /// Puts every topic of the image into service, at start.
    pub(super) fn put_all(&self, image: &Image) -> Result<(), String> {
        for topic in image.topics() {
            self.put(image, topic).map_err(|refusal| refusal.message)?;
        }
        Ok(())
    }

    /// Creates the logs of new topics and partitions, before anybody can see them.
    ///
    /// # Errors
    /// KAFKA_STORAGE_ERROR when a log can't be created.
    pub(super) fn before(&self, next: &Image, records: &[MetadataRecord]) -> Result<(), Refusal> {
        for id in touched(records) {
            if let Some(topic) = next.topic_by_id(id) {
                self.put(next, topic)?;
            }
        }
        let is_broker_change =
            |record: &MetadataRecord| matches!(record, MetadataRecord::BrokerConfigChanged { .. });
        if records.iter().any(is_broker_change) {
            // Every topic may inherit the value.
            self.put_all(next)
                .map_err(|reason| Refusal::new(ErrorCode::KafkaStorageError, reason))?;
        }
        Ok(())
    }

    /// Takes deleted topics out of service, after nobody can see them any more.
    pub(super) fn after(&self, records: &[MetadataRecord]) {
        for record in records {
            let MetadataRecord::TopicDeleted { id } = record else { continue };
            let Some(topic) = self.topics.remove(id.0) else { continue };
            for partition in &topic.partitions {
                let log = log_id(*id, partition.index);
                if let Err(error) = self.store.delete_log(log) {
                    warn!(topic.name = &*topic.name, partition = partition.index, %error,
                        "cannot delete a log; the next start tries again");
                }
            }
        }
    }

    /// The broker's settings under an image.
    pub(super) fn settings(&self, image: &Image) -> BrokerSettings {
        BrokerSettings::of(image, &self.config)
    }

    fn put(&self, image: &Image, topic: &freshet_cluster::Topic) -> Result<(), Refusal> {
        let broker = self.settings(image);
        let settings = Settings::of(image, &self.config, &broker, topic);
        let known = self.topics.by_id(topic.id.0);
        let mut partitions = Vec::with_capacity(topic.partitions.len());
        for index in 0..topic.partition_count() {
            let existing = known.as_ref().and_then(|known| known.partition(index));
            let partition = match existing {
                Some(partition) => Arc::clone(partition),
                None => Arc::new(self.open(topic, index, &settings)?),
            };
            partition.log.update_config(settings.log_config.clone());
            partitions.push(partition);
        }
        self.topics.put(Topic {
            name: topic.name.as_str().into(),
            id: topic.id.0,
            is_internal: topic.is_internal(),
            settings: Arc::new(settings),
            partitions,
        });
        Ok(())
    }

    fn open(
        &self,
        topic: &freshet_cluster::Topic,
        index: i32,
        settings: &Settings,
    ) -> Result<Partition, Refusal> {
        let id = log_id(topic.id, index);
        let log = match self.store.log(id) {
            Some(log) => log,
            None => self.store.create_log(id, settings.log_config.clone()).map_err(|error| {
                let message = format!("cannot create the log of {}-{index}: {error}", topic.name);
                Refusal::new(ErrorCode::KafkaStorageError, message)
            })?,
        };
        Ok(Partition::new(index, log))
    }
}

/// The place of a partition's log in the data directory.
pub(crate) fn log_id(topic: TopicId, partition: i32) -> LogId {
    LogId { topic_id: topic.0.into_bytes(), partition }
}

/// Topics that a change creates, grows or configures.
fn touched(records: &[MetadataRecord]) -> BTreeSet<TopicId> {
    records
        .iter()
        .filter_map(|record| match record {
            MetadataRecord::TopicCreated { id, .. }
            | MetadataRecord::PartitionsAdded { id, .. }
            | MetadataRecord::TopicConfigChanged { id, .. }
            | MetadataRecord::LeaderEpochSet { id, .. } => Some(*id),
            MetadataRecord::ClusterCreated { .. }
            | MetadataRecord::TopicDeleted { .. }
            | MetadataRecord::BrokerConfigChanged { .. }
            | MetadataRecord::LeaderEpochsBumped
            | MetadataRecord::ProducerIdsReserved { .. } => None,
        })
        .collect()
}
