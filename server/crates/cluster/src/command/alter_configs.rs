use std::collections::{BTreeMap, BTreeSet};

use freshet_wire::ErrorCode;

use super::CONFIGS_PER_COMMAND_MAX;
use super::create_topic::{Creator, check_value};
use crate::config::{
    BrokerConfig, ConfigKey, ConfigType, Update, describe_topic, known_broker_config,
    known_topic_config, list_items,
};
use crate::image::Image;
use crate::record::{BrokerScope, MetadataRecord};
use crate::refusal::Refusal;
use crate::topic::{TopicId, TopicName};

/// What configurations are altered of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigTarget {
    /// A topic, by name.
    Topic(String),
    /// The broker: by its id, or empty for all brokers.
    Broker(String),
}

/// What is done to one value (KIP-339).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlterOp {
    /// Replaces the value.
    Set,
    /// Goes back to the default.
    Delete,
    /// Adds items to a list.
    Append,
    /// Takes items out of a list.
    Subtract,
}

impl AlterOp {
    /// Finds the operation with this number on the wire.
    #[must_use]
    pub const fn from_code(code: i8) -> Option<Self> {
        match code {
            0 => Some(Self::Set),
            1 => Some(Self::Delete),
            2 => Some(Self::Append),
            3 => Some(Self::Subtract),
            _ => None,
        }
    }
}

/// One change of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigChange {
    /// The configuration's name, unchecked.
    pub name: String,
    /// What to do.
    pub op: AlterOp,
    /// The value or items; not looked at for [`AlterOp::Delete`].
    pub value: Option<String>,
}

/// Changes some values and leaves the others: IncrementalAlterConfigs.
///
/// All changes of one target happen or none.
///
/// # Errors
/// UNKNOWN_TOPIC_OR_PARTITION or INVALID_TOPIC_EXCEPTION; INVALID_CONFIG for unknown names, values
/// that are not allowed and list operations on what is no list; INVALID_REQUEST for a name given
/// twice, a missing value, another broker's id, and broker configurations that need a restart;
/// POLICY_VIOLATION for the broker's own topics.
pub fn incremental_alter_configs(
    image: &Image,
    config: &BrokerConfig,
    target: &ConfigTarget,
    changes: &[ConfigChange],
) -> Result<Vec<MetadataRecord>, Refusal> {
    check_names(changes.iter().map(|change| change.name.as_str()))?;
    let target = Target::find(image, target)?;
    let mut records = Vec::with_capacity(changes.len());
    for change in changes {
        let key = target.key(&change.name)?;
        let value = changed_value(image, config, &target, key, change)?;
        if let Some(value) = &value {
            check_value(key, value, Creator::Client)?;
        }
        if value.as_deref() != target.current(image, key.name) {
            records.push(target.record(key.name, value));
        }
    }
    Ok(records)
}

/// Replaces all values of a target: those not named go back to their defaults. AlterConfigs, which
/// Kafka has deprecated for that reason.
///
/// # Errors
/// As [`incremental_alter_configs`].
pub fn alter_configs(
    image: &Image,
    target: &ConfigTarget,
    values: &[(String, Option<String>)],
) -> Result<Vec<MetadataRecord>, Refusal> {
    check_names(values.iter().map(|(name, _)| name.as_str()))?;
    let target = Target::find(image, target)?;
    let mut wanted = BTreeMap::new();
    for (name, value) in values {
        let key = target.key(name)?;
        let value = required(key, value.as_deref())?;
        check_value(key, value, Creator::Client)?;
        wanted.insert(key.name, value.to_owned());
    }
    let removed = target.current_names(image).into_iter();
    let removed = removed.filter(|name| !wanted.contains_key(name.as_str()));
    let mut records: Vec<_> = removed.map(|name| target.record(&name, None)).collect();
    for (name, value) in wanted {
        if target.current(image, name) != Some(value.as_str()) {
            records.push(target.record(name, Some(value)));
        }
    }
    Ok(records)
}

/// A target that exists.
enum Target {
    Topic { id: TopicId, name: String },
    Broker(BrokerScope),
}

