//! Every route of the console.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use freshet_app::console::ConsoleContext;

use super::{Assets, guard, headers, health, live, metrics, pages, rest};
use crate::sampler::Sampler;

/// What the routes share.
#[derive(Clone)]
pub(crate) struct Door {
    /// All clusters.
    pub console: ConsoleContext,
    /// The site's files.
    pub assets: Arc<Assets>,
    /// Identifies the browser's half of this build.
    pub(crate) build: String,
    /// Figures for /metrics; `None` for made-up clusters.
    pub sampler: Option<Arc<Sampler>>,
}

/// The whole site.
pub(crate) fn router(door: Door, hosts: Vec<String>) -> Router {
    let hosts = Arc::new(guard::AllowedHosts(hosts));
    let pages = pages::routes(&door);
    Router::new()
        .route("/health", get(health::health))
        .route("/metrics", get(metrics::metrics))
        .route(freshet_app::routes::LIVE_SOCKET, get(live::connect))
        .nest("/api/v1", rest::routes())
        .with_state(door.clone())
        .merge(pages)
        .layer(from_fn(headers::add))
        .layer(from_fn_with_state(hosts, guard::check))
}
