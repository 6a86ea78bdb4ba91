//! What a cluster consists of: Metadata and DescribeCluster.

use std::collections::BTreeMap;
use std::sync::Arc;

use freshet_wire::messages::metadata_request::MetadataRequestTopic;
use freshet_wire::messages::{
    FindCoordinatorRequest, FindCoordinatorResponse, MetadataRequest, MetadataResponse, TopicName,
};
use freshet_wire::{ApiKey, ErrorCode, StrBytes};

use crate::{Address, Client, Error};

/// One broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    /// Node id.
    pub id: i32,
    /// Advertised address.
    pub address: Address,
    /// Rack, if it has one.
    pub rack: Option<String>,
}

/// One partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionMetadata {
    /// Index, from 0.
    pub index: i32,
    /// Node id of the leader; -1 when there is none.
    pub leader: i32,
    /// The leader's epoch; -1 when unknown.
    pub leader_epoch: i32,
    /// Node ids of all replicas.
    pub replicas: Vec<i32>,
    /// Node ids of the replicas in sync.
    pub in_sync: Vec<i32>,
}

/// One topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicMetadata {
    /// Name.
    pub name: String,
    /// Kafka's own topics, such as `__consumer_offsets`.
    pub is_internal: bool,
    /// Partitions by index.
    pub partitions: Vec<PartitionMetadata>,
    /// Why the topic can't be used; `None` error means it can.
    pub error: ErrorCode,
}

/// The cluster as one broker sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClusterMetadata {
    /// Kafka's cluster id; empty when unknown.
    pub cluster_id: String,
    /// Node id of the controller; -1 when unknown.
    pub controller_id: i32,
    /// All live brokers.
    pub brokers: Vec<Broker>,
    /// The topics that were asked for, by name.
    pub topics: BTreeMap<String, TopicMetadata>,
}

impl ClusterMetadata {
    /// Where the controller listens, if it is a broker.
    #[must_use]
    pub fn controller_address(&self) -> Option<&Address> {
        self.address_of(self.controller_id)
    }

    /// Where a broker listens.
    #[must_use]
    pub fn address_of(&self, id: i32) -> Option<&Address> {
        self.brokers.iter().find(|broker| broker.id == id).map(|broker| &broker.address)
    }

    /// Where the leader of a partition listens.
    #[must_use]
    pub fn leader_of(&self, topic: &str, partition: i32) -> Option<&Address> {
        let partitions = &self.topics.get(topic)?.partitions;
        let found = partitions.iter().find(|each| each.index == partition)?;
        self.address_of(found.leader)
    }
}

impl Client {
    /// Reads all topics and remembers them.
    ///
    /// # Errors
    /// When no broker can be reached or the answer does not parse.
    pub async fn metadata(&self) -> Result<Arc<ClusterMetadata>, Error> {
        let metadata = Arc::new(self.ask_metadata(None).await?);
        self.remember_metadata(Arc::clone(&metadata));
        Ok(metadata)
    }

    /// Reads one topic and merges it into what is remembered.
    ///
    /// # Errors
    /// UNKNOWN_TOPIC_OR_PARTITION when there is no such topic; never creates it.
    pub async fn topic_metadata(&self, topic: &str) -> Result<TopicMetadata, Error> {
        let answer = self.ask_metadata(Some(topic)).await?;
        let found = answer.topics.get(topic).cloned();
        let mut merged = self.cached_metadata().map(|known| (*known).clone()).unwrap_or_default();
        merged.cluster_id = answer.cluster_id;
        merged.controller_id = answer.controller_id;
        merged.brokers = answer.brokers;
        merged.topics.remove(topic);
        let code = found.as_ref().map_or(ErrorCode::UnknownTopicOrPartition, |found| found.error);
        let known = found.filter(|found| found.error == ErrorCode::None);
        if let Some(found) = &known {
            merged.topics.insert(topic.to_owned(), found.clone());
        }
        self.remember_metadata(Arc::new(merged));
        known.ok_or(Error::Kafka { code, message: format!("topic {topic}: {}", code.meaning()) })
    }

