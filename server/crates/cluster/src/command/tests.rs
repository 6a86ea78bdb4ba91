use freshet_wire::ErrorCode;
use uuid::Uuid;

use super::*;
use crate::config::BrokerConfig;
use crate::{BrokerScope, Image, MetadataRecord, Refusal, TopicId};

fn wish(name: &str) -> CreateTopic {
    CreateTopic {
        name: name.into(),
        id: TopicId(Uuid::from_u128(100 + name.len() as u128)),
        partition_count: 1,
        replication_factor: 1,
        assignments: Vec::new(),
        configs: Vec::new(),
    }
}

fn set(name: &str, value: &str) -> (String, Option<String>) {
    (name.into(), Some(value.into()))
}

fn config(pairs: &[(&str, &str)]) -> BrokerConfig {
    BrokerConfig::from_pairs(pairs.iter().copied()).unwrap()
}

fn create(image: &Image, wish: &CreateTopic) -> Result<CreatedTopic, Refusal> {
    create_topic(image, &BrokerConfig::default(), Creator::Client, 5, wish)
}

/// An image with topic `orders` of three partitions.
fn with_orders() -> Image {
    let orders = CreateTopic { partition_count: 3, ..wish("orders") };
    let image = Image::empty(1);
    image.apply(&create(&image, &orders).unwrap().record)
}

#[test]
fn a_topic_is_created_with_what_was_asked_for_and_says_what_it_got() {
    let asked = CreateTopic {
        partition_count: 3,
        configs: vec![set("retention.ms", "1000")],
        ..wish("orders")
    };
    let created = create(&Image::empty(1), &asked).unwrap();
    assert_eq!((created.partition_count, created.replication_factor), (3, 1));
    let retention = created.configs.iter().find(|entry| entry.name == "retention.ms").unwrap();
    assert_eq!(retention.value.as_deref(), Some("1000"));
    let image = Image::empty(1).apply(&created.record);
    assert_eq!(image.topic("orders").unwrap().created_ms, 5);
}

#[test]
fn minus_one_takes_the_brokers_defaults() {
    let asked = CreateTopic { partition_count: -1, replication_factor: -1, ..wish("t") };
    let settings = config(&[("num.partitions", "4")]);
    let created = create_topic(&Image::empty(1), &settings, Creator::Client, 0, &asked).unwrap();
    assert_eq!(created.partition_count, 4);
}

#[test]
fn wishes_that_cannot_be_met_are_refused_with_kafkas_codes() {
    let image = with_orders();
    let base = wish("t");
    let assigned = |assignments: &[(i32, &[i32])]| CreateTopic {
        partition_count: -1,
        replication_factor: -1,
        assignments: assignments.iter().map(|(index, ids)| (*index, ids.to_vec())).collect(),
        ..base.clone()
    };
    for (asked, expected) in [
        (wish("orders"), ErrorCode::TopicAlreadyExists),
        (wish("a b"), ErrorCode::InvalidTopic),
        (wish("__consumer_offsets"), ErrorCode::InvalidTopic),
        (CreateTopic { partition_count: 0, ..base.clone() }, ErrorCode::InvalidPartitions),
        (CreateTopic { partition_count: -2, ..base.clone() }, ErrorCode::InvalidPartitions),
        (CreateTopic { partition_count: 10_001, ..base.clone() }, ErrorCode::InvalidPartitions),
        (
            CreateTopic { replication_factor: 0, ..base.clone() },
            ErrorCode::InvalidReplicationFactor,
        ),
        (
            CreateTopic { replication_factor: 3, ..base.clone() },
            ErrorCode::InvalidReplicationFactor,
        ),
        (
            CreateTopic { configs: vec![set("no.such", "1")], ..base.clone() },
            ErrorCode::InvalidConfig,
        ),
        (
            CreateTopic { configs: vec![("retention.ms".into(), None)], ..base.clone() },
            ErrorCode::InvalidConfig,
        ),
        (
            CreateTopic { configs: vec![set("cleanup.policy", "compact")], ..base.clone() },
            ErrorCode::InvalidConfig,
        ),
        (
            CreateTopic { assignments: vec![(0, vec![1])], ..base.clone() },
            ErrorCode::InvalidRequest,
        ),
        (assigned(&[(0, &[2])]), ErrorCode::InvalidReplicaAssignment),
        (assigned(&[(0, &[])]), ErrorCode::InvalidReplicaAssignment),
        (assigned(&[(0, &[1, 1])]), ErrorCode::InvalidReplicaAssignment),
        (assigned(&[(1, &[1])]), ErrorCode::InvalidReplicaAssignment),
        (assigned(&[(0, &[1]), (0, &[1])]), ErrorCode::InvalidReplicaAssignment),
    ] {
        let refusal = create(&image, &asked).unwrap_err();
        assert_eq!(refusal.code, expected, "{asked:?}: {refusal}");
        assert!(!refusal.message.is_empty());
    }
    let created = create(&image, &assigned(&[(1, &[1]), (0, &[1])])).unwrap();
    assert_eq!(created.partition_count, 2);
}

