//! Nothing under this address.

use crate::components::loaded::tell_status;
use crate::error::AppError;
use crate::ui::empty::empty;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says so and leads on.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    tell_status(&AppError::NotFound { what: String::new() });
    let home = view! { <a class="btn btn-primary" href="/">"Overview"</a> };
    view! {
        <Title text="Not found" />
        <div class="page">
            {empty(
                "Nothing here",
                "This address belongs to no page. It may be old or mistyped.",
                home.into_any(),
            )}
        </div>
    }
}
