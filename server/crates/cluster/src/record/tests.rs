use super::*;

fn samples() -> Vec<MetadataRecord> {
    let id = TopicId(Uuid::from_u128(0x0102_0304));
    let name = TopicName::new("orders").unwrap();
    let configs =
        BTreeMap::from([("retention.ms".into(), "1".into()), ("a".into(), String::new())]);
    vec![
        MetadataRecord::ClusterCreated { cluster_id: "abc".into(), created_ms: 1 },
        MetadataRecord::TopicCreated { id, name, partition_count: 3, created_ms: 2, configs },
        MetadataRecord::TopicDeleted { id },
        MetadataRecord::PartitionsAdded { id, partition_count: 9 },
        MetadataRecord::TopicConfigChanged { id, key: "k".into(), value: None },
        MetadataRecord::TopicConfigChanged { id, key: "k".into(), value: Some("é".into()) },
        MetadataRecord::BrokerConfigChanged {
            scope: BrokerScope::Default,
            key: "k".into(),
            value: Some("v".into()),
        },
        MetadataRecord::BrokerConfigChanged {
            scope: BrokerScope::Broker,
            key: "k".into(),
            value: None,
        },
        MetadataRecord::LeaderEpochsBumped,
        MetadataRecord::LeaderEpochSet { id, partition: 4, leader_epoch: 5 },
        MetadataRecord::ProducerIdsReserved { next_producer_id: 1000 },
    ]
}

#[test]
fn every_record_round_trips() {
    for record in samples() {
        assert_eq!(MetadataRecord::decode(&record.encode()), Ok(record));
    }
}

/// What is on disk stays readable: these bytes never change.
#[test]
fn records_have_their_golden_bytes() {
    let golden = [
        "0100000000036162630000000000000001",
        "010100000000000000000000000001020304000000066f72646572730000000300000000000000020000000200\
         0000016100000000 0000000c726574656e74696f6e2e6d730000000131",
        "010200000000000000000000000001020304",
        "01030000000000000000000000000102030400000009",
        "010400000000000000000000000001020304000000016b00",
        "010400000000000000000000000001020304000000016b0100000002c3a9",
        "010500000000016b010000000176",
        "010501000000016b00",
        "0106",
        "0107000000000000000000000000010203040000000400000005",
        "010800000000000003e8",
    ];
    for (record, golden) in samples().iter().zip(golden) {
        let hex: String = record.encode().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, golden.replace(char::is_whitespace, ""), "{record:?}");
    }
}

#[test]
fn bytes_that_nobody_wrote_are_refused() {
    assert_eq!(MetadataRecord::decode(&[2, 6]), Err(RecordError::Version(2)));
    assert_eq!(MetadataRecord::decode(&[1, 200]), Err(RecordError::Kind(200)));
    assert_eq!(MetadataRecord::decode(&[1, 6, 0]), Err(RecordError::Length(6)));
    let bad_scope = [1, 5, 7, 0, 0, 0, 0, 0];
    let expected = RecordError::Field { kind: 5, field: "scope" };
    assert_eq!(MetadataRecord::decode(&bad_scope), Err(expected));
    for record in samples() {
        let bytes = record.encode();
        for cut in 0..bytes.len() {
            assert!(MetadataRecord::decode(&bytes[..cut]).is_err(), "{record:?} at {cut}");
        }
        let mut longer = bytes;
        longer.push(0);
        assert!(MetadataRecord::decode(&longer).is_err());
    }
}

#[test]
fn huge_lengths_in_a_record_cost_nothing() {
    let mut bytes = vec![1, 0];
    bytes.extend([0xff; 4]);
    assert_eq!(MetadataRecord::decode(&bytes), Err(RecordError::Length(0)));
}
