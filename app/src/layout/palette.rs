//! The search palette: topics, groups and actions under Ctrl-K or ⌘-K.

use crate::api::ask;
use crate::api::cluster::search;
use crate::model::group::GroupsQuery;
use crate::model::search::{Hit, HitKind};
use crate::model::topic::TopicsQuery;
use crate::routes::{self, TopicTab};
use crate::state::browser;
use crate::state::scope::use_scope;
use crate::ui::reactive::reactive;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// One line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    kind: &'static str,
    label: String,
    note: String,
    href: String,
}

/// The palette; hidden until it is called.
#[component]
pub fn Palette(
    /// The dialog.
    node: NodeRef<html::Dialog>,
) -> impl IntoView {
    let scope = use_scope();
    let text = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let hits = RwSignal::new(Vec::<Hit>::new());
    let find = move || {
        let (cluster, wanted) = (scope.cluster.get_untracked(), text.get_untracked());
        leptos::task::spawn_local(async move {
            // An answer to an older text than the one in the field is of no use; a failure shows as no hits.
            let found = ask(cluster, search(wanted.clone())).await.unwrap_or_default();
            if text.try_get_untracked().as_ref() == Some(&wanted) {
                hits.set(found);
            }
        });
    };
    open_on_shortcut(node);
    let entries = Memo::new(move |_| {
        let wanted = text.with(|text| text.to_lowercase());
        hits.with(|hits| entries_for(&scope.cluster.get(), &wanted, hits))
    });
    let navigate = use_navigate();
    let go = move |href: &str| {
        browser::close_dialog(node);
        text.set(String::new());
        navigate(href, NavigateOptions::default());
    };
    let on_input = move |event| {
        text.set(event_target_value(&event));
        chosen.set(0);
        find();
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let count = entries.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|at| *at = (*at + 1).min(count.saturating_sub(1))),
            "ArrowUp" => chosen.update(|at| *at = at.saturating_sub(1)),
            "Enter" => {
                let href = entries.with_untracked(|all| {
                    all.get(chosen.get_untracked()).map(|entry| entry.href.clone())
                });
                if let Some(href) = href {
                    go(&href);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <dialog class="dialog palette" node_ref=node aria-label="Search">
            <input
                class="palette-input"
                type="search"
                placeholder="Search topics, groups, actions"
                aria-label="Search topics, groups, actions"
                autocomplete="off"
                autofocus
                prop:value=text
                on:input=on_input
                on:keydown=on_key
            />
            <Entries entries=entries chosen=chosen node=node />
        </dialog>
    }
}

/// What was found on the server first, then the actions that contain the text; without one, the actions.
fn entries_for(cluster: &str, wanted: &str, hits: &[Hit]) -> Vec<Entry> {
    let mut entries = Vec::new();
    if !wanted.is_empty() {
        entries.extend(hits.iter().map(|hit| entry_of(cluster, hit)));
    }
    let fits = |entry: &Entry| entry.label.to_lowercase().contains(wanted);
    entries.extend(actions(cluster).into_iter().filter(fits));
    entries
}

#[component]
fn Entries(
    /// What was found.
    entries: Memo<Vec<Entry>>,
    /// The one that Enter takes.
    chosen: RwSignal<usize>,
    /// Closed when one is taken.
    node: NodeRef<html::Dialog>,
) -> impl IntoView {
    let rows = reactive(move || {
        let rows = entries.get().into_iter().enumerate().map(|(index, entry)| {
            let class = if chosen.get() == index { "palette-row is-chosen" } else { "palette-row" };
            view! {
                <li>
                    <a class=class href=entry.href on:click=move |_| browser::close_dialog(node)>
                        <span class="palette-kind">{entry.kind}</span>
                        <span class="palette-label">{entry.label}</span>
                        <span class="text-muted">{entry.note}</span>
                    </a>
                </li>
            }
        });
        rows.collect_view().into_any()
    });
    view! { <ul class="palette-list">{rows}</ul> }
}

fn open_on_shortcut(node: NodeRef<html::Dialog>) {
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            if event.key() == "k" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                browser::open_dialog(node);
            }
        });
        on_cleanup(move || handle.remove());
    });
}

fn actions(cluster: &str) -> Vec<Entry> {
    let entry = |label: &str, href: String| Entry {
        kind: "Go to",
        label: label.to_owned(),
        note: String::new(),
        href,
    };
    vec![
        entry("Overview", routes::overview(cluster)),
        entry("Topics", routes::topics(cluster, &TopicsQuery::default())),
        entry("Groups", routes::groups(cluster, &GroupsQuery::default())),
        entry("Cluster", routes::cluster(cluster)),
        Entry { kind: "Action", ..entry("Create topic", routes::create_topic(cluster)) },
    ]
}

fn entry_of(cluster: &str, hit: &Hit) -> Entry {
    let (kind, href) = match hit.kind {
        HitKind::Topic => ("Topic", routes::topic(cluster, &hit.name, TopicTab::Messages)),
        HitKind::Group => ("Group", routes::group(cluster, &hit.name)),
    };
    Entry { kind, label: hit.name.clone(), note: hit.note.clone(), href }
}
