//! The configurations of a topic: the 33 that Kafka 4.2 shows, and Freshet's own.

use super::check::Check;
use super::key::{ConfigKey, ConfigType, Honour, Scale};

const MS_MAX: &str = "9223372036854775807";

const COMPRESSIONS: &[&str] = &["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"];

const NO_COMPACTION: Honour =
    Honour::NoEffect("it matters to compacted topics only, which users cannot create yet");
const NO_TIERS: Honour = Honour::NoEffect("it matters to tiered storage only");
const ONE_BROKER: Honour = Honour::NoEffect("with one broker there is nothing to replicate");
const FIXED_LEVEL: &str = "recompression uses the default level; leave it unset";

/// The classes of durability; see `freshet.durability` in [`TOPIC_CONFIGS`].
const DURABILITIES: &[&str] = &["acked", "strict", "page-cache"];

/// Finds a topic configuration by name.
#[must_use]
pub fn topic_config_key(name: &str) -> Option<&'static ConfigKey> {
    TOPIC_CONFIGS.iter().find(|key| key.name == name)
}

/// Every configuration a topic has, by name.
pub static TOPIC_CONFIGS: &[ConfigKey] = &[
    ConfigKey::list("cleanup.policy", "delete", Check::ListOf(&["compact", "delete"]))
        .broker_synonyms(&[("log.cleanup.policy", Scale::Same)])
        .honour(Honour::Only(
            &["delete", ""],
            "compaction is not available yet; use delete, or retention.ms=-1 to keep everything",
        ))
        .doc(
            "What happens to old records: delete drops segments past the retention bounds; an \
             empty list keeps everything.",
        ),
    ConfigKey::new("compression.gzip.level", ConfigType::Int, "-1")
        .check(Check::GzipLevel)
        .broker_synonyms(&[("compression.gzip.level", Scale::Same)])
        .honour(Honour::Only(&["-1"], FIXED_LEVEL))
        .doc("How hard the broker compresses when compression.type is gzip."),
    ConfigKey::int("compression.lz4.level", "9", 1)
        .max(17)
        .broker_synonyms(&[("compression.lz4.level", Scale::Same)])
        .honour(Honour::Only(&["9"], FIXED_LEVEL))
        .doc("How hard the broker compresses when compression.type is lz4."),
    ConfigKey::one_of("compression.type", "producer", COMPRESSIONS)
        .broker_synonyms(&[("compression.type", Scale::Same)])
        .doc("How batches are compressed on disk; producer keeps what the producer chose."),
    ConfigKey::int("compression.zstd.level", "3", -131_072)
        .max(22)
        .broker_synonyms(&[("compression.zstd.level", Scale::Same)])
        .honour(Honour::Only(&["3"], FIXED_LEVEL))
        .doc("How hard the broker compresses when compression.type is zstd."),
    ConfigKey::long("delete.retention.ms", "86400000", 0)
        .broker_synonyms(&[("log.cleaner.delete.retention.ms", Scale::Same)])
        .honour(NO_COMPACTION)
        .doc("How long the marker of a deleted key stays readable in a compacted topic."),
    ConfigKey::long("file.delete.delay.ms", "60000", 0)
        .broker_synonyms(&[("log.segment.delete.delay.ms", Scale::Same)])
        .doc("How long a dropped segment's file stays on disk."),
    ConfigKey::long("flush.messages", MS_MAX, 1)
        .broker_synonyms(&[("log.flush.interval.messages", Scale::Same)])
        .doc(
            "After how many records the log is synced to disk, on top of what the durability \
             class does.",
        ),
    ConfigKey::long("flush.ms", MS_MAX, 0)
        .broker_synonyms(&[
            ("log.flush.interval.ms", Scale::Same),
            ("log.flush.scheduler.interval.ms", Scale::Same),
        ])
        .doc("After how long the log is synced to disk, on top of what the durability class does."),
    ConfigKey::list("follower.replication.throttled.replicas", "", Check::ReplicaList)
        .honour(ONE_BROKER)
        .doc("Replicas whose copying from the leader is slowed down."),
    ConfigKey::one_of("freshet.durability", "acked", DURABILITIES)
        .broker_synonyms(&[("freshet.durability", Scale::Same)])
        .doc(
            "What an acknowledgement survives. acked: acks=all records survive a power cut; \
             strict: every acknowledged record does; page-cache: the last second may go, as in \
             Kafka.",
        ),
    ConfigKey::int("index.interval.bytes", "4096", 0)
        .broker_synonyms(&[("log.index.interval.bytes", Scale::Same)])
        .doc("How many bytes of records lie between two entries of the index."),
    ConfigKey::list("leader.replication.throttled.replicas", "", Check::ReplicaList)
        .honour(ONE_BROKER)
        .doc("Replicas to which the leader's copying is slowed down."),
    ConfigKey::long("local.retention.bytes", "-2", -2)
        .broker_synonyms(&[("log.local.retention.bytes", Scale::Same)])
        .honour(NO_TIERS)
        .doc("How much stays on local disk with tiered storage; -2 is retention.bytes."),
    ConfigKey::long("local.retention.ms", "-2", -2)
        .broker_synonyms(&[("log.local.retention.ms", Scale::Same)])
        .honour(NO_TIERS)
        .doc("How long records stay on local disk with tiered storage; -2 is retention.ms."),
    ConfigKey::long("max.compaction.lag.ms", MS_MAX, 1)
        .broker_synonyms(&[("log.cleaner.max.compaction.lag.ms", Scale::Same)])
        .honour(NO_COMPACTION)
        .doc("After how long a record of a compacted topic must be compacted."),
    ConfigKey::int("max.message.bytes", "1048588", 0)
        .broker_synonyms(&[("message.max.bytes", Scale::Same)])
        .doc("The largest batch, as it is on the wire, that may be appended."),
    ConfigKey::long("message.timestamp.after.max.ms", "3600000", 0)
        .broker_synonyms(&[("log.message.timestamp.after.max.ms", Scale::Same)])
        .doc("How far ahead of the broker's clock a record's timestamp may be."),
    ConfigKey::long("message.timestamp.before.max.ms", MS_MAX, 0)
        .broker_synonyms(&[("log.message.timestamp.before.max.ms", Scale::Same)])
        .doc("How far behind the broker's clock a record's timestamp may be."),
    ConfigKey::one_of("message.timestamp.type", "CreateTime", &["CreateTime", "LogAppendTime"])
        .broker_synonyms(&[("log.message.timestamp.type", Scale::Same)])
        .doc("Whether a record carries the time its producer gave it or the time of its append."),
    ConfigKey::new("min.cleanable.dirty.ratio", ConfigType::Double, "0.5")
        .broker_synonyms(&[("log.cleaner.min.cleanable.ratio", Scale::Same)])
        .honour(NO_COMPACTION)
        .doc("Which share of a compacted topic may be outdated before it is compacted."),
    ConfigKey::long("min.compaction.lag.ms", "0", 0)
        .broker_synonyms(&[("log.cleaner.min.compaction.lag.ms", Scale::Same)])
        .honour(NO_COMPACTION)
        .doc("How long a record of a compacted topic stays before it may be compacted."),
    ConfigKey::int("min.insync.replicas", "1", 1)
        .broker_synonyms(&[("min.insync.replicas", Scale::Same)])
        .doc(
            "How many replicas must have a record for acks=all. There is one: a higher value \
             refuses such writes.",
        ),
    ConfigKey::boolean("preallocate", "false")
        .broker_synonyms(&[("log.preallocate", Scale::Same)])
        .honour(Honour::Only(&["false"], "segments grow as they are written; leave it unset"))
        .doc("Whether a segment's file has its full size from the start."),
    ConfigKey::boolean("remote.log.copy.disable", "false")
        .honour(NO_TIERS)
        .doc("Whether no more data goes to tiered storage."),
    ConfigKey::boolean("remote.log.delete.on.disable", "false")
        .honour(NO_TIERS)
        .doc("Whether tiered data is deleted when tiered storage is switched off."),
    ConfigKey::boolean("remote.storage.enable", "false")
        .honour(Honour::Only(&["false"], "there is no tiered storage; leave it unset"))
        .doc("Whether old segments go to tiered storage."),
    ConfigKey::long("retention.bytes", "-1", i64::MIN)
        .broker_synonyms(&[("log.retention.bytes", Scale::Same)])
        .doc(
            "How large a partition may grow before its oldest segments are dropped; -1 for no \
             limit.",
        ),
    ConfigKey::long("retention.ms", "604800000", -1)
        .broker_synonyms(&[
            ("log.retention.ms", Scale::Same),
            ("log.retention.minutes", Scale::Minutes),
            ("log.retention.hours", Scale::Hours),
        ])
        .doc(
            "How old a segment's newest record may grow before the segment is dropped; -1 for \
             no limit.",
        ),
    ConfigKey::int("segment.bytes", "1073741824", 1_048_576)
        .broker_synonyms(&[("log.segment.bytes", Scale::Same)])
        .doc("How large a segment grows before the next one begins."),
    ConfigKey::int("segment.index.bytes", "10485760", 4)
        .broker_synonyms(&[("log.index.size.max.bytes", Scale::Same)])
        .honour(Honour::NoEffect("indexes grow as they need to"))
        .doc("How large the index of a segment may grow."),
    ConfigKey::long("segment.jitter.ms", "0", 0)
        .broker_synonyms(&[
            ("log.roll.jitter.ms", Scale::Same),
            ("log.roll.jitter.hours", Scale::Hours),
        ])
        .doc(
            "The most by which segment.ms is shortened at random, so that segments do not all \
             end together.",
        ),
    ConfigKey::long("segment.ms", "604800000", 1)
        .broker_synonyms(&[("log.roll.ms", Scale::Same), ("log.roll.hours", Scale::Hours)])
        .doc("How long a segment is written to before the next one begins."),
    ConfigKey::boolean("unclean.leader.election.enable", "false")
        .broker_synonyms(&[("unclean.leader.election.enable", Scale::Same)])
        .honour(ONE_BROKER)
        .doc("Whether a replica that lags behind may become leader, at the price of records."),
];
