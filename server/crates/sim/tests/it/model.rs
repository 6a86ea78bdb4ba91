//! The log against the plainest model of one.

use std::collections::BTreeMap;

use freshet_records::{BatchBuilder, Compression};
use freshet_sim::Random;
use freshet_storage::{
    Acks, AppendContext, Durability, FetchRange, Log, LogConfig, ReadError, ReadUpTo,
};

use crate::fixture::{Fixture, START_MS, append, origin, read_all, read_at, small_segments};

/// Offset to (base offset of its batch, size of the batch, timestamp).
type Model = BTreeMap<i64, (i64, usize, i64)>;

fn fill(fixture: &Fixture, log: &Log, random: &mut Random, batch_count: usize) -> Model {
    let mut model = Model::new();
    for _ in 0..batch_count {
        let mut builder = BatchBuilder::new(*random.choose(&[
            Compression::None,
            Compression::None,
            Compression::Lz4,
            Compression::Zstd,
        ]));
        let mut timestamps = Vec::new();
        for _ in 0..=random.below(4) {
            let timestamp = START_MS + random.below(5000) as i64;
            let value = vec![b'v'; random.below(900) as usize];
            builder.push(timestamp, Some(b"key"), Some(&value), &[]).expect("small");
            timestamps.push(timestamp);
        }
        let batch = builder.build(0).expect("records");
        let size = batch.size_bytes();
        let context = AppendContext { acks: Acks::All, origin: &origin() };
        let appended = log.append(batch, &context).expect("appended");
        for (offset, timestamp) in (appended.base_offset..).zip(timestamps) {
            model.insert(offset, (appended.base_offset, size, timestamp));
        }
        if random.chance(20) {
            fixture.store.run_round();
        }
    }
    fixture.store.run_round();
    model
}

fn check_reads(log: &Log, model: &Model, random: &mut Random) {
    let end = model.len() as i64;
    for _ in 0..400 {
        let offset = random.below(model.len() as u64 + 1) as i64;
        let max_bytes = random.below(6000) as usize;
        let at_least_one_batch = random.chance(50);
        let range =
            FetchRange { offset, max_bytes, at_least_one_batch, up_to: ReadUpTo::HighWatermark };
        let slices = log.read(&range).expect("readable");
        let whole: Vec<u8> = slices.bytes.iter().flat_map(|piece| piece.to_vec()).collect();
        let mut next = None;
        let mut size = 0;
        for batch in freshet_records::Batches::new(whole.into()) {
            let batch = batch.expect("sound");
            batch.verify_crc().expect("a good CRC");
            let base = next.unwrap_or_else(|| model[&offset].0);
            assert_eq!(batch.header.base_offset, base, "read at {offset}");
            assert_eq!(batch.bytes().len(), model[&base].1, "read at {offset}");
            size += batch.bytes().len();
            next = Some(batch.header.next_offset());
        }
        assert_eq!(size, slices.size_bytes);
        let first_size = model.get(&offset).map_or(0, |(_, size, _)| *size);
        if size == 0 {
            let fits = at_least_one_batch || first_size <= max_bytes;
            assert!(offset == end || !fits, "nothing at {offset} with {max_bytes}");
        } else {
            let is_first_alone = size == first_size && at_least_one_batch;
            assert!(size <= max_bytes || is_first_alone, "{size} bytes at {offset}");
        }
    }
    let outside = log.read(&FetchRange {
        offset: end + 1,
        max_bytes: 1,
        at_least_one_batch: true,
        up_to: ReadUpTo::HighWatermark,
    });
    assert!(matches!(outside, Err(ReadError::OffsetOutOfRange { .. })));
}

fn check_times(log: &Log, model: &Model, random: &mut Random) {
    let up_to = ReadUpTo::HighWatermark;
    for _ in 0..100 {
        let asked = START_MS - 100 + random.below(5300) as i64;
        let expected = model.iter().find(|(_, (_, _, timestamp))| *timestamp >= asked);
        let found = log.offset_for_timestamp(asked, up_to).expect("readable");
        assert_eq!(
            found.map(|found| (found.offset, found.timestamp_ms)),
            expected.map(|(offset, (_, _, timestamp))| (*offset, *timestamp)),
            "first at {asked}"
        );
    }
    let largest = model.values().map(|(_, _, timestamp)| *timestamp).max().expect("records");
    let first = model.iter().find(|(_, (_, _, timestamp))| *timestamp == largest);
    let found = log.offset_of_max_timestamp(up_to).expect("readable").expect("there");
    assert_eq!(Some(&found.offset), first.map(|(offset, _)| offset));
}

