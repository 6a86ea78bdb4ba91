//! Tabs and segmented controls: rows of links, the present one marked.

use leptos::prelude::*;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub label: &'static str,
    pub href: String,
    /// A muted figure behind the label; may be empty.
    pub note: String,
    pub is_current: bool,
}

/// Tabs of a page.
#[must_use]
pub fn tabs(label: &'static str, tabs: Vec<Tab>) -> AnyView {
    let tabs = tabs.into_iter().map(|tab| {
        view! {
            <a href=tab.href aria-current=tab.is_current.then_some("page")>
                {tab.label}
                <span>{tab.note}</span>
            </a>
        }
    });
    view! { <nav class="tabs" aria-label=label>{tabs.collect_view()}</nav> }.into_any()
}

/// One of a few choices.
#[must_use]
pub fn segments(label: &'static str, choices: Vec<(String, String, bool)>) -> AnyView {
    let choices = choices.into_iter().map(|(text, href, is_current)| {
        view! { <a href=href aria-current=is_current.then_some("true")>{text}</a> }
    });
    view! { <nav class="segments" aria-label=label>{choices.collect_view()}</nav> }.into_any()
}
