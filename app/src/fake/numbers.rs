//! Figures that look alive and are the same in every run.

use super::NOW_MS;
use crate::model::number::{Lag, Series, Trend};

/// A number between 0 (inclusive) and `below` (exclusive) that depends on `seed` only.
pub(super) fn pick(seed: u64, below: u64) -> u64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) % below.max(1)
}

/// A wandering line around `base`.
pub(super) fn walk(seed: u64, count: u64, base: u64, swing: u64, step_ms: u32) -> Series {
    let at = |n: u64| {
        let phase = (n + pick(seed, 40)) % 60;
        let slow = if phase < 30 { phase } else { 60 - phase };
        base + swing * slow / 60 + pick(seed.wrapping_add(n), swing / 4 + 1)
    };
    series((0..count).map(|n| Some(at(n))).collect(), step_ms)
}

/// Samples that end now.
pub(super) fn series(values: Vec<Option<u64>>, step_ms: u32) -> Series {
    let length = i64::from(step_ms) * i64::try_from(values.len().saturating_sub(1)).unwrap_or(0);
    Series { start_ms: NOW_MS - length, step_ms, values }
}

/// A lag.
pub(super) fn lag(messages: u64, time_ms: u64, trend: Trend) -> Lag {
    Lag { messages, time_ms: Some(time_ms), trend }
}
