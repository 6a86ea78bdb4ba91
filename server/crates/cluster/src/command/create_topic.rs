use std::collections::{BTreeMap, BTreeSet};

use freshet_wire::ErrorCode;

use super::{
    CONFIG_VALUE_BYTES_MAX, CONFIGS_PER_COMMAND_MAX, PARTITIONS_MAX, PARTITIONS_PER_TOPIC_MAX,
    TOPICS_MAX,
};
use crate::config::{
    BrokerConfig, BrokerSettings, ConfigEntry, ConfigKey, describe_topic, known_topic_config,
};
use crate::image::Image;
use crate::record::MetadataRecord;
use crate::refusal::Refusal;
use crate::topic::{TopicId, TopicName};

/// Who creates a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Creator {
    /// A client: may not create the broker's own topics.
    Client,
    /// The broker itself: may, and may compact them.
    Broker,
}

/// A topic to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTopic {
    /// Its name, unchecked.
    pub name: String,
    /// Its id: random, from the caller.
    pub id: TopicId,
    /// The number of partitions; -1 for the broker's default.
    pub partition_count: i32,
    /// The number of replicas; -1 for the broker's default.
    pub replication_factor: i16,
    /// Partition index and broker ids; empty lets the broker choose. With it the two numbers above
    /// must be -1.
    pub assignments: Vec<(i32, Vec<i32>)>,
    /// Configuration values; `None` is the default.
    pub configs: Vec<(String, Option<String>)>,
}

/// A topic that was created, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedTopic {
    /// Its name.
    pub name: TopicName,
    /// Its id.
    pub id: TopicId,
    /// The number of partitions it has.
    pub partition_count: i32,
    /// The number of replicas it really has, whatever was asked for.
    pub replication_factor: i16,
    /// Every configuration with its value in effect.
    pub configs: Vec<ConfigEntry>,
    /// What carries it out.
    pub record: MetadataRecord,
}

/// Creates several topics: each sees those before it. A name that appears more than once is refused
/// every time; Kafka answers such a name once. Answers are in the order of the wishes.
///
/// For a request that only validates, the caller drops the records.
#[must_use]
pub fn create_topics(
    image: &Image,
    config: &BrokerConfig,
    creator: Creator,
    now_ms: i64,
    wishes: &[CreateTopic],
) -> Vec<Result<CreatedTopic, Refusal>> {
    let mut names = BTreeSet::new();
    let repeated: BTreeSet<&str> =
        wishes.iter().map(|w| w.name.as_str()).filter(|name| !names.insert(*name)).collect();
    let mut image = image.clone();
    wishes
        .iter()
        .map(|wish| {
            if repeated.contains(wish.name.as_str()) {
                let message = format!("topic {} is in the request twice", wish.name);
                return Err(Refusal::new(ErrorCode::InvalidRequest, message));
            }
            let created = create_topic(&image, config, creator, now_ms, wish)?;
            image = image.apply(&created.record);
            Ok(created)
        })
        .collect()
}

/// Creates one topic.
///
/// # Errors
/// INVALID_TOPIC_EXCEPTION for the name, TOPIC_ALREADY_EXISTS, INVALID_PARTITIONS,
/// INVALID_REPLICATION_FACTOR, INVALID_REPLICA_ASSIGNMENT, INVALID_REQUEST for an assignment beside
/// numbers, INVALID_CONFIG, POLICY_VIOLATION past one of the named limits.
pub fn create_topic(
    image: &Image,
    config: &BrokerConfig,
    creator: Creator,
    now_ms: i64,
    wish: &CreateTopic,
) -> Result<CreatedTopic, Refusal> {
    let name = check_name(image, creator, &wish.name)?;
    let settings = BrokerSettings::of(image, config);
    let partition_count = if wish.assignments.is_empty() {
        check_replication_factor(wish.replication_factor, settings.clamps_replication)?;
        check_partition_count(wish.partition_count, settings.num_partitions)?
    } else {
        check_assignments(image, wish, settings.clamps_replication)?
    };
    check_limits(image, partition_count)?;
    let configs = check_configs(creator, &wish.configs)?;
    if !wish.id.is_assignable() {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "the topic id is reserved"));
    }
    let record = MetadataRecord::TopicCreated {
        id: wish.id,
        name: name.clone(),
        partition_count,
        created_ms: now_ms,
        configs,
    };
    let after = image.apply(&record);
    let topic = after.topic(name.as_str()).expect("the record just applied creates it");
    let configs = describe_topic(&after, config, topic);
    let id = wish.id;
    Ok(CreatedTopic { name, id, partition_count, replication_factor: 1, configs, record })
}

fn check_name(image: &Image, creator: Creator, name: &str) -> Result<TopicName, Refusal> {
    let name = TopicName::new(name)?;
    if name.is_internal() && creator == Creator::Client {
        let message = format!("topic {name} belongs to the broker, which creates it when needed");
        return Err(Refusal::new(ErrorCode::InvalidTopic, message));
    }
    if image.topic(name.as_str()).is_some() {
        let message = format!("topic '{name}' already exists");
        return Err(Refusal::new(ErrorCode::TopicAlreadyExists, message));
    }
    if let Some(other) = image.colliding_topic(&name) {
        let message = format!(
            "topic '{name}' collides with existing topic '{other}': '.' and '_' are the same here"
        );
        return Err(Refusal::new(ErrorCode::InvalidTopic, message));
    }
    Ok(name)
}

