//! A table over a list that stays on the server: the first rows come with the page, the rest as one scrolls.

use crate::model::message::PAGE_ROWS;
use crate::model::topic::LIST_ROWS_MAX;
use crate::state::poll::poll;
use crate::ui::reactive::reactive;
use crate::ui::table::{Head, head};
use crate::ui::window::Window;
use leptos::prelude::*;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;

/// Height of one row.
const ROW_PX: i32 = 32;
/// How often the rows in sight are read again.
const REFRESH_MS: u64 = 3_000;

/// A window of the list as the server has it now.
pub struct Rows<T> {
    /// Rows in the whole list.
    pub total: u32,
    pub rows: Vec<T>,
}

/// Asks for `limit` rows from `start`; `None` when that failed.
pub type Fetch<T> =
    Box<dyn Fn(u32, u32) -> Pin<Box<dyn Future<Output = Option<Rows<T>>>>> + Send + Sync>;

/// The list and how to read more of it.
pub struct Paged<T> {
    /// Index of the first row that came with the page.
    pub start: u32,
    pub first: Rows<T>,
    pub fetch: Fetch<T>,
}

/// Links to the rows before and after, for a browser without JavaScript.
#[derive(Clone)]
pub struct Pager {
    text: String,
    previous: Option<String>,
    next: Option<String>,
}

impl Pager {
    /// For the page that starts at `start` of `total`.
    #[must_use]
    pub fn new(start: u32, total: u32, href: impl Fn(u32) -> String) -> Self {
        let end = start.saturating_add(PAGE_ROWS).min(total);
        Self {
            text: format!("{}–{end} of {total}", start.saturating_add(1).min(total)),
            previous: (start > 0).then(|| href(start.saturating_sub(PAGE_ROWS))),
            next: (end < total).then(|| href(end)),
        }
    }

    fn view(self) -> AnyView {
        let previous = self.previous.map(|href| view! { <a class="btn" href=href>"Previous"</a> });
        let next = self.next.map(|href| view! { <a class="btn" href=href>"Next"</a> });
        view! { <nav class="pager no-js" aria-label="Pages">{previous} <span>{self.text}</span> {next}</nav> }
            .into_any()
    }
}

/// The list as far as the browser knows it.
struct List<T: Send + Sync + 'static> {
    total: RwSignal<u32>,
    known: RwSignal<Vec<Option<T>>>,
    fetch: StoredValue<Fetch<T>>,
}

impl<T: Send + Sync + 'static> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for List<T> {}

impl<T: Clone + Send + Sync + 'static> List<T> {
    fn new(paged: Paged<T>) -> Self {
        let Paged { start, first, fetch } = paged;
        Self {
            total: RwSignal::new(first.total),
            known: RwSignal::new(known_rows(first.total, start, first.rows)),
            fetch: StoredValue::new(fetch),
        }
    }

    /// Reads the chunks of these rows: those with gaps, or all of them.
    fn read(self, range: &Range<u32>, only_gaps: bool) {
        let total = self.total.get_untracked();
        for chunk in chunks_of(range) {
            let has_gaps = self
                .known
                .with_untracked(|known| known[rows_of(chunk, total)].iter().any(Option::is_none));
            if has_gaps || !only_gaps {
                self.ask(chunk);
            }
        }
    }

    fn ask(self, chunk: usize) {
        let start = u32::try_from(chunk).unwrap_or(0) * LIST_ROWS_MAX;
        let Some(answer) = self.fetch.try_with_value(|fetch| fetch(start, LIST_ROWS_MAX)) else {
            return;
        };
        leptos::task::spawn_local(async move {
            // A failed read is made up for by the next one; the rows stay as they were.
            let Some(answer) = answer.await else { return };
            if self.total.try_get_untracked().is_some_and(|total| total != answer.total) {
                self.total.set(answer.total);
                self.known.update(|known| known.resize(answer.total as usize, None));
            }
            self.known.try_update(|known| {
                for (at, row) in rows_of(chunk, answer.total).zip(answer.rows) {
                    known[at] = Some(row);
                }
            });
        });
    }
}

