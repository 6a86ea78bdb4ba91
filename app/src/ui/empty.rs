//! Nothing to show, and something that failed.

use super::icon::{Icon, icon};
use leptos::prelude::*;

/// Nothing here: what this is, why it is empty, the next action.
#[must_use]
pub fn empty(title: &'static str, text: impl Into<String>, action: AnyView) -> AnyView {
    view! {
        <div class="empty">
            {icon(Icon::Inbox)}
            <h2>{title}</h2>
            <p>{text.into()}</p>
            <div class="empty-actions">{action}</div>
        </div>
    }
    .into_any()
}

/// What an error panel says.
pub struct Failure {
    pub title: String,
    pub text: String,
    pub remedy: String,
    /// Raw facts behind a disclosure, if any.
    pub raw: Option<String>,
}

/// Something failed: what, why, what to do, once more.
#[must_use]
pub fn failure(failure: Failure, retry: AnyView) -> AnyView {
    view! {
        <div class="empty failure" role="alert">
            {icon(Icon::Warning)}
            <h2>{failure.title}</h2>
            <p class="failure-text">{failure.text}</p>
            <p>{failure.remedy}</p>
            <div class="empty-actions">{retry}</div>
            {failure
                .raw
                .map(|raw| {
                    view! {
                        <details class="raw">
                            <summary>"Raw error"</summary>
                            <pre>{raw}</pre>
                        </details>
                    }
                })}
        </div>
    }
    .into_any()
}

/// An alert in the flow of a page or form.
#[must_use]
pub fn alert(class: &'static str, text: impl Into<String>) -> AnyView {
    view! {
        <p class=format!("alert {class}") role="alert">
            {icon(Icon::Warning)}
            <span>{text.into()}</span>
        </p>
    }
    .into_any()
}