impl Target {
    fn find(image: &Image, target: &ConfigTarget) -> Result<Self, Refusal> {
        match target {
            ConfigTarget::Topic(name) => match image.topic(name) {
                Some(topic) if topic.is_internal() => Err(Refusal::new(
                    ErrorCode::PolicyViolation,
                    format!("topic {name} holds the broker's own state"),
                )),
                Some(topic) => Ok(Self::Topic { id: topic.id, name: name.clone() }),
                None => Err(TopicName::new(name).err().unwrap_or_else(|| {
                    let message = format!("there is no topic '{name}'");
                    Refusal::new(ErrorCode::UnknownTopicOrPartition, message)
                })),
            },
            ConfigTarget::Broker(id) if id.is_empty() => Ok(Self::Broker(BrokerScope::Default)),
            ConfigTarget::Broker(id) if *id == image.broker_id().to_string() => {
                Ok(Self::Broker(BrokerScope::Broker))
            }
            ConfigTarget::Broker(id) => Err(Refusal::new(
                ErrorCode::InvalidRequest,
                format!("there is no broker {}; it is {}", id.escape_debug(), image.broker_id()),
            )),
        }
    }

    fn key(&self, name: &str) -> Result<&'static ConfigKey, Refusal> {
        let Self::Broker(_) = self else { return known_topic_config(name) };
        let key = known_broker_config(name)?;
        if key.update == Update::ReadOnly {
            let message = format!(
                "{name} cannot change while the broker runs; restart it with --set {name}=…"
            );
            return Err(Refusal::new(ErrorCode::InvalidRequest, message));
        }
        Ok(key)
    }

    fn current<'a>(&self, image: &'a Image, name: &str) -> Option<&'a str> {
        match self {
            Self::Topic { id, .. } => image.topic_by_id(*id)?.configs.get(name).map(String::as_str),
            Self::Broker(scope) => image.broker_config(*scope, name),
        }
    }

    fn current_names(&self, image: &Image) -> Vec<String> {
        match self {
            Self::Topic { name, .. } => {
                image.topic(name).map(|t| t.configs.keys().cloned().collect()).unwrap_or_default()
            }
            Self::Broker(scope) => {
                image.broker_configs(*scope).map(|(name, _)| name.to_owned()).collect()
            }
        }
    }

    fn record(&self, key: &str, value: Option<String>) -> MetadataRecord {
        let key = key.to_owned();
        match self {
            Self::Topic { id, .. } => MetadataRecord::TopicConfigChanged { id: *id, key, value },
            Self::Broker(scope) => {
                MetadataRecord::BrokerConfigChanged { scope: *scope, key, value }
            }
        }
    }
}

fn check_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            let message = format!("configuration {} is given twice", name.escape_debug());
            return Err(Refusal::new(ErrorCode::InvalidRequest, message));
        }
        if seen.len() > CONFIGS_PER_COMMAND_MAX {
            let message = format!("at most {CONFIGS_PER_COMMAND_MAX} configurations may be given");
            return Err(Refusal::new(ErrorCode::InvalidRequest, message));
        }
    }
    Ok(())
}

fn required<'a>(key: &ConfigKey, value: Option<&'a str>) -> Result<&'a str, Refusal> {
    value.ok_or_else(|| {
        let message = format!("configuration {} has no value", key.name);
        Refusal::new(ErrorCode::InvalidRequest, message)
    })
}

fn changed_value(
    image: &Image,
    config: &BrokerConfig,
    target: &Target,
    key: &'static ConfigKey,
    change: &ConfigChange,
) -> Result<Option<String>, Refusal> {
    match change.op {
        AlterOp::Delete => return Ok(None),
        AlterOp::Set => return required(key, change.value.as_deref()).map(|v| Some(v.to_owned())),
        AlterOp::Append | AlterOp::Subtract => {}
    }
    if key.kind != ConfigType::List {
        let message = format!("{} is not a list: it can only be set or deleted", key.name);
        return Err(Refusal::new(ErrorCode::InvalidConfig, message));
    }
    let given: Vec<&str> = list_items(required(key, change.value.as_deref())?).collect();
    let before = effective_list(image, config, target, key);
    let mut items: Vec<&str> = list_items(&before).collect();
    if change.op == AlterOp::Append {
        items.extend(given.iter().filter(|item| !before_has(&before, item)));
    } else {
        items.retain(|item| !given.contains(item));
    }
    Ok(Some(items.join(",")))
}

fn before_has(before: &str, item: &str) -> bool {
    list_items(before).any(|other| other == item)
}

/// The list that items are added to or taken from: the value in effect.
fn effective_list(
    image: &Image,
    config: &BrokerConfig,
    target: &Target,
    key: &'static ConfigKey,
) -> String {
    let effective = match target {
        Target::Topic { id, .. } => image.topic_by_id(*id).and_then(|topic| {
            let entries = describe_topic(image, config, topic);
            entries.into_iter().find(|entry| entry.name == key.name)?.value
        }),
        Target::Broker(_) => target.current(image, key.name).map(str::to_owned),
    };
    effective.unwrap_or_else(|| key.default.unwrap_or_default().to_owned())
}
