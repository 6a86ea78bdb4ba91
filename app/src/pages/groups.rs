//! Groups: who reads, and how far behind.

pub mod rows;

use crate::api::group::groups;
use crate::components::loaded::loaded;
use crate::components::state::state_tone;
use crate::format;
use crate::model::group::{GroupsPage as Page, GroupsQuery};
use crate::routes::{self, Query, groups_query};
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::badge::Tone;
use crate::ui::button::{Weight, link_button};
use crate::ui::empty::empty;
use crate::ui::skeleton::table_skeleton;
use crate::ui::tabs::segments;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

/// The group list.
#[component]
pub fn GroupsPage() -> impl IntoView {
    let scope = use_scope();
    let location = use_location();
    let query = Memo::new(move |_| location.search.with(|text| groups_query(&Query::parse(text))));
    let page = Reading::new(move || (scope.cluster.get(), groups(query.get())));
    view! {
        <Title text="Groups" />
        <div class="page page-fill">
            <header class="page-head"><h1>"Groups"</h1></header>
            <Filter query=query />
            {loaded(
                page,
                || table_skeleton(8, 12),
                move |page| filled(&scope.cluster.get_untracked(), &query.get_untracked(), page),
            )}
        </div>
    }
}

/// A GET form; with JavaScript it applies while one types.
#[component]
fn Filter(
    /// What the URL says.
    query: Memo<GroupsQuery>,
) -> impl IntoView {
    let scope = use_scope();
    let navigate = use_navigate();
    let type_filter = move |event| {
        let wanted =
            GroupsQuery { filter: event_target_value(&event), start: 0, ..query.get_untracked() };
        let options =
            NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&routes::groups(&scope.cluster.get_untracked(), &wanted), options);
    };
    view! {
        <form class="toolbar" method="get" role="search">
            <input
                class="input input-filter"
                type="search"
                name="q"
                placeholder="Filter by name"
                aria-label="Filter groups by name"
                autocomplete="off"
                value=query.get_untracked().filter
                on:input=type_filter
            />
            <button type="submit" class="btn no-js">"Filter"</button>
        </form>
    }
}

fn filled(cluster: &str, query: &GroupsQuery, page: Page) -> AnyView {
    if page.total_count == 0 {
        return empty(
            "No groups yet",
            "Consumers that share their work form a group. One appears here when a client with a \
             group id joins or commits an offset.",
            link_button(Weight::Secondary, routes::overview(cluster), "Connect a client"),
        );
    }
    let states = states(cluster, query, &page);
    if page.matched_count == 0 {
        let all = routes::groups(cluster, &GroupsQuery::default());
        let text = format!(
            "None of {} matches.",
            format::plural(page.total_count.into(), "group", "groups")
        );
        let action = link_button(Weight::Secondary, all, "Show all");
        return view! { {states} {empty("No group matches", text, action)} }.into_any();
    }
    view! {
        {states}
        <rows::GroupRows cluster=cluster.to_owned() query=query.clone() page=page />
    }
    .into_any()
}

fn states(cluster: &str, query: &GroupsQuery, page: &Page) -> AnyView {
    let href = |state| routes::groups(cluster, &GroupsQuery { state, start: 0, ..query.clone() });
    let all = (
        format!("All {}", format::integer(page.total_count.into())),
        href(None),
        query.state.is_none(),
    );
    let others = page.states.iter().map(|(state, count)| {
        let sign = if state_tone(*state) == Tone::Danger { "⚠ " } else { "" };
        let text = format!("{sign}{} {}", state.label(), format::integer((*count).into()));
        (text, href(Some(*state)), query.state == Some(*state))
    });
    let choices = std::iter::once(all).chain(others).collect();
    view! { <div class="toolbar">{segments("State", choices)}</div> }.into_any()
}
