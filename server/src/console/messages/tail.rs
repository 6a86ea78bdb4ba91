//! Following a topic as it is written.
//!
//! Nothing is buffered for a slow reader: the log is the buffer. Who comes back late finds its
//! position far behind; what lies more than [`BEHIND_MAX`] records before the end is then skipped,
//! counted and named, so that a click can fetch exactly that gap.

use std::collections::VecDeque;

use freshet_app::console::{Pending, Tail, TailBatch};
use freshet_app::error::Answer;
use freshet_app::model::message::{MessageRow, MessagesQuery, OffsetRange};
use freshet_client::Client;

use super::read::fetch;
use super::rows::{self, Filter};
use crate::console::KafkaCluster;

/// Records that a reader may be behind, over all partitions, before some are skipped.
const BEHIND_MAX: i64 = 20_000;
/// How long one fetch waits for something new.
const WAIT_MS: i32 = 1_000;
/// Pause after a fetch that failed in a way that passes by itself.
const RETRY_MS: u64 = 500;

/// Starts behind the rows that the page has, or at the end.
pub(super) async fn open(
    cluster: &KafkaCluster,
    topic: String,
    query: MessagesQuery,
    after: Vec<OffsetRange>,
) -> Answer<Box<dyn Tail>> {
    let marks = cluster.marks(&topic, &query.partitions).await?;
    let positions = marks
        .iter()
        .map(|mark| {
            let seen = after.iter().find(|range| range.partition == mark.partition);
            let next = seen.map_or(mark.end, |range| range.last.saturating_add(1));
            // A topic deleted and made anew has lower offsets than the page has seen.
            Position { partition: mark.partition, next: next.clamp(mark.start, mark.end) }
        })
        .collect();
    Ok(Box::new(Following {
        client: cluster.client.dedicated("freshet-console-live"),
        topic,
        filter: Filter::new(&query),
        positions,
        waiting: VecDeque::new(),
        skipped: Vec::new(),
        readable_ms: 0,
    }))
}

struct Position {
    partition: i32,
    next: i64,
}

struct Following {
    client: Client,
    topic: String,
    filter: Filter,
    positions: Vec<Position>,
    /// Rows of the last fetch that the reader had no room for; at most one fetch.
    waiting: VecDeque<MessageRow>,
    skipped: Vec<OffsetRange>,
    readable_ms: i64,
}

impl Tail for Following {
    fn next(&mut self, rows_max: u32) -> Pending<'_, TailBatch> {
        Box::pin(async move {
            while self.waiting.is_empty() && self.skipped.is_empty() {
                self.fetch().await?;
            }
            let count = usize::try_from(rows_max).unwrap_or(0).min(self.waiting.len());
            let skipped = std::mem::take(&mut self.skipped);
            let distance = |range: &OffsetRange| range.last - range.first + 1;
            let skipped_count: i64 = skipped.iter().map(distance).sum();
            Ok(TailBatch {
                rows: self.waiting.drain(..count).collect(),
                skipped_count: u64::try_from(skipped_count).unwrap_or(0),
                skipped,
                readable_ms: self.readable_ms,
            })
        })
    }
}

impl Following {
    async fn fetch(&mut self) -> Answer<()> {
        let asked: Vec<(i32, i64)> =
            self.positions.iter().map(|position| (position.partition, position.next)).collect();
        let stretches = match fetch(&self.client, &self.topic, &asked, WAIT_MS).await {
            Ok(stretches) => stretches,
            // The broker restarts: the next attempt goes on where this one stood.
            Err(error) if error.is_retriable() => {
                tokio::time::sleep(std::time::Duration::from_millis(RETRY_MS)).await;
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        self.readable_ms = crate::clock::now_ms();
        let share = BEHIND_MAX / i64::try_from(self.positions.len()).unwrap_or(1).max(1);
        let mut rows: Vec<MessageRow> = Vec::new();
        if stretches.iter().any(|stretch| stretch.is_unavailable) {
            tokio::time::sleep(std::time::Duration::from_millis(RETRY_MS)).await;
        }
        for stretch in stretches {
            let position =
                self.positions.iter_mut().find(|each| each.partition == stretch.partition);
            let Some(position) = position else { continue };
            let behind = stretch.high_watermark - stretch.next;
            let wanted = stretch.records.iter().filter(|found| self.filter.matches(found));
            rows.extend(wanted.map(rows::row));
            position.next = stretch.next;
            if behind > share {
                let first = stretch.next;
                let last = stretch.high_watermark - share - 1;
                self.skipped.push(OffsetRange { partition: stretch.partition, first, last });
                position.next = last + 1;
            }
        }
        rows.sort_by_key(|row| (row.timestamp_ms, row.partition, row.offset));
        self.waiting.extend(rows);
        Ok(())
    }
}
