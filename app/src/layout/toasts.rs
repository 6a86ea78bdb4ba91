//! Outcomes in a corner.

use crate::state::toast::use_toasts;
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::reactive;
use leptos::prelude::*;

/// The toasts shown now.
#[component]
pub fn ToastStack() -> impl IntoView {
    let toasts = use_toasts();
    let shown = reactive(move || {
        let shown = toasts.shown().into_iter().map(|toast| {
            let id = toast.id;
            view! {
                <div class="toast">
                    <span>{toast.text}</span>
                    <button
                        type="button"
                        class="btn btn-ghost btn-icon"
                        aria-label="Dismiss"
                        on:click=move |_| toasts.dismiss(id)
                    >
                        {icon(Icon::Close)}
                    </button>
                </div>
            }
        });
        shown.collect_view().into_any()
    });
    view! { <div class="toasts" role="status" aria-live="polite">{shown}</div> }
}
