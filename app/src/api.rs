//! The server functions: what the pages read and do.
//!
//! Reads go through one function, [`read_anything`], with one enum of everything that can be read; each noun's file
//! pairs a read with the type of its answer. One function and one resource type instead of twenty is worth a hundred
//! kilobytes in the browser. Actions take form fields, one function each, so that a plain HTML form can do them
//! without JavaScript; each then leads to the page that shows the outcome.

pub mod action;
pub mod cluster;
pub mod demo;
pub mod group;
pub mod message;
pub mod produce;
pub mod read;
pub mod topic;

pub use read::{Packed, Read, Wanted, ask, read_anything};

#[cfg(feature = "ssr")]
mod server {
    use crate::console::{Cluster, ConsoleContext};
    use crate::error::AppError;
    use leptos::prelude::use_context;
    use std::sync::Arc;

    /// The cluster under that name of the URL.
    pub(super) fn cluster(name: &str) -> Result<Arc<dyn Cluster>, AppError> {
        let context: ConsoleContext = use_context()
            .ok_or_else(|| AppError::Internal { request_id: "no console context".to_owned() })?;
        context.0.cluster(name)
    }

    /// Leads to the page that shows the outcome, with or without JavaScript.
    pub(super) fn lead_to(path: &str) {
        leptos_axum::redirect(path);
    }

    /// Whether a plain HTML form asked, which wants a page back.
    pub(super) fn is_plain_form() -> bool {
        let parts: Option<http::request::Parts> = use_context();
        parts.is_some_and(|parts| {
            let accept = parts.headers.get(http::header::ACCEPT);
            accept.and_then(|value| value.to_str().ok()).is_some_and(|v| v.contains("text/html"))
        })
    }
}
