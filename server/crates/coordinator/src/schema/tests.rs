use super::*;

/// The forms that Kafka's dump tool prints for the same records.
#[test]
fn offsets_have_the_bytes_kafka_writes() {
    let value = OffsetValue {
        offset: 42,
        leader_epoch: 7,
        metadata: "m".into(),
        commit_timestamp_ms: 1,
        expire_timestamp_ms: None,
    };
    let record = offset_record("g", "t", 3, Some(&value));
    assert_eq!(&record.key[..], b"\0\x01\0\x01g\0\x01t\0\0\0\x03");
    let expected = b"\0\x03\0\0\0\0\0\0\0\x2a\0\0\0\x07\0\x01m\0\0\0\0\0\0\0\x01";
    assert_eq!(record.value.as_deref(), Some(&expected[..]));
}

#[test]
fn groups_have_the_bytes_kafka_writes() {
    let member = MemberValue {
        member_id: "m".into(),
        instance_id: None,
        client_id: "c".into(),
        client_host: "/h".into(),
        rebalance_timeout_ms: 2,
        session_timeout_ms: 3,
        subscription: b"s".to_vec(),
        assignment: b"a".to_vec(),
    };
    let value = GroupValue {
        protocol_type: "consumer".into(),
        generation: 5,
        protocol_name: Some("range".into()),
        leader: Some("m".into()),
        state_timestamp_ms: Some(9),
        members: vec![member],
    };
    let record = group_record("g", Some(&value));
    assert_eq!(&record.key[..], b"\0\x02\0\x01g");
    let mut expected = b"\0\x03\0\x08consumer\0\0\0\x05\0\x05range\0\x01m".to_vec();
    expected.extend(b"\0\0\0\0\0\0\0\x09\0\0\0\x01\0\x01m\xff\xff\0\x01c\0\x02/h");
    expected.extend(b"\0\0\0\x02\0\0\0\x03\0\0\0\x01s\0\0\0\x01a");
    assert_eq!(record.value.as_deref(), Some(&expected[..]));
    let Change::Group { value: Some(read), .. } =
        decode(&record.key, record.value.as_deref()).unwrap()
    else {
        panic!("not a group")
    };
    assert_eq!(read, value);
}

#[test]
fn values_of_every_old_version_are_read() {
    let key = b"\0\x00\0\x01g\0\x01t\0\0\0\x03";
    let offset = 42_i64.to_be_bytes();
    let tail = |version: i16, epoch: &[u8], end: &[u8]| {
        [&version.to_be_bytes(), &offset[..], epoch, b"\0\x01m\0\0\0\0\0\0\0\x01", end].concat()
    };
    let flexible =
        [&4_i16.to_be_bytes(), &offset[..], &7_i32.to_be_bytes(), b"\x02m\0\0\0\0\0\0\0\x01\0"]
            .concat();
    for (bytes, epoch, expires) in [
        (tail(0, b"", b""), -1, None),
        (tail(1, b"", &5_i64.to_be_bytes()), -1, Some(5)),
        (tail(2, b"", b""), -1, None),
        (tail(3, &7_i32.to_be_bytes(), b""), 7, None),
        (flexible, 7, None),
    ] {
        let Change::Offset { value: Some(value), partition: 3, .. } =
            decode(key, Some(&bytes)).unwrap()
        else {
            panic!("not an offset")
        };
        assert_eq!((value.offset, value.leader_epoch, &*value.metadata), (42, epoch, "m"));
        assert_eq!(value.expire_timestamp_ms, expires);
    }
}

#[test]
fn foreign_kinds_and_cut_bytes_are_told_apart() {
    assert_eq!(decode(b"\0\x03\0\x01g", None), Err(SchemaError::Kind(3)));
    assert_eq!(decode(b"\0", None), Err(SchemaError::Truncated));
    assert_eq!(decode(b"\0\x02\0\x01g", Some(b"\0\x09")), Err(SchemaError::Version(9)));
    let value = OffsetValue {
        offset: 1,
        leader_epoch: -1,
        metadata: String::new(),
        commit_timestamp_ms: 1,
        expire_timestamp_ms: None,
    };
    let record = offset_record("g", "t", 0, Some(&value));
    let bytes = record.value.unwrap();
    for cut in 0..bytes.len() {
        assert!(decode(&record.key, Some(&bytes[..cut])).is_err(), "{cut}");
    }
    for cut in 0..record.key.len() {
        assert!(decode(&record.key[..cut], None).is_err(), "{cut}");
    }
}
