//! Live mode: rows arrive on the socket, wait for the next animation frame, and slide in on top.

use super::TabScope;
use super::feed::Feed;
use crate::model::live::{CREDIT_MAX, ServerFrame, Subscription};
use crate::model::message::{MessageRow, OffsetRange};
use crate::routes::MessagesView;
use crate::state::{browser, live};
use crate::ui::window::Window;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

/// Rows that may pile up above a paused table before the server is asked to hold (and count) the rest.
const PAUSED_ROWS_MAX: u32 = 40_000;

/// What live mode shows beside the rows.
#[derive(Clone, Copy)]
pub struct Following {
    /// The reader pressed Pause.
    pub is_paused: RwSignal<bool>,
    /// Rows above what is seen.
    pub fresh_count: RwSignal<u32>,
    /// Records left out, exactly.
    pub skipped_count: RwSignal<u64>,
    /// The newest gap, to show it.
    pub skipped: RwSignal<Option<OffsetRange>>,
    /// Rows of the last second.
    pub rate: RwSignal<u32>,
    /// What the server said when the tail ended.
    pub problem: RwSignal<Option<String>>,
}

impl Following {
    /// Nothing seen yet.
    #[must_use]
    pub fn start() -> Self {
        Self {
            is_paused: RwSignal::new(false),
            fresh_count: RwSignal::new(0),
            skipped_count: RwSignal::new(0),
            skipped: RwSignal::new(None),
            rate: RwSignal::new(0),
            problem: RwSignal::new(None),
        }
    }

    /// To the newest row, and on.
    pub fn resume(self, window: Window) {
        self.is_paused.set(false);
        self.fresh_count.set(0);
        window.to_top();
    }

    /// The reader scrolled: at the top there is nothing above any more.
    pub fn scrolled(self, window: Window) {
        if window.is_at_top()
            && !self.is_paused.get_untracked()
            && self.fresh_count.get_untracked() > 0
        {
            self.fresh_count.set(0);
        }
    }
}

/// What arrived since the last frame.
#[derive(Default)]
struct Arrived {
    rows: RefCell<Vec<MessageRow>>,
    is_scheduled: Cell<bool>,
    /// Rows of the running second.
    counted: Cell<u32>,
    /// Credit not given back yet because the table is paused and full.
    owed: Cell<u32>,
    id: Cell<u32>,
}

/// Follows the topic for as long as the table is there.
pub fn follow(
    tab: TabScope,
    view: MessagesView,
    feed: RwSignal<Feed>,
    following: Following,
    window: Window,
) {
    Effect::new(move |_| {
        let arrived = Rc::new(Arrived::default());
        let (topic, query) = (tab.topic.get_untracked(), view.query.clone());
        let open = move || {
            let after = feed.try_with_untracked(Feed::ranges).unwrap_or_default();
            let subscription =
                Subscription::Tail { topic: topic.clone(), query: query.clone(), after };
            (subscription, CREDIT_MAX)
        };
        let receiver = arrived.clone();
        let id =
            live::follow(open, move |frame| receive(frame, &receiver, feed, following, window));
        arrived.id.set(id);
        let counter = arrived.clone();
        let ticking = set_interval_with_handle(
            move || {
                following.rate.set(counter.counted.take());
                settle(&counter, following);
            },
            Duration::from_secs(1),
        );
        on_cleanup(move || {
            live::unfollow(id);
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
    });
}

fn receive(
    frame: ServerFrame,
    arrived: &Rc<Arrived>,
    feed: RwSignal<Feed>,
    following: Following,
    window: Window,
) {
    match frame {
        ServerFrame::Rows { rows, skipped, skipped_count, .. } => {
            if skipped_count > 0 {
                following.skipped_count.update(|count| *count += skipped_count);
                following.skipped.set(skipped.last().copied());
            }
            let count = u32::try_from(rows.len()).unwrap_or(0);
            arrived.counted.set(arrived.counted.get().saturating_add(count));
            arrived.rows.borrow_mut().extend(rows);
            if !arrived.is_scheduled.replace(true) {
                let arrived = arrived.clone();
                browser::before_next_frame(move || flush(&arrived, feed, following, window));
            }
        }
        ServerFrame::Failed { error, .. } => following.problem.set(Some(error.to_string())),
        _ => {}
    }
}

/// Puts what arrived on top, keeps what is seen where it is, and gives the credit back.
fn flush(arrived: &Rc<Arrived>, feed: RwSignal<Feed>, following: Following, window: Window) {
    arrived.is_scheduled.set(false);
    let rows = arrived.rows.take();
    let count = u32::try_from(rows.len()).unwrap_or(0);
    let stays = following.is_paused.try_get_untracked().unwrap_or(true) || !window.is_at_top();
    let Some(()) = feed.try_update(|feed| feed.put_on_top(rows)) else { return };
    if stays && count > 0 {
        following.fresh_count.update(|fresh| *fresh = fresh.saturating_add(count));
        let shift = i32::try_from(count).unwrap_or(0);
        leptos::task::spawn_local(async move {
            // After the table was drawn anew, before the browser paints: what is seen does not move.
            leptos::task::tick().await;
            window.shift(shift);
        });
    }
    arrived.owed.set(arrived.owed.get().saturating_add(count));
    settle(arrived, following);
}

/// Gives credit back, except while a paused table is full.
fn settle(arrived: &Arrived, following: Following) {
    let is_full = following.fresh_count.try_get_untracked().is_none_or(|n| n >= PAUSED_ROWS_MAX);
    let owed = arrived.owed.get();
    if owed > 0 && !is_full {
        arrived.owed.set(0);
        live::grant(arrived.id.get(), owed);
    }
}
