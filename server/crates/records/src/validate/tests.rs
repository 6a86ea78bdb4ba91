use bytes::Bytes;

use super::*;
use crate::header::NO_PRODUCER_ID;
use crate::{Batches, Header, Record};

const NOW_MS: i64 = 1_700_000_000_000;

fn rules() -> AppendRules {
    AppendRules { now_ms: NOW_MS, ..AppendRules::default() }
}

fn batch_of(compression: Compression, count: i32) -> Bytes {
    let mut builder = BatchBuilder::new(compression);
    for index in 0..count {
        let value = format!("value {index} ").repeat(20);
        let headers = [Header { key: Bytes::from_static(b"h"), value: None }];
        builder
            .push(NOW_MS + index as i64, Some(b"key"), Some(value.as_bytes()), &headers)
            .expect("small");
    }
    builder.build(0).expect("records").into_bytes()
}

/// Changes the header of a batch and makes its CRC good again.
fn with_header(bytes: &Bytes, change: impl FnOnce(&mut BatchHeader)) -> Bytes {
    let mut header = BatchHeader::parse(bytes).expect("a header");
    change(&mut header);
    sealed(header, &bytes[BATCH_HEADER_SIZE_BYTES..])
}

fn sealed(mut header: BatchHeader, payload: &[u8]) -> Bytes {
    header.batch_length = (payload.len() + 49) as i32;
    header.crc = header.compute_crc(payload);
    let mut whole = header.encode().to_vec();
    whole.extend_from_slice(payload);
    Bytes::from(whole)
}

fn records(bytes: Bytes) -> Vec<Record> {
    let batch = Batches::new(bytes).next().expect("a batch").expect("sound");
    batch.verify_crc().expect("a good CRC");
    let records = batch.records(&DecompressLimits::default()).expect("records");
    records.map(|record| record.expect("sound")).collect()
}

fn refused(bytes: Bytes, rules: &AppendRules) -> Invalid {
    validate(bytes, rules).expect_err("a refusal")
}

#[test]
fn a_sound_batch_is_kept_byte_for_byte() {
    for codec in [
        Compression::None,
        Compression::Gzip,
        Compression::Snappy,
        Compression::Lz4,
        Compression::Zstd,
    ] {
        let bytes = batch_of(codec, 5);
        let valid = validate(bytes.clone(), &rules()).expect("valid");
        assert_eq!(valid.payload().as_ptr(), bytes[61..].as_ptr(), "no copy with {codec}");
        assert_eq!(valid.into_bytes(), bytes);
    }
}

#[test]
fn another_codec_is_written_if_the_topic_asks_for_it() {
    for source in [Compression::None, Compression::Gzip, Compression::Zstd] {
        for target in [Compression::None, Compression::Snappy, Compression::Lz4] {
            let bytes = with_header(&batch_of(source, 7), |header| {
                header.producer_id = 9;
                header.producer_epoch = 2;
                header.base_sequence = 40;
            });
            let rules = AppendRules { compression: Some(target), ..rules() };
            let valid = validate(bytes.clone(), &rules).expect("valid");
            assert_eq!(valid.header().compression(), Ok(target));
            assert_eq!(
                (valid.header().producer_id, valid.header().last_sequence()),
                (9, 46),
                "the producer is kept"
            );
            assert_eq!(records(valid.into_bytes()), records(bytes));
        }
    }
}

#[test]
fn size_limits_hold_before_and_after_recompression() {
    let bytes = batch_of(Compression::None, 30);
    let exact = AppendRules { max_message_bytes: bytes.len() as i32, ..rules() };
    validate(bytes.clone(), &exact).expect("just fits");
    let less = AppendRules { max_message_bytes: bytes.len() as i32 - 1, ..rules() };
    assert!(matches!(refused(bytes, &less), Invalid::TooLarge { .. }));
    let small = batch_of(Compression::Gzip, 30);
    let unpacked = AppendRules {
        max_message_bytes: small.len() as i32,
        compression: Some(Compression::None),
        ..rules()
    };
    assert!(matches!(refused(small, &unpacked), Invalid::TooLarge { .. }));
}

