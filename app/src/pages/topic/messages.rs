//! Messages: a toolbar, a thin histogram, the table, and the open record beside it.

pub mod feed;
pub mod follow;
pub mod histogram;
pub mod live_bar;
pub mod panel;
pub mod search;
pub mod table;
pub mod toolbar;

use super::TopicScope;
use crate::api::message::messages;
use crate::components::connect::ConnectPanel;
use crate::components::loaded::loaded;
use crate::model::message::{MessagesPage, MessagesQuery};
use crate::routes::{self, MessagesView, Query};
use crate::state::prefs::use_prefs;
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::button::{Weight, link_button};
use crate::ui::empty::{alert, empty};
use crate::ui::reactive::{maybe, settled};
use crate::ui::skeleton::table_skeleton;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the parts of this tab share.
#[derive(Clone, Copy)]
pub struct TabScope {
    pub cluster: Memo<String>,
    pub topic: Memo<String>,
    /// What the URL says.
    pub view: Memo<MessagesView>,
}

impl TabScope {
    /// The address of a view of this tab, not tracked.
    #[must_use]
    pub fn href(self, view: &MessagesView) -> String {
        routes::messages(&self.cluster.get_untracked(), &self.topic.get_untracked(), view)
    }
}

/// What is read anew when it changes; the open record is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    cluster: String,
    topic: String,
    query: MessagesQuery,
    is_live: bool,
}

/// The tab.
#[component]
pub fn MessagesTab() -> impl IntoView {
    let scope = use_scope();
    let topic: TopicScope = expect_context();
    let location = use_location();
    let prefs = use_prefs();
    let view = Memo::new(move |_| {
        let query = location.search.with(|text| Query::parse(text));
        prefs.0.with(|prefs| MessagesView::parse(&query, &prefs.zone))
    });
    let tab = TabScope { cluster: scope.cluster, topic: topic.topic, view };
    provide_context(tab);
    let wanted = Memo::new(move |_| Wanted {
        cluster: scope.cluster.get(),
        topic: topic.topic.get(),
        query: view.with(|view| view.query.clone()),
        is_live: view.with(|view| view.is_live),
    });
    let page = Reading::new(move || {
        let wanted = wanted.get();
        (wanted.cluster, messages(wanted.topic, wanted.query))
    });
    let problem = maybe(move || {
        view.with(|view| view.problem)
            .map(|(field, reason)| alert("alert-warning", format!("{field}: {reason}")))
    });
    view! {
        <toolbar::Toolbar tab=tab />
        {problem}
        <histogram::HistogramStrip tab=tab />
        <div class="split">
            <div class="split-main">
                {loaded(
                    page,
                    || table_skeleton(6, 14),
                    move |page| filled(tab, topic, page),
                )}
            </div>
            <panel::Panel tab=tab />
        </div>
    }
}

fn filled(tab: TabScope, topic: TopicScope, page: MessagesPage) -> AnyView {
    let view = tab.view.get_untracked();
    if page.rows.is_empty() && !view.is_live && page.next.is_none() {
        return nothing(tab, &view, &page);
    }
    let is_empty_topic =
        page.rows.is_empty() && page.marks.iter().all(|m| m.high_watermark == m.log_start_offset);
    let first_steps = (is_empty_topic && view.query.search.is_empty())
        .then(|| ViewFn::from(move || first_steps(tab, topic)));
    view! { <table::MessageTable tab=tab view=view page=page first_steps=first_steps /> }.into_any()
}

fn first_steps(tab: TabScope, scope: TopicScope) -> AnyView {
    let produce = routes::produce(&tab.cluster.get_untracked(), &tab.topic.get_untracked(), None);
    let connect = settled(move || {
        let head = scope.head.ok()?;
        Some(view! { <ConnectPanel bootstrap=head.bootstrap topic=head.name /> }.into_any())
    });
    let actions = view! {
        {link_button(Weight::Primary, produce, "Produce one")}
        {connect}
    };
    empty(
        "No messages yet",
        "Produce one here, or connect a client: its messages appear as they are written.",
        actions.into_any(),
    )
}

fn nothing(tab: TabScope, view: &MessagesView, page: &MessagesPage) -> AnyView {
    let all = tab.href(&MessagesView { is_live: true, ..MessagesView::default() });
    let action = link_button(Weight::Secondary, all, "Show the newest");
    if view.query.search.is_empty() {
        return empty(
            "No messages here",
            "Nothing lies in the chosen partitions and range.",
            action,
        );
    }
    let scanned = crate::format::plural(page.scanned.records, "message", "messages");
    empty("Nothing matches", format!("Searched {scanned} to the end."), action)
}
