//! Files that were cut, flipped, lost or replaced while nobody looked.

use std::path::PathBuf;

use freshet_sim::Random;
use freshet_storage::{
    Acks, AppendContext, AppendError, Durability, Error, Finding, Log, ReadError, ReadUpTo,
};

use crate::fixture::{
    DATA_DIR, Fixture, START_MS, append, batch, files_with, log_id, origin, read_all, read_at,
    small_segments, try_open,
};

/// A store with one log of eight durable batches of two records, in one segment.
fn eight_batches() -> Fixture {
    let fixture = Fixture::new(7);
    let log = fixture.log(Durability::Acked);
    for number in 0..8 {
        append(&log, &[&format!("a{number}"), &format!("b{number}")], Acks::All).expect("appended");
    }
    fixture.store.run_round();
    fixture.store.run_round();
    assert_eq!(log.offsets().high_watermark, 16);
    fixture
}

fn only_segment(fixture: &Fixture) -> PathBuf {
    let files = files_with(&fixture.disk, ".log");
    assert_eq!(files.len(), 1);
    files[0].clone()
}

/// Where each batch begins in a segment, and where it ends.
fn batch_starts(content: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    while let Some(&at) = starts.last().filter(|at| **at < content.len()) {
        let length = i32::from_be_bytes(content[at + 8..at + 12].try_into().expect("four bytes"));
        starts.push(at + 12 + length as usize);
    }
    starts
}

#[test]
fn a_segment_cut_at_any_byte_of_its_last_batches_ends_at_the_last_whole_one() {
    let whole = {
        let fixture = eight_batches();
        fixture.disk.content(&only_segment(&fixture)).expect("the segment")
    };
    let starts = batch_starts(&whole);
    for size in starts[5]..whole.len() {
        let fixture = eight_batches();
        let segment = only_segment(&fixture);
        fixture.disk.overwrite(&segment, &whole[..size]);
        let fixture = fixture.after_kill();
        let log = fixture.log(Durability::Acked);
        let batch_count = starts.iter().rposition(|start| *start <= size).expect("the first");
        let expected_end = 2 * batch_count as i64;
        assert_eq!(log.offsets().log_end_offset, expected_end, "cut at {size}");
        assert_eq!(read_all(&log, ReadUpTo::LogEnd).len() as i64, expected_end, "cut at {size}");
        let is_lost = |found: &Finding| matches!(found, Finding::LostDurable { .. });
        assert!(
            fixture.report.findings.iter().any(|found| is_lost(&found.finding)),
            "cut at {size}"
        );
        let again = append(&log, &["next"], Acks::All).expect("goes on");
        assert_eq!(again.base_offset, expected_end, "cut at {size}");
    }
}

#[test]
fn a_flipped_byte_before_the_mark_is_quarantined_and_never_cut() {
    let whole = {
        let fixture = eight_batches();
        fixture.disk.content(&only_segment(&fixture)).expect("the segment")
    };
    let starts = batch_starts(&whole);
    for damaged in [0, 3, 7] {
        for position in starts[damaged]..starts[damaged + 1] {
            let fixture = eight_batches();
            let segment = only_segment(&fixture);
            fixture.disk.flip(&segment, position as u64, 0x10);
            let fixture = fixture.after_kill();
            check_quarantine(&fixture, damaged as i64, position);
            assert_eq!(fixture.disk.content(&segment).map(|left| left.len()), Some(whole.len()));
        }
    }
}

/// Everything but one batch can be read, and that one says that it is damaged.
fn check_quarantine(fixture: &Fixture, damaged_batch: i64, position: usize) {
    let log = fixture.log(Durability::Acked);
    assert_eq!(log.offsets().log_end_offset, 16, "flipped at {position}");
    let (first, next) = (2 * damaged_batch, 2 * damaged_batch + 2);
    for offset in 0..16 {
        let found = read_at(&log, offset, 1, ReadUpTo::LogEnd);
        if (first..next).contains(&offset) {
            let expected = ReadError::Corrupt { first_offset: first, next_offset: next };
            assert_eq!(found, Err(expected), "offset {offset}, flipped at {position}");
        } else {
            let records = found
                .unwrap_or_else(|error| panic!("offset {offset}, flipped at {position}: {error}"));
            assert_eq!(records[0].offset, offset, "flipped at {position}");
        }
    }
    assert_eq!(log.segments()[0].damaged, [(first, next)], "flipped at {position}");
}

#[test]
fn a_flipped_byte_after_a_clean_stop_is_found_when_it_is_read() {
    let fixture = eight_batches();
    let segment = only_segment(&fixture);
    let whole = fixture.disk.content(&segment).expect("the segment");
    let starts = batch_starts(&whole);
    drop(fixture);
    for position in starts[2]..starts[3] {
        let fixture = eight_batches().after_close();
        fixture.disk.flip(&segment, position as u64, 0x01);
        check_quarantine(&fixture, 2, position);
        let fixture = fixture.after_close();
        let log = fixture.log(Durability::Acked);
        assert_eq!(log.segments()[0].damaged, [(4, 6)], "known across a clean stop");
    }
}