#[test]
fn the_shape_of_the_request_is_checked() {
    let good = batch_of(Compression::None, 2);
    let not_one = |bytes| matches!(refused(bytes, &rules()), Invalid::InvalidRecord { .. });
    assert!(not_one(Bytes::new()));
    assert!(not_one(Bytes::from([&good[..], &good[..]].concat())));
    assert!(not_one(with_header(&good, |header| header.base_offset = 5)));
    let cut = refused(good.slice(..good.len() - 1), &rules());
    assert!(matches!(cut, Invalid::Corrupt { .. }));
    assert!(matches!(refused(good.slice(..30), &rules()), Invalid::Corrupt { .. }));
    let mut flipped = good.to_vec();
    flipped[70] ^= 1;
    assert!(matches!(refused(Bytes::from(flipped), &rules()), Invalid::Corrupt { .. }));
    let mut old = good.to_vec();
    old[16] = 1;
    let old = refused(Bytes::from(old), &rules());
    assert_eq!(old, Invalid::UnsupportedFormat { magic: 1 });
    let codec = refused(with_header(&good, |header| header.attributes |= 7), &rules());
    assert_eq!(codec, Invalid::UnsupportedCompression { id: 7 });
}

#[test]
fn headers_that_lie_are_refused() {
    let good = batch_of(Compression::None, 3);
    let lies: [fn(&mut BatchHeader); 11] = [
        |header| header.record_count = 0,
        |header| header.record_count = 2,
        |header| header.record_count = -1,
        |header| header.record_count = i32::MAX,
        |header| (header.record_count, header.last_offset_delta) = (i32::MAX, i32::MAX - 1),
        |header| header.last_offset_delta = -1,
        |header| header.last_offset_delta = i32::MAX,
        |header| header.set_control(),
        |header| (header.producer_id, header.producer_epoch) = (1, 0),
        |header| (header.producer_id, header.base_sequence) = (1, 0),
        |header| header.set_transactional(),
    ];
    for (index, lie) in lies.into_iter().enumerate() {
        let error = refused(with_header(&good, lie), &rules());
        assert!(matches!(error, Invalid::InvalidRecord { .. }), "lie {index}: {error:?}");
    }
}

#[test]
fn a_count_of_two_billion_in_61_bytes_is_refused_without_memory() {
    let mut header = BatchHeader::parse(&batch_of(Compression::None, 1)).expect("a header");
    header.record_count = i32::MAX;
    header.last_offset_delta = i32::MAX - 1;
    for codec in 0..5 {
        header.attributes = codec;
        let bytes = sealed(header.clone(), &[]);
        assert!(matches!(refused(bytes.clone(), &rules()), Invalid::InvalidRecord { .. }));
        let batch = Batches::new(bytes).next().expect("a batch").expect("a header");
        assert!(batch.records(&DecompressLimits::default()).is_err());
    }
}

/// One record with the given body behind its length.
fn raw_record(body: &[u8]) -> Bytes {
    let header = BatchHeader::parse(&batch_of(Compression::None, 1)).expect("a header");
    let mut payload = Vec::new();
    crate::varint::write_i64(&mut payload, body.len() as i64);
    payload.extend_from_slice(body);
    sealed(header, &payload)
}

