//! What happens by the clock: retention, rolling, removing deleted files.

use std::sync::Arc;
use std::time::Duration;

use freshet_storage::Housekeeping;
use tracing::{info, warn};

use crate::broker::Shared;

/// Least distance between two rounds, whatever is configured.
const INTERVAL_MS_MIN: i64 = 1_000;

/// Runs rounds until the broker stops.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut stopping = shared.stopping();
    loop {
        let interval_ms = shared.metadata.settings().log_retention_check_interval_ms;
        let interval_ms = u64::try_from(interval_ms.max(INTERVAL_MS_MIN)).unwrap_or(300_000);
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(interval_ms)) => {}
            () = stopping.stopped() => return,
        }
        let store = Arc::clone(&shared.store);
        let now_ms = shared.clock.wall_ms();
        match tokio::task::spawn_blocking(move || store.housekeeping(now_ms)).await {
            Ok(done) => report(&done),
            Err(error) => warn!(%error, "retention broke off, trying again later"),
        }
    }
}

fn report(done: &Housekeeping) {
    if done.removed_segment_count > 0 {
        info!(
            segments = done.removed_segment_count,
            size_bytes = done.removed_size_bytes,
            "retention removed segments"
        );
    }
    for (log, error) in &done.errors {
        warn!(%log, %error, "retention could not look after a log, trying again later");
    }
}
