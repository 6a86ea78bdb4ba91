//! The cluster that the URL names, and what the frame knows about it.

use super::reading::Reading;
use crate::api::cluster::frame;
use crate::model::cluster::{Capabilities, Frame};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The cluster of the present page.
#[derive(Clone, Copy)]
pub struct Scope {
    /// Its name in the URL.
    pub cluster: Memo<String>,
    /// Frame data; asked again every few seconds by the layout.
    pub frame: Reading<Frame>,
}

/// Makes the cluster of the URL known to every page below.
pub fn provide_scope() -> Scope {
    let params = use_params_map();
    let cluster = Memo::new(move |_| params.with(|map| map.get("cluster").unwrap_or_default()));
    let frame = Reading::new(move || (cluster.get(), frame()));
    let scope = Scope { cluster, frame };
    provide_context(scope);
    scope
}

/// The cluster of the present page.
///
/// # Panics
/// Outside of the layout, which is a mistake in the route table.
#[must_use]
pub fn use_scope() -> Scope {
    expect_context()
}

impl Scope {
    /// What the cluster can tell or do; nothing until it is known.
    #[must_use]
    pub fn capabilities(self) -> Capabilities {
        self.frame.ok().map(|frame| frame.capabilities).unwrap_or_default()
    }
}