#[test]
fn every_read_and_every_search_by_time_agrees_with_the_model() {
    for seed in 0..12 {
        let mut random = Random::new(seed);
        let fixture = Fixture::new(seed);
        let log = fixture.log(Durability::Acked);
        let model = fill(&fixture, &log, &mut random, 120);
        assert!(log.segments().len() > 5, "seed {seed}");
        check_reads(&log, &model, &mut random);
        check_times(&log, &model, &mut random);
        drop(log);
        let fixture = if seed % 2 == 0 { fixture.after_kill() } else { fixture.after_close() };
        let log = fixture.log(Durability::Acked);
        check_reads(&log, &model, &mut random);
        check_times(&log, &model, &mut random);
    }
}

#[test]
fn nobody_reads_past_the_high_watermark() {
    let fixture = Fixture::new(2);
    let log = fixture.log(Durability::Acked);
    append(&log, &["a"], Acks::All).expect("appended");
    fixture.store.run_round();
    append(&log, &["b"], Acks::One).expect("appended");
    let offsets = log.offsets();
    assert_eq!((offsets.high_watermark, offsets.log_end_offset), (1, 2));
    assert_eq!(read_all(&log, ReadUpTo::HighWatermark).len(), 1);
    assert_eq!(read_at(&log, 1, 100, ReadUpTo::HighWatermark), Ok(Vec::new()));
    assert_eq!(read_all(&log, ReadUpTo::LogEnd).len(), 2);
    fixture.store.run_round();
    assert_eq!(read_all(&log, ReadUpTo::HighWatermark).len(), 2);
}

#[test]
fn acks_come_when_the_durability_class_says() {
    use freshet_storage::AckPoint::{HighWatermark, Now};
    let table = [
        (Durability::Acked, Acks::Zero, Now),
        (Durability::Acked, Acks::One, Now),
        (Durability::Acked, Acks::All, HighWatermark(1)),
        (Durability::Strict, Acks::Zero, Now),
        (Durability::Strict, Acks::One, HighWatermark(1)),
        (Durability::Strict, Acks::All, HighWatermark(1)),
        (Durability::PageCache, Acks::One, Now),
        (Durability::PageCache, Acks::All, Now),
    ];
    for (durability, acks, expected) in table {
        let fixture = Fixture::new(2);
        let log = fixture.log(durability);
        let appended = append(&log, &["a"], acks).expect("appended");
        let is_unwritten = acks == Acks::Zero && durability != Durability::PageCache;
        let expected = if is_unwritten { HighWatermark(1) } else { expected };
        assert_eq!(appended.ack_at, expected, "{durability:?} {acks:?}");
        let high_watermark = i64::from(durability == Durability::PageCache);
        assert_eq!(log.offsets().high_watermark, high_watermark, "{durability:?} {acks:?}");
    }
}

#[test]
fn retention_by_size_keeps_the_newest_segments() {
    let fixture = Fixture::new(2);
    let log = fixture.log_with(LogConfig { retention_bytes: 8000, ..small_segments() });
    for _ in 0..40 {
        append(&log, &[&"x".repeat(900)], Acks::All).expect("appended");
    }
    fixture.store.run_round();
    let before = log.size_bytes();
    let done = fixture.store.housekeeping(START_MS);
    assert!(done.removed_segment_count > 3);
    assert_eq!(log.size_bytes() + done.removed_size_bytes, before);
    assert!(log.size_bytes() >= 8000 && log.size_bytes() < 8000 + 2 * 4096);
    let start = log.offsets().log_start_offset;
    assert!(start > 0);
    assert_eq!(read_all(&log, ReadUpTo::HighWatermark).len() as i64, 40 - start);
    let fixture = fixture.after_power_cut();
    assert_eq!(fixture.log_with(small_segments()).offsets().log_start_offset, start);
}