#[test]
fn a_read_stops_before_damage_and_goes_on_behind_it() {
    let fixture = eight_batches().after_close();
    let segment = only_segment(&fixture);
    let starts = batch_starts(&fixture.disk.content(&segment).expect("the segment"));
    fixture.disk.flip(&segment, starts[4] as u64 + 70, 0xff);
    let log = fixture.log(Durability::Acked);
    let before = read_at(&log, 0, 1 << 20, ReadUpTo::LogEnd).expect("the part before it");
    assert_eq!(before.len(), 8);
    let damage = read_at(&log, 8, 1 << 20, ReadUpTo::LogEnd);
    assert_eq!(damage, Err(ReadError::Corrupt { first_offset: 8, next_offset: 10 }));
    let behind = read_at(&log, 10, 1 << 20, ReadUpTo::LogEnd).expect("the part behind it");
    assert_eq!(behind.len(), 6);
    assert_eq!(read_at(&log, 0, 1 << 20, ReadUpTo::LogEnd).expect("still").len(), 8);
}

#[test]
fn a_torn_end_with_sound_batches_in_it_is_cut_and_kept_aside() {
    let fixture = eight_batches();
    let log = fixture.store.log(log_id(1)).expect("open");
    for number in 0..3 {
        append(&log, &[&format!("unsynced {number}")], Acks::One).expect("appended");
    }
    let segment = only_segment(&fixture);
    let starts = batch_starts(&fixture.disk.content(&segment).expect("the segment"));
    fixture.disk.flip(&segment, starts[9] as u64 + 65, 0xff);
    let fixture = fixture.after_kill();
    let log = fixture.log(Durability::Acked);
    assert_eq!(log.offsets().log_end_offset, 17);
    let saved = files_with(&fixture.disk, ".torn");
    assert_eq!(saved.len(), 1);
    let expected = Finding::TornTail {
        at_offset: 17,
        size_bytes: (starts[11] - starts[9]) as u64,
        saved_to: Some(saved[0].clone()),
    };
    assert_eq!(
        fixture.report.findings.iter().map(|found| &found.finding).collect::<Vec<_>>(),
        [&expected]
    );
    let kept = fixture.disk.content(&saved[0]).expect("the copy");
    assert_eq!(kept.len(), starts[11] - starts[9]);
}

#[test]
fn without_the_marks_nothing_sound_is_cut() {
    for garbage in [None, Some(vec![0xaa; 300]), Some(vec![0; 300]), Some(Vec::new())] {
        let fixture = eight_batches();
        let segment = only_segment(&fixture);
        let starts = batch_starts(&fixture.disk.content(&segment).expect("the segment"));
        let positions = PathBuf::from(DATA_DIR).join("positions");
        match &garbage {
            None => fixture.disk.erase(&positions),
            Some(bytes) => fixture.disk.overwrite(&positions, bytes),
        }
        fixture.disk.flip(&segment, starts[5] as u64 + 65, 0xff);
        let fixture = fixture.after_kill();
        let log = fixture.log(Durability::Acked);
        assert_eq!(log.offsets().log_end_offset, 16);
        assert_eq!(log.segments()[0].damaged, [(10, 12)]);
    }
}

/// Several small segments of an idempotent producer.
fn many_segments(count: usize) -> Fixture {
    let fixture = Fixture::new(9);
    let log = fixture.log(Durability::Acked);
    for number in 0..count {
        let batch = produced(number as i32, &[b'x'; 300]);
        log.append(batch, &AppendContext { acks: Acks::All, origin: &origin() }).expect("appended");
        fixture.clock.advance(10);
    }
    fixture.store.run_round();
    fixture.store.run_round();
    fixture
}

fn produced(sequence: i32, value: &[u8]) -> freshet_records::ValidBatch {
    let mut builder = freshet_records::BatchBuilder::new(freshet_records::Compression::None)
        .with_producer(77, 0, sequence);
    builder.push(START_MS + i64::from(sequence), None, Some(value), &[]).expect("small");
    builder.build(0).expect("one record")
}

fn answers(log: &Log) -> Vec<(i64, i64)> {
    assert_eq!(read_all(log, ReadUpTo::HighWatermark).len(), 60);
    (0..60)
        .map(|number| {
            let found = log
                .offset_for_timestamp(START_MS + number, ReadUpTo::HighWatermark)
                .expect("readable")
                .expect("there");
            let record = &read_at(log, number, 1, ReadUpTo::LogEnd).expect("readable")[0];
            (found.offset, record.offset)
        })
        .collect()
}

