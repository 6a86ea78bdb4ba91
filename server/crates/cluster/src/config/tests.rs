use std::collections::BTreeMap;

use freshet_wire::ErrorCode;
use uuid::Uuid;

use super::*;
use crate::{BrokerScope, Image, MetadataRecord, Topic, TopicId, TopicName};

fn topic(configs: &[(&str, &str)]) -> Topic {
    let configs: BTreeMap<String, String> =
        configs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    Topic {
        name: TopicName::new("t").unwrap(),
        id: TopicId(Uuid::from_u128(9)),
        created_ms: 0,
        partitions: vec![crate::Partition::default()],
        configs,
    }
}

fn dynamic(scope: BrokerScope, key: &str, value: &str) -> MetadataRecord {
    MetadataRecord::BrokerConfigChanged { scope, key: key.into(), value: Some(value.into()) }
}

fn entry(entries: Vec<ConfigEntry>, name: &str) -> ConfigEntry {
    entries.into_iter().find(|entry| entry.name == name).unwrap()
}

/// What a fresh topic of Kafka 4.2 shows.
#[test]
fn a_fresh_topic_shows_kafkas_33_configurations_and_our_own() {
    let expected = "cleanup.policy compression.gzip.level compression.lz4.level compression.type \
        compression.zstd.level delete.retention.ms file.delete.delay.ms flush.messages flush.ms \
        follower.replication.throttled.replicas freshet.durability index.interval.bytes \
        leader.replication.throttled.replicas local.retention.bytes local.retention.ms \
        max.compaction.lag.ms max.message.bytes message.timestamp.after.max.ms \
        message.timestamp.before.max.ms message.timestamp.type min.cleanable.dirty.ratio \
        min.compaction.lag.ms min.insync.replicas preallocate remote.log.copy.disable \
        remote.log.delete.on.disable remote.storage.enable retention.bytes retention.ms \
        segment.bytes segment.index.bytes segment.jitter.ms segment.ms \
        unclean.leader.election.enable";
    let entries = describe_topic(&Image::empty(1), &BrokerConfig::default(), &topic(&[]));
    let names: Vec<_> = entries.iter().map(|entry| entry.name).collect();
    assert_eq!(names, expected.split_whitespace().collect::<Vec<_>>());
    assert!(entries.iter().all(|entry| entry.source == ConfigSource::Default));
    for (name, value) in [
        ("compression.type", "producer"),
        ("max.message.bytes", "1048588"),
        ("retention.ms", "604800000"),
        ("segment.bytes", "1073741824"),
        ("freshet.durability", "acked"),
    ] {
        assert_eq!(entry(entries.clone(), name).value.as_deref(), Some(value));
    }
}

#[test]
fn every_default_is_allowed_and_documented_and_names_are_sorted() {
    for keys in [TOPIC_CONFIGS, BROKER_CONFIGS] {
        assert!(keys.windows(2).all(|pair| pair[0].name < pair[1].name));
        for key in keys {
            assert!(key.default.is_none_or(|value| key.validate(value).is_ok()), "{}", key.name);
            assert!(!key.doc.is_empty(), "{}", key.name);
        }
    }
}

#[test]
fn every_synonym_is_a_broker_configuration_with_the_same_default() {
    for key in TOPIC_CONFIGS {
        for (name, scale) in key.synonyms {
            let broker_key = broker_config_key(name).unwrap_or_else(|| panic!("{name}"));
            let default = broker_key.default.map(|value| scale.convert(value));
            assert!(default.is_none() || default.as_deref() == key.default, "{name}");
        }
    }
}

#[test]
fn a_value_comes_from_the_nearest_place_that_has_one() {
    let statics = BrokerConfig::from_pairs([("message.max.bytes", "4")]).unwrap();
    let mut image = Image::empty(1);
    let mut seen = Vec::new();
    let mut look = |image: &Image, config: &BrokerConfig, topic: &Topic| {
        let found = entry(describe_topic(image, config, topic), "max.message.bytes");
        seen.push((found.value.unwrap(), found.source.code()));
    };
    look(&image, &BrokerConfig::default(), &topic(&[]));
    look(&image, &statics, &topic(&[]));
    image = image.apply(&dynamic(BrokerScope::Default, "message.max.bytes", "3"));
    look(&image, &statics, &topic(&[]));
    image = image.apply(&dynamic(BrokerScope::Broker, "message.max.bytes", "2"));
    look(&image, &statics, &topic(&[]));
    look(&image, &statics, &topic(&[("max.message.bytes", "1")]));
    let expected =
        [("1048588", 5), ("4", 4), ("3", 3), ("2", 2), ("1", 1)].map(|(v, s)| (v.to_owned(), s));
    assert_eq!(seen, expected);
    let all = topic(&[("max.message.bytes", "1")]);
    let synonyms = entry(describe_topic(&image, &statics, &all), "max.message.bytes").synonyms;
    let sources: Vec<_> = synonyms.iter().map(|synonym| synonym.source.code()).collect();
    assert_eq!(sources, [1, 2, 3, 4, 5]);
    assert_eq!(synonyms[0].name, "max.message.bytes");
    assert_eq!(synonyms[1].name, "message.max.bytes");
}

