//! How figures, times and sizes read. Pure, and the same in the server and the browser.

use crate::model::number::{Count, Lag, Rate, Trend};

/// The thin space between groups of three digits; narrow, and no line breaks at it.
pub const GROUP_SPACE: char = '\u{202f}';

/// `1234567` → `1 234 567`; four digits stay together only below 1,000.
#[must_use]
pub fn integer(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3 + 1);
    if value < 0 {
        out.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(GROUP_SPACE);
        }
        out.push(digit);
    }
    out
}

/// A count of records, labelled when it is a bound.
#[must_use]
pub fn count(count: Count) -> String {
    match count {
        Count::Exact(n) => integer(n.into()),
        Count::AtMost(n) => format!("≤ {}", integer(n.into())),
        Count::Unknown => "–".to_owned(),
    }
}

/// `one` for exactly one, `many` otherwise, behind the number.
#[must_use]
pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", integer(n.into()), if n == 1 { one } else { many })
}

/// A number and its unit, to be shown in two weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub number: String,
    pub unit: &'static str,
}

impl Quantity {
    /// Both in one text.
    #[must_use]
    pub fn text(&self) -> String {
        if self.unit.is_empty() {
            self.number.clone()
        } else {
            format!("{} {}", self.number, self.unit)
        }
    }
}

/// Tenths below ten, whole numbers above: `9.4`, `94`. `value` over `unit`, both exact.
fn scaled(value: u64, unit: u64) -> String {
    let tenths = (u128::from(value) * 10 + u128::from(unit) / 2) / u128::from(unit);
    if tenths < 1000 && !tenths.is_multiple_of(10) {
        format!("{}.{}", tenths / 10, tenths % 10)
    } else {
        integer(i128::try_from((tenths + 5) / 10).unwrap_or(i128::MAX))
    }
}

fn pick(value: u64, units: &[(u64, &'static str)]) -> Quantity {
    let fitting = units.iter().rev().find(|(size, _)| value >= *size).or(units.first());
    fitting.map_or_else(
        || Quantity { number: integer(value.into()), unit: "" },
        |(size, unit)| Quantity { number: scaled(value, *size), unit },
    )
}

/// Bytes in decimal units.
#[must_use]
pub fn bytes(value: u64) -> Quantity {
    const UNITS: [(u64, &str); 6] = [
        (1, "B"),
        (1_000, "kB"),
        (1_000_000, "MB"),
        (1_000_000_000, "GB"),
        (1_000_000_000_000, "TB"),
        (1_000_000_000_000_000, "PB"),
    ];
    pick(value, &UNITS)
}

/// A large number short enough for an axis: `1.5k`, `12M`.
#[must_use]
pub fn short(value: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(1, ""), (1_000, "k"), (1_000_000, "M"), (1_000_000_000, "G")];
    let quantity = pick(value, &UNITS);
    format!("{}{}", quantity.number, quantity.unit)
}

/// Events per second without the unit: `0`, `0.4`, `312`.
#[must_use]
pub fn rate(rate: Rate) -> String {
    scaled(rate.0, 1000)
}

/// Bytes per second.
#[must_use]
pub fn byte_rate(rate: Rate) -> String {
    let per_second = bytes(rate.0.div_ceil(1000));
    format!("{} {}/s", per_second.number, per_second.unit)
}

/// A length of time in its one fitting unit: `3 ms`, `4.2 s`, `12 min`, `9 h`, `3 d`.
#[must_use]
pub fn duration(ms: u64) -> Quantity {
    const UNITS: [(u64, &str); 5] =
        [(1, "ms"), (1_000, "s"), (60_000, "min"), (3_600_000, "h"), (86_400_000, "d")];
    pick(ms, &UNITS)
}

/// A length of time in its two largest units: `3 d 4 h`, `1 min 56 s`.
#[must_use]
pub fn long_duration(ms: u64) -> String {
    let seconds = ms / 1000;
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let first = parts.iter().position(|(n, _)| *n > 0).unwrap_or(3);
    let words: Vec<String> = parts[first..]
        .iter()
        .take(2)
        .enumerate()
        .filter(|(index, (n, _))| *index == 0 || *n > 0)
        .map(|(_, (n, unit))| format!("{n} {unit}"))
        .collect();
    words.join(" ")
}

/// A length of time, exact to the second above a minute and to the tenth of one below.
#[must_use]
pub fn long_or_short(ms: u64) -> String {
    if ms < 60_000 { duration(ms).text() } else { long_duration(ms) }
}

/// A lag's second half: its time and arrow, or only the arrow: `4.2 s ↓`.
#[must_use]
pub fn lag_note(lag: Lag) -> String {
    let time = lag.time_ms.map(|ms| duration(ms).text());
    let arrow = trend_arrow(lag.trend);
    match (time, arrow) {
        (Some(time), "") => time,
        (Some(time), arrow) => format!("{time} {arrow}"),
        (None, arrow) => arrow.to_owned(),
    }
}

/// An arrow that is never the only sign: colour and figure say the same.
#[must_use]
pub fn trend_arrow(trend: Trend) -> &'static str {
    match trend {
        Trend::Rising => "↑",
        Trend::Falling => "↓",
        Trend::Steady => "→",
        Trend::Unknown => "",
    }
}

