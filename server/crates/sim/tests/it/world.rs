//! Random work on several logs with random crashes, and what must be true afterwards.

use std::sync::Arc;

use freshet_records::{BatchBuilder, Compression, ValidBatch};
use freshet_sim::{ForgetfulDisk, ManualClock, Misbehaviour, Random};
use freshet_storage::{
    AckPoint, Acks, AppendContext, AppendError, Durability, Finding, Log, LogConfig, ReadUpTo,
    Store,
};

use crate::fixture::{START_MS, log_id, open, origin, range, small_segments, try_open};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Crash {
    PowerCut,
    Kill,
    CleanStop,
}

/// A record as its producer remembers it.
#[derive(Debug, Clone)]
struct Sent {
    value: Vec<u8>,
    append_ms: i64,
}

#[derive(Debug, Clone)]
struct SentBatch {
    base_offset: i64,
    base_sequence: i32,
    record_count: i32,
}

/// What is known about one log from outside.
struct Expected {
    durability: Durability,
    log: Arc<Log>,
    records: Vec<Sent>,
    batches: Vec<SentBatch>,
    next_sequence: i32,
    /// Below it everything was acknowledged, or seen, with a promise that holds in a power cut.
    safe_end: i64,
    /// The same for the death of the process.
    kill_safe_end: i64,
    log_start_offset: i64,
    leader_epoch: i32,
}

/// One run.
pub(crate) struct World {
    disk: ForgetfulDisk,
    clock: Arc<ManualClock>,
    store: Option<Store>,
    logs: Vec<Expected>,
    random: Random,
    next_value: u64,
}

type Outcome = Result<(), String>;

fn config(durability: Durability) -> LogConfig {
    LogConfig { durability, ..small_segments() }
}

macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err(format!($($message)+));
        }
    };
}

impl World {
    pub(crate) fn new(seed: u64, misbehaviour: Misbehaviour) -> World {
        let disk = ForgetfulDisk::new(seed);
        disk.misbehave(misbehaviour);
        let clock = Arc::new(ManualClock::new(START_MS));
        let (store, _) = open(&disk, &clock);
        let classes =
            [Durability::Acked, Durability::Strict, Durability::PageCache, Durability::Acked];
        let logs = classes
            .iter()
            .zip(1..)
            .map(|(&durability, number)| Expected {
                durability,
                log: store.create_log(log_id(number), config(durability)).expect("a new log"),
                records: Vec::new(),
                batches: Vec::new(),
                next_sequence: 0,
                safe_end: 0,
                kill_safe_end: 0,
                log_start_offset: 0,
                leader_epoch: 0,
            })
            .collect();
        let random = Random::new(seed ^ 0x5eed);
        World { disk, clock, store: Some(store), logs, random, next_value: 0 }
    }

    fn store(&self) -> &Store {
        self.store.as_ref().expect("open between two crashes")
    }

    /// Does `step_count` random things; the error says which promise was broken.
    pub(crate) fn run(&mut self, step_count: usize) -> Outcome {
        for _ in 0..step_count {
            match self.random.below(100) {
                0..65 => self.append()?,
                65..83 => self.store().run_round(),
                83..90 => {
                    let ms = self.random.below(1500);
                    self.clock.advance(ms);
                }
                90..92 => self.delete_records()?,
                92..94 => {
                    let done = self.store().housekeeping(START_MS);
                    ensure!(done.errors.is_empty(), "housekeeping failed: {:?}", done.errors);
                }
                _ => self.crash()?,
            }
            self.observe()?;
        }
        self.crash()
    }

    fn batch(&mut self, log_index: usize) -> (ValidBatch, Vec<Sent>) {
        let now_ms = START_MS + self.random.below(1000) as i64;
        let producer_id = 1000 + log_index as i64;
        let sequence = self.logs[log_index].next_sequence;
        let mut builder =
            BatchBuilder::new(Compression::None).with_producer(producer_id, 0, sequence);
        let mut sent = Vec::new();
        let largest = *self.random.choose(&[40, 400, 3000]);
        for _ in 0..=self.random.below(3) {
            self.next_value += 1;
            let mut value = self.next_value.to_be_bytes().to_vec();
            value.resize(8 + self.random.below(largest) as usize / 3, self.next_value as u8);
            builder.push(now_ms, None, Some(&value), &[]).expect("a small record");
            sent.push(Sent { value, append_ms: 0 });
        }
        (builder.build(0).expect("records in it"), sent)
    }