    /// Brokers and controller, remembered or fresh.
    pub(crate) async fn brokers(&self) -> Result<Arc<ClusterMetadata>, Error> {
        match self.cached_metadata() {
            Some(known) if !known.brokers.is_empty() => Ok(known),
            _ => self.metadata().await,
        }
    }

    /// The leader's address, from memory or fresh metadata.
    pub(crate) async fn leader(&self, topic: &str, partition: i32) -> Result<Address, Error> {
        let known = self.cached_metadata();
        if let Some(address) = known.as_ref().and_then(|known| known.leader_of(topic, partition)) {
            return Ok(address.clone());
        }
        self.topic_metadata(topic).await?;
        let fresh = self.cached_metadata();
        let address = fresh.as_ref().and_then(|fresh| fresh.leader_of(topic, partition));
        address.cloned().ok_or(Error::NoLeader { topic: topic.to_owned(), partition })
    }

    async fn ask_metadata(&self, topic: Option<&str>) -> Result<ClusterMetadata, Error> {
        let connection = self.any().await?;
        let response: MetadataResponse = connection
            .ask(ApiKey::Metadata, 12, |version| {
                let topics = topic.map(|name| {
                    let name = TopicName(StrBytes::from_string(name.to_owned()));
                    vec![MetadataRequestTopic::default().with_name(Some(name))]
                });
                let request = MetadataRequest::default().with_topics(topics);
                let request = if version >= 4 {
                    request.with_allow_auto_topic_creation(false)
                } else {
                    request.with_allow_auto_topic_creation(true)
                };
                // Version 0 has no null: an empty list asks for all topics.
                if version == 0 && topic.is_none() {
                    request.with_topics(Some(Vec::new()))
                } else {
                    request
                }
            })
            .await?;
        Ok(cluster_of(response))
    }

    pub(crate) async fn find_coordinator(&self, group: &str) -> Result<Address, Error> {
        let connection = self.any().await?;
        let key = StrBytes::from_string(group.to_owned());
        let version = connection.version(ApiKey::FindCoordinator, 4)?;
        let response: FindCoordinatorResponse = connection
            .ask(ApiKey::FindCoordinator, 4, |version| {
                let request = FindCoordinatorRequest::default();
                if version >= 4 {
                    request.with_coordinator_keys(vec![key])
                } else {
                    request.with_key(key)
                }
            })
            .await?;
        let (code, message, host, port) = if version >= 4 {
            let found = response.coordinators.into_iter().next().unwrap_or_default();
            (found.error_code, found.error_message, found.host, found.port)
        } else {
            (response.error_code, response.error_message, response.host, response.port)
        };
        Error::check(code, message.as_deref())?;
        Ok(Address { host: host.to_string(), port: u16::try_from(port).unwrap_or_default() })
    }
}

fn cluster_of(response: MetadataResponse) -> ClusterMetadata {
    let brokers = response
        .brokers
        .into_iter()
        .map(|broker| Broker {
            id: broker.node_id.0,
            address: Address {
                host: broker.host.to_string(),
                port: u16::try_from(broker.port).unwrap_or_default(),
            },
            rack: broker.rack.map(|rack| rack.to_string()),
        })
        .collect();
    let topics = response
        .topics
        .into_iter()
        .map(|topic| {
            let name = topic.name.map(|name| name.to_string()).unwrap_or_default();
            let mut partitions: Vec<PartitionMetadata> = topic
                .partitions
                .into_iter()
                .map(|partition| PartitionMetadata {
                    index: partition.partition_index,
                    leader: partition.leader_id.0,
                    leader_epoch: partition.leader_epoch,
                    replicas: partition.replica_nodes.iter().map(|id| id.0).collect(),
                    in_sync: partition.isr_nodes.iter().map(|id| id.0).collect(),
                })
                .collect();
            partitions.sort_by_key(|partition| partition.index);
            let metadata = TopicMetadata {
                name: name.clone(),
                is_internal: topic.is_internal,
                partitions,
                error: ErrorCode::from(topic.error_code),
            };
            (name, metadata)
        })
        .collect();
    ClusterMetadata {
        cluster_id: response.cluster_id.map(|id| id.to_string()).unwrap_or_default(),
        controller_id: response.controller_id.0,
        brokers,
        topics,
    }
}