#[test]
fn retention_may_be_given_in_hours_minutes_or_milliseconds_and_the_finest_wins() {
    let retention = |pairs: &[(&str, &str)]| {
        let config = BrokerConfig::from_pairs(pairs.iter().copied()).unwrap();
        TopicSettings::of(&Image::empty(1), &config, &topic(&[])).retention_ms
    };
    assert_eq!(retention(&[]), 7 * 24 * 3_600_000);
    assert_eq!(retention(&[("log.retention.hours", "2")]), 7_200_000);
    assert_eq!(retention(&[("log.retention.hours", "-1")]), -1);
    let both = [("log.retention.hours", "2"), ("log.retention.minutes", "3")];
    assert_eq!(retention(&both), 180_000);
    let all = [both[0], both[1], ("log.retention.ms", "5")];
    assert_eq!(retention(&all), 5);
}

#[test]
fn an_empty_cleanup_policy_keeps_everything() {
    let settings =
        |configs| TopicSettings::of(&Image::empty(1), &BrokerConfig::default(), &topic(configs));
    let kept = settings(&[("cleanup.policy", ""), ("retention.ms", "5"), ("retention.bytes", "5")]);
    assert_eq!((kept.retention_ms, kept.retention_bytes), (-1, -1));
    let compacted = settings(&[("cleanup.policy", "compact")]);
    assert!(compacted.cleanup_policy.is_compact && !compacted.cleanup_policy.is_delete);
    assert_eq!(compacted.retention_ms, -1);
}

#[test]
fn values_are_checked_for_form_and_bounds() {
    for (name, value, is_allowed) in [
        ("retention.ms", "-1", true),
        ("retention.ms", "-2", false),
        ("retention.ms", "soon", false),
        ("retention.ms", "99999999999999999999", false),
        ("segment.bytes", "1048575", false),
        ("segment.bytes", "1048576", true),
        ("segment.bytes", "2147483648", false),
        ("min.cleanable.dirty.ratio", "0.7", true),
        ("min.cleanable.dirty.ratio", "1.1", false),
        ("min.cleanable.dirty.ratio", "NaN", false),
        ("compression.type", "zstd", true),
        ("compression.type", "brotli", false),
        ("message.timestamp.type", "LogAppendTime", true),
        ("freshet.durability", "strict", true),
        ("freshet.durability", "none", false),
        ("leader.replication.throttled.replicas", "*", true),
        ("leader.replication.throttled.replicas", "0:1,1:1", true),
        ("leader.replication.throttled.replicas", "0", false),
        ("preallocate", "FALSE", true),
    ] {
        let result = topic_config_key(name).unwrap().validate(value);
        assert_eq!(result.is_ok(), is_allowed, "{name}={value}: {result:?}");
    }
}

#[test]
fn what_cannot_be_honoured_is_refused_with_the_remedy() {
    for (name, value, remedy) in [
        ("cleanup.policy", "compact", "use delete"),
        ("cleanup.policy", "compact,delete", "use delete"),
        ("remote.storage.enable", "true", "leave it unset"),
        ("preallocate", "true", "leave it unset"),
        ("compression.zstd.level", "9", "leave it unset"),
    ] {
        let refusal = topic_config_key(name).unwrap().validate(value).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::InvalidConfig);
        assert!(refusal.message.contains(remedy), "{}", refusal.message);
    }
    for (name, value) in [
        ("unclean.leader.election.enable", "true"),
        ("min.insync.replicas", "2"),
        ("delete.retention.ms", "1"),
        ("local.retention.ms", "5"),
        ("compression.zstd.level", "3"),
    ] {
        assert!(topic_config_key(name).unwrap().validate(value).is_ok(), "{name}");
    }
}

#[test]
fn an_unknown_name_at_the_start_is_told_the_nearest_known_one() {
    let refusal = BrokerConfig::from_pairs([("num.partition", "3")]).unwrap_err();
    assert!(refusal.message.ends_with("did you mean num.partitions?"), "{}", refusal.message);
    let refusal = BrokerConfig::from_pairs([("xyz", "3")]).unwrap_err();
    assert_eq!(refusal.message, "unknown broker configuration xyz");
    assert!(BrokerConfig::from_pairs([("num.partitions", "0")]).is_err());
}

#[test]
fn broker_settings_follow_the_start_values() {
    let config = BrokerConfig::from_pairs([
        ("num.partitions", "4"),
        ("auto.create.topics.enable", "False"),
        ("offsets.retention.minutes", "1"),
        ("clamp-replication", "true"),
    ])
    .unwrap();
    let settings = BrokerSettings::of(&Image::empty(1), &config);
    assert_eq!(settings.num_partitions, 4);
    assert!(!settings.is_auto_create_enabled);
    assert!(settings.clamps_replication);
    assert_eq!(settings.offsets_retention_ms, 60_000);
    assert_eq!(settings.group_initial_rebalance_delay_ms, 100);
    assert_eq!(settings.socket_request_max_bytes, 104_857_600);
}

#[test]
fn the_broker_is_described_whole_and_the_cluster_default_only_as_far_as_set() {
    let image = Image::empty(1).apply(&dynamic(BrokerScope::Default, "log.retention.ms", "9"));
    let config = BrokerConfig::default();
    let all = describe_broker(&image, &config, BrokerScope::Broker);
    assert_eq!(all.len(), BROKER_CONFIGS.len());
    let retention = entry(all.clone(), "log.retention.ms");
    assert_eq!(retention.source, ConfigSource::DynamicDefaultBroker);
    assert!(!retention.is_read_only);
    assert!(entry(all.clone(), "num.partitions").is_read_only);
    assert_eq!(entry(all, "log.roll.ms").value, None, "log.roll.hours decides");
    let of_default = describe_broker(&image, &config, BrokerScope::Default);
    assert_eq!(of_default.len(), 1);
}
