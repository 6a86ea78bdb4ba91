//! A window onto many rows: a fixed pool of row elements between two spacers.
//!
//! The server renders the first rows. In the browser the pool follows the scroll position; elements are reused, so
//! the number of nodes depends on the height of the window and never on the number of rows.

use leptos::html;
use leptos::prelude::*;

/// Rows before anybody knows the height of the window: what the server renders.
pub const FIRST_ROWS: u32 = 50;
/// Rows kept ready above and below what is visible.
const OVERSCAN: u32 = 6;
/// Most rows in the pool, however tall the window.
const POOL_MAX: u32 = 90;

/// Which rows are in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visible {
    /// Index of the first row.
    pub first: u32,
    /// Number of row elements.
    pub count: u32,
}

impl Visible {
    /// What the server renders.
    #[must_use]
    pub fn initial() -> Self {
        Self { first: 0, count: FIRST_ROWS }
    }

    /// The pool for a scroll position. The first row moves in even steps, so that striping and reuse stay calm.
    #[must_use]
    pub fn at(scroll_px: i32, height_px: i32, row_px: i32) -> Self {
        let rows = |px: i32| u32::try_from(px.max(0) / row_px.max(1)).unwrap_or(0);
        let count = (rows(height_px) + 2 + 2 * OVERSCAN).min(POOL_MAX);
        let first = rows(scroll_px).saturating_sub(OVERSCAN) / 2 * 2;
        Self { first, count }
    }

    /// The rows of the pool that exist.
    #[must_use]
    pub fn range(self, total: u32) -> std::ops::Range<u32> {
        let first = self.first.min(total.saturating_sub(self.count));
        first..first.saturating_add(self.count).min(total)
    }
}

/// The scrolling box and the pool in it.
#[derive(Clone, Copy)]
pub struct Window {
    /// The element that scrolls.
    pub node: NodeRef<html::Div>,
    pub visible: RwSignal<Visible>,
    row_px: i32,
}

impl Window {
    /// A window onto rows of `row_px` pixels each.
    #[must_use]
    pub fn new(row_px: i32) -> Self {
        let window =
            Self { node: NodeRef::new(), visible: RwSignal::new(Visible::initial()), row_px };
        Effect::new(move |_| {
            window.node.track();
            window.measure();
            crate::state::browser::on_window("resize", move |_| window.measure());
        });
        window
    }

    /// Looks where the window is now; call it on each scroll.
    pub fn measure(self) {
        let Some(node) = self.node.get_untracked() else { return };
        let visible = Visible::at(node.scroll_top(), node.client_height(), self.row_px);
        if self.visible.try_get_untracked() != Some(visible) {
            self.visible.set(visible);
        }
    }

    /// Scrolls by whole rows, as when rows are put in above what is seen.
    pub fn shift(self, rows: i32) {
        if let Some(node) = self.node.get_untracked() {
            node.set_scroll_top(node.scroll_top() + rows * self.row_px);
        }
    }

    /// Scrolls to the first row.
    pub fn to_top(self) {
        if let Some(node) = self.node.get_untracked() {
            node.set_scroll_top(0);
        }
    }

    /// Whether the first row is in sight.
    #[must_use]
    pub fn is_at_top(self) -> bool {
        self.node.get_untracked().is_none_or(|node| node.scroll_top() < self.row_px / 2)
    }

    /// Stands for so many rows left out of a table with so many columns.
    #[must_use]
    pub fn spacer(self, rows: u32, columns: usize) -> AnyView {
        let height = i64::from(rows) * i64::from(self.row_px);
        view! {
            <tr class="spacer" aria-hidden="true" style=format!("height:{height}px")>
                <td colspan=columns.to_string()></td>
            </tr>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pool_follows_the_scroll_position_and_stays_small() {
        let top = Visible::at(0, 600, 32);
        assert_eq!((top.first, top.range(10_000)), (0, 0..32));
        let middle = Visible::at(32 * 5_000, 600, 32);
        assert_eq!(middle.range(10_000), 4_994..5_026);
        let tall = Visible::at(0, 100_000, 24);
        assert_eq!(tall.count, POOL_MAX);
    }

    #[test]
    fn the_end_of_the_list_fills_the_window() {
        let end = Visible::at(32 * 9_999, 600, 32);
        assert_eq!(end.range(10_000), 9_968..10_000);
        assert_eq!(end.range(5), 0..5);
        assert_eq!(Visible::initial().range(0), 0..0);
    }
}
