//! The layout before its data: same sizes, so that nothing jumps.

use leptos::prelude::*;

/// Rows of a table with its real number of columns.
#[must_use]
pub fn table_skeleton(columns: u8, rows: u8) -> AnyView {
    let rows = (0..rows).map(|_| {
        let cells = (0..columns).map(|_| view! { <td><span class="bone"></span></td> });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    view! {
        <table class="table" aria-busy="true" aria-label="Loading">
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// A block of a certain height in quarters of the grid (4 px each).
#[must_use]
pub fn block(class: &'static str) -> AnyView {
    view! { <div class=format!("bone bone-block {class}") aria-hidden="true"></div> }.into_any()
}

/// The strip of figures.
#[must_use]
pub fn strip_skeleton(figures: u8) -> AnyView {
    let figures = (0..figures).map(|_| {
        view! { <div><dt><span class="bone"></span></dt><dd><span class="bone bone-large"></span></dd></div> }
    });
    view! { <dl class="strip" aria-busy="true">{figures.collect_view()}</dl> }.into_any()
}
