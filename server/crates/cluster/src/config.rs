//! Every configuration a topic or the broker has: its type, default, bounds and meaning, where a
//! value comes from, and whether Freshet can do what it asks.
//!
//! A value that cannot be honoured is refused, with the remedy in the message; a value without
//! effect on a single broker (such as `unclean.leader.election.enable`) is accepted, so that
//! scripts written for Kafka run.

mod broker;
mod check;
mod effective;
mod key;
mod nearest;
mod settings;
mod topic;

pub use broker::{BROKER_CONFIGS, BrokerConfig, broker_config_key};
pub(crate) use broker::{known_broker_config, known_topic_config};
pub use check::Check;
pub(crate) use check::list_items;
pub use effective::{ConfigEntry, ConfigSource, Synonym, describe_broker, describe_topic};
pub use key::{ConfigKey, ConfigType, Honour, Scale, Update};
pub use settings::{BrokerSettings, CleanupPolicy, TopicSettings};
pub use topic::{TOPIC_CONFIGS, topic_config_key};

#[cfg(test)]
mod tests;
