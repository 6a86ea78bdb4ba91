//! Idempotent producers and open transactions of one log.
//!
//! The rules are those of Kafka's `ProducerAppendInfo` and `ProducerStateEntry` (KIP-98): the last
//! five batches of a producer are known, an exact repeat of one of them is a duplicate, anything
//! but the next sequence is out of order, and a producer without state may begin anywhere.

use std::collections::{BTreeMap, HashMap, VecDeque};

use freshet_records::BatchHeader;

use crate::AppendError;
use crate::encoding::Fields;

/// Batches remembered per producer: `max.in.flight.requests.per.connection` is at most 5.
const BATCHES_PER_PRODUCER: usize = 5;
/// Producers remembered per log; beyond it the longest idle ones are forgotten.
pub const PRODUCERS_PER_LOG_MAX: usize = 100_000;

/// One batch of a producer, as far as a repeat of it must be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProducerBatch {
    pub(crate) base_sequence: i32,
    pub(crate) last_sequence: i32,
    pub(crate) base_offset: i64,
    pub(crate) last_offset: i64,
    pub(crate) timestamp_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Producer {
    epoch: i16,
    batches: VecDeque<ProducerBatch>,
    last_append_ms: i64,
    transaction_first_offset: Option<i64>,
}

/// A producer that the log knows, for DescribeProducers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProducerSummary {
    /// Producer id.
    pub producer_id: i64,
    /// Its newest epoch.
    pub producer_epoch: i16,
    /// Its last sequence; -1 when it wrote none in this epoch.
    pub last_sequence: i32,
    /// Wall time of its last append, milliseconds since the epoch.
    pub last_append_ms: i64,
    /// First offset of its open transaction.
    pub transaction_first_offset: Option<i64>,
}

/// What the log does with a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Append,
    Duplicate(ProducerBatch),
}

/// All producers of one log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Producers {
    by_id: HashMap<i64, Producer>,
    /// First offsets of open transactions.
    open: BTreeMap<i64, i64>,
    /// Ended transactions whose end is not yet below the high watermark: first offset to marker.
    ending: BTreeMap<i64, i64>,
}

fn follows(last: i32, next: i32) -> bool {
    next as i64 == last as i64 + 1 || (next == 0 && last == i32::MAX)
}

impl Producers {
    /// Judges a batch before it is appended; changes nothing.
    pub(crate) fn check(&self, header: &BatchHeader) -> Result<Verdict, AppendError> {
        if !header.is_idempotent() || header.is_control() {
            return Ok(Verdict::Append);
        }
        let Some(known) = self.by_id.get(&header.producer_id) else {
            return Ok(Verdict::Append);
        };
        if header.producer_epoch < known.epoch {
            return Err(AppendError::InvalidProducerEpoch {
                producer_id: header.producer_id,
                producer_epoch: header.producer_epoch,
                current_epoch: known.epoch,
            });
        }
        let out_of_order = |expected_sequence| {
            Err(AppendError::OutOfOrderSequence {
                producer_id: header.producer_id,
                base_sequence: header.base_sequence,
                expected_sequence,
            })
        };
        if header.producer_epoch > known.epoch {
            return if header.base_sequence == 0 { Ok(Verdict::Append) } else { out_of_order(0) };
        }
        let repeated = known.batches.iter().find(|batch| {
            batch.base_sequence == header.base_sequence
                && batch.last_sequence == header.last_sequence()
        });
        if let Some(batch) = repeated {
            return Ok(Verdict::Duplicate(*batch));
        }
        match known.batches.back() {
            Some(last) if !follows(last.last_sequence, header.base_sequence) => {
                out_of_order(last.last_sequence.checked_add(1).unwrap_or(0))
            }
            // A marker bumped the epoch and nothing was written in it: as after a new epoch.
            None if header.base_sequence != 0 => out_of_order(0),
            Some(_) | None => Ok(Verdict::Append),
        }
    }

    /// Takes in an appended batch. `header` has its final offsets.
    pub(crate) fn record(&mut self, header: &BatchHeader, now_ms: i64) {
        if !header.is_idempotent() {
            return;
        }
        self.make_room(header.producer_id);
        let known = self.by_id.entry(header.producer_id).or_insert_with(|| Producer {
            epoch: header.producer_epoch,
            batches: VecDeque::new(),
            last_append_ms: now_ms,
            transaction_first_offset: None,
        });
        if header.producer_epoch > known.epoch {
            known.epoch = header.producer_epoch;
            known.batches.clear();
        }
        known.last_append_ms = now_ms;
        if header.is_control() {
            if let Some(first) = known.transaction_first_offset.take() {
                self.open.remove(&first);
                self.ending.insert(first, header.last_offset());
            }
            return;
        }
        if known.batches.len() == BATCHES_PER_PRODUCER {
            known.batches.pop_front();
        }
        known.batches.push_back(ProducerBatch {
            base_sequence: header.base_sequence,
            last_sequence: header.last_sequence(),
            base_offset: header.base_offset,
            last_offset: header.last_offset(),
            timestamp_ms: header.max_timestamp,
        });
        if header.is_transactional() && known.transaction_first_offset.is_none() {
            known.transaction_first_offset = Some(header.base_offset);
            self.open.insert(header.base_offset, header.producer_id);
        }
    }

