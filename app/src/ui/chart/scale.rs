//! Tidy ticks and paths. Integers and plain arithmetic only: the same text on both sides.

use crate::time::{Zone, date, hour_minute};

/// Width of every drawing's coordinate system.
pub const WIDTH: f64 = 1000.0;
/// Height of every drawing's coordinate system.
pub const HEIGHT: f64 = 100.0;

/// At most `ticks_max` round values above 0, the last at or above `max`: 1, 2 or 5 times a power of ten apart.
#[must_use]
pub fn value_ticks(max: u64, ticks_max: u64) -> Vec<u64> {
    let max = max.max(1);
    let mut step = 1_u64;
    'search: for power in 0..19 {
        for factor in [1, 2, 5] {
            step = factor * 10_u64.pow(power);
            if max.div_ceil(step) <= ticks_max.max(1) {
                break 'search;
            }
        }
    }
    (1..=max.div_ceil(step)).map(|n| n.saturating_mul(step)).collect()
}

/// Round moments between two times, at most about `ticks_max`, as share of the width (0 to 1) and label.
#[must_use]
pub fn time_ticks(from_ms: i64, to_ms: i64, ticks_max: i64, zone: &Zone) -> Vec<(f64, String)> {
    const STEPS_S: [i64; 16] = [
        1, 5, 15, 30, 60, 120, 300, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
        604_800,
    ];
    let length = to_ms - from_ms;
    if length <= 0 {
        return Vec::new();
    }
    let fits = |step: &&i64| length / (**step * 1000) <= ticks_max;
    let step = STEPS_S.iter().find(fits).copied().unwrap_or(2_592_000) * 1000;
    let shift = zone.offset_minutes(from_ms) * 60_000;
    let first = (from_ms + shift).div_euclid(step) * step + step - shift;
    let count = (to_ms - first).div_euclid(step) + 1;
    (0..count.max(0))
        .map(|n| {
            let at = first + n * step;
            let label = if step >= 86_400_000 {
                date(at, zone).split_off(5)
            } else if step < 60_000 {
                crate::time::clock(at, zone)
            } else {
                hour_minute(at, zone)
            };
            (share(at - from_ms, length), label)
        })
        .collect()
}

/// `part` of `whole`, 0 to 1.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
pub fn share(part: i64, whole: i64) -> f64 {
    if whole <= 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The height of a value in the drawing, counted from the top.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
pub fn y(value: u64, max: u64) -> f64 {
    HEIGHT - HEIGHT * (value as f64 / max.max(1) as f64).min(1.0)
}

/// The place of a sample in the drawing.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
pub fn x(index: usize, count: usize) -> f64 {
    if count < 2 { WIDTH } else { WIDTH * index as f64 / (count - 1) as f64 }
}

/// A line through the samples; a hole breaks it.
#[must_use]
pub fn line_path(values: &[Option<u64>], max: u64) -> String {
    let mut path = String::new();
    let mut is_down = false;
    for (index, value) in values.iter().enumerate() {
        match value {
            Some(value) => {
                let command = if is_down { 'L' } else { 'M' };
                path.push_str(&format!(
                    "{command}{:.1} {:.1}",
                    x(index, values.len()),
                    y(*value, max)
                ));
                is_down = true;
            }
            None => is_down = false,
        }
    }
    path
}

/// The area between two rows of samples (`None` in `top` is a hole; `None` in `base` counts as 0).
#[must_use]
pub fn area_path(top: &[Option<u64>], base: &[Option<u64>], max: u64) -> String {
    let mut path = String::new();
    let mut start = 0;
    while start < top.len() {
        let Some(first) = top[start..].iter().position(Option::is_some).map(|n| start + n) else {
            break;
        };
        let end = top[first..].iter().position(Option::is_none).map_or(top.len(), |n| first + n);
        for (offset, value) in top[first..end].iter().enumerate() {
            let command = if offset == 0 { 'M' } else { 'L' };
            let place = x(first + offset, top.len());
            path.push_str(&format!("{command}{place:.1} {:.1}", y(value.unwrap_or(0), max)));
        }
        for index in (first..end).rev() {
            let bottom = base.get(index).copied().flatten().unwrap_or(0);
            path.push_str(&format!("L{:.1} {:.1}", x(index, top.len()), y(bottom, max)));
        }
        path.push('Z');
        start = end;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_ticks_are_round_and_cover_the_maximum() {
        assert_eq!(value_ticks(0, 3), [1]);
        assert_eq!(value_ticks(12_304, 3), [5_000, 10_000, 15_000]);
        assert_eq!(value_ticks(3, 3), [1, 2, 3]);
        assert_eq!(value_ticks(1_000, 4), [500, 1_000]);
        assert!(value_ticks(u64::MAX, 3).len() <= 4);
    }

    #[test]
    fn time_ticks_fall_on_round_moments_of_the_zone() {
        let zone = Zone::parse("Asia/Kolkata@330");
        let ticks = time_ticks(1_732_400_081_000, 1_732_400_081_000 + 3_600_000, 5, &zone);
        let labels: Vec<&str> = ticks.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, ["03:45", "04:00", "04:15", "04:30"][..labels.len()]);
        assert!(ticks.iter().all(|(place, _)| (0.0..=1.0).contains(place)));
        assert!(time_ticks(5, 5, 5, &zone).is_empty());
    }

    #[test]
    fn holes_break_lines_and_areas() {
        let values = [Some(0), Some(10), None, Some(5)];
        assert_eq!(line_path(&values, 10), "M0.0 100.0L333.3 0.0M1000.0 50.0");
        assert_eq!(
            area_path(&values, &[], 10),
            "M0.0 100.0L333.3 0.0L333.3 100.0L0.0 100.0ZM1000.0 50.0L1000.0 100.0Z"
        );
    }
}
