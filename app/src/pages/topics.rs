//! Topics: filter as you type, sort, window; all three happen on the server.

pub mod rows;

use crate::api::topic::topics;
use crate::components::loaded::loaded;
use crate::format;
use crate::model::topic::{TopicsPage as Page, TopicsQuery};
use crate::routes::{self, Query, topics_query};
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::button::{Weight, link_button};
use crate::ui::empty::empty;
use crate::ui::reactive::reactive;
use crate::ui::skeleton::table_skeleton;
use crate::ui::stat::{Stat, strip};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

/// The topic list.
#[component]
pub fn TopicsPage() -> impl IntoView {
    let scope = use_scope();
    let location = use_location();
    let query = Memo::new(move |_| location.search.with(|text| topics_query(&Query::parse(text))));
    let page = Reading::new(move || (scope.cluster.get(), topics(query.get())));
    let create = reactive(move || {
        link_button(Weight::Primary, routes::create_topic(&scope.cluster.get()), "Create topic")
    });
    view! {
        <Title text="Topics" />
        <div class="page page-fill">
            <header class="page-head">
                <h1>"Topics"</h1>
                <div class="page-actions">
                    {create}
                </div>
            </header>
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
    query: Memo<TopicsQuery>,
) -> impl IntoView {
    let scope = use_scope();
    let navigate = use_navigate();
    let apply = move |change: &dyn Fn(&mut TopicsQuery)| {
        let mut wanted = query.get_untracked();
        change(&mut wanted);
        wanted.start = 0;
        let options =
            NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&routes::topics(&scope.cluster.get_untracked(), &wanted), options);
    };
    let type_filter = {
        let apply = apply.clone();
        move |event| {
            let text = event_target_value(&event);
            apply(&|wanted| wanted.filter.clone_from(&text));
        }
    };
    let switch = move |event| {
        let is_on = event_target_checked(&event);
        apply(&|wanted| wanted.with_internal = is_on);
    };
    let first = query.get_untracked();
    view! {
        <form class="toolbar" method="get" role="search">
            <input
                class="input input-filter"
                type="search"
                name="q"
                placeholder="Filter by name"
                aria-label="Filter topics by name"
                autocomplete="off"
                value=first.filter
                on:input=type_filter
            />
            <label class="check">
                <input
                    type="checkbox"
                    name="internal"
                    value="1"
                    checked=first.with_internal
                    on:change=switch
                />
                "Internal topics"
            </label>
            <button type="submit" class="btn no-js">"Filter"</button>
        </form>
    }
}

fn filled(cluster: &str, query: &TopicsQuery, page: Page) -> AnyView {
    if page.matched_count == 0 {
        return nothing(cluster, query, &page);
    }
    let size = page.matched_size_bytes.map(format::bytes);
    let mut stats = vec![
        Stat::new("Topics", format::integer(page.matched_count.into()), {
            if query.filter.is_empty() {
                String::new()
            } else {
                format!("of {}", format::integer(page.total_count.into()))
            }
        }),
        Stat::new("Partitions", format::integer(page.matched_partitions_count.into()), ""),
    ];
    stats.extend(size.map(|size| Stat::new("Size", size.number, size.unit)));
    if page.hidden_count > 0 {
        stats.push(Stat::new("Internal", format::integer(page.hidden_count.into()), "hidden"));
    }
    view! {
        {strip(stats, None)}
        <rows::TopicRows cluster=cluster.to_owned() query=query.clone() page=page />
    }
    .into_any()
}

fn nothing(cluster: &str, query: &TopicsQuery, page: &Page) -> AnyView {
    if query.filter.is_empty() && page.total_count == 0 {
        let actions = view! {
            {link_button(Weight::Primary, routes::create_topic(cluster), "Create topic")}
            {link_button(Weight::Secondary, routes::overview(cluster), "Connect a client")}
        };
        return empty(
            "No topics yet",
            "A topic is a named log that producers write to and consumers read from. \
             Create one, or let a client create it by writing to it.",
            actions.into_any(),
        );
    }
    let all = routes::topics(cluster, &TopicsQuery::default());
    empty(
        "No topic matches",
        format!(
            "None of {} contains “{}”.",
            format::plural(page.total_count.into(), "topic", "topics"),
            query.filter
        ),
        link_button(Weight::Secondary, all, "Show all"),
    )
}