#[test]
fn retention_by_time_empties_a_log_and_its_offsets_go_on() {
    let fixture = Fixture::new(2);
    let log = fixture.log_with(LogConfig { retention_ms: 1000, ..small_segments() });
    for _ in 0..10 {
        append(&log, &[&"x".repeat(900)], Acks::All).expect("appended");
    }
    fixture.store.run_round();
    fixture.store.housekeeping(START_MS + 1000);
    assert_eq!(log.offsets().log_start_offset, 0, "not older than the limit");
    fixture.store.housekeeping(START_MS + 1001);
    assert_eq!(log.offsets().log_start_offset, 10);
    assert_eq!(log.size_bytes(), 0);
    drop(log);
    for crash in 0..3 {
        let fixture = Fixture::new(crash);
        let log = fixture.log_with(LogConfig { retention_ms: 1000, ..small_segments() });
        append(&log, &["old"], Acks::All).expect("appended");
        fixture.store.run_round();
        fixture.store.housekeeping(START_MS + 1001);
        drop(log);
        let fixture = match crash {
            0 => fixture.after_kill(),
            1 => fixture.after_power_cut(),
            _ => fixture.after_close(),
        };
        let log = fixture.log_with(small_segments());
        let appended = append(&log, &["new"], Acks::All).expect("appended");
        assert_eq!(appended.base_offset, 1, "crash {crash}");
    }
}

#[test]
fn deleted_records_are_gone_at_once_and_for_good() {
    let fixture = Fixture::new(2);
    let log = fixture.log(Durability::Acked);
    for _ in 0..10 {
        append(&log, &["a", "b"], Acks::All).expect("appended");
    }
    fixture.store.run_round();
    log.delete_records_before(21).expect_err("above the high watermark");
    assert_eq!(log.delete_records_before(7).expect("inside"), 7);
    assert_eq!(log.delete_records_before(3).expect("below"), 7);
    let gone = log.read(&crate::fixture::range(6, 1, ReadUpTo::LogEnd));
    assert!(matches!(gone, Err(ReadError::OffsetOutOfRange { log_start_offset: 7, .. })));
    let fixture = fixture.after_power_cut();
    assert_eq!(fixture.log(Durability::Acked).offsets().log_start_offset, 7);
}

#[test]
fn who_wrote_a_batch_and_when_is_known_to_the_millisecond() {
    let fixture = Fixture::new(2);
    let log = fixture.log(Durability::Acked);
    for _ in 0..60 {
        fixture.clock.advance(7);
        append(&log, &["a", &"x".repeat(300)], Acks::All).expect("appended");
    }
    let check = |log: &Log| {
        for offset in 0..120 {
            assert_eq!(log.append_time_at(offset), Some(START_MS + 7 * (offset / 2 + 1)));
            assert_eq!(log.origin_at(offset), Some(origin()));
        }
        assert_eq!(log.append_time_at(120), None);
    };
    check(&log);
    fixture.store.run_round();
    check(&log);
    drop(log);
    let fixture = fixture.after_close();
    check(&fixture.log(Durability::Acked));
    let fixture = fixture.after_kill();
    check(&fixture.log(Durability::Acked));
}

#[test]
fn a_log_that_nothing_was_appended_to_has_no_file() {
    let fixture = Fixture::new(2);
    let before = fixture.disk.files(std::path::Path::new("/"));
    let log = fixture.log(Durability::Strict);
    assert_eq!(read_all(&log, ReadUpTo::LogEnd), []);
    fixture.store.run_round();
    fixture.store.housekeeping(START_MS);
    assert_eq!(fixture.disk.files(std::path::Path::new("/")), before);
}

#[test]
fn each_unclean_start_raises_the_leader_epoch_and_a_clean_one_does_not() {
    let fixture = Fixture::new(2);
    let log = fixture.log(Durability::Acked);
    append(&log, &["a"], Acks::All).expect("appended");
    fixture.store.run_round();
    assert_eq!(log.leader_epoch(), 0);
    let fixture = fixture.after_kill();
    let log = fixture.log(Durability::Acked);
    assert_eq!(log.leader_epoch(), 1);
    append(&log, &["b"], Acks::All).expect("appended");
    fixture.store.run_round();
    let fixture = fixture.after_close();
    let log = fixture.log(Durability::Acked);
    assert_eq!(log.leader_epoch(), 1);
    assert_eq!(log.epoch_end_offset(0).map(|end| end.end_offset), Some(1));
    assert_eq!(log.epoch_end_offset(1).map(|end| end.end_offset), Some(2));
    assert_eq!(log.epoch_end_offset(2), None);
}
