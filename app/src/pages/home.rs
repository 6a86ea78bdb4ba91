//! `/` leads to the default cluster.

use leptos::prelude::*;
use leptos_router::components::Redirect;

/// Leads to the default cluster.
#[component]
pub fn HomePage() -> impl IntoView {
    view! { <Redirect path=format!("/{}", default_cluster()) /> }
}

#[cfg(feature = "ssr")]
fn default_cluster() -> String {
    use_context::<crate::console::ConsoleContext>()
        .map_or_else(|| "local".to_owned(), |context| context.0.default_cluster())
}

/// The server answers `/` before any script runs; a link to it inside the page asks the server again.
#[cfg(not(feature = "ssr"))]
fn default_cluster() -> String {
    "local".to_owned()
}
