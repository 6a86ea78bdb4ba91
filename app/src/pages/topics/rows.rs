//! The rows of the topic list: a window onto a list that stays on the server.

use crate::api::ask;
use crate::api::topic::topics;
use crate::components::lag::{lag_messages, lag_time};
use crate::components::paged::{Paged, PagedTable, Pager, Rows};
use crate::format;
use crate::model::topic::{TopicRow, TopicSort, TopicsPage, TopicsQuery};
use crate::routes::{self, TopicTab};
use crate::ui::badge::{Tone, badge};
use crate::ui::chart::spark::spark;
use crate::ui::table::{Head, row_link};
use leptos::prelude::*;

/// The table with its window.
#[component]
pub fn TopicRows(
    /// The cluster in the URL.
    cluster: String,
    /// What the list shows.
    query: TopicsQuery,
    /// The first answer.
    page: TopicsPage,
) -> impl IntoView {
    let columns = columns(&cluster, &query);
    let fetch_cluster = cluster.clone();
    let fetch_query = query.clone();
    let pager = pager(&cluster, &query, page.start, page.matched_count);
    let paged = Paged {
        start: page.start,
        first: Rows { total: page.matched_count, rows: page.rows },
        fetch: Box::new(move |start, limit| {
            let query = TopicsQuery { start, limit, ..fetch_query.clone() };
            let answer = ask(fetch_cluster.clone(), topics(query));
            Box::pin(async move {
                let page = answer.await.ok()?;
                Some(Rows { total: page.matched_count, rows: page.rows })
            })
        }),
    };
    view! {
        <PagedTable
            label="Topics"
            columns=columns
            paged=paged
            pager=pager
            row=move |row: &TopicRow| cells(&cluster, row)
        />
    }
}

fn columns(cluster: &str, query: &TopicsQuery) -> Vec<Head> {
    let sorting = |head: Head, sort: TopicSort| {
        let is_current = query.sort == sort;
        // Names start at A; numbers start at the largest.
        let first_is_descending = sort != TopicSort::Name;
        let descending = if is_current { !query.descending } else { first_is_descending };
        let wanted = TopicsQuery { sort, descending, start: 0, ..query.clone() };
        let direction = if query.descending { "descending" } else { "ascending" };
        head.sorting(routes::topics(cluster, &wanted), is_current.then_some(direction))
    };
    vec![
        sorting(Head::text("Name"), TopicSort::Name),
        sorting(Head::number("Partitions").classed("w-24"), TopicSort::Partitions),
        Head::text("Cleanup").classed("w-28 hide-narrow"),
        sorting(Head::number("Messages").classed("w-32"), TopicSort::Messages),
        sorting(Head::number("Size").classed("w-24"), TopicSort::Size),
        sorting(Head::number("Rate").classed("w-24"), TopicSort::Rate),
        Head::text("15 min").classed("w-24 hide-narrow"),
        Head::number("Groups").classed("w-20 hide-narrow"),
        sorting(Head::number("Worst lag").classed("w-32"), TopicSort::Lag),
        Head::number("Behind").classed("w-24"),
    ]
}

fn cells(cluster: &str, row: &TopicRow) -> AnyView {
    let href = routes::topic(cluster, &row.name, TopicTab::Messages);
    let internal = row.is_internal.then(|| badge(Tone::Neutral, "internal"));
    let offline = (row.offline_count > 0)
        .then(|| badge(Tone::Danger, format!("{} offline", row.offline_count)));
    let size = row.size_bytes.map(|size| format::bytes(size).text());
    let exact_size = row.size_bytes.map(|size| format!("{size} bytes"));
    let rate = row.rate_in.map(|rate| format!("{} /s", format::rate(rate)));
    let history = row.rate_history.as_ref().map(|series| spark(&series.values, "spark-row"));
    let groups = (row.groups_count > 0).then(|| row.groups_count.to_string());
    view! {
        <td class="mono name">{row_link(href, row.name.clone())} {internal} {offline}</td>
        <td class="num mono">{format::integer(row.partitions_count.into())}</td>
        <td class="text-muted hide-narrow">{row.cleanup_policy.clone()}</td>
        <td class="num mono">{format::count(row.messages)}</td>
        <td class="num mono" title=exact_size>{size}</td>
        <td class="num mono">{rate}</td>
        <td class="hide-narrow">{history}</td>
        <td class="num mono text-muted hide-narrow">{groups}</td>
        <td class="num mono">{row.worst_lag.map(|lag| lag_messages(Some(lag)))}</td>
        <td class="num">{lag_time(row.worst_lag)}</td>
    }
    .into_any()
}

/// Links to the rows before and after, for a browser without JavaScript.
fn pager(cluster: &str, query: &TopicsQuery, start: u32, total: u32) -> Pager {
    let page = |start: u32| routes::topics(cluster, &TopicsQuery { start, ..query.clone() });
    Pager::new(start, total, page)
}
