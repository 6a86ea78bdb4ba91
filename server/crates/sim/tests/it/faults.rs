//! Disks that fail or fill up, and machines that stop between any two operations.

use std::sync::Arc;

use freshet_sim::{Misbehaviour, Random};
use freshet_storage::{
    AckPoint, Acks, AppendContext, AppendError, Durability, LogConfig, ReadUpTo, StoreOptions,
    StoreState,
};
use parking_lot::Mutex;

use crate::fixture::{
    Fixture, START_MS, append, batch, log_id, open, options, origin, read_all, small_segments,
};

/// Collects what an observer is told.
#[derive(Default)]
struct Witness {
    failures: Mutex<Vec<String>>,
    high_watermarks: Mutex<Vec<i64>>,
}

impl freshet_storage::LogObserver for Witness {
    fn high_watermark_advanced(
        &self,
        _log: &freshet_storage::Log,
        offsets: freshet_storage::LogOffsets,
    ) {
        self.high_watermarks.lock().push(offsets.high_watermark);
    }

    fn log_failed(&self, _log: &freshet_storage::Log, reason: &str) {
        self.failures.lock().push(reason.to_owned());
    }
}

#[test]
fn a_failed_sync_is_final_and_acknowledges_nothing() {
    let fixture = Fixture::new(5);
    let log = fixture.log(Durability::Acked);
    let witness = Arc::new(Witness::default());
    log.set_observer(witness.clone());
    append(&log, &["safe"], Acks::All).expect("appended");
    fixture.store.run_round();
    assert_eq!(*witness.high_watermarks.lock(), [1]);

    let failing = Misbehaviour { failing_sync: Some(0), ..Misbehaviour::default() };
    fixture.disk.misbehave(failing);
    append(&log, &["lost"], Acks::All).expect("taken");
    fixture.store.run_round();
    assert_eq!(log.offsets().high_watermark, 1);
    assert_eq!(witness.failures.lock().len(), 1);
    assert!(matches!(fixture.store.state(), StoreState::Offline { .. }));
    let refused = append(&log, &["late"], Acks::One);
    assert!(matches!(refused, Err(AppendError::Offline { .. })), "{refused:?}");
    // A second sync would succeed and lie.
    fixture.store.run_round();
    assert_eq!(log.offsets().high_watermark, 1);
    fixture.store.close().expect_err("no clean stop after that");

    let fixture = fixture.after_power_cut();
    let log = fixture.log(Durability::Acked);
    assert_eq!(read_all(&log, ReadUpTo::LogEnd)[0], (0, "safe".to_owned()));
    append(&log, &["again"], Acks::All).expect("works after the restart");
}

#[test]
fn a_failed_write_takes_the_directory_offline() {
    let fixture = Fixture::new(5);
    let log = fixture.log(Durability::Acked);
    append(&log, &["a"], Acks::One).expect("appended");
    fixture.disk.misbehave(Misbehaviour { failing_write: Some(0), ..Misbehaviour::default() });
    let appended = append(&log, &["x"], Acks::One).expect("taken");
    assert_eq!(appended.ack_at, AckPoint::HighWatermark(2), "not acknowledged");
    assert!(matches!(fixture.store.state(), StoreState::Offline { .. }));
    assert_eq!(log.offsets().high_watermark, 0);
}

#[test]
fn a_full_disk_refuses_appends_serves_reads_and_recovers_by_itself() {
    let fixture = Fixture::new(5);
    drop(fixture.store);
    let clock = fixture.clock;
    let with_reserve = StoreOptions { reserve_bytes: Some(50_000), ..options() };
    let (store, _) =
        freshet_storage::Store::open(Arc::new(fixture.disk.clone()), clock.clone(), with_reserve)
            .expect("opens");
    let log = store.create_log(log_id(1), small_segments()).expect("new");
    append(&log, &["before"], Acks::All).expect("room");
    store.run_round();

    let full = Misbehaviour { capacity_bytes: Some(40_000), ..Misbehaviour::default() };
    fixture.disk.misbehave(full);
    clock.advance(1000);
    let refused = append(&log, &["no room"], Acks::All);
    assert!(matches!(refused, Err(AppendError::DiskFull { .. })), "{refused:?}");
    assert!(matches!(store.state(), StoreState::ReadOnly { .. }));
    assert_eq!(read_all(&log, ReadUpTo::HighWatermark).len(), 1);
    log.delete_records_before(1).expect("deletes go on");

    fixture.disk.misbehave(Misbehaviour::default());
    clock.advance(1000);
    append(&log, &["after"], Acks::All).expect("room again");
    store.run_round();
    assert_eq!(store.state(), StoreState::Online);
    assert_eq!(log.offsets().high_watermark, 2);
}

