//! A search that goes on where the first page stopped: rows, progress and Stop over the live connection.

use super::TabScope;
use super::feed::Feed;
use crate::format;
use crate::model::live::{DoneReason, ServerFrame, Subscription};
use crate::model::message::{MessagesQuery, PAGE_ROWS_MAX, Scanned};
use crate::state::live;
use crate::ui::chart::bars::share_bar;
use crate::ui::reactive::{maybe, reactive, text};
use leptos::prelude::*;

/// How a search is getting on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    Running,
    /// Stopped by the reader, by the limit of rows, or by a failure with its reason.
    Stopped(Option<String>),
    Complete,
}

/// A search and how far it is.
#[derive(Clone, Copy)]
pub struct Searching {
    pub phase: RwSignal<Phase>,
    pub scanned: RwSignal<Scanned>,
    /// What was scanned for the first page.
    before: Scanned,
    subscription: StoredValue<Option<u32>>,
}

impl Searching {
    /// A search that has done this much already.
    #[must_use]
    pub fn new(before: Scanned, is_complete: bool) -> Self {
        let phase = if is_complete { Phase::Complete } else { Phase::Stopped(None) };
        Self {
            phase: RwSignal::new(phase),
            scanned: RwSignal::new(before),
            before,
            subscription: StoredValue::new(None),
        }
    }

    /// Goes on from `query.cursor`.
    pub fn start(self, tab: TabScope, query: MessagesQuery, feed: RwSignal<Feed>) {
        let topic = tab.topic.get_untracked();
        let query = MessagesQuery { limit: PAGE_ROWS_MAX, ..query };
        self.phase.set(Phase::Running);
        let open = move || {
            (Subscription::Search { topic: topic.clone(), query: query.clone() }, PAGE_ROWS_MAX)
        };
        let id = live::follow(open, move |frame| self.receive(frame, feed));
        self.subscription.set_value(Some(id));
    }

    fn receive(self, frame: ServerFrame, feed: RwSignal<Feed>) {
        match frame {
            ServerFrame::Rows { id, rows, .. } => {
                let count = u32::try_from(rows.len()).unwrap_or(0);
                match feed.try_update(|feed| feed.append(rows)) {
                    Some(true) => live::grant(id, count),
                    _ => self.end(Phase::Stopped(Some("the table is full".to_owned()))),
                }
            }
            ServerFrame::Progress { scanned, .. } => self.add(scanned),
            ServerFrame::Done { reason, scanned, .. } => {
                self.add(scanned);
                self.end(match reason {
                    DoneReason::Complete => Phase::Complete,
                    DoneReason::Limit => Phase::Stopped(Some("enough found".to_owned())),
                });
            }
            ServerFrame::Failed { error, .. } => self.end(Phase::Stopped(Some(error.to_string()))),
            _ => {}
        }
    }

    fn add(self, scanned: Scanned) {
        self.scanned.try_update(|sum| {
            sum.records = self.before.records + scanned.records;
            sum.bytes = self.before.bytes + scanned.bytes;
            sum.elapsed_ms = self.before.elapsed_ms.saturating_add(scanned.elapsed_ms);
            sum.failed = self.before.failed + scanned.failed;
            sum.records_total = self.before.records_total.max(scanned.records_total);
        });
    }

    /// Stops for good.
    pub fn end(self, phase: Phase) {
        if let Some(id) = self.subscription.try_update_value(Option::take).flatten() {
            live::unfollow(id);
        }
        self.phase.try_update(|now| *now = phase);
    }
}

/// How far, how fast, and Stop.
#[component]
pub fn SearchBar(
    /// The search.
    searching: Searching,
    /// Rows found so far.
    found: Signal<u32>,
) -> impl IntoView {
    let done = move || {
        let scanned = searching.scanned.get();
        let permille = if scanned.records_total == 0 {
            0
        } else {
            u128::from(scanned.records) * 1000 / u128::from(scanned.records_total)
        };
        u16::try_from(permille.min(1000)).unwrap_or(1000)
    };
    let text = text(move || {
        let scanned = searching.scanned.get();
        let state = match searching.phase.get() {
            Phase::Running => "Searching".to_owned(),
            Phase::Complete => "Searched everything".to_owned(),
            Phase::Stopped(None) => "Searched a part".to_owned(),
            Phase::Stopped(Some(reason)) => format!("Stopped: {reason}"),
        };
        let failed = if scanned.failed == 0 {
            String::new()
        } else {
            format!(" · {} unreadable", format::integer(scanned.failed.into()))
        };
        format!(
            "{state} · {} found in {} messages, {}, {}{failed}",
            format::integer(found.get().into()),
            format::integer(scanned.records.into()),
            format::bytes(scanned.bytes).text(),
            format::duration(scanned.elapsed_ms.into()).text(),
        )
    });
    let stop = maybe(move || {
        (searching.phase.get() == Phase::Running).then(|| {
            view! {
                <button
                    type="button"
                    class="btn"
                    on:click=move |_| searching.end(Phase::Stopped(None))
                >
                    "Stop"
                </button>
            }
            .into_any()
        })
    });
    view! {
        <div class="search-bar" role="status">
            <span class="tabular">{text}</span>
            {reactive(move || share_bar(done(), "c0 share-progress"))}
            {stop}
        </div>
    }
}
