//! Where a configuration's value comes from.
//!
//! ```text
//!   topic  >  dynamic, this broker  >  dynamic, all brokers  >  --set  >  default
//!     1                2                        3                 4         5
//! ```

use super::broker::{BROKER_CONFIGS, BrokerConfig, broker_config_key};
use super::key::{ConfigKey, ConfigType, Scale, Update};
use super::topic::TOPIC_CONFIGS;
use crate::image::Image;
use crate::record::BrokerScope;
use crate::topic::Topic;

/// Where a value comes from, as DescribeConfigs reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigSource {
    /// Set on the topic.
    Topic,
    /// Set on this broker while it ran.
    DynamicBroker,
    /// Set for all brokers while they ran.
    DynamicDefaultBroker,
    /// Given at start.
    StaticBroker,
    /// Nobody set it.
    Default,
}

impl ConfigSource {
    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> i8 {
        match self {
            Self::Topic => 1,
            Self::DynamicBroker => 2,
            Self::DynamicDefaultBroker => 3,
            Self::StaticBroker => 4,
            Self::Default => 5,
        }
    }
}

/// One place a value could come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synonym {
    /// The configuration's name there.
    pub name: &'static str,
    /// Its value there, in the unit of that name.
    pub value: String,
    /// Which place.
    pub source: ConfigSource,
}

/// One configuration with its value in effect: a row of DescribeConfigs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEntry {
    /// Its name.
    pub name: &'static str,
    /// The value in effect; `None` for a broker configuration that yields to another.
    pub value: Option<String>,
    /// Where the value comes from.
    pub source: ConfigSource,
    /// Whether it changes only with a restart.
    pub is_read_only: bool,
    /// Every place that has a value, the one in effect first.
    pub synonyms: Vec<Synonym>,
    /// Its type.
    pub kind: ConfigType,
    /// What it means.
    pub doc: &'static str,
}

/// Describes every configuration of `topic`, by name.
#[must_use]
pub fn describe_topic(image: &Image, config: &BrokerConfig, topic: &Topic) -> Vec<ConfigEntry> {
    TOPIC_CONFIGS.iter().map(|key| topic_entry(image, config, topic, key)).collect()
}

/// Describes every configuration of the broker that takes effect, by name. `scope` picks between
/// this broker and the values set for all brokers, of which only those set are listed.
#[must_use]
pub fn describe_broker(
    image: &Image,
    config: &BrokerConfig,
    scope: BrokerScope,
) -> Vec<ConfigEntry> {
    if scope == BrokerScope::Default {
        let set = image.broker_configs(BrokerScope::Default);
        return set
            .filter_map(|(name, value)| {
                let key = broker_config_key(name)?;
                let source = ConfigSource::DynamicDefaultBroker;
                let synonym = Synonym { name: key.name, value: value.to_owned(), source };
                Some(entry(key, vec![synonym], false))
            })
            .collect();
    }
    BROKER_CONFIGS
        .iter()
        .map(|key| {
            let mut synonyms = broker_synonyms(image, config, key.name);
            if let Some(value) = key.default {
                let source = ConfigSource::Default;
                synonyms.push(Synonym { name: key.name, value: value.to_owned(), source });
            }
            entry(key, synonyms, key.update == Update::ReadOnly)
        })
        .collect()
}

fn topic_entry(
    image: &Image,
    config: &BrokerConfig,
    topic: &Topic,
    key: &'static ConfigKey,
) -> ConfigEntry {
    let (value, source) = topic_value(image, config, topic, key);
    let mut synonyms = Vec::new();
    if let Some(value) = topic.configs.get(key.name) {
        let source = ConfigSource::Topic;
        synonyms.push(Synonym { name: key.name, value: value.clone(), source });
    }
    for (name, _) in key.synonyms {
        synonyms.extend(broker_synonyms(image, config, name));
    }
    // The default is that of the first stand-in, if it has one of its own.
    if let Some((name, _)) = key.synonyms.first()
        && let Some(broker_key) = broker_config_key(name)
        && let Some(default) = broker_key.default
    {
        let source = ConfigSource::Default;
        synonyms.push(Synonym { name: broker_key.name, value: default.to_owned(), source });
    }
    ConfigEntry { value: Some(value), source, ..entry(key, synonyms, false) }
}

/// The value of a topic's configuration in effect, in the topic's unit, and its source.
pub(super) fn topic_value(
    image: &Image,
    config: &BrokerConfig,
    topic: &Topic,
    key: &'static ConfigKey,
) -> (String, ConfigSource) {
    if let Some(value) = topic.configs.get(key.name) {
        return (value.clone(), ConfigSource::Topic);
    }
    let of_broker = key.synonyms.iter().flat_map(|(name, scale): &(&'static str, Scale)| {
        let found = broker_synonyms(image, config, name);
        found.into_iter().map(|synonym| (scale.convert(&synonym.value), synonym.source))
    });
    // Of stand-ins in different units the finer wins, wherever it was set: they come in that order.
    of_broker
        .into_iter()
        .next()
        .unwrap_or_else(|| (key.default.unwrap_or_default().to_owned(), ConfigSource::Default))
}

/// The value of a broker configuration in effect; `None` when it has none and yields to another.
pub(super) fn broker_value(image: &Image, config: &BrokerConfig, name: &str) -> Option<String> {
    let key = broker_config_key(name)?;
    let set = broker_synonyms(image, config, name).into_iter().next();
    set.map(|synonym| synonym.value).or_else(|| key.default.map(str::to_owned))
}

fn broker_synonyms(image: &Image, config: &BrokerConfig, name: &str) -> Vec<Synonym> {
    let Some(key) = broker_config_key(name) else { return Vec::new() };
    let places = [
        (image.broker_config(BrokerScope::Broker, name), ConfigSource::DynamicBroker),
        (image.broker_config(BrokerScope::Default, name), ConfigSource::DynamicDefaultBroker),
        (config.get(name), ConfigSource::StaticBroker),
    ];
    let set = places.into_iter().filter_map(|(value, source)| Some((value?, source)));
    set.map(|(value, source)| Synonym { name: key.name, value: value.to_owned(), source }).collect()
}

fn entry(key: &'static ConfigKey, synonyms: Vec<Synonym>, is_read_only: bool) -> ConfigEntry {
    let first = synonyms.first();
    ConfigEntry {
        name: key.name,
        value: first.map(|synonym| synonym.value.clone()),
        source: first.map_or(ConfigSource::Default, |synonym| synonym.source),
        is_read_only,
        synonyms,
        kind: key.kind,
        doc: key.doc,
    }
}
