//! A framed part of a page with its heading.

use leptos::prelude::*;

/// Heading, a muted note at its right, content.
#[must_use]
pub fn pane(title: &'static str, note: impl IntoView + 'static, content: AnyView) -> AnyView {
    view! {
        <section class="pane">
            <header class="pane-head">
                <h2>{title}</h2>
                <div class="pane-note">{note.into_view()}</div>
            </header>
            {content}
        </section>
    }
    .into_any()
}

/// As [`pane`], for a table that reaches the edges.
#[must_use]
pub fn table_pane(title: &'static str, note: impl IntoView + 'static, content: AnyView) -> AnyView {
    view! {
        <section class="pane pane-table">
            <header class="pane-head">
                <h2>{title}</h2>
                <div class="pane-note">{note.into_view()}</div>
            </header>
            <div class="scroll-x">{content}</div>
        </section>
    }
    .into_any()
}

/// Terms and what they are.
#[must_use]
pub fn facts(rows: Vec<(&'static str, AnyView)>) -> AnyView {
    let rows =
        rows.into_iter().map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    view! { <dl class="facts">{rows.collect_view()}</dl> }.into_any()
}

/// A key to the colours of a chart.
#[must_use]
pub fn legend(entries: Vec<(&'static str, String)>) -> AnyView {
    let entries = entries.into_iter().map(|(class, label)| {
        view! { <span class=format!("legend-entry {class}")>{label}</span> }
    });
    view! { <span class="legend">{entries.collect_view()}</span> }.into_any()
}