/// How long ago, in one unit; `now` below a second; a time in the future is "in …".
#[must_use]
pub fn ago(now_ms: i64, then_ms: i64) -> String {
    let distance = now_ms.abs_diff(then_ms);
    if distance < 1000 {
        return "now".to_owned();
    }
    let text = duration(distance / 1000 * 1000).text();
    if then_ms <= now_ms { format!("{text} ago") } else { format!("in {text}") }
}

/// A thousandth share as a percentage: `12.5 %`.
#[must_use]
pub fn permille(value: u16) -> String {
    if value.is_multiple_of(10) {
        format!("{} %", value / 10)
    } else {
        format!("{}.{} %", value / 10, value % 10)
    }
}

/// A value of a configuration in human words beside its raw text, for names that carry their unit.
#[must_use]
pub fn config_hint(name: &str, value: &str) -> Option<String> {
    let number: i64 = value.parse().ok()?;
    if number == -1 {
        return (name.ends_with("ms") || name.ends_with("bytes")).then(|| "no limit".to_owned());
    }
    let positive = u64::try_from(number).ok()?;
    if name.ends_with(".ms") && positive >= 1000 && number != i64::MAX {
        return Some(long_duration(positive));
    }
    if name.ends_with(".bytes") && positive >= 1000 && number != i64::MAX {
        return Some(bytes(positive).text());
    }
    (number == i64::MAX).then(|| "no limit".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ascii(text: &str) -> String {
        text.replace(GROUP_SPACE, "_")
    }

    #[test]
    fn digits_are_grouped_in_threes() {
        for (value, text) in [(0, "0"), (999, "999"), (1234, "1_234"), (-1_234_567, "−1_234_567")]
        {
            assert_eq!(ascii(&integer(value)), text);
        }
        assert_eq!(ascii(&integer(u64::MAX.into())), "18_446_744_073_709_551_615");
    }

    #[test]
    fn sizes_have_one_unit_and_at_most_three_digits() {
        for (value, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1 kB"),
            (1_049, "1 kB"),
            (138_200_000, "138 MB"),
            (12_400_000_000, "12.4 GB"),
        ] {
            assert_eq!(ascii(&bytes(value).text()), text, "{value}");
        }
    }

    #[test]
    fn rates_below_ten_show_tenths() {
        assert_eq!(rate(Rate(400)), "0.4");
        assert_eq!(rate(Rate(312_000)), "312");
        assert_eq!(ascii(&rate(Rate(1_284_400))), "1_284");
    }

    #[test]
    fn times_read_in_one_or_two_units() {
        assert_eq!(duration(4_200).text(), "4.2 s");
        assert_eq!(long_duration(116_000), "1 min 56 s");
        assert_eq!(long_duration(3 * 86_400_000 + 4 * 3_600_000), "3 d 4 h");
        assert_eq!(long_duration(0), "0 s");
        assert_eq!(ago(10_000, 10_000), "now");
        assert_eq!(ago(70_000, 10_000), "1 min ago");
        assert_eq!(ago(10_000, 13_000), "in 3 s");
    }

    #[test]
    fn configuration_values_explain_themselves() {
        assert_eq!(config_hint("retention.ms", "604800000").as_deref(), Some("7 d"));
        assert_eq!(config_hint("retention.bytes", "-1").as_deref(), Some("no limit"));
        assert_eq!(config_hint("cleanup.policy", "delete"), None);
    }
}
