//! Records over the life of a topic, from offsets by time.

use freshet_app::error::Answer;
use freshet_app::model::message::Histogram;
use freshet_client::{OffsetAsk, OffsetSpec};

use super::read::{Mark, fetch};
use crate::console::{KafkaCluster, errors};

/// Bars, when looking up is cheap; fewer with many partitions.
const BUCKETS_MAX: u64 = 60;
const BUCKETS_MIN: u64 = 12;
/// Offsets looked up for one histogram at most.
const LOOKUPS_MAX: u64 = 480;
/// Shortest bucket.
const BUCKET_MS_MIN: u64 = 1_000;

/// Counts per bucket from the first record to now.
pub(super) async fn read(cluster: &KafkaCluster, topic: String) -> Answer<Histogram> {
    let marks = cluster.marks(&topic, &[]).await?;
    let now_ms = crate::clock::now_ms();
    let filled: Vec<Mark> = marks.into_iter().filter(|mark| mark.end > mark.start).collect();
    let is_exact = cluster.engine.is_some();
    let Some(first_ms) = first_time(cluster, &topic, &filled).await? else {
        let counts = Vec::new();
        return Ok(Histogram {
            now_ms,
            start_ms: now_ms,
            bucket_ms: BUCKET_MS_MIN,
            counts,
            is_exact,
        });
    };
    let partitions = filled.len() as u64;
    let buckets = (LOOKUPS_MAX / partitions).clamp(BUCKETS_MIN, BUCKETS_MAX);
    let length = u64::try_from(now_ms - first_ms).unwrap_or(0) + 1;
    let bucket_ms = length.div_ceil(buckets).max(BUCKET_MS_MIN);
    let buckets = length.div_ceil(bucket_ms);
    let mut counts = vec![0_u64; usize::try_from(buckets).unwrap_or(0)];
    let mut asks = Vec::new();
    for bucket in 1..buckets {
        let at_ms = first_ms + i64::try_from(bucket * bucket_ms).unwrap_or(i64::MAX);
        asks.extend(filled.iter().map(|mark| OffsetAsk {
            topic: topic.clone(),
            partition: mark.partition,
            spec: OffsetSpec::At(at_ms),
        }));
    }
    // One request per boundary: a request may name a partition only once.
    let boundaries = asks.chunks(filled.len().max(1));
    let lookups = boundaries.map(|boundary| cluster.client.list_offsets(boundary));
    let found = futures::future::try_join_all(lookups)
        .await
        .map_err(|error| errors::about(&errors::topic(&topic), &error))?;
    for mark in &filled {
        let mut before = mark.start;
        let ends = found.iter().map(|boundary| {
            let answer = boundary.iter().find(|found| found.partition == mark.partition);
            answer.and_then(|found| found.offset).unwrap_or(mark.end)
        });
        for (bucket, end) in ends.chain([mark.end]).enumerate() {
            let end = end.clamp(before, mark.end);
            if let Some(count) = counts.get_mut(bucket) {
                *count += u64::try_from(end - before).unwrap_or(0);
            }
            before = end;
        }
    }
    Ok(Histogram { now_ms, start_ms: first_ms, bucket_ms, counts, is_exact })
}

/// The earliest timestamp among the first records of all partitions.
async fn first_time(cluster: &KafkaCluster, topic: &str, marks: &[Mark]) -> Answer<Option<i64>> {
    if marks.is_empty() {
        return Ok(None);
    }
    let positions: Vec<(i32, i64)> =
        marks.iter().map(|mark| (mark.partition, mark.start)).collect();
    let stretches = fetch(&cluster.client, topic, &positions, 0).await?;
    let times = stretches
        .iter()
        .filter_map(|stretch| stretch.records.first())
        .map(|found| found.record.timestamp_ms);
    Ok(times.filter(|time| *time >= 0).min())
}
