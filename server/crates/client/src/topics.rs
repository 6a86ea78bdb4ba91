//! Topics, configurations, log directories: the admin side.

use freshet_wire::messages::create_partitions_request::CreatePartitionsTopic;
use freshet_wire::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use freshet_wire::messages::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use freshet_wire::messages::delete_topics_request::DeleteTopicState;
use freshet_wire::messages::describe_configs_request::DescribeConfigsResource;
use freshet_wire::messages::incremental_alter_configs_request::{
    AlterConfigsResource, AlterableConfig,
};
use freshet_wire::messages::{
    CreatePartitionsRequest, CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse,
    DeleteRecordsRequest, DeleteRecordsResponse, DeleteTopicsRequest, DeleteTopicsResponse,
    DescribeConfigsRequest, DescribeConfigsResponse, DescribeLogDirsRequest,
    DescribeLogDirsResponse, IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
    TopicName,
};
use freshet_wire::{ApiKey, StrBytes};

use crate::{Client, Error};

/// How long the controller may take.
const ADMIN_TIMEOUT_MS: i32 = 5_000;

/// A topic to create.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewTopic {
    /// Name.
    pub name: String,
    /// Partitions; -1 for the broker's default.
    pub partitions_count: i32,
    /// Replication factor; -1 for the broker's default.
    pub replication_factor: i16,
    /// Configurations that differ from the default.
    pub configs: Vec<(String, String)>,
}

/// What a configuration belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigResource {
    /// A topic.
    Topic(String),
    /// A broker, by node id.
    Broker(i32),
}

impl ConfigResource {
    fn parts(&self) -> (i8, StrBytes) {
        match self {
            ConfigResource::Topic(name) => (2, StrBytes::from_string(name.clone())),
            ConfigResource::Broker(id) => (4, StrBytes::from_string(id.to_string())),
        }
    }
}

/// Where a value comes from, as Kafka numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigSource {
    /// Set on the topic.
    Topic,
    /// Set on one broker at run time.
    DynamicBroker,
    /// Set for all brokers at run time.
    DynamicDefaultBroker,
    /// Set where the broker was started.
    StaticBroker,
    /// Kafka's default.
    Default,
    /// Anything newer than us.
    Unknown,
}

impl From<i8> for ConfigSource {
    fn from(code: i8) -> ConfigSource {
        match code {
            1 => ConfigSource::Topic,
            2 => ConfigSource::DynamicBroker,
            3 => ConfigSource::DynamicDefaultBroker,
            4 => ConfigSource::StaticBroker,
            5 => ConfigSource::Default,
            _ => ConfigSource::Unknown,
        }
    }
}

/// Where a value would come from if the nearer ones were unset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigSynonym {
    /// Name at that level.
    pub name: String,
    /// Value at that level.
    pub value: Option<String>,
    /// The level.
    pub source: ConfigSource,
}

/// One entry of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEntry {
    /// Kafka's name.
    pub name: String,
    /// Value; `None` when it is null or sensitive.
    pub value: Option<String>,
    /// Where the value comes from.
    pub source: ConfigSource,
    /// It can't be changed through the protocol.
    pub is_read_only: bool,
    /// The broker keeps the value to itself.
    pub is_sensitive: bool,
    /// Nearest first, as the broker lists them.
    pub synonyms: Vec<ConfigSynonym>,
    /// Kafka's type number: 1 boolean, 2 string, 3 int, 4 short, 5 long, 6 double, 7 list, 8 class, 9 password.
    pub kind: i8,
    /// What it does; empty when the broker does not tell.
    pub documentation: String,
}

/// One change of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigChange {
    /// Kafka's name.
    pub name: String,
    /// The new value; `None` goes back to the default.
    pub value: Option<String>,
}

/// A log directory of a broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogDir {
    /// Broker.
    pub broker: i32,
    /// Path as the broker tells it.
    pub path: String,
    /// Size of the volume; `None` when the broker does not tell.
    pub total_bytes: Option<i64>,
    /// Free space of the volume; `None` when the broker does not tell.
    pub usable_bytes: Option<i64>,
    /// What lies in it.
    pub replicas: Vec<LogDirReplica>,
}

/// One replica in a log directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogDirReplica {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Bytes on disk.
    pub size_bytes: i64,
}

fn topic_name(topic: &str) -> TopicName {
    TopicName(StrBytes::from_string(topic.to_owned()))
}