/// The table.
#[component]
pub fn PagedTable<T>(
    /// What it lists, for a screen reader.
    label: &'static str,
    /// Its head.
    columns: Vec<Head>,
    /// The list.
    paged: Paged<T>,
    /// Links for a browser without JavaScript.
    pager: Pager,
    /// The cells of one row.
    row: impl Fn(&T) -> AnyView + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let start = paged.start;
    let column_count = columns.len();
    let window = Window::new(ROW_PX);
    let list = List::new(paged);
    // With JavaScript the whole list is under the scroll bar; without, the rows of this page are all there is.
    let is_alive = RwSignal::new(false);
    let range = Memo::new(move |_| {
        let total = list.total.get();
        if is_alive.get() {
            window.visible.get().range(total)
        } else {
            start.min(total)..start.saturating_add(PAGE_ROWS).min(total)
        }
    });
    Effect::new(move |_| {
        window.to_top();
        is_alive.set(true);
    });
    Effect::new(move |_| {
        if is_alive.get() {
            list.read(&range.get(), true);
        }
    });
    poll(REFRESH_MS, move || list.read(&range.get_untracked(), false));
    let body = reactive(move || {
        let (range, total) = (range.get(), list.total.get());
        let is_alive = is_alive.get_untracked();
        let (above, below) = if is_alive { (range.start, total - range.end) } else { (0, 0) };
        let rows = list.known.with(|known| {
            range
                .map(|index| {
                    let cells = match known.get(index as usize) {
                        Some(Some(value)) => row(value),
                        _ => bones(column_count),
                    };
                    view! { <tr aria-rowindex=(index + 2).to_string()>{cells}</tr> }
                })
                .collect_view()
        });
        view! { {window.spacer(above, column_count)} {rows} {window.spacer(below, column_count)} }
            .into_any()
    });
    view! {
        <div class="scroller" node_ref=window.node on:scroll=move |_| window.measure()>
            <table
                class="table table-window"
                aria-label=label
                aria-rowcount=move || (list.total.get() + 1).to_string()
            >
                {head(columns)}
                <tbody>{body}</tbody>
            </table>
        </div>
        {pager.view()}
    }
}

fn bones(columns: usize) -> AnyView {
    let cells = (0..columns).map(|_| view! { <td><span class="bone"></span></td> });
    cells.collect_view().into_any()
}

fn known_rows<T>(total: u32, start: u32, rows: Vec<T>) -> Vec<Option<T>> {
    let mut known: Vec<Option<T>> = (0..total).map(|_| None).collect();
    for (at, row) in (start as usize..total as usize).zip(rows) {
        known[at] = Some(row);
    }
    known
}

fn chunk_count(total: u32) -> usize {
    total.div_ceil(LIST_ROWS_MAX) as usize
}

fn chunks_of(range: &Range<u32>) -> Range<usize> {
    (range.start / LIST_ROWS_MAX) as usize..chunk_count(range.end)
}

fn rows_of(chunk: usize, total: u32) -> Range<usize> {
    let start = chunk * LIST_ROWS_MAX as usize;
    start..(start + LIST_ROWS_MAX as usize).min(total as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_what_is_seen_and_nothing_else() {
        assert_eq!(chunks_of(&(0..50)), 0..1);
        assert_eq!(chunks_of(&(190..210)), 0..2);
        assert_eq!(chunks_of(&(9_968..10_000)), 49..50);
        assert_eq!(rows_of(49, 9_990), 9_800..9_990);
    }

    #[test]
    fn pages_link_to_their_neighbours() {
        let pager = Pager::new(50, 120, |start| start.to_string());
        assert_eq!(pager.text, "51–100 of 120");
        assert_eq!((pager.previous.as_deref(), pager.next.as_deref()), (Some("0"), Some("100")));
        let only = Pager::new(0, 3, |start| start.to_string());
        assert!(only.previous.is_none() && only.next.is_none());
    }
}