#[test]
fn names_that_differ_only_in_dots_and_underscores_collide() {
    let image = Image::empty(1);
    let image = image.apply(&create(&image, &wish("a.b_c")).unwrap().record);
    assert_eq!(create(&image, &wish("a_b.c")).unwrap_err().code, ErrorCode::InvalidTopic);
    assert!(create(&image, &wish("a-b-c")).is_ok());
}

#[test]
fn a_replication_factor_of_three_is_lowered_only_when_asked_to() {
    let asked = CreateTopic { replication_factor: 3, ..wish("t") };
    let refusal = create(&Image::empty(1), &asked).unwrap_err();
    assert!(refusal.message.contains("clamp-replication=true"), "{refusal}");
    let clamps = config(&[("clamp-replication", "true")]);
    let created = create_topic(&Image::empty(1), &clamps, Creator::Client, 0, &asked).unwrap();
    assert_eq!(created.replication_factor, 1);
}

#[test]
fn the_broker_creates_its_own_compacted_topics() {
    let asked = CreateTopic {
        configs: vec![set("cleanup.policy", "compact")],
        ..wish("__consumer_offsets")
    };
    let settings = BrokerConfig::default();
    assert!(create_topic(&Image::empty(1), &settings, Creator::Broker, 0, &asked).is_ok());
}

#[test]
fn of_several_topics_each_sees_those_before_it_and_names_given_twice_are_refused() {
    let wishes = ["a.b", "a_b", "twice", "ok", "twice"].map(wish);
    let results =
        create_topics(&Image::empty(1), &BrokerConfig::default(), Creator::Client, 0, &wishes);
    let codes: Vec<_> =
        results.iter().map(|r| r.as_ref().err().map_or(ErrorCode::None, |e| e.code)).collect();
    assert_eq!(
        codes,
        [
            ErrorCode::None,
            ErrorCode::InvalidTopic,
            ErrorCode::InvalidRequest,
            ErrorCode::None,
            ErrorCode::InvalidRequest
        ]
    );
}

#[test]
fn topics_are_deleted_by_name_or_id_unless_that_is_switched_off() {
    let image = with_orders();
    let settings = BrokerConfig::default();
    let id = image.topic("orders").unwrap().id;
    let expected = MetadataRecord::TopicDeleted { id };
    for by in [TopicRef::Name("orders".into()), TopicRef::Id(id)] {
        assert_eq!(delete_topic(&image, &settings, &by), Ok(expected.clone()));
    }
    let unknown_id = TopicId(Uuid::from_u128(999));
    let off = config(&[("delete.topic.enable", "false")]);
    for (settings, by, expected) in [
        (&settings, TopicRef::Name("no".into()), ErrorCode::UnknownTopicOrPartition),
        (&settings, TopicRef::Id(unknown_id), ErrorCode::UnknownTopicId),
        (&off, TopicRef::Name("orders".into()), ErrorCode::TopicDeletionDisabled),
    ] {
        assert_eq!(delete_topic(&image, settings, &by).unwrap_err().code, expected);
    }
}

