use super::*;
use crate::{Batches, DecompressLimits, Record};

fn records(batch: ValidBatch) -> Vec<Record> {
    let batch = Batches::new(batch.into_bytes()).next().expect("a batch").expect("sound");
    batch.verify_crc().expect("a good CRC");
    let records = batch.records(&DecompressLimits::default()).expect("records");
    records.map(|record| record.expect("sound")).collect()
}

#[test]
fn keys_values_and_headers_come_back_as_they_went_in() {
    let headers = vec![
        Header { key: Bytes::from_static(b"same"), value: Some(Bytes::from_static(b"1")) },
        Header { key: Bytes::from_static(b"same"), value: None },
        Header { key: Bytes::from_static(&[0xff, 0x00]), value: Some(Bytes::new()) },
    ];
    let mut builder = BatchBuilder::new(Compression::Snappy);
    builder.push(50, None, None, &[]).expect("small");
    builder.push(20, Some(b""), Some(b"value"), &headers).expect("small");
    let found = records(builder.build(100).expect("records"));
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].offset, found[0].timestamp_ms), (100, 50));
    assert_eq!((&found[0].key, &found[0].value), (&None, &None));
    assert_eq!((found[1].offset, found[1].timestamp_ms), (101, 20));
    assert_eq!(found[1].key.as_deref(), Some(&b""[..]));
    assert_eq!(found[1].headers, headers);
}

#[test]
fn the_header_says_what_was_asked_for() {
    let mut builder = BatchBuilder::new(Compression::None)
        .with_producer(7, 3, i32::MAX - 1)
        .transactional()
        .control();
    for timestamp in [5, 9, 7] {
        builder.push(timestamp, None, None, &[]).expect("small");
    }
    let batch = builder.build(0).expect("records");
    let header = batch.header();
    assert_eq!((header.base_timestamp, header.max_timestamp), (5, 9));
    assert_eq!((header.record_count, header.last_offset_delta), (3, 2));
    assert_eq!(header.last_sequence(), 0, "sequences wrap to 0 behind 2^31-1");
    assert!(header.is_transactional() && header.is_control() && header.is_idempotent());
}

#[test]
fn what_cannot_be_a_batch_is_refused() {
    assert_eq!(BatchBuilder::new(Compression::None).build(0).expect_err("empty"), Error::Empty);
    let mut builder = BatchBuilder::new(Compression::None);
    builder.push_at(5, 0, None, None, &[]).expect("the first");
    assert!(builder.push_at(5, 0, None, None, &[]).is_err());
    assert!(builder.build(i64::MAX - 3).is_err());
}
