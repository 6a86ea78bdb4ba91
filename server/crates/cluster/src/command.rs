//! What can be done to the cluster: each command looks at an image and returns the records that
//! would carry it out, or a refusal. Nothing changes until the records are in the metadata log and
//! applied.

mod alter_configs;
mod create_partitions;
mod create_topic;
mod delete_topic;
mod producer_ids;

pub use alter_configs::{
    AlterOp, ConfigChange, ConfigTarget, alter_configs, incremental_alter_configs,
};
pub use create_partitions::{CreatePartitions, create_partitions};
pub use create_topic::{CreateTopic, CreatedTopic, Creator, create_topic, create_topics};
pub use delete_topic::{TopicRef, delete_topic};
pub use producer_ids::{PRODUCER_ID_BLOCK, reserve_producer_ids};

/// Most partitions one topic may have. Kafka has no such bound and falls over instead.
pub const PARTITIONS_PER_TOPIC_MAX: i32 = 10_000;

/// Most partitions over all topics: each costs memory, and a folder once it is written to.
pub const PARTITIONS_MAX: usize = 100_000;

/// Most topics.
pub const TOPICS_MAX: usize = 50_000;

/// Most configuration values in one alteration or creation.
pub const CONFIGS_PER_COMMAND_MAX: usize = 256;

/// Longest configuration value, in bytes.
pub const CONFIG_VALUE_BYTES_MAX: usize = 32 * 1024;

#[cfg(test)]
mod tests;
