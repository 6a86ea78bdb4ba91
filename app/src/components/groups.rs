//! Rows of groups, on the overview and in the list.

use super::lag::{lag_messages, lag_strip, lag_time};
use crate::model::group::GroupRow;
use crate::model::number::Severity;
use crate::routes;
use crate::ui::chart::spark::spark;
use crate::ui::table::row_link;
use leptos::prelude::*;

/// Name, partitions as a heat strip, lag, time behind, last hour.
#[must_use]
pub fn group_cells(cluster: &str, row: &GroupRow) -> AnyView {
    let is_behind = row.lag.is_some_and(|lag| lag.severity() > Severity::Fine);
    let class = if is_behind { "spark-row spark-warning" } else { "spark-row spark-quiet" };
    let history = row.history.as_ref().map(|series| spark(&series.values, class));
    view! {
        <td class="mono name">{row_link(routes::group(cluster, &row.group), row.group.clone())}</td>
        <td>{lag_strip(&row.cells, row.cells_omitted_count)}</td>
        <td class="num mono">{lag_messages(row.lag)}</td>
        <td class="num">{lag_time(row.lag)}</td>
        <td>{history}</td>
    }
    .into_any()
}