fn check_partition_count(wanted: i32, default: i32) -> Result<i32, Refusal> {
    let partition_count = if wanted == -1 { default } else { wanted };
    if partition_count < 1 {
        let message = format!("number of partitions must be at least 1 or -1, not {wanted}");
        return Err(Refusal::new(ErrorCode::InvalidPartitions, message));
    }
    Ok(partition_count)
}

fn check_replication_factor(wanted: i16, clamps: bool) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::new(ErrorCode::InvalidReplicationFactor, message));
    match wanted {
        -1 | 1 => Ok(()),
        2.. if clamps => Ok(()),
        2.. => refuse(format!(
            "replication factor {wanted} is larger than the number of brokers, which is 1; ask for \
             1 or -1, or start freshet with --set clamp-replication=true"
        )),
        _ => refuse(format!("replication factor must be at least 1 or -1, not {wanted}")),
    }
}

fn check_assignments(image: &Image, wish: &CreateTopic, clamps: bool) -> Result<i32, Refusal> {
    let refuse = |code, message: String| Err(Refusal::new(code, message));
    if wish.partition_count != -1 || wish.replication_factor != -1 {
        return refuse(
            ErrorCode::InvalidRequest,
            "with replica assignments, partitions and replication factor must be -1".into(),
        );
    }
    let mut indexes = BTreeSet::new();
    for (index, brokers) in &wish.assignments {
        if !indexes.insert(*index) {
            let message = format!("partition {index} is assigned twice");
            return refuse(ErrorCode::InvalidReplicaAssignment, message);
        }
        check_replicas(image.broker_id(), *index, brokers, clamps)?;
    }
    let count = i32::try_from(indexes.len()).unwrap_or(i32::MAX);
    if !indexes.iter().copied().eq(0..count) {
        return refuse(
            ErrorCode::InvalidReplicaAssignment,
            "partitions must be numbered from 0 without a gap".into(),
        );
    }
    Ok(count)
}

/// Checks that a partition's replicas are the only broker.
pub(super) fn check_replicas(
    broker_id: i32,
    index: i32,
    brokers: &[i32],
    clamps: bool,
) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::new(ErrorCode::InvalidReplicaAssignment, message));
    let distinct: BTreeSet<_> = brokers.iter().collect();
    if brokers.is_empty() {
        return refuse(format!("partition {index} has no replicas"));
    }
    if distinct.len() != brokers.len() {
        return refuse(format!("partition {index} has a broker twice"));
    }
    match brokers.iter().find(|broker| **broker != broker_id) {
        Some(_) if clamps && brokers.contains(&broker_id) => Ok(()),
        Some(other) => refuse(format!(
            "partition {index} is assigned to broker {other}; the only broker is {broker_id}"
        )),
        None => Ok(()),
    }
}

/// Checks the bounds on topics and partitions, with `partition_count` more to come.
fn check_limits(image: &Image, partition_count: i32) -> Result<(), Refusal> {
    if image.topics().len() >= TOPICS_MAX {
        let message = format!("there are {TOPICS_MAX} topics already, the most there may be");
        return Err(Refusal::new(ErrorCode::PolicyViolation, message));
    }
    check_partition_limits(image, partition_count, partition_count)
}

pub(super) fn check_partition_limits(
    image: &Image,
    of_topic: i32,
    added: i32,
) -> Result<(), Refusal> {
    if of_topic > PARTITIONS_PER_TOPIC_MAX {
        let message = format!(
            "a topic may have {PARTITIONS_PER_TOPIC_MAX} partitions at most, not {of_topic}"
        );
        return Err(Refusal::new(ErrorCode::InvalidPartitions, message));
    }
    let added = usize::try_from(added).unwrap_or(0);
    if image.partition_count() + added > PARTITIONS_MAX {
        let message = format!("all topics together may have {PARTITIONS_MAX} partitions at most");
        return Err(Refusal::new(ErrorCode::PolicyViolation, message));
    }
    Ok(())
}

fn check_configs(
    creator: Creator,
    wished: &[(String, Option<String>)],
) -> Result<BTreeMap<String, String>, Refusal> {
    if wished.len() > CONFIGS_PER_COMMAND_MAX {
        let message = format!("at most {CONFIGS_PER_COMMAND_MAX} configurations may be given");
        return Err(Refusal::new(ErrorCode::InvalidConfig, message));
    }
    let mut configs = BTreeMap::new();
    for (name, value) in wished {
        let key = known_topic_config(name)?;
        let Some(value) = value else {
            let message = format!("configuration {name} has no value");
            return Err(Refusal::new(ErrorCode::InvalidConfig, message));
        };
        check_value(key, value, creator)?;
        if configs.insert(name.clone(), value.clone()).is_some() {
            let message = format!("configuration {name} is given twice");
            return Err(Refusal::new(ErrorCode::InvalidConfig, message));
        }
    }
    Ok(configs)
}

/// Checks one value; the broker may do with its own topics what users cannot yet.
pub(super) fn check_value(key: &ConfigKey, value: &str, creator: Creator) -> Result<(), Refusal> {
    if value.len() > CONFIG_VALUE_BYTES_MAX {
        let message = format!("the value of {} is longer than {CONFIG_VALUE_BYTES_MAX}", key.name);
        return Err(Refusal::new(ErrorCode::InvalidConfig, message));
    }
    match creator {
        Creator::Client => key.validate(value),
        Creator::Broker => key.validate_form(value),
    }
}
