//! What every page must say: a newer build, a console open to the world.

use super::LiveState;
use crate::state::live::LiveStatus;
use crate::state::scope::use_scope;
use crate::ui::reactive::{maybe, settled};
use leptos::prelude::*;

/// Banners above the page.
#[component]
pub fn Banners() -> impl IntoView {
    let live: LiveState = expect_context();
    let scope = use_scope();
    let outdated = maybe(move || {
        (live.status.get() == LiveStatus::Outdated).then(|| {
            view! {
                <div class="banner banner-accent" role="status">
                    <span>"Freshet was updated."</span>
                    <a class="btn" href="" rel="external">"Reload"</a>
                </div>
            }
            .into_any()
        })
    });
    let exposure = settled(move || {
        let text = scope.frame.ok()?.exposure_warning?;
        Some(view! { <div class="banner banner-danger" role="status">{text}</div> }.into_any())
    });
    view! { {outdated} {exposure} }
}
