//! Topics over REST.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use freshet_app::model::config::ConfigEdit;
use freshet_app::model::produce::{ProduceRequest, ProduceResult};
use freshet_app::model::record::{RecordDetail, RecordId};
use freshet_app::model::topic::{
    LIST_ROWS_MAX, NewTopic, PartitionsView, TopicConfig, TopicGroups, TopicHead, TopicsPage,
    TopicsQuery,
};
use serde::Deserialize;

use super::{Answer, RestError, cluster};
use crate::http::Door;

#[derive(Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    filter: String,
    #[serde(default)]
    internal: bool,
    #[serde(default)]
    start: u32,
    limit: Option<u32>,
}

pub(super) async fn list(
    State(door): State<Door>,
    Path(name): Path<String>,
    Query(query): Query<ListQuery>,
) -> Answer<TopicsPage> {
    let query = TopicsQuery {
        filter: query.filter,
        with_internal: query.internal,
        start: query.start,
        limit: query.limit.unwrap_or(LIST_ROWS_MAX),
        ..TopicsQuery::default()
    };
    Ok(Json(cluster(&door, &name)?.topics(query).await?))
}

pub(super) async fn create(
    State(door): State<Door>,
    Path(name): Path<String>,
    Json(topic): Json<NewTopic>,
) -> Result<StatusCode, RestError> {
    cluster(&door, &name)?.create_topic(topic).await?;
    Ok(StatusCode::CREATED)
}

pub(super) async fn head(
    State(door): State<Door>,
    Path((name, topic)): Path<(String, String)>,
) -> Answer<TopicHead> {
    Ok(Json(cluster(&door, &name)?.topic(topic).await?))
}

pub(super) async fn delete(
    State(door): State<Door>,
    Path((name, topic)): Path<(String, String)>,
) -> Result<StatusCode, RestError> {
    cluster(&door, &name)?.delete_topic(topic).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn partitions(
    State(door): State<Door>,
    Path((name, topic)): Path<(String, String)>,
) -> Answer<PartitionsView> {
    Ok(Json(cluster(&door, &name)?.partitions(topic).await?))
}

pub(super) async fn groups(
    State(door): State<Door>,
    Path((name, topic)): Path<(String, String)>,
) -> Answer<TopicGroups> {
    Ok(Json(cluster(&door, &name)?.topic_groups(topic).await?))
}

pub(super) async fn config(
    State(door): State<Door>,
    Path((name, topic)): Path<(String, String)>,
) -> Answer<TopicConfig> {
    Ok(Json(cluster(&door, &name)?.topic_config(topic).await?))
}

pub(super) async fn edit_config(
    State(door): State<Door>,
    Path((name, topic)): Path<(String, String)>,
    Json(edits): Json<Vec<ConfigEdit>>,
) -> Result<StatusCode, RestError> {
    cluster(&door, &name)?.edit_topic_config(topic, edits).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn produce(
    State(door): State<Door>,
    Path((name, topic)): Path<(String, String)>,
    Json(request): Json<ProduceRequest>,
) -> Answer<ProduceResult> {
    let request = ProduceRequest { topic, ..request };
    Ok(Json(cluster(&door, &name)?.produce(request).await?))
}

pub(super) async fn record(
    State(door): State<Door>,
    Path((name, topic, partition, offset)): Path<(String, String, i32, i64)>,
) -> Answer<RecordDetail> {
    Ok(Json(cluster(&door, &name)?.record(topic, RecordId { partition, offset }).await?))
}
