//! Consumers: which groups read this topic, and how far behind they are here.

use super::TopicScope;
use crate::api::topic::topic_groups;
use crate::components::connect::ConnectPanel;
use crate::components::lag::{lag_messages, lag_strip, lag_time};
use crate::components::loaded::loaded;
use crate::components::state::state_badge;
use crate::format;
use crate::model::number::Severity;
use crate::model::topic::{TopicGroupRow, TopicGroups};
use crate::routes;
use crate::state::poll::poll;
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::chart::spark::spark;
use crate::ui::empty::empty;
use crate::ui::pane::table_pane;
use crate::ui::skeleton::table_skeleton;
use crate::ui::table::{Head, row_link, table};
use leptos::prelude::*;

const REFRESH_MS: u64 = 2_000;

/// The tab.
#[component]
pub fn ConsumersTab() -> impl IntoView {
    let scope = use_scope();
    let topic: TopicScope = expect_context();
    let groups = Reading::new(move || (scope.cluster.get(), topic_groups(topic.topic.get())));
    poll(REFRESH_MS, move || groups.again());
    let shown = move |groups: TopicGroups| {
        if groups.rows.is_empty() {
            let bootstrap = topic.head.ok().map(|head| head.bootstrap).unwrap_or_default();
            let connect =
                view! { <ConnectPanel bootstrap=bootstrap topic=topic.topic.get_untracked() /> };
            return empty(
                "No group reads this topic",
                "A group shows here once a consumer commits an offset or is given a partition.",
                connect.into_any(),
            );
        }
        filled(&scope.cluster.get_untracked(), &groups)
    };
    view! { <div class="page-body">{loaded(groups, || table_skeleton(7, 4), shown)}</div> }
}

fn filled(cluster: &str, groups: &TopicGroups) -> AnyView {
    let rows = groups.rows.iter().map(|group| row(cluster, group)).collect_view();
    let columns = vec![
        Head::text("Group"),
        Head::text("State"),
        Head::number("Members"),
        Head::text("Partitions"),
        Head::number("Lag here"),
        Head::number("Behind"),
        Head::text("1 h"),
    ];
    let note = "one cell a partition, colour by time behind";
    table_pane("Groups that read this topic", note, table("Groups", columns, rows.into_any()))
}

fn row(cluster: &str, row: &TopicGroupRow) -> AnyView {
    let is_behind = row.lag.is_some_and(|lag| lag.severity() > Severity::Fine);
    let class = if is_behind { "spark-row spark-warning" } else { "spark-row spark-quiet" };
    view! {
        <tr>
            <td class="mono name">
                {row_link(routes::group(cluster, &row.group), row.group.clone())}
            </td>
            <td>{state_badge(row.state)}</td>
            <td class="num mono">{format::integer(row.members_count.into())}</td>
            <td>{lag_strip(&row.partitions, 0)}</td>
            <td class="num mono">{lag_messages(row.lag)}</td>
            <td class="num">{lag_time(row.lag)}</td>
            <td>{row.history.as_ref().map(|series| spark(&series.values, class))}</td>
        </tr>
    }
    .into_any()
}
