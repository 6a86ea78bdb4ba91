//! What every page must say: a newer build, a console open to the world.

use super::LiveState;
use crate::state::live::LiveStatus;
use crate::state::scope::use_scope;
use leptos::prelude::*;

/// Banners above the page.
#[component]
pub fn Banners() -> impl IntoView {
    let live: LiveState = expect_context();
    let scope = use_scope();
    let connection = move || match live.status.get() {
        LiveStatus::Outdated => Some(
            view! {
                <div class="banner banner-accent" role="status">
                    <span>"Freshet was updated."</span>
                    <a class="btn" href="" rel="external">"Reload"</a>
                </div>
            }
            .into_any(),
        ),
        LiveStatus::Lost | LiveStatus::Closed | LiveStatus::Connecting | LiveStatus::Open => None,
    };
    let exposure = move || {
        let warning = scope.frame.get().and_then(Result::ok).and_then(|f| f.exposure_warning);
        warning.map(|text| view! { <div class="banner banner-danger" role="status">{text}</div> })
    };
    view! {
        {connection}
        <Transition>{exposure}</Transition>
    }
}