#[test]
fn partitions_only_grow() {
    let image = with_orders();
    let settings = BrokerConfig::default();
    let grow = |count, assignments: Option<Vec<Vec<i32>>>| {
        let topic = "orders".to_owned();
        let wish = CreatePartitions { topic, partition_count: count, assignments };
        create_partitions(&image, &settings, &wish)
    };
    let id = image.topic("orders").unwrap().id;
    let grown = MetadataRecord::PartitionsAdded { id, partition_count: 5 };
    assert_eq!(grow(5, None), Ok(grown.clone()));
    assert_eq!(grow(5, Some(vec![vec![1], vec![1]])), Ok(grown));
    for (count, assignments, expected) in [
        (3, None, ErrorCode::InvalidPartitions),
        (2, None, ErrorCode::InvalidPartitions),
        (-1, None, ErrorCode::InvalidPartitions),
        (10_001, None, ErrorCode::InvalidPartitions),
        (5, Some(vec![vec![1]]), ErrorCode::InvalidReplicaAssignment),
        (4, Some(vec![vec![2]]), ErrorCode::InvalidReplicaAssignment),
    ] {
        assert_eq!(grow(count, assignments).unwrap_err().code, expected, "{count}");
    }
    let unknown = CreatePartitions { topic: "no".into(), partition_count: 2, assignments: None };
    let refusal = create_partitions(&image, &settings, &unknown).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::UnknownTopicOrPartition);
}

fn change(name: &str, op: AlterOp, value: Option<&str>) -> ConfigChange {
    ConfigChange { name: name.into(), op, value: value.map(str::to_owned) }
}

fn alter(image: &Image, target: &ConfigTarget, changes: &[ConfigChange]) -> Result<Image, Refusal> {
    let records = incremental_alter_configs(image, &BrokerConfig::default(), target, changes)?;
    Ok(image.apply_all(&records))
}

fn orders() -> ConfigTarget {
    ConfigTarget::Topic("orders".into())
}

#[test]
fn incremental_changes_leave_other_values_alone() {
    let image = with_orders();
    let image = alter(
        &image,
        &orders(),
        &[
            change("retention.ms", AlterOp::Set, Some("5")),
            change("segment.ms", AlterOp::Set, Some("6")),
        ],
    )
    .unwrap();
    let image = alter(&image, &orders(), &[change("retention.ms", AlterOp::Delete, None)]).unwrap();
    let configs = &image.topic("orders").unwrap().configs;
    assert_eq!(configs.iter().collect::<Vec<_>>(), [(&"segment.ms".to_owned(), &"6".to_owned())]);
}

#[test]
fn lists_are_added_to_and_taken_from() {
    let key = "leader.replication.throttled.replicas";
    let value = |image: &Image| image.topic("orders").unwrap().configs.get(key).cloned();
    let image = with_orders();
    let image = alter(&image, &orders(), &[change(key, AlterOp::Append, Some("0:1,1:1"))]).unwrap();
    assert_eq!(value(&image).as_deref(), Some("0:1,1:1"));
    let image = alter(&image, &orders(), &[change(key, AlterOp::Append, Some("1:1,2:1"))]).unwrap();
    assert_eq!(value(&image).as_deref(), Some("0:1,1:1,2:1"));
    let image = alter(&image, &orders(), &[change(key, AlterOp::Subtract, Some("1:1"))]).unwrap();
    assert_eq!(value(&image).as_deref(), Some("0:1,2:1"));
    let policy = change("cleanup.policy", AlterOp::Append, Some("compact"));
    assert!(alter(&image, &orders(), &[policy]).is_err(), "the default counts as the list");
}

