//! Consumer groups.

use super::{Read, Wanted};
use crate::error::AppError;
use crate::model::group::{GroupDetail, GroupsPage, GroupsQuery, LagHistory, Span};
use crate::model::offsets::{OffsetEdit, OffsetPreview};
use leptos::prelude::*;
use server_fn::codec::Postcard;

/// A window of the group list.
#[must_use]
pub fn groups(query: GroupsQuery) -> Wanted<GroupsPage> {
    Wanted::new(Read::Groups(query))
}

/// One group.
#[must_use]
pub fn group(group: String) -> Wanted<GroupDetail> {
    Wanted::new(Read::Group(group))
}

/// Its lag over time.
#[must_use]
pub fn lag_history(group: String, span: Span) -> Wanted<LagHistory> {
    Wanted::new(Read::LagHistory(group, span))
}

/// What an edit of offsets would do.
#[must_use]
pub fn preview_offsets(edit: OffsetEdit) -> Wanted<OffsetPreview> {
    Wanted::new(Read::PreviewOffsets(edit))
}

/// Applies exactly what a preview showed; `preview` is that preview as [`packed_preview`] writes it.
#[server(prefix = "/api/ui", endpoint = "offsets/apply", output = Postcard)]
pub async fn apply_offsets(cluster: String, preview: String) -> Result<(), AppError> {
    let bytes = freshet_codec::base64::decode(&preview);
    let preview: OffsetPreview = bytes
        .and_then(|bytes| postcard::from_bytes(&bytes).ok())
        .ok_or_else(|| AppError::Invalid {
            field: "preview".to_owned(),
            reason: "made by another version of Freshet; look at the preview again".to_owned(),
        })?;
    let path = crate::routes::group(&cluster, &preview.edit.group);
    super::server::cluster(&cluster)?.apply_offsets(preview).await?;
    super::server::lead_to(&path);
    Ok(())
}

/// A preview as a form field.
#[must_use]
pub fn packed_preview(preview: &OffsetPreview) -> String {
    freshet_codec::base64::encode(&postcard::to_stdvec(preview).unwrap_or_default())
}

/// Deletes a group whose name was typed as proof.
#[server(prefix = "/api/ui", endpoint = "groups/delete", output = Postcard)]
pub async fn delete_group(cluster: String, group: String, typed: String) -> Result<(), AppError> {
    crate::form::typed_name(&group, &typed)?;
    super::server::cluster(&cluster)?.delete_group(group).await?;
    super::server::lead_to(&crate::routes::groups(&cluster, &GroupsQuery::default()));
    Ok(())
}

/// Forgets a group's committed offsets of one topic.
#[server(prefix = "/api/ui", endpoint = "groups/forget", output = Postcard)]
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
