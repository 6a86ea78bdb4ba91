//! One group's samples of one minute, packed.
//!
//! ```text
//!  version u8 = 1 | samples | { millisecond in the minute }* | { consume }* | { produce }*
//!  | { worst time + 1, 0 when unknown }* | standings | { topic | partition | { lag + 1, 0 hole }* }*
//!
//!  every number a LEB128 varint; each run after its first value holds zigzag differences;
//!  a text is its length and its bytes
//! ```

use std::collections::BTreeMap;

const VERSION: u8 = 1;
/// Most samples or standings that a block may claim to hold: more means that it is damaged.
const COUNT_MAX: u64 = 100_000;

/// A minute of one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LagBlock {
    /// When each sample was taken, milliseconds into the minute.
    pub(super) at_ms: Vec<u64>,
    /// Thousandths of a record per second.
    pub(super) consume: Vec<u64>,
    /// Thousandths of a record per second.
    pub(super) produce: Vec<u64>,
    /// Worst lag in time, milliseconds.
    pub(super) time_ms: Vec<Option<u64>>,
    /// Lag in messages by topic and partition.
    pub(super) standings: BTreeMap<(String, i32), Vec<Option<u64>>>,
}

impl LagBlock {
    /// Packs the block.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        put(&mut out, self.at_ms.len() as u64);
        put_run(&mut out, self.at_ms.iter().copied());
        put_run(&mut out, self.consume.iter().copied());
        put_run(&mut out, self.produce.iter().copied());
        put_run(&mut out, self.time_ms.iter().map(|value| value.map_or(0, |ms| ms + 1)));
        put(&mut out, self.standings.len() as u64);
        for ((topic, partition), lags) in &self.standings {
            put(&mut out, topic.len() as u64);
            out.extend_from_slice(topic.as_bytes());
            put(&mut out, u64::from(partition.unsigned_abs()));
            put_run(&mut out, lags.iter().map(|value| value.map_or(0, |lag| lag + 1)));
        }
        out
    }

    /// Unpacks a block; `None` when the bytes are not one.
    pub(super) fn decode(bytes: &[u8]) -> Option<LagBlock> {
        let mut input = bytes.strip_prefix(&[VERSION])?;
        let samples = count(&mut input)?;
        let some = |value: u64| value.checked_sub(1);
        let mut block = LagBlock {
            at_ms: take_run(&mut input, samples)?,
            consume: take_run(&mut input, samples)?,
            produce: take_run(&mut input, samples)?,
            time_ms: take_run(&mut input, samples)?.into_iter().map(some).collect(),
            standings: BTreeMap::new(),
        };
        for _ in 0..count(&mut input)? {
            let size = count(&mut input)?;
            let (topic, rest) = input.split_at_checked(size)?;
            input = rest;
            let topic = String::from_utf8(topic.to_vec()).ok()?;
            let partition = i32::try_from(take(&mut input)?).ok()?;
            let lags = take_run(&mut input, samples)?.into_iter().map(some).collect();
            block.standings.insert((topic, partition), lags);
        }
        Some(block)
    }

    /// Keeps the last sample only.
    pub(super) fn thin(&mut self) {
        fn last<T: Copy>(values: &mut Vec<T>) {
            values.drain(..values.len().saturating_sub(1));
        }
        last(&mut self.at_ms);
        last(&mut self.consume);
        last(&mut self.produce);
        last(&mut self.time_ms);
        self.standings.values_mut().for_each(last);
    }

    /// Nothing moved in this minute, and it began where the last sample of `before` ended.
    pub(super) fn continues(&self, before: &LagBlock) -> bool {
        let is_still = |values: &[u64]| values.iter().all(|value| *value == 0);
        let is_same = |key: &(String, i32), lags: &Vec<Option<u64>>| {
            let known = before.standings.get(key).and_then(|lags| lags.last());
            lags.iter().all(|lag| Some(lag) == known)
        };
        // A consumer that stands still falls behind in time although its lag does not change.
        self.time_ms.iter().all(|ms| matches!(ms, None | Some(0)))
            && is_still(&self.consume)
            && is_still(&self.produce)
            && before.consume.last().is_none_or(|rate| *rate == 0)
            && self.standings.len() == before.standings.len()
            && self.standings.iter().all(|(key, lags)| is_same(key, lags))
    }
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn take(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn count(input: &mut &[u8]) -> Option<usize> {
    usize::try_from(take(input)?).ok().filter(|count| *count as u64 <= COUNT_MAX)
}

fn put_run(out: &mut Vec<u8>, values: impl Iterator<Item = u64>) {
    let mut before = 0_u64;
    for value in values {
        let difference = value.wrapping_sub(before).cast_signed();
        put(out, ((difference << 1) ^ (difference >> 63)).cast_unsigned());
        before = value;
    }
}

fn take_run(input: &mut &[u8], samples: usize) -> Option<Vec<u64>> {
    let mut before = 0_u64;
    let mut values = Vec::new();
    for _ in 0..samples {
        let zigzag = take(input)?;
        let difference = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
        before = before.wrapping_add_signed(difference);
        values.push(before);
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> LagBlock {
        LagBlock {
            at_ms: (0..60).map(|n| n * 1_000 + 7).collect(),
            consume: (0..60).map(|n| n % 3 * 1_000).collect(),
            produce: vec![u64::MAX; 60],
            time_ms: (0..60).map(|n| (n % 2 == 0).then_some(n)).collect(),
            standings: BTreeMap::from([
                (("orders".to_owned(), 0), (0..60).map(|n| Some(1_000 - n)).collect()),
                (("wörter".to_owned(), 11), vec![None; 60]),
            ]),
        }
    }

    #[test]
    fn a_block_comes_back_as_it_was() {
        assert_eq!(LagBlock::decode(&block().encode()), Some(block()));
    }

    #[test]
    fn a_minute_of_one_partition_takes_few_bytes() {
        let mut small = block();
        small.standings.retain(|(topic, _), _| topic == "orders");
        small.produce = vec![312_000; 60];
        assert!(small.encode().len() < 500, "{}", small.encode().len());
    }

    #[test]
    fn damaged_bytes_are_refused_and_never_panic() {
        let bytes = block().encode();
        for cut in 0..bytes.len() {
            let _ = LagBlock::decode(&bytes[..cut]);
            let mut flipped = bytes.clone();
            flipped[cut] ^= 0xff;
            let _ = LagBlock::decode(&flipped);
        }
        assert_eq!(LagBlock::decode(&[]), None);
        assert_eq!(LagBlock::decode(&[1, 0xff, 0xff, 0xff, 0xff, 0x7f]), None);
    }

    #[test]
    fn a_still_minute_continues_the_one_before() {
        let key = ("t".to_owned(), 0);
        let still = |lag| LagBlock {
            at_ms: vec![0, 1],
            consume: vec![0, 0],
            produce: vec![0, 0],
            time_ms: vec![None, None],
            standings: BTreeMap::from([(key.clone(), vec![Some(lag), Some(lag)])]),
        };
        assert!(still(5).continues(&still(5)));
        let mut late = still(5);
        late.time_ms = vec![Some(1_000), Some(2_000)];
        assert!(!late.continues(&still(5)), "time goes on");
        assert!(!still(6).continues(&still(5)));
    }
}