impl Client {
    /// Creates a topic.
    ///
    /// # Errors
    /// TOPIC_ALREADY_EXISTS, INVALID_CONFIG and others, with the broker's message.
    pub async fn create_topic(&self, topic: &NewTopic) -> Result<(), Error> {
        let configs = topic.configs.iter().map(|(name, value)| {
            CreatableTopicConfig::default()
                .with_name(StrBytes::from_string(name.clone()))
                .with_value(Some(StrBytes::from_string(value.clone())))
        });
        let wanted = CreatableTopic::default()
            .with_name(topic_name(&topic.name))
            .with_num_partitions(topic.partitions_count)
            .with_replication_factor(topic.replication_factor)
            .with_configs(configs.collect());
        let response: CreateTopicsResponse = self
            .controller()
            .await?
            .ask(ApiKey::CreateTopics, 7, |_| {
                CreateTopicsRequest::default()
                    .with_topics(vec![wanted])
                    .with_timeout_ms(ADMIN_TIMEOUT_MS)
            })
            .await?;
        response
            .topics
            .iter()
            .try_for_each(|each| Error::check(each.error_code, each.error_message.as_deref()))
    }

    /// Deletes a topic with all its records.
    ///
    /// # Errors
    /// UNKNOWN_TOPIC_OR_PARTITION and others.
    pub async fn delete_topic(&self, topic: &str) -> Result<(), Error> {
        let response: DeleteTopicsResponse = self
            .controller()
            .await?
            .ask(ApiKey::DeleteTopics, 6, |version| {
                let request = DeleteTopicsRequest::default().with_timeout_ms(ADMIN_TIMEOUT_MS);
                if version >= 6 {
                    let named = DeleteTopicState::default().with_name(Some(topic_name(topic)));
                    request.with_topics(vec![named])
                } else {
                    request.with_topic_names(vec![topic_name(topic)])
                }
            })
            .await?;
        response
            .responses
            .iter()
            .try_for_each(|each| Error::check(each.error_code, each.error_message.as_deref()))
    }

    /// Grows a topic to `count` partitions in total.
    ///
    /// # Errors
    /// INVALID_PARTITIONS when it would shrink, and others.
    pub async fn create_partitions(&self, topic: &str, count: i32) -> Result<(), Error> {
        let response: CreatePartitionsResponse = self
            .controller()
            .await?
            .ask(ApiKey::CreatePartitions, 3, |_| {
                let wanted = CreatePartitionsTopic::default()
                    .with_name(topic_name(topic))
                    .with_count(count)
                    .with_assignments(None);
                CreatePartitionsRequest::default()
                    .with_topics(vec![wanted])
                    .with_timeout_ms(ADMIN_TIMEOUT_MS)
            })
            .await?;
        response
            .results
            .iter()
            .try_for_each(|each| Error::check(each.error_code, each.error_message.as_deref()))
    }

    /// Deletes the records of a partition before `offset` (exclusive); -1 deletes all readable.
    /// Answers the new log start offset.
    ///
    /// # Errors
    /// OFFSET_OUT_OF_RANGE beyond the high watermark, and others.
    pub async fn delete_records(
        &self,
        topic: &str,
        partition: i32,
        offset: i64,
    ) -> Result<i64, Error> {
        let address = self.leader(topic, partition).await?;
        let response: DeleteRecordsResponse = self
            .to(&address)
            .await?
            .ask(ApiKey::DeleteRecords, 2, |_| {
                let before = DeleteRecordsPartition::default()
                    .with_partition_index(partition)
                    .with_offset(offset);
                let wanted = DeleteRecordsTopic::default()
                    .with_name(topic_name(topic))
                    .with_partitions(vec![before]);
                DeleteRecordsRequest::default()
                    .with_topics(vec![wanted])
                    .with_timeout_ms(ADMIN_TIMEOUT_MS)
            })
            .await?;
        let mut low_watermark = -1;
        for found in response.topics.iter().flat_map(|topic| &topic.partitions) {
            Error::check(found.error_code, None)?;
            low_watermark = found.low_watermark;
        }
        Ok(low_watermark)
    }

    /// Every entry of a configuration, with documentation where the broker has it.
    ///
    /// # Errors
    /// UNKNOWN_TOPIC_OR_PARTITION and others.
    pub async fn describe_configs(
        &self,
        resource: &ConfigResource,
    ) -> Result<Vec<ConfigEntry>, Error> {
        let connection = match resource {
            ConfigResource::Topic(_) => self.any().await?,
            ConfigResource::Broker(id) => {
                let metadata = self.brokers().await?;
                match metadata.address_of(*id) {
                    Some(address) => self.to(address).await?,
                    None => self.any().await?,
                }
            }
        };
        let (kind, name) = resource.parts();
        let response: DescribeConfigsResponse = connection
            .ask(ApiKey::DescribeConfigs, 4, |version| {
                let wanted = DescribeConfigsResource::default()
                    .with_resource_type(kind)
                    .with_resource_name(name)
                    .with_configuration_keys(None);
                DescribeConfigsRequest::default()
                    .with_resources(vec![wanted])
                    .with_include_synonyms(true)
                    .with_include_documentation(version >= 3)
            })
            .await?;
        let Some(found) = response.results.into_iter().next() else { return Ok(Vec::new()) };
        Error::check(found.error_code, found.error_message.as_deref())?;
        Ok(found.configs.into_iter().map(entry_of).collect())
    }

