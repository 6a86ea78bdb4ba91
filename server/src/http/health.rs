//! Is it alive, and does the cluster answer?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::Door;

/// What /health answers.
#[derive(Serialize)]
pub(super) struct Health {
    /// `ok` or `unavailable`.
    status: &'static str,
    version: &'static str,
    /// Why the cluster does not answer; absent when it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// 200 when the console serves and its cluster answers, 503 otherwise.
pub(super) async fn health(State(door): State<Door>) -> (StatusCode, Json<Health>) {
    let problem = match &door.sampler {
        Some(sampler) => sampler.first().await.err().or(sampler.problem()),
        None => None,
    };
    let (code, status) = match problem {
        None => (StatusCode::OK, "ok"),
        Some(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    (code, Json(Health { status, version: env!("CARGO_PKG_VERSION"), reason: problem }))
}