#[test]
fn lost_or_damaged_index_files_change_no_answer() {
    let expected: Vec<(i64, i64)> = (0..60).map(|number| (number, number)).collect();
    let mut random = Random::new(3);
    for clean in [true, false] {
        for kind in 0..5 {
            let fixture = many_segments(60);
            assert!(files_with(&fixture.disk, ".log").len() > 4);
            let fixture = if clean { fixture.after_close() } else { fixture.after_kill() };
            let disk = fixture.disk.clone();
            for path in files_with(&disk, ".index") {
                let content = disk.content(&path).expect("the index");
                match kind {
                    0 => disk.erase(&path),
                    1 => disk.overwrite(&path, &content[..content.len() / 2]),
                    2 => disk.overwrite(&path, &vec![0; content.len()]),
                    3 => {
                        let noise: Vec<u8> = content.iter().map(|_| random.bits() as u8).collect();
                        disk.overwrite(&path, &noise);
                    }
                    _ => disk.flip(&path, random.below(content.len() as u64), 0x04),
                }
            }
            let fixture = if clean { fixture } else { fixture.after_kill() };
            assert_eq!(answers(&fixture.log(Durability::Acked)), expected, "kind {kind}");
        }
    }
}

#[test]
fn lost_snapshots_do_not_make_duplicates_new() {
    for keeps_noise in [true, false] {
        let fixture = many_segments(30);
        for path in files_with(&fixture.disk, ".producers") {
            if keeps_noise {
                fixture.disk.overwrite(&path, b"noise");
            } else {
                fixture.disk.erase(&path);
            }
        }
        let fixture = fixture.after_kill();
        let log = fixture.log(Durability::Acked);
        let context = AppendContext { acks: Acks::All, origin: &origin() };
        let again = log.append(produced(29, &[b'x'; 300]), &context).expect("a retry");
        assert!(again.is_duplicate);
        assert_eq!(again.base_offset, 29);
        let gap = log.append(produced(31, b"x"), &context);
        assert!(matches!(gap, Err(AppendError::OutOfOrderSequence { .. })));
    }
}

#[test]
fn a_damaged_clean_stop_file_costs_a_recovery_and_nothing_else() {
    let fixture = many_segments(30);
    fixture.store.close().expect("a clean stop");
    let disk = fixture.disk.kill();
    disk.flip(&PathBuf::from(DATA_DIR).join("clean-stop"), 50, 0x01);
    let fixture = Fixture::on(disk, fixture.clock.clone());
    assert!(!fixture.report.was_clean);
    assert_eq!(fixture.report.findings, []);
    assert_eq!(read_all(&fixture.log(Durability::Acked), ReadUpTo::LogEnd).len(), 30);
}

#[test]
fn a_directory_of_a_newer_program_or_a_stranger_is_refused() {
    let fixture = Fixture::new(1);
    let path = PathBuf::from(DATA_DIR).join("format");
    let clock = fixture.clock.clone();
    let disk = fixture.disk.kill();
    drop(fixture);
    disk.overwrite(&path, b"freshet storage format 7\n");
    let newer = try_open(&disk, &clock).expect_err("newer");
    assert!(matches!(newer, Error::NewerFormat { found: 7, known: 1, .. }), "{newer}");
    disk.overwrite(&path, b"something else");
    let stranger = try_open(&disk, &clock).expect_err("unknown");
    assert!(matches!(stranger, Error::UnknownFormat { .. }), "{stranger}");
}

#[test]
fn a_second_process_is_told_that_the_directory_is_in_use() {
    let fixture = Fixture::new(1);
    let second = try_open(&fixture.disk, &fixture.clock).expect_err("locked");
    assert!(matches!(second, Error::InUse { .. }), "{second}");
    let disk = fixture.disk.clone();
    drop(fixture.store);
    try_open(&disk, &fixture.clock).expect("free again");
}

#[test]
fn logs_nobody_asks_for_are_kept_and_listed() {
    let fixture = eight_batches();
    let fixture = fixture.after_kill();
    assert_eq!(fixture.store.unclaimed(), [log_id(1)]);
    let fixture = fixture.after_close().after_kill();
    assert_eq!(fixture.store.unclaimed(), [log_id(1)]);
    let log = fixture.log(Durability::Acked);
    assert_eq!(read_all(&log, ReadUpTo::LogEnd).len(), 16);
    assert_eq!(fixture.store.unclaimed(), []);
}

#[test]
fn a_deleted_log_stays_deleted_even_if_its_removal_is_interrupted() {
    let fixture = eight_batches();
    let log = fixture.store.log(log_id(1)).expect("open");
    fixture.store.delete_log(log_id(1)).expect("deleted");
    let context = AppendContext { acks: Acks::All, origin: &origin() };
    let refused = log.append(batch(&[b"x".to_vec()], START_MS), &context);
    assert_eq!(refused, Err(AppendError::Deleted));
    assert_eq!(read_at(&log, 0, 1, ReadUpTo::LogEnd), Err(ReadError::Deleted));
    let fixture = fixture.after_kill();
    assert_eq!(fixture.store.unclaimed(), []);
    fixture.store.housekeeping(START_MS);
    assert_eq!(files_with(&fixture.disk, ".log"), Vec::<PathBuf>::new());
    let log = fixture.log_with(small_segments());
    assert_eq!(log.offsets().log_end_offset, 0);
}
