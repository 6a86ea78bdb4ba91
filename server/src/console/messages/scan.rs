//! A search that streams: matches as they are found, and how far it is.

use std::time::{Duration, Instant};

use freshet_app::console::{Pending, Scan, ScanEvent};
use freshet_app::error::Answer;
use freshet_app::model::live::DoneReason;
use freshet_app::model::message::MessagesQuery;

use super::rows;
use super::walk::Walk;
use crate::console::KafkaCluster;

/// How often progress is told.
const STEP_MS: u64 = 200;

/// Starts a scan that ends when the topic is through or `query.limit` matches are found.
pub(super) async fn open(
    cluster: &KafkaCluster,
    topic: String,
    query: MessagesQuery,
) -> Answer<Box<dyn Scan>> {
    let marks = cluster.marks(&topic, &query.partitions).await?;
    // A connection of its own: the pages must not wait behind a long read.
    let client = std::sync::Arc::new(cluster.client.dedicated("freshet-console-search"));
    let walk = Walk::begin(&client, &topic, &query, &marks).await?;
    let left = usize::try_from(query.limit).ok().filter(|limit| *limit > 0);
    Ok(Box::new(Search {
        walk,
        left: left.unwrap_or(usize::MAX),
        started: Instant::now(),
        has_told: false,
    }))
}

struct Search {
    walk: Walk,
    left: usize,
    started: Instant,
    /// Progress was told since the last rows.
    has_told: bool,
}

impl Scan for Search {
    fn next(&mut self, rows_max: u32) -> Pending<'_, ScanEvent> {
        Box::pin(async move {
            if self.left == 0 {
                return Ok(ScanEvent::Done(DoneReason::Limit, self.walk.scanned(self.started)));
            }
            if !self.walk.has_more() {
                let scanned = self.walk.scanned(self.started);
                return Ok(ScanEvent::Done(DoneReason::Complete, scanned));
            }
            if !self.has_told {
                self.has_told = true;
                return Ok(ScanEvent::Progress(self.walk.scanned(self.started)));
            }
            let limit = usize::try_from(rows_max).unwrap_or(1).clamp(1, self.left);
            let until = Instant::now() + Duration::from_millis(STEP_MS);
            let taken = self.walk.take(limit, until).await?;
            self.has_told = false;
            if taken.records.is_empty() {
                self.has_told = true;
                return Ok(ScanEvent::Progress(self.walk.scanned(self.started)));
            }
            self.left -= taken.records.len();
            Ok(ScanEvent::Rows(taken.records.iter().map(rows::row).collect()))
        })
    }
}
