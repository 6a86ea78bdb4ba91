//! Heads of tables. Rows are written by the pages: one `<tr>` each, one link a row.

use leptos::prelude::*;

/// How a column stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Left,
    /// Numbers.
    Right,
}

/// One column's head.
#[derive(Clone)]
pub struct Head {
    pub label: &'static str,
    pub align: Align,
    /// Where a press leads, for columns that sort.
    pub sort_href: Option<String>,
    /// `ascending` or `descending` when sorted by it now.
    pub sorted: Option<&'static str>,
    /// The width class of the column, if fixed.
    pub class: &'static str,
}

impl Head {
    /// A column of text.
    #[must_use]
    pub fn text(label: &'static str) -> Self {
        Self { label, align: Align::Left, sort_href: None, sorted: None, class: "" }
    }

    /// A column of numbers.
    #[must_use]
    pub fn number(label: &'static str) -> Self {
        Self { align: Align::Right, ..Self::text(label) }
    }

    /// The same with a class.
    #[must_use]
    pub fn classed(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// The same, sorting on a press.
    #[must_use]
    pub fn sorting(self, href: String, sorted: Option<&'static str>) -> Self {
        Self { sort_href: Some(href), sorted, ..self }
    }
}

/// The head row.
#[must_use]
pub fn head(columns: Vec<Head>) -> AnyView {
    let cells = columns.into_iter().map(|column| {
        let class = match column.align {
            Align::Left => column.class.to_owned(),
            Align::Right => format!("num {}", column.class),
        };
        let arrow = match column.sorted {
            Some("descending") => " ↓",
            Some(_) => " ↑",
            None => "",
        };
        let label = match column.sort_href {
            Some(href) => view! { <a class="sort" href=href>{column.label}{arrow}</a> }.into_any(),
            None if column.label.is_empty() => {
                view! { <span class="sr-only">"Actions"</span> }.into_any()
            }
            None => column.label.into_any(),
        };
        view! { <th scope="col" class=class aria-sort=column.sorted>{label}</th> }
    });
    view! { <thead><tr>{cells.collect_view()}</tr></thead> }.into_any()
}

/// A plain table that shows all its rows.
#[must_use]
pub fn table(label: &'static str, columns: Vec<Head>, rows: AnyView) -> AnyView {
    view! {
        <table class="table" aria-label=label>
            {head(columns)}
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Where a row leads, stretched over it by CSS.
#[must_use]
pub fn row_link(href: String, text: impl Into<String>) -> AnyView {
    view! { <a class="row-link" href=href>{text.into()}</a> }.into_any()
}
