//! Consumer groups over REST.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use freshet_app::model::group::{GroupDetail, GroupsPage, GroupsQuery, LagHistory, Span};
use freshet_app::model::offsets::{OffsetEdit, OffsetPreview};
use freshet_app::model::topic::LIST_ROWS_MAX;
use serde::Deserialize;

use super::{Answer, RestError, cluster};
use crate::http::Door;

#[derive(Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    filter: String,
    #[serde(default)]
    start: u32,
    limit: Option<u32>,
}

pub(super) async fn list(
    State(door): State<Door>,
    Path(name): Path<String>,
    Query(query): Query<ListQuery>,
) -> Answer<GroupsPage> {
    let query = GroupsQuery {
        filter: query.filter,
        start: query.start,
        limit: query.limit.unwrap_or(LIST_ROWS_MAX),
        ..GroupsQuery::default()
    };
    Ok(Json(cluster(&door, &name)?.groups(query).await?))
}

pub(super) async fn detail(
    State(door): State<Door>,
    Path((name, group)): Path<(String, String)>,
) -> Answer<GroupDetail> {
    Ok(Json(cluster(&door, &name)?.group(group).await?))
}

pub(super) async fn delete(
    State(door): State<Door>,
    Path((name, group)): Path<(String, String)>,
) -> Result<StatusCode, RestError> {
    cluster(&door, &name)?.delete_group(group).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub(super) struct LagQuery {
    #[serde(default)]
    span: String,
}

pub(super) async fn lag(
    State(door): State<Door>,
    Path((name, group)): Path<(String, String)>,
    Query(query): Query<LagQuery>,
) -> Answer<LagHistory> {
    let span = match query.span.as_str() {
        "1h" => Span::Hour,
        "24h" => Span::Day,
        "30d" => Span::Month,
        _ => Span::Minutes15,
    };
    Ok(Json(cluster(&door, &name)?.lag_history(group, span).await?))
}

pub(super) async fn preview(
    State(door): State<Door>,
    Path((name, group)): Path<(String, String)>,
    Json(edit): Json<OffsetEdit>,
) -> Answer<OffsetPreview> {
    let edit = OffsetEdit { group, ..edit };
    Ok(Json(cluster(&door, &name)?.preview_offsets(edit).await?))
}

pub(super) async fn apply(
    State(door): State<Door>,
    Path((name, group)): Path<(String, String)>,
    Json(preview): Json<OffsetPreview>,
) -> Result<StatusCode, RestError> {
    let mut preview = preview;
    preview.edit.group = group;
    cluster(&door, &name)?.apply_offsets(preview).await?;
    Ok(StatusCode::NO_CONTENT)
}
