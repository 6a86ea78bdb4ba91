//! Writing and reading the lag history.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use freshet_app::model::group::{LagHistory, PartitionSeries, Span};
use freshet_app::model::number::Series;
use sqlx::{Row, SqlitePool};
use tokio::sync::mpsc;
use tracing::warn;

use super::lag_block::LagBlock;
use crate::console::keep_worst;
use crate::sampler::Sample;

/// Blocks kept over all groups; the oldest go first.
const BLOCKS_MAX: i64 = 300_000;
/// Blocks older than this keep one sample.
const FINE_MINUTES: i64 = 24 * 60;
/// Partitions of one group that are recorded.
const STANDINGS_PER_BLOCK_MAX: usize = 500;

/// The history of one cluster. Cheap to clone.
#[derive(Clone)]
pub(crate) struct LagStore {
    pool: SqlitePool,
    cluster: String,
}

/// Minutes that are being filled.
#[derive(Default)]
struct Filling {
    minute: i64,
    blocks: BTreeMap<String, LagBlock>,
    /// The last written block of each group.
    written: HashMap<String, LagBlock>,
    /// First minute of the present run of watching.
    first_minute: Option<i64>,
}

impl LagStore {
    /// The history of `cluster` in an open database.
    pub(crate) fn new(pool: SqlitePool, cluster: &str) -> LagStore {
        LagStore { pool, cluster: cluster.to_owned() }
    }

    /// Records samples until the sampler ends; then what is left of the present minute.
    pub(crate) async fn record(self, mut samples: mpsc::Receiver<Arc<Sample>>) {
        let mut filling = Filling::default();
        while let Some(sample) = samples.recv().await {
            let minute = sample.at_ms.div_euclid(60_000);
            if minute != filling.minute {
                self.write(&mut filling).await;
                filling.minute = minute;
            }
            fill(&mut filling.blocks, &sample);
        }
        self.write(&mut filling).await;
    }

    async fn write(&self, filling: &mut Filling) {
        if filling.minute == 0 {
            return;
        }
        let blocks = std::mem::take(&mut filling.blocks);
        filling.written.retain(|group, _| blocks.contains_key(group));
        let first_minute = *filling.first_minute.get_or_insert(filling.minute);
        let changed: Vec<(String, LagBlock)> = blocks
            .into_iter()
            .filter(|(group, block)| {
                filling.written.get(group).is_none_or(|before| !block.continues(before))
            })
            .collect();
        match self.store(filling.minute, first_minute, &changed).await {
            Ok(()) => filling.written.extend(changed),
            Err(error) => warn!(%error, "a minute of the lag history could not be written"),
        }
    }

    async fn store(
        &self,
        minute: i64,
        first_minute: i64,
        blocks: &[(String, LagBlock)],
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        for (group, block) in blocks {
            sqlx::query(
                "INSERT OR REPLACE INTO lag_block (cluster, group_id, minute, block) \
                 VALUES (?, ?, ?, ?)",
            )
            .bind(&self.cluster)
            .bind(group)
            .bind(minute)
            .bind(block.encode())
            .execute(&mut *transaction)
            .await?;
        }
        sqlx::query(
            "INSERT INTO watched (cluster, first_minute, last_minute) VALUES (?, ?, ?) \
             ON CONFLICT DO UPDATE SET last_minute = excluded.last_minute",
        )
        .bind(&self.cluster)
        .bind(first_minute)
        .bind(minute)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.age(minute).await
    }

