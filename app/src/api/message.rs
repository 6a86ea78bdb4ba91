//! Messages and records.

use super::{Read, Wanted, ask};
use crate::error::AppError;
use crate::model::message::{Histogram, MessagesPage, MessagesQuery};
use crate::model::record::{Part, PayloadPiece, RecordDetail, RecordId};
use std::future::Future;
use std::pin::Pin;

/// One page of messages.
#[must_use]
pub fn messages(topic: String, query: MessagesQuery) -> Wanted<MessagesPage> {
    Wanted::new(Read::Messages(topic, query))
}

/// One whole record.
#[must_use]
pub fn record(topic: String, id: RecordId) -> Wanted<RecordDetail> {
    Wanted::new(Read::Record(topic, id))
}

/// Records over time.
#[must_use]
pub fn histogram(topic: String) -> Wanted<Histogram> {
    Wanted::new(Read::Histogram(topic))
}

/// A further piece of a large key or value, for components that know no server functions.
#[must_use]
pub fn fetch_piece(
    cluster: String,
    topic: String,
    id: RecordId,
    part: Part,
    from: u32,
) -> Pin<Box<dyn Future<Output = Result<PayloadPiece, AppError>>>> {
    Box::pin(ask(cluster, Wanted::new(Read::PayloadPiece(topic, id, part, from))))
}
