//! A modal dialog on the browser's own `<dialog>`: focus stays inside, Esc closes it.

use super::icon::{Icon, icon};
use crate::state::browser;
use leptos::html;
use leptos::prelude::*;

/// A dialog; open it with [`browser::open_dialog`].
#[component]
pub fn Dialog(
    /// The element, to open and close it.
    node: NodeRef<html::Dialog>,
    /// Its heading.
    title: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <dialog class="dialog" node_ref=node aria-label=title>
            <header class="dialog-head">
                <h2>{title}</h2>
                <button
                    type="button"
                    class="btn btn-ghost btn-icon"
                    aria-label="Close"
                    on:click=move |_| browser::close_dialog(node)
                >
                    {icon(Icon::Close)}
                </button>
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