    /// Thins and drops what is old; a little each minute, so that it never takes long.
    async fn age(&self, minute: i64) -> Result<(), sqlx::Error> {
        let old = sqlx::query(
            "SELECT cluster, group_id, minute, block FROM lag_block \
             WHERE is_thinned = 0 AND minute < ? LIMIT 1000",
        )
        .bind(minute - FINE_MINUTES)
        .fetch_all(&self.pool)
        .await?;
        for row in old {
            let bytes: Vec<u8> = row.get("block");
            let thinned = LagBlock::decode(&bytes).map(|mut block| {
                block.thin();
                block.encode()
            });
            sqlx::query(
                "UPDATE lag_block SET is_thinned = 1, block = ? \
                 WHERE cluster = ? AND group_id = ? AND minute = ?",
            )
            .bind(thinned.unwrap_or_default())
            .bind(row.get::<String, _>("cluster"))
            .bind(row.get::<String, _>("group_id"))
            .bind(row.get::<i64, _>("minute"))
            .execute(&self.pool)
            .await?;
        }
        sqlx::query(
            "DELETE FROM lag_block WHERE minute <= (SELECT minute FROM lag_block \
             ORDER BY minute DESC LIMIT 1 OFFSET ?)",
        )
        .bind(BLOCKS_MAX)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The lines of one group between two times, at most `samples_max` samples each; `None` when
    /// nothing is recorded.
    pub(crate) async fn read(
        &self,
        group: &str,
        from_ms: i64,
        to_ms: i64,
        samples_max: usize,
    ) -> Result<Option<LagHistory>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT minute, block FROM lag_block \
             WHERE cluster = ? AND group_id = ? AND minute BETWEEN ? AND ? ORDER BY minute",
        )
        .bind(&self.cluster)
        .bind(group)
        .bind(from_ms.div_euclid(60_000))
        .bind(to_ms.div_euclid(60_000))
        .fetch_all(&self.pool)
        .await?;
        let before = self.block_before(group, from_ms.div_euclid(60_000)).await?;
        if rows.is_empty() && before.is_none() {
            return Ok(None);
        }
        let watched = self.watched(from_ms, to_ms).await?;
        let mut lines = Lines::new(from_ms, to_ms, samples_max);
        // What held when the range begins, if somebody was watching then.
        let is_watched = watched.iter().any(|(first, last)| (*first..*last).contains(&from_ms));
        if let Some(mut block) = before.filter(|_| is_watched) {
            block.thin();
            block.at_ms = vec![0];
            lines.add_at(from_ms, &block);
        }
        for row in rows {
            let minute: i64 = row.get("minute");
            let bytes: Vec<u8> = row.get("block");
            if let Some(block) = LagBlock::decode(&bytes) {
                lines.add_at(minute * 60_000, &block);
            }
        }
        Ok(Some(lines.finish(&watched)))
    }

    /// The last block before a minute.
    async fn block_before(
        &self,
        group: &str,
        minute: i64,
    ) -> Result<Option<LagBlock>, sqlx::Error> {
        let bytes: Option<Vec<u8>> = sqlx::query_scalar(
            "SELECT block FROM lag_block WHERE cluster = ? AND group_id = ? AND minute < ? \
             ORDER BY minute DESC LIMIT 1",
        )
        .bind(&self.cluster)
        .bind(group)
        .bind(minute)
        .fetch_optional(&self.pool)
        .await?;
        Ok(bytes.and_then(|bytes| LagBlock::decode(&bytes)))
    }

    /// Runs of watched minutes that touch the range, as milliseconds.
    async fn watched(&self, from_ms: i64, to_ms: i64) -> Result<Vec<(i64, i64)>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT first_minute, last_minute FROM watched \
             WHERE cluster = ? AND last_minute >= ? AND first_minute <= ?",
        )
        .bind(&self.cluster)
        .bind(from_ms.div_euclid(60_000))
        .bind(to_ms.div_euclid(60_000))
        .fetch_all(&self.pool)
        .await?;
        let run = |row: &sqlx::sqlite::SqliteRow| {
            let first: i64 = row.get("first_minute");
            let last: i64 = row.get("last_minute");
            (first * 60_000, (last + 1) * 60_000)
        };
        Ok(rows.iter().map(run).collect())
    }
}

fn fill(blocks: &mut BTreeMap<String, LagBlock>, sample: &Sample) {
    let in_minute = u64::try_from(sample.at_ms.rem_euclid(60_000)).unwrap_or(0);
    for (name, group) in &sample.groups {
        let block = blocks.entry(name.clone()).or_default();
        let earlier = block.at_ms.len();
        block.at_ms.push(in_minute);
        block.consume.push(group.consume_rate.0);
        let rate = |(topic, partition): &(String, i32)| {
            let index = usize::try_from(*partition).ok()?;
            Some(sample.topics.get(topic)?.partitions.get(index)?.rate_in.0)
        };
        block.produce.push(group.standings.keys().filter_map(rate).sum());
        block.time_ms.push(group.lag_ms());
        for (key, standing) in group.standings.iter().take(STANDINGS_PER_BLOCK_MAX) {
            let lags = block.standings.entry(key.clone()).or_insert_with(|| vec![None; earlier]);
            lags.push(Some(standing.lag));
        }
        for lags in block.standings.values_mut() {
            lags.resize(earlier + 1, None);
        }
    }
}