    fn append(&mut self) -> Outcome {
        let log_index = self.random.below(self.logs.len() as u64) as usize;
        let acks = *self.random.choose(&[Acks::Zero, Acks::One, Acks::All, Acks::All]);
        let (batch, mut sent) = self.batch(log_index);
        for record in &mut sent {
            record.append_ms = freshet_storage::Clock::wall_ms(self.clock.as_ref());
        }
        let expected = &mut self.logs[log_index];
        let appended = expected
            .log
            .append(batch, &AppendContext { acks, origin: &origin() })
            .map_err(|error| format!("append failed: {error}"))?;
        ensure!(!appended.is_duplicate, "a new batch was called a duplicate");
        ensure!(
            appended.base_offset == expected.records.len() as i64,
            "append got offset {} instead of {}",
            appended.base_offset,
            expected.records.len()
        );
        expected.batches.push(SentBatch {
            base_offset: appended.base_offset,
            base_sequence: expected.next_sequence,
            record_count: sent.len() as i32,
        });
        expected.next_sequence += sent.len() as i32;
        expected.records.append(&mut sent);
        match (expected.durability, acks, appended.ack_at) {
            (Durability::Acked | Durability::Strict, Acks::All, AckPoint::Now)
            | (Durability::Strict, Acks::One, AckPoint::Now) => {
                return Err("an ack that needs a sync came at once".into());
            }
            (_, Acks::One | Acks::All, AckPoint::Now) => {
                expected.kill_safe_end = expected.records.len() as i64;
            }
            (_, _, _) => {}
        }
        Ok(())
    }

    fn delete_records(&mut self) -> Outcome {
        let log_index = self.random.below(self.logs.len() as u64) as usize;
        let expected = &mut self.logs[log_index];
        let offsets = expected.log.offsets();
        let room = (offsets.high_watermark - offsets.log_start_offset).max(0) as u64;
        let offset = offsets.log_start_offset + self.random.below(room / 2 + 1) as i64;
        expected.log_start_offset = expected
            .log
            .delete_records_before(offset)
            .map_err(|error| format!("delete records failed: {error}"))?;
        Ok(())
    }

    /// What is below the high watermark was acknowledged to somebody, or read.
    fn observe(&mut self) -> Outcome {
        for expected in &mut self.logs {
            let offsets = expected.log.offsets();
            let end = expected.records.len() as i64;
            ensure!(offsets.log_end_offset == end, "log end {offsets:?} instead of {end}");
            ensure!(
                offsets.log_start_offset <= offsets.high_watermark
                    && offsets.high_watermark <= offsets.log_end_offset,
                "offsets out of order: {offsets:?}"
            );
            ensure!(
                offsets.log_start_offset >= expected.log_start_offset,
                "log start went back: {offsets:?}"
            );
            expected.kill_safe_end = expected.kill_safe_end.max(offsets.high_watermark);
            if expected.durability != Durability::PageCache {
                expected.safe_end = expected.safe_end.max(offsets.high_watermark);
            }
        }
        Ok(())
    }

    fn crash(&mut self) -> Outcome {
        let crash = *self.random.choose(&[
            Crash::PowerCut,
            Crash::PowerCut,
            Crash::PowerCut,
            Crash::Kill,
            Crash::CleanStop,
        ]);
        if crash == Crash::CleanStop {
            self.store().close().map_err(|error| format!("clean stop failed: {error}"))?;
        }
        let disk = match crash {
            Crash::PowerCut => self.disk.power_cut(),
            Crash::Kill | Crash::CleanStop => self.disk.kill(),
        };
        self.store = None;
        self.disk = disk;
        let (store, report) =
            try_open(&self.disk, &self.clock).map_err(|error| format!("no start: {error}"))?;
        for found in &report.findings {
            let is_torn = matches!(found.finding, Finding::TornTail { .. });
            ensure!(is_torn && crash != Crash::CleanStop, "after {crash:?}: {found:?}");
        }
        for (index, expected) in self.logs.iter_mut().enumerate() {
            expected.log = store
                .create_log(log_id(index as u8 + 1), config(expected.durability))
                .map_err(|error| error.to_string())?;
            check_after(crash, expected).map_err(|broken| {
                format!("log {index} ({:?}) after {crash:?}: {broken}", expected.durability)
            })?;
            check_producer(expected, 1000 + index as i64).map_err(|broken| {
                format!("log {index} ({:?}) after {crash:?}: {broken}", expected.durability)
            })?;
        }
        self.store = Some(store);
        Ok(())
    }
}

