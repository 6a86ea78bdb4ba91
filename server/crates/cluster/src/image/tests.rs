use uuid::Uuid;

use super::*;

fn created(id: u128, name: &str, partition_count: i32) -> MetadataRecord {
    MetadataRecord::TopicCreated {
        id: TopicId(Uuid::from_u128(id)),
        name: TopicName::new(name).unwrap(),
        partition_count,
        created_ms: 7,
        configs: BTreeMap::new(),
    }
}

fn id(id: u128) -> TopicId {
    TopicId(Uuid::from_u128(id))
}

#[test]
fn topics_are_found_by_name_and_by_id_until_they_are_deleted() {
    let before = Image::empty(1);
    let image = before.apply_all([&created(10, "a", 2), &created(11, "b", 3)]);
    assert_eq!(image.topic("a").unwrap().partition_count(), 2);
    assert_eq!(image.topic_by_id(id(11)).unwrap().name.as_str(), "b");
    assert_eq!(image.partition_count(), 5);
    let after = image.apply(&MetadataRecord::TopicDeleted { id: id(10) });
    assert!(after.topic("a").is_none() && after.topic_by_id(id(10)).is_none());
    assert_eq!(after.partition_count(), 3);
    assert_eq!(image.topics().len(), 2, "an image never changes");
    assert_eq!(before.topics().len(), 0);
}

#[test]
fn a_topic_created_again_has_another_id() {
    let image = Image::empty(1).apply_all([
        &created(10, "a", 1),
        &MetadataRecord::TopicDeleted { id: id(10) },
        &created(12, "a", 4),
    ]);
    assert!(image.topic_by_id(id(10)).is_none());
    assert_eq!(image.topic("a").unwrap().id, id(12));
    assert_eq!(image.partition_count(), 4);
}

#[test]
fn partitions_only_grow_and_new_ones_begin_at_epoch_0() {
    let image = Image::empty(1).apply_all([
        &created(10, "a", 1),
        &MetadataRecord::LeaderEpochsBumped,
        &MetadataRecord::PartitionsAdded { id: id(10), partition_count: 3 },
        &MetadataRecord::PartitionsAdded { id: id(10), partition_count: 2 },
        &MetadataRecord::LeaderEpochsBumped,
    ]);
    let epochs: Vec<_> =
        image.topic("a").unwrap().partitions.iter().map(|each| each.leader_epoch).collect();
    assert_eq!(epochs, [2, 1, 1]);
    assert_eq!(image.partition_count(), 3);
    assert!(image.topic("a").unwrap().partition(3).is_none());
    assert!(image.topic("a").unwrap().partition(-1).is_none());
}

#[test]
fn records_about_unknown_topics_change_nothing() {
    let image = Image::empty(1).apply(&created(10, "a", 1));
    let after = image.apply_all([
        &MetadataRecord::TopicDeleted { id: id(99) },
        &MetadataRecord::PartitionsAdded { id: id(99), partition_count: 9 },
        &MetadataRecord::TopicConfigChanged { id: id(99), key: "k".into(), value: None },
        &MetadataRecord::LeaderEpochSet { id: id(10), partition: 99, leader_epoch: 1 },
    ]);
    assert_eq!(after, image);
}

#[test]
fn an_image_makes_itself_again_from_its_records() {
    let image = Image::empty(1).apply_all([
        &MetadataRecord::ClusterCreated { cluster_id: "c".into(), created_ms: 3 },
        &created(10, "a", 2),
        &MetadataRecord::LeaderEpochsBumped,
        &created(11, "b", 1),
        &MetadataRecord::TopicConfigChanged {
            id: id(11),
            key: "retention.ms".into(),
            value: Some("5".into()),
        },
        &MetadataRecord::BrokerConfigChanged {
            scope: BrokerScope::Default,
            key: "log.retention.ms".into(),
            value: Some("6".into()),
        },
        &MetadataRecord::ProducerIdsReserved { next_producer_id: 2000 },
    ]);
    let again = Image::empty(1).apply_all(&image.records());
    assert_eq!(again, image);
    assert_eq!(again.topic("a").unwrap().partition(1).unwrap().leader_epoch, 1);
}

#[test]
fn producer_ids_never_go_back() {
    let reserve = |next| MetadataRecord::ProducerIdsReserved { next_producer_id: next };
    let image = Image::empty(1).apply_all([&reserve(2000), &reserve(1000)]);
    assert_eq!(image.next_producer_id(), 2000);
}
