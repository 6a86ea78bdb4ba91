//! The open record beside the table; on a narrow screen above everything.

use super::TabScope;
use crate::api::message::{fetch_piece, record};
use crate::components::loaded::loaded;
use crate::components::record::{RecordPlace, record_view};
use crate::model::record::RecordDetail;
use crate::routes;
use crate::state::browser;
use crate::state::reading::Reading;
use crate::ui::badge::tick;
use crate::ui::button::{Weight, link_button};
use crate::ui::copy::CopyButton;
use crate::ui::reactive::maybe;
use crate::ui::skeleton::block;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

/// The panel; nothing while no record is open.
#[component]
pub fn Panel(
    /// The tab's state.
    tab: TabScope,
) -> impl IntoView {
    let open = Memo::new(move |_| tab.view.with(|view| view.open));
    let is_open = Memo::new(move |_| open.get().is_some());
    close_on_escape(tab, open.into());
    maybe(move || is_open.get().then(|| view! { <OpenRecord tab=tab /> }.into_any()))
}

fn close_on_escape(tab: TabScope, open: Signal<Option<crate::model::record::RecordId>>) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            if event.key() == "Escape"
                && open.get_untracked().is_some()
                && !browser::is_typing(&event)
            {
                let view = tab.view.get_untracked().opening(None);
                let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
                navigate(&tab.href(&view), options);
            }
        });
        on_cleanup(move || handle.remove());
    });
}

#[component]
fn OpenRecord(
    /// The tab's state.
    tab: TabScope,
) -> impl IntoView {
    let open = Memo::new(move |_| tab.view.with(|view| view.open));
    let record = Reading::maybe(move || {
        let id = open.get()?;
        Some((tab.cluster.get(), record(tab.topic.get(), id)))
    });
    let value_view = Memo::new(move |_| tab.view.with(|view| view.value_view));
    let shown = move |record: RecordDetail| {
        let view = tab.view.get_untracked();
        let place = RecordPlace {
            cluster: tab.cluster.get_untracked(),
            topic: tab.topic.get_untracked(),
            value_view: value_view.get(),
            href_of: Arc::new(move |value_view| {
                let mut view = view.clone();
                view.value_view = value_view;
                tab.href(&view)
            }),
            fetch: fetch_piece,
        };
        record_view(&place, record)
    };
    view! {
        <aside class="panel" aria-label="Record">
            {maybe(move || head(tab))} <div class="panel-body">{loaded(record, || block("h-96"), shown)}</div>
        </aside>
    }
}

fn head(tab: TabScope) -> Option<AnyView> {
    let view = tab.view.get();
    let id = view.open?;
    let (cluster, topic) = (tab.cluster.get(), tab.topic.get());
    let permanent = routes::record(&cluster, &topic, id);
    let link = permanent.clone();
    let copied = Signal::derive(move || browser::absolute(&link));
    let close = tab.href(&view.opening(None));
    Some(
        view! {
            <header class="panel-head">
                <h2 class="mono">
                    {tick(id.partition)} <span class="text-faint">" / "</span>
                    <a href=permanent title="permanent link">{id.offset.to_string()}</a>
                </h2>
                <CopyButton text=copied what="the record’s link" />
                <span class="grow"></span>
                {link_button(Weight::Secondary, routes::produce(&cluster, &topic, Some(id)), "Send again")}
                <a class="btn btn-ghost btn-icon" href=close aria-label="Close the record" title="Close (Esc)">
                    "×"
                </a>
            </header>
        }
        .into_any(),
    )
}