#[test]
fn alterations_that_make_no_sense_are_refused_whole() {
    let image = with_orders();
    let good = change("retention.ms", AlterOp::Set, Some("5"));
    for (target, bad, expected) in [
        (orders(), change("retention.m", AlterOp::Set, Some("5")), ErrorCode::InvalidConfig),
        (orders(), change("segment.ms", AlterOp::Set, Some("x")), ErrorCode::InvalidConfig),
        (orders(), change("segment.ms", AlterOp::Set, None), ErrorCode::InvalidRequest),
        (orders(), change("segment.ms", AlterOp::Append, Some("5")), ErrorCode::InvalidConfig),
        (orders(), good.clone(), ErrorCode::InvalidRequest),
        (
            ConfigTarget::Topic("no".into()),
            change("segment.ms", AlterOp::Set, Some("5")),
            ErrorCode::UnknownTopicOrPartition,
        ),
        (
            ConfigTarget::Topic("a b".into()),
            change("segment.ms", AlterOp::Set, Some("5")),
            ErrorCode::InvalidTopic,
        ),
        (
            ConfigTarget::Broker("7".into()),
            change("log.roll.ms", AlterOp::Set, Some("5")),
            ErrorCode::InvalidRequest,
        ),
        (
            ConfigTarget::Broker("1".into()),
            change("num.partitions", AlterOp::Set, Some("5")),
            ErrorCode::InvalidRequest,
        ),
    ] {
        let changes = match &target {
            ConfigTarget::Topic(_) => vec![good.clone(), bad.clone()],
            ConfigTarget::Broker(_) => vec![bad.clone()],
        };
        let refusal = alter(&image, &target, &changes).unwrap_err();
        assert_eq!(refusal.code, expected, "{bad:?}: {refusal}");
    }
}

#[test]
fn a_change_that_changes_nothing_writes_nothing() {
    let image = with_orders();
    let again = [change("retention.ms", AlterOp::Delete, None)];
    let records =
        incremental_alter_configs(&image, &BrokerConfig::default(), &orders(), &again).unwrap();
    assert!(records.is_empty());
}

#[test]
fn altering_all_puts_values_not_named_back_to_their_defaults() {
    let image = with_orders();
    let image = alter(&image, &orders(), &[change("segment.ms", AlterOp::Set, Some("6"))]).unwrap();
    let records = alter_configs(&image, &orders(), &[set("retention.ms", "5")]).unwrap();
    let after = image.apply_all(&records);
    let configs = &after.topic("orders").unwrap().configs;
    assert_eq!(configs.iter().collect::<Vec<_>>(), [(&"retention.ms".to_owned(), &"5".to_owned())]);
}

#[test]
fn broker_values_change_for_this_broker_or_for_all() {
    let image = with_orders();
    let key = "log.retention.ms";
    let value = [change(key, AlterOp::Set, Some("5"))];
    let image = alter(&image, &ConfigTarget::Broker(String::new()), &value).unwrap();
    assert_eq!(image.broker_config(BrokerScope::Default, key), Some("5"));
    let image = alter(&image, &ConfigTarget::Broker("1".into()), &value).unwrap();
    assert_eq!(image.broker_config(BrokerScope::Broker, key), Some("5"));
}

#[test]
fn the_brokers_own_topics_are_not_changed_by_clients() {
    let asked = wish("__consumer_offsets");
    let settings = BrokerConfig::default();
    let image = Image::empty(1);
    let created = create_topic(&image, &settings, Creator::Broker, 0, &asked).unwrap();
    let image = image.apply(&created.record);
    let name = asked.name.clone();
    let delete = delete_topic(&image, &settings, &TopicRef::Name(name.clone()));
    let more = CreatePartitions { topic: name.clone(), partition_count: 9, assignments: None };
    let grow = create_partitions(&image, &settings, &more);
    let set = [change("retention.ms", AlterOp::Set, Some("1"))];
    let alter = alter(&image, &ConfigTarget::Topic(name), &set);
    for code in [delete.unwrap_err().code, grow.unwrap_err().code, alter.unwrap_err().code] {
        assert_eq!(code, ErrorCode::PolicyViolation);
    }
}

#[test]
fn producer_ids_are_reserved_in_blocks() {
    let (first, record) = reserve_producer_ids(&Image::empty(1)).unwrap();
    assert_eq!(first, 0..1000);
    let (second, _) = reserve_producer_ids(&Image::empty(1).apply(&record)).unwrap();
    assert_eq!(second, 1000..2000);
    let last = MetadataRecord::ProducerIdsReserved { next_producer_id: i64::MAX };
    assert!(reserve_producer_ids(&Image::empty(1).apply(&last)).is_err());
}
