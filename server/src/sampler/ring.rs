//! A bounded memory of evenly spaced figures.

use std::collections::VecDeque;

use freshet_app::model::number::Series;

/// The newest figures of one thing, at a fixed step; holes stay holes.
#[derive(Debug, Clone)]
pub(crate) struct Ring {
    step_ms: u32,
    capacity: usize,
    /// Slot number of the newest entry: its time divided by the step.
    newest_slot: i64,
    values: VecDeque<Option<u64>>,
}

impl Ring {
    /// Remembers `capacity` steps of `step_ms`.
    pub(crate) fn new(step_ms: u32, capacity: usize) -> Ring {
        Ring { step_ms, capacity, newest_slot: 0, values: VecDeque::new() }
    }

    /// Notes a figure. Of several in one step the last counts.
    pub(crate) fn add(&mut self, at_ms: i64, value: u64) {
        let slot = at_ms / i64::from(self.step_ms);
        if self.values.is_empty() {
            self.newest_slot = slot;
            self.values.push_back(Some(value));
            return;
        }
        let ahead = slot - self.newest_slot;
        if ahead <= 0 {
            // A clock that jumped back writes over the newest entry instead of the past.
            if let Some(newest) = self.values.back_mut() {
                *newest = Some(value);
            }
            return;
        }
        let holes = usize::try_from(ahead - 1).unwrap_or(usize::MAX).min(self.capacity);
        self.values.extend(std::iter::repeat_n(None, holes));
        self.values.push_back(Some(value));
        while self.values.len() > self.capacity {
            self.values.pop_front();
        }
        self.newest_slot = slot;
    }

    /// The newest figure.
    pub(crate) fn last(&self) -> Option<u64> {
        self.values.back().copied().flatten()
    }

    /// The figure about `back_ms` before the newest one.
    pub(crate) fn earlier(&self, back_ms: i64) -> Option<u64> {
        let steps = usize::try_from(back_ms / i64::from(self.step_ms)).ok()?;
        let index = self.values.len().checked_sub(steps + 1)?;
        self.values.get(index).copied().flatten()
    }

    /// The newest `length_ms` as a series, thinned to at most `samples_max` by taking the largest
    /// of each step: a peak must not vanish.
    pub(crate) fn series(&self, length_ms: i64, samples_max: usize) -> Series {
        let wanted = usize::try_from(length_ms / i64::from(self.step_ms)).unwrap_or(usize::MAX);
        let skipped = self.values.len().saturating_sub(wanted);
        let kept: Vec<Option<u64>> = self.values.iter().skip(skipped).copied().collect();
        let factor = kept.len().div_ceil(samples_max.max(1)).max(1);
        // Whole groups counted from the newest, so that the end of the line does not jump about.
        let uneven = kept.len() % factor;
        let values: Vec<Option<u64>> = std::iter::once(&kept[..uneven])
            .filter(|first| !first.is_empty())
            .chain(kept[uneven..].chunks(factor))
            .map(|chunk| chunk.iter().copied().flatten().max())
            .collect();
        let step_ms = self.step_ms.saturating_mul(u32::try_from(factor).unwrap_or(u32::MAX));
        let end_ms = self.newest_slot * i64::from(self.step_ms);
        let back = i64::try_from(values.len().saturating_sub(1)).unwrap_or(0);
        Series { start_ms: end_ms - back * i64::from(step_ms), step_ms, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_in_sampling_is_a_hole_and_not_a_zero() {
        let mut ring = Ring::new(1_000, 10);
        ring.add(5_000, 1);
        ring.add(8_200, 2);
        let series = ring.series(60_000, 100);
        assert_eq!(series.values, [Some(1), None, None, Some(2)]);
        assert_eq!((series.start_ms, series.end_ms()), (5_000, 8_000));
    }

    #[test]
    fn only_the_newest_figures_are_kept() {
        let mut ring = Ring::new(1_000, 3);
        (0..10).for_each(|n| ring.add(n * 1_000, n.unsigned_abs()));
        assert_eq!(ring.series(60_000, 100).values, [Some(7), Some(8), Some(9)]);
        assert_eq!(ring.earlier(2_000), Some(7));
    }

    #[test]
    fn thinning_keeps_the_peaks() {
        let mut ring = Ring::new(1_000, 100);
        (0..10).for_each(|n| ring.add(n * 1_000, if n == 4 { 99 } else { 1 }));
        let series = ring.series(60_000, 5);
        assert_eq!(series.values, [Some(1), Some(1), Some(99), Some(1), Some(1)]);
        assert_eq!(series.step_ms, 2_000);
    }

    #[test]
    fn a_clock_that_jumps_back_does_not_rewrite_the_past() {
        let mut ring = Ring::new(1_000, 100);
        ring.add(10_000, 1);
        ring.add(11_000, 2);
        ring.add(3_000, 7);
        assert_eq!(ring.series(60_000, 100).values, [Some(1), Some(7)]);
    }
}
