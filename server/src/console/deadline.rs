//! Every read of a page ends in time, with an answer or with a reason.

use std::time::Duration;

use freshet_app::console::Pending;
use freshet_app::error::{Answer, AppError};

/// How long a page waits for one read.
pub(super) const READ_DEADLINE_MS: u64 = 1_500;
/// How long an action may take: it may wait for disks.
pub(super) const ACTION_DEADLINE_MS: u64 = 15_000;

/// Bounds a read.
pub(super) fn read<'a, T: Send + 'a>(
    work: impl Future<Output = Answer<T>> + Send + 'a,
) -> Pending<'a, T> {
    within(READ_DEADLINE_MS, work)
}

/// Bounds an action. After the deadline it may or may not have happened, and the message says so.
pub(super) fn action<'a, T: Send + 'a>(
    work: impl Future<Output = Answer<T>> + Send + 'a,
) -> Pending<'a, T> {
    within(ACTION_DEADLINE_MS, work)
}

fn within<'a, T: Send + 'a>(
    deadline_ms: u64,
    work: impl Future<Output = Answer<T>> + Send + 'a,
) -> Pending<'a, T> {
    Box::pin(async move {
        tokio::time::timeout(Duration::from_millis(deadline_ms), work).await.unwrap_or_else(|_| {
            let seconds = deadline_ms / 1_000;
            let rest = deadline_ms % 1_000 / 100;
            let reason = format!("the cluster did not answer within {seconds}.{rest} s");
            Err(AppError::Unavailable { reason })
        })
    })
}
