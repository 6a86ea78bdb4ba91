//! Messages and records.

use crate::error::AppError;
use crate::model::message::{Histogram, MessagesPage, MessagesQuery};
use crate::model::record::{Part, PayloadPiece, RecordDetail, RecordId};
use leptos::prelude::*;
use server_fn::codec::Json;

/// One page of messages.
#[server(prefix = "/api/ui", endpoint = "messages", input = Json)]
pub async fn list_messages(
    cluster: String,
    topic: String,
    query: MessagesQuery,
) -> Result<MessagesPage, AppError> {
    super::server::cluster(&cluster)?.messages(topic, query).await
}

/// One whole record.
#[server(prefix = "/api/ui", endpoint = "record", input = Json)]
pub async fn get_record(
    cluster: String,
    topic: String,
    id: RecordId,
) -> Result<RecordDetail, AppError> {
    super::server::cluster(&cluster)?.record(topic, id).await
}

/// A further piece of a large key or value.
#[server(prefix = "/api/ui", endpoint = "payload", input = Json)]
pub async fn get_payload_piece(
    cluster: String,
    topic: String,
    id: RecordId,
    part: Part,
    from: u32,
) -> Result<PayloadPiece, AppError> {
    super::server::cluster(&cluster)?.payload_piece(topic, id, part, from).await
}

/// Records over time.
#[server(prefix = "/api/ui", endpoint = "histogram", input = Json)]
pub async fn get_histogram(cluster: String, topic: String) -> Result<Histogram, AppError> {
    super::server::cluster(&cluster)?.histogram(topic).await
}

/// [`get_payload_piece`] as a plain function pointer, for components that know no server functions.
pub fn fetch_piece(
    cluster: String,
    topic: String,
    id: RecordId,
    part: Part,
    from: u32,
) -> std::pin::Pin<Box<dyn Future<Output = Result<PayloadPiece, AppError>>>> {
    Box::pin(get_payload_piece(cluster, topic, id, part, from))
}
