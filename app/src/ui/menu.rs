//! A menu on `<details>`: works without JavaScript, closes on Esc and on a press elsewhere with it.

use crate::state::browser;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A button that opens a small panel below it.
#[component]
pub fn Menu(
    /// What the button says.
    #[prop(into)]
    label: ViewFn,
    /// What a screen reader says.
    title: &'static str,
    /// Opens towards the left edge when it stands at the right one.
    #[prop(optional)]
    is_at_end: bool,
    children: Children,
) -> impl IntoView {
    let node: NodeRef<html::Details> = NodeRef::new();
    let close = move || {
        if let Some(details) = node.get_untracked() {
            drop(details.remove_attribute("open"));
        }
    };
    Effect::new(move |_| {
        browser::on_window("pointerdown", move |event| {
            let target = event.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
            let is_inside =
                node.get_untracked().is_some_and(|details| details.contains(target.as_ref()));
            if !is_inside {
                close();
            }
        });
    });
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    let class = if is_at_end { "menu menu-end" } else { "menu" };
    view! {
        <details class=class node_ref=node on:keydown=on_key>
            <summary class="btn btn-ghost" aria-label=title title=title>
                {label.run()}
            </summary>
            <div class="menu-panel">{children()}</div>
        </details>
    }
}