#[test]
fn a_write_that_meets_a_full_disk_is_acknowledged_only_when_it_got_through() {
    let fixture = Fixture::new(5);
    let log = fixture.log(Durability::Acked);
    append(&log, &["first"], Acks::All).expect("room");
    fixture.store.run_round();
    fixture.store.run_round();
    let used: u64 = fixture
        .disk
        .files(std::path::Path::new("/"))
        .iter()
        .map(|path| fixture.disk.content(path).expect("a file").len() as u64)
        .sum();
    let full = Misbehaviour { capacity_bytes: Some(used + 30), ..Misbehaviour::default() };
    fixture.disk.misbehave(full);
    let stuck = append(&log, &["second"], Acks::One).expect("taken");
    assert_eq!(stuck.ack_at, AckPoint::HighWatermark(2));
    assert!(matches!(fixture.store.state(), StoreState::ReadOnly { .. }));
    fixture.store.run_round();
    assert_eq!(log.offsets().high_watermark, 1);

    fixture.disk.misbehave(Misbehaviour::default());
    fixture.store.run_round();
    assert_eq!(log.offsets().high_watermark, 2);
    assert_eq!(read_all(&log, ReadUpTo::HighWatermark).len(), 2);
    let fixture = fixture.after_power_cut();
    assert_eq!(read_all(&fixture.log(Durability::Acked), ReadUpTo::LogEnd).len(), 2);
}

/// Work that rolls, trims, deletes and stops; returns how much was acknowledged as durable.
fn busy_life(fixture: &Fixture) -> i64 {
    let config = LogConfig { retention_bytes: 6000, ..small_segments() };
    let Ok(log) = fixture.store.create_log(log_id(1), config) else { return 0 };
    let mut acknowledged = 0;
    for number in 0..30 {
        let value = vec![number; 400];
        let context = AppendContext { acks: Acks::All, origin: &origin() };
        if log.append(batch(&[value], START_MS), &context).is_err() {
            return acknowledged;
        }
        if number % 3 == 2 {
            fixture.store.run_round();
        }
        if number == 20 {
            fixture.store.housekeeping(START_MS);
        }
        acknowledged = acknowledged.max(log.offsets().high_watermark);
    }
    let _ = fixture.store.close();
    acknowledged
}

#[test]
fn a_machine_that_stops_after_any_operation_starts_again_with_all_that_was_acknowledged() {
    let change_count = {
        let fixture = Fixture::new(11);
        fixture.disk.misbehave(Misbehaviour::default());
        busy_life(&fixture);
        fixture.disk.change_count()
    };
    assert!(change_count > 60, "{change_count} operations are no life");
    let mut random = Random::new(4);
    for off_after in 0..change_count {
        let fixture = Fixture::new(random.bits());
        let stops = Misbehaviour { off_after: Some(off_after), ..Misbehaviour::default() };
        fixture.disk.misbehave(stops);
        let acknowledged = busy_life(&fixture);
        let disk = if random.chance(70) { fixture.disk.power_cut() } else { fixture.disk.kill() };
        drop(fixture.store);
        let (store, _) = open(&disk, &fixture.clock);
        let log = store.create_log(log_id(1), small_segments()).expect("reopened");
        let offsets = log.offsets();
        assert!(
            offsets.log_end_offset >= acknowledged,
            "stopped after {off_after}: {offsets:?}, but {acknowledged} were acknowledged"
        );
        for (offset, value) in read_all(&log, ReadUpTo::LogEnd) {
            assert!(
                value.bytes().all(|byte| i64::from(byte) == offset),
                "stopped after {off_after}"
            );
        }
    }
}

#[test]
fn a_start_that_is_stopped_after_any_operation_can_be_tried_again() {
    for off_after in 0.. {
        let fixture = Fixture::new(12);
        let acknowledged = busy_life(&fixture);
        assert_eq!(acknowledged, 30);
        let disk = fixture.disk.kill();
        drop(fixture.store);
        disk.erase(std::path::Path::new("/data/clean-stop"));
        disk.misbehave(Misbehaviour { off_after: Some(off_after), ..Misbehaviour::default() });
        let is_whole = crate::fixture::try_open(&disk, &fixture.clock).is_ok();
        let disk = disk.power_cut();
        let (store, _) = open(&disk, &fixture.clock);
        let log = store.create_log(log_id(1), small_segments()).expect("reopened");
        assert_eq!(log.offsets().log_end_offset, 30, "stopped after {off_after}");
        if is_whole {
            return;
        }
    }
}
