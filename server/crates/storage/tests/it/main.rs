//! The store on the machine's own disk, with its writer thread.

use std::sync::Arc;
use std::time::{Duration, Instant};

use freshet_records::{BatchBuilder, Compression, ValidBatch};
use freshet_storage::{
    AckPoint, Acks, AppendContext, Clock, Durability, Error, FetchRange, Log, LogConfig, LogId,
    LogObserver, LogOffsets, Origin, ReadUpTo, RecoveryReport, StdDisk, Store, StoreOptions,
    SystemClock,
};
use parking_lot::{Condvar, Mutex};

fn open(dir: &std::path::Path) -> Result<(Store, RecoveryReport), Error> {
    let options = StoreOptions { reserve_bytes: Some(0), ..StoreOptions::new(dir) };
    Store::open(Arc::new(StdDisk), Arc::new(SystemClock::new()), options)
}

fn id(topic: u8, partition: i32) -> LogId {
    LogId { topic_id: [topic; 16], partition }
}

fn batch(value: &[u8]) -> ValidBatch {
    let mut builder = BatchBuilder::new(Compression::None);
    builder.push(1, None, Some(value), &[]).expect("small");
    builder.build(0).expect("a record")
}

fn origin() -> Origin {
    Origin::new("it", "tests", "1", "User:it", "127.0.0.1")
}

/// Waits for high watermarks.
#[derive(Default)]
struct Waiter {
    high_watermark: Mutex<i64>,
    changed: Condvar,
}

impl LogObserver for Waiter {
    fn high_watermark_advanced(&self, _log: &Log, offsets: LogOffsets) {
        let mut high_watermark = self.high_watermark.lock();
        *high_watermark = offsets.high_watermark.max(*high_watermark);
        self.changed.notify_all();
    }

    fn log_failed(&self, _log: &Log, reason: &str) {
        panic!("{reason}");
    }
}

impl Waiter {
    fn on(log: &Log) -> Arc<Waiter> {
        let waiter = Arc::new(Waiter::default());
        log.set_observer(waiter.clone());
        waiter
    }

    fn wait_for(&self, offset: i64) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut high_watermark = self.high_watermark.lock();
        while *high_watermark < offset {
            let is_late = self.changed.wait_until(&mut high_watermark, deadline).timed_out();
            assert!(!is_late, "the high watermark stays at {}", *high_watermark);
        }
    }
}

fn append(log: &Log, value: &[u8], acks: Acks) -> AckPoint {
    let origin = origin();
    let context = AppendContext { acks, origin: &origin };
    log.append(batch(value), &context).expect("appended").ack_at
}

fn count_records(log: &Log) -> i64 {
    let mut at = log.offsets().log_start_offset;
    loop {
        let range = FetchRange {
            offset: at,
            max_bytes: 1 << 20,
            at_least_one_batch: true,
            up_to: ReadUpTo::HighWatermark,
        };
        let slices = log.read(&range).expect("readable");
        let whole: Vec<u8> = slices.bytes.iter().flat_map(|piece| piece.to_vec()).collect();
        let last = freshet_records::Batches::new(whole.into()).last();
        match last {
            Some(batch) => at = batch.expect("sound").header.next_offset(),
            None => return at,
        }
    }
}

#[test]
fn every_class_acknowledges_and_survives_a_dropped_store() {
    let dir = tempfile::tempdir().expect("a folder");
    let classes = [Durability::Acked, Durability::Strict, Durability::PageCache];
    {
        let (store, report) = open(dir.path()).expect("opens");
        assert!(report.was_clean);
        for (class, topic) in classes.into_iter().zip(1..) {
            let config = LogConfig { durability: class, ..LogConfig::default() };
            let log = store.create_log(id(topic, 0), config).expect("new");
            let waiter = Waiter::on(&log);
            for number in 0..20 {
                if let AckPoint::HighWatermark(offset) = append(&log, b"value", Acks::All) {
                    waiter.wait_for(offset);
                }
                assert!(log.offsets().high_watermark > number, "{class:?}");
            }
        }
    }
    let (store, report) = open(dir.path()).expect("opens");
    assert!(!report.was_clean);
    assert_eq!(report.findings, []);
    for topic in 1..=3 {
        let log = store.create_log(id(topic, 0), LogConfig::default()).expect("found");
        assert_eq!(count_records(&log), 20);
        assert_eq!(log.leader_epoch(), 1);
    }
    store.close().expect("a clean stop");
    drop(store);
    let (store, report) = open(dir.path()).expect("opens");
    assert!(report.was_clean);
    let log = store.create_log(id(1, 0), LogConfig::default()).expect("found");
    assert_eq!((count_records(&log), log.leader_epoch()), (20, 1));
}

#[test]
fn many_writers_of_few_logs_all_get_their_acks() {
    let dir = tempfile::tempdir().expect("a folder");
    let (store, _) = open(dir.path()).expect("opens");
    let config = LogConfig { segment_size_bytes_max: 200_000, ..LogConfig::default() };
    let logs: Vec<Arc<Log>> = (0..3)
        .map(|partition| store.create_log(id(1, partition), config.clone()).expect("new"))
        .collect();
    let waiters: Vec<Arc<Waiter>> = logs.iter().map(|log| Waiter::on(log)).collect();
    let value = vec![7; 20_000];
    std::thread::scope(|scope| {
        for writer in 0..6 {
            let (logs, waiters, value) = (&logs, &waiters, &value);
            scope.spawn(move || {
                for number in 0..40 {
                    let target = (writer + number) % 3;
                    let acks = if number % 4 == 0 { Acks::One } else { Acks::All };
                    let size = if number % 5 == 0 { value.len() } else { 50 };
                    if let AckPoint::HighWatermark(offset) =
                        append(&logs[target], &value[..size], acks)
                    {
                        waiters[target].wait_for(offset);
                    }
                }
            });
        }
    });
    let end: i64 = logs.iter().map(|log| log.offsets().log_end_offset).sum();
    assert_eq!(end, 240);
    for (log, waiter) in logs.iter().zip(&waiters) {
        waiter.wait_for(log.offsets().log_end_offset);
        assert_eq!(count_records(log), log.offsets().log_end_offset);
    }
}

#[test]
fn five_thousand_logs_come_back_from_one_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let (store, _) = open(dir.path()).expect("opens");
    for partition in 0..5000 {
        store.create_log(id(1, partition), LogConfig::default()).expect("new");
    }
    for partition in 0..50 {
        let log = store.log(id(1, partition)).expect("open");
        append(&log, b"x", Acks::One);
    }
    store.close().expect("a clean stop");
    drop(store);
    let (store, report) = open(dir.path()).expect("opens");
    assert!(report.was_clean);
    assert_eq!(report.recovered_log_count, 0);
    let ends: i64 = (0..5000)
        .map(|partition| store.create_log(id(1, partition), LogConfig::default()).expect("found"))
        .map(|log| log.offsets().high_watermark)
        .sum();
    assert_eq!(ends, 50);
}

#[test]
fn a_directory_in_use_or_read_only_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let (_store, _) = open(dir.path()).expect("opens");
    assert!(matches!(open(dir.path()), Err(Error::InUse { .. })));
    let nowhere = std::path::Path::new("/proc/freshet");
    assert!(open(nowhere).is_err());
}

#[test]
fn clocks_tell_plausible_times() {
    let clock = SystemClock::new();
    assert!(clock.wall_ms() > 1_700_000_000_000);
    assert!(clock.mono_ms() < 1000);
}
