//! The configurations of the broker that Freshet honours, and the values given at start.

use std::collections::BTreeMap;

use freshet_wire::ErrorCode;

use super::check::Check;
use super::key::{ConfigKey, ConfigType, Honour};
use super::nearest::nearest;
use super::topic::topic_config_key;
use crate::refusal::Refusal;

const INT_MAX: &str = "2147483647";

const MS_MAX: &str = "9223372036854775807";

/// Finds a broker configuration by name.
#[must_use]
pub fn broker_config_key(name: &str) -> Option<&'static ConfigKey> {
    BROKER_CONFIGS.iter().find(|key| key.name == name)
}

/// The values given at start with `--set name=value`: source 4, between the dynamic values and the
/// defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrokerConfig {
    values: BTreeMap<&'static str, String>,
}

impl BrokerConfig {
    /// Checks pairs of name and value; of two with one name the later wins.
    ///
    /// # Errors
    /// INVALID_CONFIG for a name that is unknown, naming the nearest known one, and for a value
    /// that is not allowed.
    pub fn from_pairs<N: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, Refusal> {
        let mut values = BTreeMap::new();
        for (name, value) in pairs {
            let (name, value) = (name.as_ref(), value.as_ref());
            let key = broker_config_key(name).ok_or_else(|| unknown(name))?;
            key.validate(value)?;
            values.insert(key.name, value.trim().to_owned());
        }
        Ok(Self { values })
    }

    /// The value given for `name`; `None` when none was.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
}

/// The refusal of an unknown broker configuration.
pub(super) fn unknown(name: &str) -> Refusal {
    let shown = name.escape_debug();
    let message = match nearest(name, BROKER_CONFIGS.iter().map(|key| key.name)) {
        Some(known) => format!("unknown broker configuration {shown}; did you mean {known}?"),
        None => format!("unknown broker configuration {shown}"),
    };
    Refusal::new(ErrorCode::InvalidConfig, message)
}

