//! The rows of the group list: a window onto a list that stays on the server.

use crate::api::ask;
use crate::api::group::groups;
use crate::components::groups::group_cells;
use crate::components::paged::{Paged, PagedTable, Pager, Rows};
use crate::components::state::state_badge;
use crate::format;
use crate::model::group::{GroupRow, GroupSort, GroupsPage, GroupsQuery};
use crate::routes;
use crate::ui::table::Head;
use leptos::prelude::*;

/// The table with its window.
#[component]
pub fn GroupRows(
    /// The cluster in the URL.
    cluster: String,
    /// What the list shows.
    query: GroupsQuery,
    /// The first answer.
    page: GroupsPage,
) -> impl IntoView {
    let columns = columns(&cluster, &query);
    let pager = Pager::new(page.start, page.matched_count, |start| {
        routes::groups(&cluster, &GroupsQuery { start, ..query.clone() })
    });
    let fetch_cluster = cluster.clone();
    let paged = Paged {
        start: page.start,
        first: Rows { total: page.matched_count, rows: page.rows },
        fetch: Box::new(move |start, limit| {
            let query = GroupsQuery { start, limit, ..query.clone() };
            let answer = ask(fetch_cluster.clone(), groups(query));
            Box::pin(async move {
                let page = answer.await.ok()?;
                Some(Rows { total: page.matched_count, rows: page.rows })
            })
        }),
    };
    view! {
        <PagedTable
            label="Groups"
            columns=columns
            paged=paged
            pager=pager
            row=move |row: &GroupRow| cells(&cluster, row)
        />
    }
}

fn columns(cluster: &str, query: &GroupsQuery) -> Vec<Head> {
    let sorting = |head: Head, sort: GroupSort| {
        let is_current = query.sort == sort;
        let first_is_descending = sort != GroupSort::Name;
        let descending = if is_current { !query.descending } else { first_is_descending };
        let wanted = GroupsQuery { sort, descending, start: 0, ..query.clone() };
        let direction = if query.descending { "descending" } else { "ascending" };
        head.sorting(routes::groups(cluster, &wanted), is_current.then_some(direction))
    };
    vec![
        sorting(Head::text("Group"), GroupSort::Name),
        Head::text("Partitions").classed("w-52"),
        sorting(Head::number("Lag").classed("w-28"), GroupSort::Lag),
        Head::number("Behind").classed("w-24"),
        Head::text("1 h").classed("w-24"),
        Head::text("State").classed("w-40"),
        Head::text("Protocol").classed("w-40 hide-narrow"),
        sorting(Head::number("Members").classed("w-24"), GroupSort::Members),
        sorting(Head::number("Topics").classed("w-20 hide-narrow"), GroupSort::Topics),
    ]
}

fn cells(cluster: &str, row: &GroupRow) -> AnyView {
    let protocol = match (row.protocol_type.as_str(), row.protocol.as_str()) {
        ("", "") => "–".to_owned(),
        (kind, "") => kind.to_owned(),
        (kind, protocol) => format!("{kind} · {protocol}"),
    };
    view! {
        {group_cells(cluster, row)}
        <td>{state_badge(row.state)}</td>
        <td class="text-muted hide-narrow">{protocol}</td>
        <td class="num mono">{format::integer(row.members_count.into())}</td>
        <td class="num mono hide-narrow">{format::integer(row.topics_count.into())}</td>
    }
    .into_any()
}
