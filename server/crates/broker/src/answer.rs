//! What a handler gives back to the connection.

use freshet_wire::Chain;
use tokio::sync::OwnedSemaphorePermit;

/// The outcome of one request.
pub(crate) enum Answer {
    /// Send this body behind the response header of the request's version.
    Reply {
        /// The body.
        body: Chain,
        /// Memory budget that the body occupies until it is sent.
        hold: Option<OwnedSemaphorePermit>,
    },
    /// ApiVersions only: response header version 0 whatever the request's version (KIP-511).
    ReplyWithoutTags(Chain),
    /// Produce with acks=0: nothing is sent.
    Silent,
    /// Hang up, as Kafka does on what it can't parse and on failed acks=0 writes.
    Close(String),
}

impl Answer {
    /// A body that holds no budget.
    pub(crate) fn body(body: impl Into<Chain>) -> Answer {
        Answer::Reply { body: body.into(), hold: None }
    }
}