/// Every broker configuration that takes effect, by name.
pub static BROKER_CONFIGS: &[ConfigKey] = &[
    ConfigKey::boolean("auto.create.topics.enable", "true")
        .doc("Whether a topic comes into being when somebody first asks for it."),
    ConfigKey::boolean("clamp-replication", "false").doc(
        "Whether a replication factor above the number of brokers is lowered instead of \
             refused. Freshet's own.",
    ),
    ConfigKey::new("compression.gzip.level", ConfigType::Int, "-1")
        .check(Check::GzipLevel)
        .honour(Honour::Only(&["-1"], "recompression uses the default level; leave it unset"))
        .doc("How hard gzip compresses, for topics that do not say."),
    ConfigKey::int("compression.lz4.level", "9", 1)
        .max(17)
        .honour(Honour::Only(&["9"], "recompression uses the default level; leave it unset"))
        .doc("How hard lz4 compresses, for topics that do not say."),
    ConfigKey::one_of(
        "compression.type",
        "producer",
        &["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"],
    )
    .dynamic()
    .doc("How batches are compressed on disk, for topics that do not say."),
    ConfigKey::int("compression.zstd.level", "3", -131_072)
        .max(22)
        .honour(Honour::Only(&["3"], "recompression uses the default level; leave it unset"))
        .doc("How hard zstd compresses, for topics that do not say."),
    ConfigKey::long("connections.max.idle.ms", "600000", -1)
        .doc("How long a connection may be silent before it is closed."),
    ConfigKey::int("default.replication.factor", "1", 1)
        .honour(Honour::Only(
            &["1"],
            "there is one broker; see clamp-replication for requests with more",
        ))
        .doc("The replication factor of topics created without one."),
    ConfigKey::boolean("delete.topic.enable", "true").doc("Whether topics may be deleted."),
    ConfigKey::int("fetch.max.bytes", "57671680", 1024)
        .doc("The most bytes one fetch returns, whatever the client asks for."),
    ConfigKey::one_of("freshet.durability", "acked", &["acked", "strict", "page-cache"])
        .dynamic()
        .doc("What an acknowledgement survives, for topics that do not say. Freshet's own."),
    ConfigKey::int("group.initial.rebalance.delay.ms", "100", 0).doc(
        "How long an empty group waits for more members before its first rebalance. Kafka's \
             own default is 3000.",
    ),
    ConfigKey::int("group.max.session.timeout.ms", "1800000", 1)
        .doc("The longest session timeout a group member may ask for."),
    ConfigKey::int("group.max.size", INT_MAX, 1).doc("How many members a group may have."),
    ConfigKey::int("group.min.session.timeout.ms", "6000", 1)
        .doc("The shortest session timeout a group member may ask for."),
    ConfigKey::long("log.cleaner.delete.retention.ms", "86400000", 0)
        .dynamic()
        .doc("How long markers of deleted keys stay, for topics that do not say."),
    ConfigKey::long("log.cleaner.max.compaction.lag.ms", MS_MAX, 1)
        .dynamic()
        .doc("After how long a record must be compacted, for topics that do not say."),
    ConfigKey::new("log.cleaner.min.cleanable.ratio", ConfigType::Double, "0.5")
        .dynamic()
        .doc("Which share may be outdated before compaction, for topics that do not say."),
    ConfigKey::long("log.cleaner.min.compaction.lag.ms", "0", 0)
        .dynamic()
        .doc("How long a record stays before compaction, for topics that do not say."),
    ConfigKey::list("log.cleanup.policy", "delete", Check::ListOf(&["compact", "delete"]))
        .honour(Honour::Only(&["delete", ""], "compaction is not available yet; use delete"))
        .dynamic()
        .doc("What happens to old records, for topics that do not say."),
    ConfigKey::long("log.flush.interval.messages", MS_MAX, 1)
        .dynamic()
        .doc("After how many records a log is synced, for topics that do not say."),
    ConfigKey::long("log.flush.interval.ms", MS_MAX, 0)
        .unset()
        .dynamic()
        .doc("After how long a log is synced, for topics that do not say."),
    ConfigKey::long("log.flush.scheduler.interval.ms", MS_MAX, 0)
        .doc("After how long a log is synced, when log.flush.interval.ms is not set."),
    ConfigKey::int("log.index.interval.bytes", "4096", 0)
        .dynamic()
        .doc("How many bytes lie between two index entries, for topics that do not say."),
    ConfigKey::int("log.index.size.max.bytes", "10485760", 4)
        .dynamic()
        .doc("How large an index may grow, for topics that do not say."),
    ConfigKey::long("log.local.retention.bytes", "-2", -2)
        .dynamic()
        .doc("How much stays on local disk with tiered storage, for topics that do not say."),
    ConfigKey::long("log.local.retention.ms", "-2", -2).dynamic().doc(
        "How long records stay on local disk with tiered storage, for topics that do not say.",
    ),
    ConfigKey::long("log.message.timestamp.after.max.ms", "3600000", 0)
        .dynamic()
        .doc("How far ahead of the clock a timestamp may be, for topics that do not say."),
    ConfigKey::long("log.message.timestamp.before.max.ms", MS_MAX, 0)
        .dynamic()
        .doc("How far behind the clock a timestamp may be, for topics that do not say."),
    ConfigKey::one_of("log.message.timestamp.type", "CreateTime", &["CreateTime", "LogAppendTime"])
        .dynamic()
        .doc("Whose time a record carries, for topics that do not say."),
    ConfigKey::boolean("log.preallocate", "false")
        .honour(Honour::Only(&["false"], "segments grow as they are written; leave it unset"))
        .doc("Whether segments have their full size from the start, for topics that do not say."),
    ConfigKey::long("log.retention.bytes", "-1", i64::MIN)
        .dynamic()
        .doc("How large a partition may grow, for topics that do not say."),
    ConfigKey::long("log.retention.check.interval.ms", "300000", 1)
        .doc("How often segments past their retention are looked for."),
    ConfigKey::int("log.retention.hours", "168", -1)
        .doc("Retention in hours, when neither log.retention.ms nor log.retention.minutes is set."),
    ConfigKey::int("log.retention.minutes", "10080", -1)
        .unset()
        .doc("Retention in minutes, when log.retention.ms is not set."),
    ConfigKey::long("log.retention.ms", "604800000", -1)
        .unset()
        .dynamic()
        .doc("How old records may grow, for topics that do not say."),
    ConfigKey::int("log.roll.hours", "168", 1)
        .doc("How long a segment is written to in hours, when log.roll.ms is not set."),
    ConfigKey::int("log.roll.jitter.hours", "0", 0)
        .doc("By how many hours log.roll.hours is shortened at random at most."),
    ConfigKey::long("log.roll.jitter.ms", "0", 0)
        .unset()
        .dynamic()
        .doc("By how much segment.ms is shortened at random at most, for topics that do not say."),
    ConfigKey::long("log.roll.ms", "604800000", 1)
        .unset()
        .dynamic()
        .doc("How long a segment is written to, for topics that do not say."),
    ConfigKey::int("log.segment.bytes", "1073741824", 1_048_576)
        .dynamic()
        .doc("How large a segment grows, for topics that do not say."),
    ConfigKey::long("log.segment.delete.delay.ms", "60000", 0)
        .dynamic()
        .doc("How long a dropped segment's file stays, for topics that do not say."),
    ConfigKey::int("max.connections", INT_MAX, 0)
        .doc("How many connections the broker holds at a time."),
    ConfigKey::int("max.connections.per.ip", INT_MAX, 0)
        .doc("How many connections one address may hold at a time."),
    ConfigKey::int("max.incremental.fetch.session.cache.slots", "1000", 0)
        .doc("How many fetch sessions the broker remembers."),
    ConfigKey::int("message.max.bytes", "1048588", 0)
        .dynamic()
        .doc("The largest batch that may be appended, for topics that do not say."),
    ConfigKey::int("min.insync.replicas", "1", 1)
        .dynamic()
        .doc("How many replicas must have a record for acks=all, for topics that do not say."),
    ConfigKey::int("num.partitions", "1", 1)
        .doc("How many partitions a topic has when nobody says."),
    ConfigKey::int("offset.metadata.max.bytes", "4096", 0)
        .doc("How long the text beside a committed offset may be."),
    ConfigKey::long("offsets.retention.check.interval.ms", "600000", 1)
        .doc("How often committed offsets past their retention are looked for."),
    ConfigKey::int("offsets.retention.minutes", "10080", 1)
        .doc("How long committed offsets outlive the group's last member."),
    ConfigKey::int("producer.id.expiration.check.interval.ms", "600000", 1)
        .doc("How often forgotten producers are looked for."),
    ConfigKey::int("producer.id.expiration.ms", "86400000", 1)
        .doc("How long a silent idempotent producer is remembered."),
    ConfigKey::long("queued.max.request.bytes", "-1", -1).doc(
        "How many bytes of requests may be in flight over all connections; -1 for Freshet's \
             own bound.",
    ),
    ConfigKey::int("socket.listen.backlog.size", "50", 1)
        .doc("How many connections may wait to be accepted."),
    ConfigKey::new("socket.receive.buffer.bytes", ConfigType::Int, "102400")
        .doc("The receive buffer of a socket; -1 leaves it to the system."),
    ConfigKey::int("socket.request.max.bytes", "104857600", 1).doc("The largest request."),
    ConfigKey::new("socket.send.buffer.bytes", ConfigType::Int, "102400")
        .doc("The send buffer of a socket; -1 leaves it to the system."),
    ConfigKey::int("transaction.max.timeout.ms", "900000", 1)
        .doc("The longest timeout a transaction may ask for."),
    ConfigKey::boolean("unclean.leader.election.enable", "false")
        .honour(Honour::NoEffect("with one broker there is nothing to elect"))
        .dynamic()
        .doc("Whether a replica that lags behind may become leader."),
];

/// The refusal of an unknown topic configuration.
pub(crate) fn unknown_topic_config(name: &str) -> Refusal {
    let shown = name.escape_debug();
    let known = super::topic::TOPIC_CONFIGS.iter().map(|key| key.name);
    let message = match nearest(name, known) {
        Some(known) => format!("unknown topic configuration {shown}; did you mean {known}?"),
        None => format!("unknown topic configuration {shown}"),
    };
    Refusal::new(ErrorCode::InvalidConfig, message)
}

/// Finds a topic configuration by name, or refuses with the nearest known one.
pub(crate) fn known_topic_config(name: &str) -> Result<&'static ConfigKey, Refusal> {
    topic_config_key(name).ok_or_else(|| unknown_topic_config(name))
}

/// Finds a broker configuration by name, or refuses with the nearest known one.
pub(crate) fn known_broker_config(name: &str) -> Result<&'static ConfigKey, Refusal> {
    broker_config_key(name).ok_or_else(|| unknown(name))
}
