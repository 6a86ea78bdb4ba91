//! Lag over time: the last minutes from memory, older ones from the console's database.

use freshet_app::error::{Answer, AppError};
use freshet_app::model::group::{LagHistory, PartitionSeries, Span};
use freshet_app::model::number::Series;

use super::{KafkaCluster, errors};
use crate::sampler::GroupRates;

/// Samples that one line carries.
const SAMPLES_MAX: usize = 600;
/// Partitions with a line of their own.
const LINES_MAX: usize = 12;

/// The lines of one group.
pub(super) async fn read(cluster: &KafkaCluster, group: String, span: Span) -> Answer<LagHistory> {
    let sample = cluster.sample().await?;
    if !sample.groups.contains_key(&group) {
        return Err(AppError::NotFound { what: errors::group(&group) });
    }
    let recent = cluster.sampler.with_rates(|rates| rates.groups.get(&group).map(recent));
    let events =
        super::group_events::within(cluster, &group, sample.at_ms - span.length_ms()).await;
    let empty = LagHistory {
        now_ms: sample.at_ms,
        span,
        partitions: Vec::new(),
        others: None,
        time: None,
        consume_rate: Series::default(),
        produce_rate: Series::default(),
        events: events.clone(),
    };
    if span == Span::Minutes15 {
        let Some(lines) = recent else { return Ok(empty) };
        return Ok(LagHistory { now_ms: sample.at_ms, span, events, ..lines });
    }
    let stored = match &cluster.history {
        Some(history) => history
            .read(&group, sample.at_ms - span.length_ms(), sample.at_ms, SAMPLES_MAX)
            .await
            .map_err(|error| AppError::Unavailable {
                reason: format!("the lag history cannot be read: {error}"),
            })?,
        None => None,
    };
    let Some(lines) = stored.or(recent) else { return Ok(empty) };
    Ok(LagHistory { now_ms: sample.at_ms, span, events, ..lines })
}

fn recent(group: &GroupRates) -> LagHistory {
    let length_ms = Span::Minutes15.length_ms();
    let series = |ring: &crate::sampler::Ring| ring.series(length_ms, SAMPLES_MAX);
    let mut lines: Vec<PartitionSeries> = group
        .standings
        .iter()
        .map(|((topic, partition), ring)| PartitionSeries {
            topic: topic.clone(),
            partition: *partition,
            lag: series(ring),
        })
        .collect();
    let total = series(&group.total);
    align(&mut lines, &total);
    let others = keep_worst(&mut lines);
    let time = series(&group.time);
    LagHistory {
        now_ms: 0,
        span: Span::Minutes15,
        partitions: lines,
        others,
        time: Some(time).filter(|time| !time.values.is_empty()),
        consume_rate: series(&group.consume),
        produce_rate: series(&group.produce),
        events: Vec::new(),
    }
}

/// Partitions that joined later start with holes, so that all lines share their time axis.
fn align(lines: &mut [PartitionSeries], axis: &Series) {
    for line in lines {
        let missing = axis.values.len().saturating_sub(line.lag.values.len());
        let holes = std::iter::repeat_n(None, missing);
        line.lag.values = holes.chain(line.lag.values.drain(..)).collect();
        line.lag.values.truncate(axis.values.len());
        line.lag.start_ms = axis.start_ms;
        line.lag.step_ms = axis.step_ms;
    }
}

/// Keeps the partitions with the worst lag; the rest is added up.
pub(crate) fn keep_worst(lines: &mut Vec<PartitionSeries>) -> Option<Series> {
    lines.sort_by_key(|line| std::cmp::Reverse(line.lag.max()));
    if lines.len() <= LINES_MAX {
        return None;
    }
    let rest = lines.split_off(LINES_MAX);
    let mut rest = rest.into_iter().map(|line| line.lag);
    let mut sum = rest.next()?;
    for line in rest {
        for (total, value) in sum.values.iter_mut().zip(line.values) {
            *total = match (*total, value) {
                (None, None) => None,
                (a, b) => Some(a.unwrap_or(0) + b.unwrap_or(0)),
            };
        }
    }
    Some(sum)
}
