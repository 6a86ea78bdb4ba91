//! Consumer groups.

use crate::error::AppError;
use crate::model::group::{GroupDetail, GroupsPage, GroupsQuery, LagHistory, Span};
use crate::model::offsets::{OffsetEdit, OffsetPreview};
use leptos::prelude::*;
use server_fn::codec::Json;

/// A window of the group list.
#[server(prefix = "/api/ui", endpoint = "groups", input = Json)]
pub async fn list_groups(cluster: String, query: GroupsQuery) -> Result<GroupsPage, AppError> {
    super::server::cluster(&cluster)?.groups(query).await
}

/// One group.
#[server(prefix = "/api/ui", endpoint = "group", input = Json)]
pub async fn get_group(cluster: String, group: String) -> Result<GroupDetail, AppError> {
    super::server::cluster(&cluster)?.group(group).await
}

/// Its lag over time.
#[server(prefix = "/api/ui", endpoint = "lag-history", input = Json)]
pub async fn get_lag_history(
    cluster: String,
    group: String,
    span: Span,
) -> Result<LagHistory, AppError> {
    super::server::cluster(&cluster)?.lag_history(group, span).await
}

/// What an edit of offsets would do.
#[server(prefix = "/api/ui", endpoint = "offsets/preview", input = Json)]
pub async fn preview_offsets(
    cluster: String,
    edit: OffsetEdit,
) -> Result<OffsetPreview, AppError> {
    super::server::cluster(&cluster)?.preview_offsets(edit).await
}

/// Applies exactly what a preview showed; `preview` is that preview as JSON.
#[server(prefix = "/api/ui", endpoint = "offsets/apply")]
pub async fn apply_offsets(cluster: String, preview: String) -> Result<(), AppError> {
    let preview: OffsetPreview = serde_json::from_str(&preview).map_err(|error| {
        AppError::Invalid { field: "preview".to_owned(), reason: error.to_string() }
    })?;
    let path = crate::routes::group(&cluster, &preview.edit.group);
    super::server::cluster(&cluster)?.apply_offsets(preview).await?;
    super::server::lead_to(&path);
    Ok(())
}

/// Deletes a group whose name was typed as proof.
#[server(prefix = "/api/ui", endpoint = "groups/delete")]
pub async fn delete_group(
    cluster: String,
    group: String,
    typed: String,
) -> Result<(), AppError> {
    crate::form::typed_name(&group, &typed)?;
    super::server::cluster(&cluster)?.delete_group(group).await?;
    super::server::lead_to(&crate::routes::groups(&cluster, &GroupsQuery::default()));
    Ok(())
}

/// Forgets a group's committed offsets of one topic.
#[server(prefix = "/api/ui", endpoint = "groups/forget")]
pub async fn delete_group_offsets(
    cluster: String,
    group: String,
    topic: String,
) -> Result<(), AppError> {
    let path = crate::routes::group(&cluster, &group);
    super::server::cluster(&cluster)?.delete_group_offsets(group, topic).await?;
    super::server::lead_to(&path);
    Ok(())
}