#[test]
fn malformed_records_are_refused_by_the_broker_and_by_readers() {
    let mut extreme = vec![0];
    crate::varint::write_i64(&mut extreme, i64::MAX);
    extreme.extend_from_slice(&[0, 1, 1, 0]);
    let mut far = vec![0, 0];
    crate::varint::write_i32(&mut far, i32::MIN);
    far.extend_from_slice(&[1, 1, 0]);
    let many_headers = [0, 0, 0, 1, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f];
    let bodies: [&[u8]; 13] = [
        &[],
        &[0],
        &[0, 0],
        &[0, 0, 0, 1, 1],
        &[0, 0, 0, 3, 1, 0],
        &[0, 0, 0, 1, 3, 0],
        &[0, 0, 0, 100, 1, 0],
        &[0, 0, 0, 1, 1, 1],
        &[0, 0, 0, 1, 1, 2, 1, 1],
        &[0, 0, 0, 1, 1, 0, 9],
        &many_headers,
        &extreme,
        &[0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ];
    for body in bodies {
        let bytes = raw_record(body);
        let error = refused(bytes.clone(), &rules());
        assert!(matches!(error, Invalid::InvalidRecord { .. }), "{body:?}: {error:?}");
        let batch = Batches::new(bytes).next().expect("a batch").expect("a header");
        let all: Result<Vec<Record>, Error> =
            batch.records(&DecompressLimits::default()).and_then(Iterator::collect);
        assert!(all.is_err(), "{body:?}");
    }
    // A negative offset inside the batch makes the broker rewrite it; a reader refuses it.
    let batch = Batches::new(raw_record(&far)).next().expect("a batch").expect("a header");
    let mut records = batch.records(&DecompressLimits::default()).expect("records");
    assert!(records.next().is_some());
}

#[test]
fn bytes_behind_the_last_record_are_refused() {
    let good = batch_of(Compression::None, 2);
    let header = BatchHeader::parse(&good).expect("a header");
    let longer = [&good[61..], &[0][..]].concat();
    let error = refused(sealed(header, &longer), &rules());
    assert!(matches!(error, Invalid::InvalidRecord { .. }), "{error:?}");
}

#[test]
fn offsets_that_do_not_count_up_are_rewritten() {
    let mut builder = BatchBuilder::new(Compression::None);
    builder.push_at(3, NOW_MS, Some(b"k"), Some(b"a"), &[]).expect("small");
    builder.push_at(9, NOW_MS + 5, None, Some(b"b"), &[]).expect("small");
    let sparse = builder.build(0).expect("records").into_bytes();
    let sparse = with_header(&sparse, |header| header.last_offset_delta = 1);
    let valid = validate(sparse, &rules()).expect("valid");
    let found: Vec<(i64, i64)> = records(valid.into_bytes())
        .iter()
        .map(|record| (record.offset, record.timestamp_ms))
        .collect();
    assert_eq!(found, [(0, NOW_MS), (1, NOW_MS + 5)]);
}

#[test]
fn compacted_topics_name_every_record_without_a_key() {
    let mut builder = BatchBuilder::new(Compression::Zstd);
    for index in 0..1500 {
        let key = if index % 3 == 0 { Some(&b"key"[..]) } else { None };
        builder.push(NOW_MS, key, Some(b"v"), &[]).expect("small");
    }
    let bytes = builder.build(0).expect("records").into_bytes();
    for validation in [Validation::Full, Validation::Header] {
        let rules = AppendRules { key_required: true, validation, ..rules() };
        let Invalid::InvalidRecord { record_errors, message } = refused(bytes.clone(), &rules)
        else {
            panic!("another refusal");
        };
        assert_eq!(record_errors.len(), RECORD_ERRORS_MAX.min(1000));
        assert_eq!(record_errors[0].0, 1);
        assert!(message.contains("1000 record errors"), "{message}");
    }
}

#[test]
fn timestamps_outside_the_window_are_named() {
    let push = |timestamps: &[i64]| {
        let mut builder = BatchBuilder::new(Compression::None);
        for timestamp in timestamps {
            builder.push(*timestamp, None, None, &[]).expect("small");
        }
        builder.build(0).expect("records").into_bytes()
    };
    let rules = AppendRules { timestamp_before_max_ms: 1000, ..rules() };
    let latest = NOW_MS + rules.timestamp_after_max_ms;
    validate(push(&[NOW_MS - 1000, latest, NO_TIMESTAMP]), &rules).expect("inside");
    for outside in [NOW_MS - 1001, latest + 1] {
        let error = refused(push(&[NOW_MS, outside]), &rules);
        let Invalid::InvalidTimestamp { record_errors, .. } = error else {
            panic!("{error:?}");
        };
        assert_eq!(record_errors.len(), 1);
        assert_eq!(record_errors[0].0, 1);
    }
}

#[test]
fn the_header_s_maximum_timestamp_is_not_believed() {
    let lying = with_header(&batch_of(Compression::Lz4, 3), |header| header.max_timestamp = 77);
    let valid = validate(lying.clone(), &rules()).expect("valid");
    assert_eq!(valid.header().max_timestamp, NOW_MS + 2);
    records(valid.into_bytes());
    let believing = AppendRules { validation: Validation::Header, ..rules() };
    assert_eq!(validate(lying, &believing).expect("valid").header().max_timestamp, 77);
}

#[test]
fn log_append_time_replaces_the_producer_s_timestamps() {
    for target in [None, Some(Compression::Zstd)] {
        let rules = AppendRules {
            timestamp_type: TimestampType::LogAppendTime,
            compression: target,
            now_ms: NOW_MS + 500,
            ..rules()
        };
        let valid = validate(batch_of(Compression::Gzip, 3), &rules).expect("valid");
        assert_eq!(valid.header().timestamp_type(), TimestampType::LogAppendTime);
        for record in records(valid.into_bytes()) {
            assert_eq!(record.timestamp_ms, NOW_MS + 500);
        }
    }
    let by_producer = with_header(&batch_of(Compression::None, 1), |header| header.attributes |= 8);
    assert!(matches!(refused(by_producer, &rules()), Invalid::InvalidTimestamp { .. }));
}

#[test]
fn a_batch_without_a_producer_is_not_asked_for_sequences() {
    let bytes = batch_of(Compression::None, 1);
    let valid = validate(bytes, &rules()).expect("valid");
    assert_eq!(valid.header().producer_id, NO_PRODUCER_ID);
    assert!(!valid.header().is_idempotent());
}

#[test]
fn the_log_sets_offset_and_epoch_without_touching_the_crc() {
    let valid = validate(batch_of(Compression::None, 2), &rules()).expect("valid");
    let head = valid.header_at(1234, 7);
    let stored = [&head[..], &valid.payload()[..]].concat();
    let batch = Batches::new(Bytes::from(stored)).next().expect("a batch").expect("sound");
    batch.verify_crc().expect("still good");
    assert_eq!((batch.header.base_offset, batch.header.partition_leader_epoch), (1234, 7));
    assert_eq!(batch.header.next_offset(), 1236);
}

#[test]
fn mutated_batches_never_panic() {
    let mut state = 0x1234_5678_9abc_def0_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let limits = DecompressLimits { output_bytes_max: 1 << 20, ratio_max: 10 };
    let rules = AppendRules { limits, ..rules() };
    for codec in [
        Compression::None,
        Compression::Gzip,
        Compression::Snappy,
        Compression::Lz4,
        Compression::Zstd,
    ] {
        let good = batch_of(codec, 4);
        for _ in 0..1500 {
            let mut bytes = good.to_vec();
            for _ in 0..=random() % 3 {
                let at = random() as usize % bytes.len();
                bytes[at] = random() as u8;
            }
            // With a good CRC the mutation reaches the parsers behind it.
            if let Ok(mut header) = BatchHeader::parse(&bytes) {
                header.batch_length = bytes.len() as i32 - 12;
                header.base_offset = 0;
                header.crc = header.compute_crc(&bytes[61..]);
                bytes[..61].copy_from_slice(&header.encode());
            }
            let bytes = Bytes::from(bytes);
            let _ = validate(bytes.clone(), &rules);
            for batch in Batches::new(bytes).flatten() {
                if let Ok(records) = batch.records(&limits) {
                    let _ = records.take(10_000).count();
                }
            }
        }
    }
}
