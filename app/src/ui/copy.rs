//! Copying with one press.

use super::icon::{Icon, icon};
use super::reactive::reactive;
use crate::state::browser;
use leptos::prelude::*;
use std::time::Duration;

const DONE_MS: u64 = 1_200;

/// A small button that copies `text` and says so for a moment. Without JavaScript it is not shown.
#[component]
pub fn CopyButton(
    /// What goes onto the clipboard.
    #[prop(into)]
    text: Signal<String>,
    /// What is copied, in words.
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let is_done = RwSignal::new(false);
    let copy = move |_| {
        browser::copy(&text.get_untracked());
        is_done.set(true);
        set_timeout(move || _ = is_done.try_set(false), Duration::from_millis(DONE_MS));
    };
    let label = format!("Copy {what}");
    view! {
        <button
            type="button"
            class="btn btn-ghost btn-icon needs-js"
            title=label.clone()
            aria-label=label
            on:click=copy
        >
            {reactive(move || icon(if is_done.get() { Icon::Check } else { Icon::Copy }))}
        </button>
    }
}
