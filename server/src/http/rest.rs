//! REST under /api/v1: what scripts read and do. The same traits as the pages, the same errors.
//!
//! Paths are in `docs/rest-api.md`.

mod export;
mod groups;
mod payload;
mod topics;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use freshet_app::console::Cluster;
use freshet_app::error::AppError;
use serde::Serialize;

use super::Door;

/// An error as JSON with its HTTP status.
pub(super) struct RestError(AppError);

impl From<AppError> for RestError {
    fn from(error: AppError) -> RestError {
        RestError(error)
    }
}

#[derive(Serialize)]
struct ErrorBody {
    /// One sentence.
    message: String,
    /// The kind and its details.
    error: AppError,
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(ErrorBody { message: self.0.to_string(), error: self.0 })).into_response()
    }
}

/// What a REST call answers.
pub(super) type Answer<T> = Result<Json<T>, RestError>;

fn cluster(door: &Door, name: &str) -> Result<Arc<dyn Cluster>, RestError> {
    Ok(door.console.0.cluster(name)?)
}

/// Every REST route, relative to /api/v1.
pub(super) fn routes() -> Router<Door> {
    Router::new()
        .route("/clusters", get(clusters))
        .route("/clusters/{cluster}", get(overview))
        .route("/clusters/{cluster}/brokers", get(brokers))
        .route("/clusters/{cluster}/topics", get(topics::list).post(topics::create))
        .route("/clusters/{cluster}/topics/{topic}", get(topics::head).delete(topics::delete))
        .route("/clusters/{cluster}/topics/{topic}/partitions", get(topics::partitions))
        .route("/clusters/{cluster}/topics/{topic}/groups", get(topics::groups))
        .route(
            "/clusters/{cluster}/topics/{topic}/config",
            get(topics::config).patch(topics::edit_config),
        )
        .route(
            "/clusters/{cluster}/topics/{topic}/records",
            get(export::records).post(topics::produce),
        )
        .route(
            "/clusters/{cluster}/topics/{topic}/records/{partition}/{offset}",
            get(topics::record),
        )
        .route(
            "/clusters/{cluster}/topics/{topic}/records/{partition}/{offset}/{part}",
            get(payload::payload),
        )
        .route("/clusters/{cluster}/groups", get(groups::list))
        .route("/clusters/{cluster}/groups/{group}", get(groups::detail).delete(groups::delete))
        .route("/clusters/{cluster}/groups/{group}/lag", get(groups::lag))
        .route("/clusters/{cluster}/groups/{group}/offsets/preview", post(groups::preview))
        .route("/clusters/{cluster}/groups/{group}/offsets", post(groups::apply))
}

async fn clusters(State(door): State<Door>) -> Json<Vec<String>> {
    Json(vec![door.console.0.default_cluster()])
}

async fn overview(
    State(door): State<Door>,
    Path(name): Path<String>,
) -> Answer<freshet_app::model::overview::Overview> {
    Ok(Json(cluster(&door, &name)?.overview().await?))
}

async fn brokers(
    State(door): State<Door>,
    Path(name): Path<String>,
) -> Answer<freshet_app::model::cluster::ClusterDetail> {
    Ok(Json(cluster(&door, &name)?.cluster_detail().await?))
}
