//! Figures that say how true they are.

use serde::{Deserialize, Serialize};

/// A count of records. A number on the screen is exact or says that it is a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Count {
    /// Exactly this many.
    Exact(u64),
    /// Not more than this many: offsets may have gaps (compaction, transaction markers, attached clusters).
    AtMost(u64),
    /// Nobody knows yet.
    Unknown,
}

impl Count {
    /// The number behind it, if there is one: for sorting and for bars.
    #[must_use]
    pub fn bound(self) -> Option<u64> {
        match self {
            Self::Exact(count) | Self::AtMost(count) => Some(count),
            Self::Unknown => None,
        }
    }
}

/// A rate in thousandths of an event per second, so that both sides print the same digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rate(pub u64);

impl Rate {
    /// `events` whole events in each second.
    #[must_use]
    pub fn per_second(events: u64) -> Self {
        Self(events.saturating_mul(1000))
    }
}

/// Where a lag is heading, from the newest minute of samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trend {
    Rising,
    Falling,
    Steady,
    /// Fewer than two samples so far.
    #[default]
    Unknown,
}

/// How far a reader is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lag {
    /// Log end minus committed offset, never negative.
    pub messages: u64,
    /// Age of the first unread record by its append time; 0 when caught up; `None` when only the engine could know.
    pub time_ms: Option<u64>,
    pub trend: Trend,
}

impl Lag {
    /// How bad it is: decides colour and word together.
    #[must_use]
    pub fn severity(self) -> Severity {
        const WARNING_MS: u64 = 3_000;
        const DANGER_MS: u64 = 60_000;
        const WARNING_MESSAGES: u64 = 10_000;
        match (self.messages, self.time_ms) {
            (0, _) => Severity::Fine,
            (_, Some(ms)) if ms >= DANGER_MS => Severity::Danger,
            (_, Some(ms)) if ms >= WARNING_MS => Severity::Warning,
            (_, Some(_)) => Severity::Fine,
            (messages, None) if messages >= WARNING_MESSAGES => Severity::Warning,
            (_, None) => Severity::Fine,
        }
    }
}

/// Meaning, from which colour follows; never the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    Fine,
    Warning,
    Danger,
}

/// Evenly spaced samples, oldest first. A hole (the server was down, a sample was lost) is `None`, never 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Time of the first sample.
    pub start_ms: i64,
    /// Distance between two samples.
    pub step_ms: u32,
    pub values: Vec<Option<u64>>,
}

impl Series {
    /// Time of the newest sample; `start_ms` when there is none.
    #[must_use]
    pub fn end_ms(&self) -> i64 {
        let steps = self.values.len().saturating_sub(1);
        self.start_ms.saturating_add(i64::from(self.step_ms) * i64::try_from(steps).unwrap_or(0))
    }

    /// The newest known value.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        self.values.iter().rev().find_map(|value| *value)
    }

    /// The largest value, 0 when nothing is known.
    #[must_use]
    pub fn max(&self) -> u64 {
        self.values.iter().flatten().copied().max().unwrap_or(0)
    }
}
