//! The bytes of one key or value, as they are.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use freshet_app::error::AppError;
use freshet_app::model::record::{Part, RecordId};

use super::{RestError, cluster};
use crate::http::Door;

/// Downloads a key or value, always as an attachment: its bytes belong to strangers.
pub(super) async fn payload(
    State(door): State<Door>,
    Path((name, topic, partition, offset, part)): Path<(String, String, i32, i64, String)>,
) -> Result<Response, RestError> {
    let cluster = cluster(&door, &name)?;
    let (part, word) = match part.as_str() {
        "key" => (Part::Key, "key"),
        "value" => (Part::Value, "value"),
        other => {
            let what = format!("part \"{other}\" of a record (there are key and value)");
            return Err(AppError::NotFound { what }.into());
        }
    };
    let id = RecordId { partition, offset };
    let mut bytes: Vec<u8> = Vec::new();
    loop {
        let from = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let piece = cluster.payload_piece(topic.clone(), id, part, from).await?;
        bytes.extend(piece.piece.bytes());
        if piece.is_last || piece.size_bytes == 0 {
            break;
        }
    }
    let disposition = format!("attachment; filename=\"{word}-{partition}-{offset}.bin\"");
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}