/// Samples put into even steps; of several in one step the largest counts.
struct Lines {
    start_ms: i64,
    step_ms: u32,
    steps: usize,
    standings: BTreeMap<(String, i32), Vec<Option<u64>>>,
    consume: Vec<Option<u64>>,
    produce: Vec<Option<u64>>,
    time_ms: Vec<Option<u64>>,
}

impl Lines {
    fn new(from_ms: i64, to_ms: i64, samples_max: usize) -> Lines {
        let length = u64::try_from(to_ms - from_ms).unwrap_or(0).max(1);
        let step = length.div_ceil(samples_max.max(1) as u64).div_ceil(1_000) * 1_000;
        let steps = usize::try_from(length.div_ceil(step)).unwrap_or(0);
        Lines {
            start_ms: from_ms,
            step_ms: u32::try_from(step).unwrap_or(u32::MAX),
            steps,
            standings: BTreeMap::new(),
            consume: vec![None; steps],
            produce: vec![None; steps],
            time_ms: vec![None; steps],
        }
    }

    fn add_at(&mut self, minute_ms: i64, block: &LagBlock) {
        for (index, in_minute) in block.at_ms.iter().enumerate() {
            let at_ms = minute_ms + i64::try_from(*in_minute).unwrap_or(0);
            let slot = (at_ms - self.start_ms).div_euclid(i64::from(self.step_ms));
            let Some(slot) = usize::try_from(slot).ok().filter(|slot| *slot < self.steps) else {
                continue;
            };
            raise(&mut self.consume[slot], block.consume.get(index).copied());
            raise(&mut self.produce[slot], block.produce.get(index).copied());
            raise(&mut self.time_ms[slot], block.time_ms.get(index).copied().flatten());
            for (key, lags) in &block.standings {
                let steps = self.steps;
                let line = self.standings.entry(key.clone()).or_insert_with(|| vec![None; steps]);
                raise(&mut line[slot], lags.get(index).copied().flatten());
            }
        }
    }

    fn finish(self, watched: &[(i64, i64)]) -> LagHistory {
        let (start_ms, step_ms) = (self.start_ms, self.step_ms);
        let series = |mut values: Vec<Option<u64>>| {
            hold(&mut values, start_ms, step_ms, watched);
            Series { start_ms, step_ms, values }
        };
        let mut partitions: Vec<PartitionSeries> = self
            .standings
            .into_iter()
            .map(|((topic, partition), values)| PartitionSeries {
                topic,
                partition,
                lag: series(values),
            })
            .collect();
        let others = keep_worst(&mut partitions);
        let time = series(self.time_ms);
        LagHistory {
            now_ms: 0,
            span: Span::Hour,
            partitions,
            others,
            time: Some(time).filter(|time| time.last().is_some()),
            consume_rate: series(self.consume),
            produce_rate: series(self.produce),
            events: Vec::new(),
        }
    }
}

fn raise(slot: &mut Option<u64>, value: Option<u64>) {
    *slot = (*slot).max(value);
}

/// A step without a sample keeps the value before it while the cluster was watched: nothing had
/// changed. Elsewhere it is a hole.
fn hold(values: &mut [Option<u64>], start_ms: i64, step_ms: u32, watched: &[(i64, i64)]) {
    let mut before = None;
    for (index, value) in values.iter_mut().enumerate() {
        let at_ms = start_ms + i64::try_from(index).unwrap_or(0) * i64::from(step_ms);
        let is_watched = watched.iter().any(|(first, last)| (*first..*last).contains(&at_ms));
        match value {
            Some(known) => before = Some(*known),
            None if is_watched => *value = before,
            None => before = None,
        }
    }
}

#[cfg(test)]
mod tests;
