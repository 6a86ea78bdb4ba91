//! Lag per partition: a bar from log start to end, the committed place marked, the unread part filled.

use crate::components::lag::{lag_messages, lag_time, tone};
use crate::format;
use crate::model::group::{GroupDetail, GroupPartition, GroupTopic};
use crate::routes::{self, TopicTab};
use crate::ui::badge::{Tone, tick};
use crate::ui::empty::empty;
use crate::ui::pane::legend;
use crate::ui::table::{Head, table};
use leptos::prelude::*;

/// One pane a topic.
#[must_use]
pub fn topics(cluster: &str, group: &GroupDetail) -> AnyView {
    if group.topics.is_empty() {
        let text = "The group has no committed offset and no assigned partition.";
        return empty("It reads nothing yet", text, ().into_any());
    }
    let panes = group.topics.iter().map(|topic| pane(cluster, &group.group, topic));
    panes.collect_view().into_any()
}

fn pane(cluster: &str, group: &str, topic: &GroupTopic) -> AnyView {
    // All bars of a topic share one scale, so that their lengths compare.
    let longest = topic
        .partitions
        .iter()
        .map(|partition| partition.log_end_offset - partition.log_start_offset)
        .max()
        .unwrap_or(0);
    let rows = topic
        .partitions
        .iter()
        .map(|partition| row(cluster, group, &topic.topic, partition, longest));
    let columns = vec![
        Head::text("Partition").classed("w-24"),
        Head::text("Log start → end"),
        Head::number("Committed").classed("w-32"),
        Head::number("End").classed("w-32"),
        Head::number("Lag").classed("w-28"),
        Head::number("Behind").classed("w-24"),
        Head::text("Member").classed("w-40"),
        Head::text("").classed("w-20"),
    ];
    let entries = vec![
        ("c-read", "read".to_owned()),
        ("c-unread", "unread".to_owned()),
        ("c-mark", "committed".to_owned()),
    ];
    let href = routes::topic(cluster, &topic.topic, TopicTab::Messages);
    view! {
        <section class="pane pane-table">
            <header class="pane-head">
                <h2 class="mono"><a class="link" href=href>{topic.topic.clone()}</a></h2>
                <div class="pane-note">{legend(entries)}</div>
            </header>
            <div class="scroll-x">
                {table("Partitions", columns, rows.collect_view().into_any())}
            </div>
        </section>
    }
    .into_any()
}

fn row(
    cluster: &str,
    group: &str,
    topic: &str,
    partition: &GroupPartition,
    longest: i64,
) -> AnyView {
    let number = partition.partition;
    let href = routes::offsets(cluster, group, Some(topic), Some(number));
    let label = format!("Edit the offset of partition {number}");
    let edit = view! { <a class="btn btn-ghost" href=href aria-label=label>"Edit"</a> };
    let committed = partition
        .committed_offset
        .map_or_else(|| "–".to_owned(), |offset| format::integer(offset.into()));
    let member = partition.member.clone();
    view! {
        <tr>
            <td>{tick(number)}</td>
            <td>{bar(partition, longest)}</td>
            <td class="num mono">{committed}</td>
            <td class="num mono">{format::integer(partition.log_end_offset.into())}</td>
            <td class="num mono">{lag_messages(partition.lag)}</td>
            <td class="num">{lag_time(partition.lag)}</td>
            <td class="mono">
                {member.unwrap_or_else(|| "no member".to_owned())}
            </td>
            <td>{edit}</td>
        </tr>
    }
    .into_any()
}

/// Shares of the bar's width in thousandths, ends aligned: the log is as long as it is against the longest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shares {
    empty: i64,
    read: i64,
    unread: i64,
}

fn shares(start: i64, committed: i64, end: i64, longest: i64) -> Shares {
    let longest = i128::from(longest.max(1));
    let part = |n: i64| i64::try_from(i128::from(n.max(0)) * 1000 / longest).unwrap_or(1000);
    let unread = part(end - committed.clamp(start, end));
    // Unread records are never invisible.
    let unread = if committed < end { unread.max(4) } else { 0 };
    let log = part(end - start).max(unread).max(8);
    Shares { empty: 1000 - log, read: log - unread, unread }
}

fn bar(partition: &GroupPartition, longest: i64) -> AnyView {
    let (start, end) = (partition.log_start_offset, partition.log_end_offset);
    let committed = partition.committed_offset.unwrap_or(start);
    let shares = shares(start, committed, end, longest);
    let severity = partition.lag.map(|lag| tone(lag.severity()));
    let class = match severity {
        Some(Tone::Warning) => "lag-unread is-warning",
        Some(Tone::Danger) => "lag-unread is-danger",
        _ => "lag-unread",
    };
    let width = |part: i64| format!("width:{}.{}%", part / 10, part % 10);
    let title = format!(
        "log {start} to {end}, committed {}",
        partition
            .committed_offset
            .map_or_else(|| "nothing".to_owned(), |offset| offset.to_string())
    );
    let mark = partition.committed_offset.map(|_| view! { <i class="lag-mark"></i> });
    view! {
        <span class="lag-bar" role="img" aria-label=title.clone() title=title>
            <i style=width(shares.empty)></i>
            <i class="lag-read" style=width(shares.read)></i>
            {mark}
            <i class=class style=width(shares.unread)></i>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fill_their_width_and_show_any_lag() {
        assert_eq!(shares(0, 500, 1000, 1000), Shares { empty: 0, read: 500, unread: 500 });
        assert_eq!(shares(0, 999_999, 1_000_000, 1_000_000).unread, 4);
        assert_eq!(shares(0, 1000, 1000, 2000), Shares { empty: 500, read: 500, unread: 0 });
        assert_eq!(shares(0, 0, 0, 0), Shares { empty: 992, read: 8, unread: 0 });
        let beyond = shares(10, 50, 20, 10);
        assert_eq!((beyond.unread, beyond.empty + beyond.read), (0, 1000));
    }
}