/// Compares a reopened log with what must and may be in it, and forgets what it may have lost.
fn check_after(crash: Crash, expected: &mut Expected) -> Outcome {
    let offsets = expected.log.offsets();
    let end = offsets.log_end_offset;
    let all = expected.records.len() as i64;
    ensure!(end <= all, "the log ends at {end}, only {all} records were sent");
    let needed = match crash {
        Crash::PowerCut => expected.safe_end,
        Crash::Kill => expected.kill_safe_end,
        Crash::CleanStop => all,
    };
    ensure!(end >= needed, "the log ends at {end}, but everything below {needed} was promised");
    ensure!(
        offsets.high_watermark == end,
        "the high watermark is {} in a recovered log that ends at {end}",
        offsets.high_watermark
    );
    ensure!(
        offsets.log_start_offset >= expected.log_start_offset,
        "the log start went back from {} to {}",
        expected.log_start_offset,
        offsets.log_start_offset
    );
    let epoch = expected.log.leader_epoch();
    let grows = crash != Crash::CleanStop && end > 0;
    ensure!(
        if grows { epoch > expected.leader_epoch } else { epoch >= expected.leader_epoch },
        "leader epoch {epoch} after {}",
        expected.leader_epoch
    );
    expected.leader_epoch = epoch;
    expected.records.truncate(end as usize);
    expected.batches.retain(|batch| batch.base_offset < end);
    if offsets.log_start_offset == end && expected.durability == Durability::PageCache {
        // Nothing is left of the log, so nothing is known of its producer; it may begin anywhere.
        expected.batches.clear();
    }
    expected.safe_end = if crash == Crash::PowerCut { end } else { expected.safe_end };
    expected.kill_safe_end = end;
    check_content(expected)
}

fn check_content(expected: &Expected) -> Outcome {
    let mut at = expected.log.offsets().log_start_offset;
    while at < expected.records.len() as i64 {
        let slices = expected
            .log
            .read(&range(at, 1500, ReadUpTo::HighWatermark))
            .map_err(|error| format!("read at {at}: {error}"))?;
        let whole: Vec<u8> = slices.bytes.iter().flat_map(|piece| piece.iter().copied()).collect();
        ensure!(
            !whole.is_empty(),
            "nothing to read at {at}: {:?}, {:?}",
            expected.log.offsets(),
            expected.log.segments()
        );
        for batch in freshet_records::Batches::new(whole.into()) {
            let batch = batch.map_err(|error| error.to_string())?;
            batch.verify_crc().map_err(|error| error.to_string())?;
            let records = batch.records(&Default::default()).map_err(|error| error.to_string())?;
            for record in records {
                let record = record.map_err(|error| error.to_string())?;
                if record.offset < at {
                    continue;
                }
                ensure!(record.offset == at, "offset {} where {at} belongs", record.offset);
                let sent = &expected.records[at as usize];
                ensure!(record.value.as_deref() == Some(&sent.value[..]), "another value at {at}");
                let noted = expected.log.append_time_at(at);
                ensure!(
                    noted.is_none_or(|noted| noted == sent.append_ms),
                    "append time {noted:?} at {at} instead of {}",
                    sent.append_ms
                );
                at += 1;
            }
        }
    }
    Ok(())
}

/// The last batch sent again is a duplicate, the one after the next is out of order.
fn check_producer(expected: &mut Expected, producer_id: i64) -> Outcome {
    let Some(last) = expected.batches.last().cloned() else {
        expected.next_sequence =
            expected.log.producers().first().map_or(0, |known| known.last_sequence + 1);
        return Ok(());
    };
    expected.next_sequence = last.base_sequence + last.record_count;
    let resend = |sequence: i32, count: i32| {
        let mut builder =
            BatchBuilder::new(Compression::None).with_producer(producer_id, 0, sequence);
        for _ in 0..count {
            builder.push(START_MS, None, Some(b"again"), &[]).expect("a small record");
        }
        let batch = builder.build(0).expect("records in it");
        expected.log.append(batch, &AppendContext { acks: Acks::All, origin: &origin() })
    };
    let again = resend(last.base_sequence, last.record_count)
        .map_err(|error| format!("a retry was refused: {error}"))?;
    ensure!(
        again.is_duplicate && again.base_offset == last.base_offset,
        "a retry of offset {} was appended as {again:?}",
        last.base_offset
    );
    match resend(expected.next_sequence + 1, 1) {
        Err(AppendError::OutOfOrderSequence { .. }) => Ok(()),
        other => Err(format!("a gap in sequences was accepted: {other:?}")),
    }
}
