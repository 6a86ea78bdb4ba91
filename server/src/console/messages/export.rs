//! Whole records for a download, a chunk at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use freshet_app::console::{ExportRecord, Pending, RecordPull};
use freshet_app::error::Answer;
use freshet_app::model::message::{MessagesQuery, OffsetRange, Start};

use super::read::Mark;
use super::rows;
use super::walk::Walk;
use crate::console::KafkaCluster;

/// Records of one chunk: small enough that large values do not pile up.
const CHUNK_RECORDS: usize = 200;
/// How long one chunk may take to be found.
const CHUNK_MS: u64 = 10_000;

/// Starts an export of what the query finds, or of exactly the ranges.
pub(super) async fn open(
    cluster: &KafkaCluster,
    topic: String,
    query: MessagesQuery,
    ranges: Vec<OffsetRange>,
) -> Answer<Box<dyn RecordPull>> {
    let marks = cluster.marks(&topic, &query.partitions).await?;
    let mut walks = Vec::new();
    if ranges.is_empty() {
        let left = usize::try_from(query.limit).ok().filter(|limit| *limit > 0);
        let walk = Walk::begin(&cluster.client, &topic, &query, &marks).await?;
        walks.push((walk, left));
    }
    for range in ranges {
        let known = marks.iter().find(|mark| mark.partition == range.partition);
        let Some(known) = known else { continue };
        let start = range.first.clamp(known.start, known.end);
        let end = range.last.saturating_add(1).clamp(start, known.end);
        let mark = Mark { partition: range.partition, start, end };
        let forward = MessagesQuery { start: Start::Oldest, cursor: None, ..query.clone() };
        let client = Arc::clone(&cluster.client);
        walks.push((Walk::begin(&client, &topic, &forward, &[mark]).await?, None));
    }
    walks.reverse();
    Ok(Box::new(Pull { walks }))
}

/// Walks that are left, last first, each with how many records may still come of it.
struct Pull {
    walks: Vec<(Walk, Option<usize>)>,
}

impl RecordPull for Pull {
    fn next(&mut self) -> Pending<'_, Vec<ExportRecord>> {
        Box::pin(async move {
            loop {
                let Some((walk, left)) = self.walks.last_mut() else { return Ok(Vec::new()) };
                let wanted = left.unwrap_or(usize::MAX).min(CHUNK_RECORDS);
                if wanted == 0 || !walk.has_more() {
                    self.walks.pop();
                    continue;
                }
                let until = Instant::now() + Duration::from_millis(CHUNK_MS);
                let taken = walk.take(wanted, until).await?;
                if let Some(left) = left {
                    *left -= taken.records.len();
                }
                if !taken.records.is_empty() {
                    return Ok(taken.records.iter().map(rows::export).collect());
                }
            }
        })
    }
}
