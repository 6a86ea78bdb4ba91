//! The frame, the first page, the cluster page, the palette.

use crate::error::AppError;
use crate::model::cluster::{ClusterDetail, Frame};
use crate::model::overview::Overview;
use crate::model::search::Hit;
use leptos::prelude::*;
use server_fn::codec::Json;

/// What the frame around every page shows.
#[server(prefix = "/api/ui", endpoint = "frame", input = Json)]
pub async fn get_frame(cluster: String) -> Result<Frame, AppError> {
    super::server::cluster(&cluster)?.frame().await
}

/// The first page.
#[server(prefix = "/api/ui", endpoint = "overview", input = Json)]
pub async fn get_overview(cluster: String) -> Result<Overview, AppError> {
    super::server::cluster(&cluster)?.overview().await
}

/// The cluster page.
#[server(prefix = "/api/ui", endpoint = "cluster", input = Json)]
pub async fn get_cluster_detail(cluster: String) -> Result<ClusterDetail, AppError> {
    super::server::cluster(&cluster)?.cluster_detail().await
}

/// Topics and groups with that text in their names.
#[server(prefix = "/api/ui", endpoint = "search", input = Json)]
pub async fn search_names(cluster: String, text: String) -> Result<Vec<Hit>, AppError> {
    super::server::cluster(&cluster)?.search(text).await
}
