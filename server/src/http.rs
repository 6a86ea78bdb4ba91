//! The HTTP side: pages, their data, the REST API, live connections, metrics.

mod assets;
mod guard;
mod headers;
mod health;
mod live;
mod metrics;
mod pages;
mod rest;
mod router;

pub(crate) use assets::Assets;
pub(crate) use router::{Door, router};
