//! Stores and batches for tests.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use freshet_records::{BatchBuilder, Batches, Compression, DecompressLimits, Record, ValidBatch};
use freshet_sim::{ForgetfulDisk, ManualClock};
use freshet_storage::{
    Acks, AppendContext, AppendError, Appended, Durability, FetchRange, Log, LogConfig, LogId,
    Origin, ReadError, ReadUpTo, RecoveryReport, Store, StoreOptions, WriterMode,
};

pub(crate) const DATA_DIR: &str = "/data";
pub(crate) const START_MS: i64 = 1_700_000_000_000;

pub(crate) fn log_id(number: u8) -> LogId {
    LogId { topic_id: [number; 16], partition: i32::from(number) }
}

pub(crate) fn options() -> StoreOptions {
    StoreOptions {
        tail_cache_bytes_max: 8 * 1024,
        index_cache_bytes_max: 4 * 1024,
        reserve_bytes: Some(0),
        open_files_max: Some(4),
        sync_threads_max: 1,
        writer: WriterMode::Manual,
        ..StoreOptions::new(DATA_DIR)
    }
}

pub(crate) fn try_open(
    disk: &ForgetfulDisk,
    clock: &Arc<ManualClock>,
) -> Result<(Store, RecoveryReport), freshet_storage::Error> {
    let clock = Arc::clone(clock) as Arc<dyn freshet_storage::Clock>;
    Store::open(Arc::new(disk.clone()), clock, options())
}

pub(crate) fn open(disk: &ForgetfulDisk, clock: &Arc<ManualClock>) -> (Store, RecoveryReport) {
    try_open(disk, clock).expect("the store opens")
}

/// A disk, a clock and a store on them.
pub(crate) struct Fixture {
    pub(crate) disk: ForgetfulDisk,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Store,
    pub(crate) report: RecoveryReport,
}

impl Fixture {
    pub(crate) fn new(seed: u64) -> Fixture {
        Fixture::on(ForgetfulDisk::new(seed), Arc::new(ManualClock::new(START_MS)))
    }

    pub(crate) fn on(disk: ForgetfulDisk, clock: Arc<ManualClock>) -> Fixture {
        let (store, report) = open(&disk, &clock);
        Fixture { disk, clock, store, report }
    }

    pub(crate) fn after_kill(self) -> Fixture {
        let disk = self.disk.kill();
        drop(self.store);
        Fixture::on(disk, self.clock)
    }

    pub(crate) fn after_power_cut(self) -> Fixture {
        let disk = self.disk.power_cut();
        drop(self.store);
        Fixture::on(disk, self.clock)
    }

    pub(crate) fn after_close(self) -> Fixture {
        self.store.close().expect("a clean stop");
        drop(self.store);
        let disk = self.disk.kill();
        Fixture::on(disk, self.clock)
    }

    pub(crate) fn log(&self, durability: Durability) -> Arc<Log> {
        self.log_with(LogConfig { durability, ..small_segments() })
    }

    pub(crate) fn log_with(&self, config: LogConfig) -> Arc<Log> {
        self.store.create_log(log_id(1), config).expect("a new log")
    }
}

/// Segments of four KiB, with dense indexes.
pub(crate) fn small_segments() -> LogConfig {
    LogConfig {
        segment_size_bytes_max: 4096,
        index_interval_bytes: 256,
        retention_ms: -1,
        file_delete_delay_ms: 0,
        ..LogConfig::default()
    }
}

pub(crate) fn origin() -> Origin {
    Origin::new("tester", "sim", "1", "User:test", "10.0.0.1")
}

pub(crate) fn batch(values: &[Vec<u8>], timestamp_ms: i64) -> ValidBatch {
    let mut builder = BatchBuilder::new(Compression::None);
    for value in values {
        builder.push(timestamp_ms, None, Some(value), &[]).expect("a small record");
    }
    builder.build(0).expect("records in it")
}

pub(crate) fn append(log: &Log, values: &[&str], acks: Acks) -> Result<Appended, AppendError> {
    let values: Vec<Vec<u8>> = values.iter().map(|value| value.as_bytes().to_vec()).collect();
    log.append(batch(&values, START_MS), &AppendContext { acks, origin: &origin() })
}

pub(crate) fn range(offset: i64, max_bytes: usize, up_to: ReadUpTo) -> FetchRange {
    FetchRange { offset, max_bytes, at_least_one_batch: true, up_to }
}

/// The records of one read, from `offset` on.
pub(crate) fn read_at(
    log: &Log,
    offset: i64,
    max_bytes: usize,
    up_to: ReadUpTo,
) -> Result<Vec<Record>, ReadError> {
    let slices = log.read(&range(offset, max_bytes, up_to))?;
    let whole: Vec<u8> = slices.bytes.iter().flat_map(|piece| piece.iter().copied()).collect();
    assert_eq!(whole.len(), slices.size_bytes);
    let mut records = Vec::new();
    let mut size = 0;
    for batch in Batches::new(Bytes::from(whole)) {
        let batch = batch.expect("a sound batch");
        batch.verify_crc().expect("a good CRC");
        size += batch.bytes().len();
        for record in batch.records(&DecompressLimits::default()).expect("records") {
            records.push(record.expect("a sound record"));
        }
    }
    assert_eq!(size, slices.size_bytes, "batches are never cut");
    Ok(records.into_iter().filter(|record| record.offset >= offset).collect())
}

/// All values from the log start to the end, checking that offsets leave no gap.
pub(crate) fn read_all(log: &Log, up_to: ReadUpTo) -> Vec<(i64, String)> {
    let mut at = log.offsets().log_start_offset;
    let mut out = Vec::new();
    loop {
        let records = read_at(log, at, 700, up_to).expect("readable");
        if records.is_empty() {
            return out;
        }
        for record in records {
            assert_eq!(record.offset, at, "offsets are contiguous");
            at += 1;
            let value = record.value.expect("a value");
            out.push((record.offset, String::from_utf8_lossy(&value).into_owned()));
        }
    }
}

/// Files of the data directory that end so.
pub(crate) fn files_with(disk: &ForgetfulDisk, suffix: &str) -> Vec<std::path::PathBuf> {
    let mut files = disk.files(Path::new(DATA_DIR));
    files.retain(|path| path.to_string_lossy().ends_with(suffix));
    files
}