    fn make_room(&mut self, producer_id: i64) {
        if self.by_id.len() < PRODUCERS_PER_LOG_MAX || self.by_id.contains_key(&producer_id) {
            return;
        }
        // One pass frees a tenth, so that a flood of new producers does not pay for it each time.
        let mut ages: Vec<i64> = self.by_id.values().map(|known| known.last_append_ms).collect();
        let (_, oldest, _) = ages.select_nth_unstable(PRODUCERS_PER_LOG_MAX / 10);
        let oldest = *oldest;
        let mut surplus = PRODUCERS_PER_LOG_MAX / 10;
        self.by_id.retain(|_, known| {
            let goes = surplus > 0
                && known.last_append_ms <= oldest
                && known.transaction_first_offset.is_none();
            surplus -= usize::from(goes);
            !goes
        });
    }

    /// Forgets producers idle since before `now_ms - expiration_ms`, open transactions excepted.
    pub(crate) fn expire(&mut self, now_ms: i64, expiration_ms: i64) {
        let oldest = now_ms.saturating_sub(expiration_ms);
        self.by_id.retain(|_, known| {
            known.last_append_ms >= oldest || known.transaction_first_offset.is_some()
        });
    }

    /// The last stable offset below `high_watermark`: no transaction that is open there begins
    /// before it.
    pub(crate) fn last_stable_offset(&mut self, high_watermark: i64) -> i64 {
        self.ending.retain(|_, marker| *marker >= high_watermark);
        let first_open = self.open.keys().next().into_iter();
        let first_ending = self.ending.keys().next();
        first_open.chain(first_ending).copied().min().unwrap_or(i64::MAX).min(high_watermark)
    }

    pub(crate) fn summaries(&self) -> Vec<ProducerSummary> {
        let mut all: Vec<ProducerSummary> = self
            .by_id
            .iter()
            .map(|(&producer_id, known)| ProducerSummary {
                producer_id,
                producer_epoch: known.epoch,
                last_sequence: known.batches.back().map_or(-1, |batch| batch.last_sequence),
                last_append_ms: known.last_append_ms,
                transaction_first_offset: known.transaction_first_offset,
            })
            .collect();
        all.sort_unstable_by_key(|summary| summary.producer_id);
        all
    }

    /// Appends the state to `out`, for a snapshot.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&(self.by_id.len() as u32).to_be_bytes());
        let mut ids: Vec<&i64> = self.by_id.keys().collect();
        ids.sort_unstable();
        for id in ids {
            let known = &self.by_id[id];
            out.extend_from_slice(&id.to_be_bytes());
            out.extend_from_slice(&known.epoch.to_be_bytes());
            out.extend_from_slice(&known.last_append_ms.to_be_bytes());
            out.extend_from_slice(&known.transaction_first_offset.unwrap_or(-1).to_be_bytes());
            out.push(known.batches.len() as u8);
            for batch in &known.batches {
                out.extend_from_slice(&batch.base_sequence.to_be_bytes());
                out.extend_from_slice(&batch.last_sequence.to_be_bytes());
                out.extend_from_slice(&batch.base_offset.to_be_bytes());
                out.extend_from_slice(&batch.last_offset.to_be_bytes());
                out.extend_from_slice(&batch.timestamp_ms.to_be_bytes());
            }
        }
    }

    /// Reads what [`encode`](Producers::encode) wrote.
    pub(crate) fn decode(fields: &mut Fields<'_>) -> Option<Producers> {
        const PRODUCER_SIZE_BYTES_MIN: usize = 27;
        let count = fields.count(PRODUCER_SIZE_BYTES_MIN)?;
        let mut producers = Producers::default();
        for _ in 0..count {
            let id = fields.i64()?;
            let epoch = fields.i16()?;
            let last_append_ms = fields.i64()?;
            let first = fields.i64()?;
            let transaction_first_offset = (first >= 0).then_some(first);
            let mut batches = VecDeque::new();
            for _ in 0..fields.u8()? {
                batches.push_back(ProducerBatch {
                    base_sequence: fields.i32()?,
                    last_sequence: fields.i32()?,
                    base_offset: fields.i64()?,
                    last_offset: fields.i64()?,
                    timestamp_ms: fields.i64()?,
                });
            }
            if let Some(first) = transaction_first_offset {
                producers.open.insert(first, id);
            }
            let known = Producer { epoch, batches, last_append_ms, transaction_first_offset };
            producers.by_id.insert(id, known);
        }
        Some(producers)
    }
}

#[cfg(test)]
mod tests;