    /// One entry of several topics' configurations, in one request. Topics that can't be described
    /// are left out.
    ///
    /// # Errors
    /// No connection, or an answer that does not parse.
    pub async fn topic_config_values(
        &self,
        topics: &[String],
        name: &str,
    ) -> Result<Vec<(String, String)>, Error> {
        if topics.is_empty() {
            return Ok(Vec::new());
        }
        let connection = self.any().await?;
        let response: DescribeConfigsResponse = connection
            .ask(ApiKey::DescribeConfigs, 4, |_| {
                let wanted = topics.iter().map(|topic| {
                    DescribeConfigsResource::default()
                        .with_resource_type(2)
                        .with_resource_name(StrBytes::from_string(topic.clone()))
                        .with_configuration_keys(Some(vec![StrBytes::from_string(name.to_owned())]))
                });
                DescribeConfigsRequest::default().with_resources(wanted.collect())
            })
            .await?;
        let found = response.results.into_iter().filter_map(|result| {
            let entry = result.configs.into_iter().find(|entry| entry.name.as_str() == name)?;
            Some((result.resource_name.to_string(), entry.value?.to_string()))
        });
        Ok(found.collect())
    }

    /// Changes some entries of a configuration, all or none.
    ///
    /// # Errors
    /// INVALID_CONFIG and others, with the broker's message.
    pub async fn alter_configs(
        &self,
        resource: &ConfigResource,
        changes: &[ConfigChange],
    ) -> Result<(), Error> {
        /// Kafka's numbers of the operations.
        const SET: i8 = 0;
        const DELETE: i8 = 1;
        let configs = changes.iter().map(|change| {
            let operation = if change.value.is_some() { SET } else { DELETE };
            AlterableConfig::default()
                .with_name(StrBytes::from_string(change.name.clone()))
                .with_config_operation(operation)
                .with_value(change.value.clone().map(StrBytes::from_string))
        });
        let (kind, name) = resource.parts();
        let wanted = AlterConfigsResource::default()
            .with_resource_type(kind)
            .with_resource_name(name)
            .with_configs(configs.collect());
        let response: IncrementalAlterConfigsResponse = self
            .controller()
            .await?
            .ask(ApiKey::IncrementalAlterConfigs, 1, |_| {
                IncrementalAlterConfigsRequest::default().with_resources(vec![wanted])
            })
            .await?;
        response
            .responses
            .iter()
            .try_for_each(|each| Error::check(each.error_code, each.error_message.as_deref()))
    }

    /// The log directories of every broker.
    ///
    /// # Errors
    /// No connection, or a broker's refusal.
    pub async fn log_dirs(&self) -> Result<Vec<LogDir>, Error> {
        let metadata = self.brokers().await?;
        let mut dirs = Vec::new();
        for broker in &metadata.brokers {
            let connection = self.to(&broker.address).await?;
            let response: DescribeLogDirsResponse = connection
                .ask(ApiKey::DescribeLogDirs, 4, |_| {
                    DescribeLogDirsRequest::default().with_topics(None)
                })
                .await?;
            Error::check(response.error_code, None)?;
            for result in response.results {
                Error::check(result.error_code, None)?;
                let known = |bytes: i64| Some(bytes).filter(|bytes| *bytes >= 0);
                let replicas = result.topics.into_iter().flat_map(|topic| {
                    let name = topic.name.to_string();
                    topic.partitions.into_iter().map(move |partition| LogDirReplica {
                        topic: name.clone(),
                        partition: partition.partition_index,
                        size_bytes: partition.partition_size,
                    })
                });
                dirs.push(LogDir {
                    broker: broker.id,
                    path: result.log_dir.to_string(),
                    total_bytes: known(result.total_bytes),
                    usable_bytes: known(result.usable_bytes),
                    replicas: replicas.collect(),
                });
            }
        }
        Ok(dirs)
    }
}

fn entry_of(
    found: freshet_wire::messages::describe_configs_response::DescribeConfigsResourceResult,
) -> ConfigEntry {
    let synonyms = found
        .synonyms
        .into_iter()
        .map(|synonym| ConfigSynonym {
            name: synonym.name.to_string(),
            value: synonym.value.map(|value| value.to_string()),
            source: synonym.source.into(),
        })
        .collect();
    ConfigEntry {
        name: found.name.to_string(),
        value: found.value.map(|value| value.to_string()),
        source: found.config_source.into(),
        is_read_only: found.read_only,
        is_sensitive: found.is_sensitive,
        synonyms,
        kind: found.config_type,
        documentation: found.documentation.map(|text| text.to_string()).unwrap_or_default(),
    }
}
