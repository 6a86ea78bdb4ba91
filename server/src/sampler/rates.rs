//! What samples add up to over the last minutes: the lines of the charts.

use std::collections::BTreeMap;

use freshet_app::model::number::Trend;

use super::ring::Ring;
use super::sample::Sample;

/// Seconds that the fine rings remember.
const FINE_STEPS: usize = 900;
const FINE_STEP_MS: u32 = 1_000;
/// Topics' rates are remembered for 15 minutes in steps of 10 s.
const TOPIC_STEPS: usize = 90;
const TOPIC_STEP_MS: u32 = 10_000;
/// Groups' totals are remembered for an hour in steps of 15 s.
const HOUR_STEPS: usize = 240;
const HOUR_STEP_MS: u32 = 15_000;
/// Topics whose rate is remembered at most.
const TOPICS_MAX: usize = 2_000;
/// Partitions of groups whose lag is remembered at most, each with 900 samples.
const STANDINGS_MAX: usize = 2_000;
/// A change below this share of the lag is no trend.
const TREND_PERMILLE: u64 = 20;
/// How far back a trend looks.
const TREND_MS: i64 = 15_000;

/// One group's lines.
pub(crate) struct GroupRates {
    /// Lag by topic and partition, each second.
    pub standings: BTreeMap<(String, i32), Ring>,
    /// Total lag, each second.
    pub total: Ring,
    /// Total lag over an hour.
    pub hour: Ring,
    /// Worst time lag in milliseconds, each second.
    pub time: Ring,
    /// Thousandths of a record per second.
    pub consume: Ring,
    /// Thousandths of a record per second, over the partitions it reads.
    pub produce: Ring,
}

impl GroupRates {
    fn new() -> GroupRates {
        let fine = || Ring::new(FINE_STEP_MS, FINE_STEPS);
        GroupRates {
            standings: BTreeMap::new(),
            total: fine(),
            hour: Ring::new(HOUR_STEP_MS, HOUR_STEPS),
            time: fine(),
            consume: fine(),
            produce: fine(),
        }
    }

    /// Where the total lag is heading.
    pub(crate) fn trend(&self) -> Trend {
        trend_of(&self.total)
    }

    /// Where the lag of one partition is heading.
    pub(crate) fn trend_of(&self, standing: &(String, i32)) -> Trend {
        self.standings.get(standing).map_or(Trend::Unknown, trend_of)
    }
}

fn trend_of(ring: &Ring) -> Trend {
    let (Some(now), Some(before)) = (ring.last(), ring.earlier(TREND_MS)) else {
        return Trend::Unknown;
    };
    let slack = before.max(now) * TREND_PERMILLE / 1_000;
    if now > before + slack {
        Trend::Rising
    } else if before > now + slack {
        Trend::Falling
    } else {
        Trend::Steady
    }
}

/// Everything remembered in memory.
pub(crate) struct Rates {
    /// Thousandths of a record per second.
    pub messages_in: Ring,
    /// Thousandths of a record per second.
    pub messages_out: Ring,
    /// Bytes per second.
    pub bytes_in: Ring,
    /// Bytes per second.
    pub bytes_out: Ring,
    /// Thousandths of a record per second, by topic; only topics that were ever written to.
    pub topics: BTreeMap<String, Ring>,
    /// By group.
    pub groups: BTreeMap<String, GroupRates>,
}

impl Default for Rates {
    fn default() -> Rates {
        let fine = || Ring::new(FINE_STEP_MS, FINE_STEPS);
        Rates {
            messages_in: fine(),
            messages_out: fine(),
            bytes_in: fine(),
            bytes_out: fine(),
            topics: BTreeMap::new(),
            groups: BTreeMap::new(),
        }
    }
}

impl Rates {
    /// Takes in a sample.
    pub(crate) fn add(&mut self, sample: &Sample) {
        let at_ms = sample.at_ms;
        self.messages_in.add(at_ms, sample.rate_in.0);
        let engine = [
            (&mut self.messages_out, sample.rate_out.map(|rate| rate.0)),
            (&mut self.bytes_in, sample.bytes_in.map(|rate| rate.0 / 1_000)),
            (&mut self.bytes_out, sample.bytes_out.map(|rate| rate.0 / 1_000)),
        ];
        for (ring, value) in engine {
            if let Some(value) = value {
                ring.add(at_ms, value);
            }
        }
        self.add_topics(sample);
        self.add_groups(sample);
    }

    fn add_topics(&mut self, sample: &Sample) {
        self.topics.retain(|name, _| sample.topics.contains_key(name));
        for (name, topic) in &sample.topics {
            let is_known = self.topics.contains_key(name);
            if !is_known && (topic.rate_in.0 == 0 || self.topics.len() >= TOPICS_MAX) {
                continue;
            }
            let ring = self
                .topics
                .entry(name.clone())
                .or_insert_with(|| Ring::new(TOPIC_STEP_MS, TOPIC_STEPS));
            ring.add(sample.at_ms, topic.rate_in.0);
        }
    }

    fn add_groups(&mut self, sample: &Sample) {
        self.groups.retain(|name, _| sample.groups.contains_key(name));
        let mut standings_count: usize =
            self.groups.values().map(|group| group.standings.len()).sum();
        for (name, group) in &sample.groups {
            let at_ms = sample.at_ms;
            let rates = self.groups.entry(name.clone()).or_insert_with(GroupRates::new);
            rates.total.add(at_ms, group.lag());
            rates.hour.add(at_ms, group.lag());
            if let Some(lag_ms) = group.lag_ms() {
                rates.time.add(at_ms, lag_ms);
            }
            rates.consume.add(at_ms, group.consume_rate.0);
            let written: u64 = group
                .standings
                .keys()
                .filter_map(|(topic, partition)| {
                    let index = usize::try_from(*partition).ok()?;
                    Some(sample.topics.get(topic)?.partitions.get(index)?.rate_in.0)
                })
                .sum();
            rates.produce.add(at_ms, written);
            rates.standings.retain(|key, _| group.standings.contains_key(key));
            for (key, standing) in &group.standings {
                if !rates.standings.contains_key(key) {
                    if standings_count >= STANDINGS_MAX {
                        continue;
                    }
                    standings_count += 1;
                }
                rates
                    .standings
                    .entry(key.clone())
                    .or_insert_with(|| Ring::new(FINE_STEP_MS, FINE_STEPS))
                    .add(at_ms, standing.lag);
            }
        }
    }
}
