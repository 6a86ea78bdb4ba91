//! Who is in the group, and what happened to it.

use crate::components::lag::{lag_messages, lag_time};
use crate::format;
use crate::model::group::{GroupDetail, GroupEvent, GroupEventKind, Member};
use crate::routes::{self, TopicTab};
use crate::state::prefs::use_zone;
use crate::time;
use crate::ui::empty::empty;
use crate::ui::pane::{pane, table_pane};
use crate::ui::table::{Head, table};
use leptos::prelude::*;

/// Members with their assignments.
#[must_use]
pub fn members(cluster: &str, group: &GroupDetail) -> AnyView {
    if group.members.is_empty() {
        let text = "No consumer is connected. The committed offsets stay until they expire.";
        return pane("Members", (), empty("No members", text, ().into_any()));
    }
    let rows = group.members.iter().map(|member| row(cluster, member)).collect_view();
    let columns = vec![
        Head::text("Client"),
        Head::text("Host"),
        Head::text("Assigned"),
        Head::number("Lag"),
        Head::number("Behind"),
        Head::text("Member id").classed("hide-narrow"),
    ];
    let note = format::plural(group.members.len() as u64, "member", "members");
    table_pane("Members", note, table("Members", columns, rows.into_any()))
}

fn row(cluster: &str, member: &Member) -> AnyView {
    let assignment = member.assignment.iter().map(|(topic, partitions)| {
        let href = routes::topic(cluster, topic, TopicTab::Partitions);
        let numbers: Vec<String> = partitions.iter().map(ToString::to_string).collect();
        let text = format!("{topic} {}", numbers.join(", "));
        view! { <a class="link mono" href=href>{text}</a> " " }
    });
    let assignment = assignment.collect_view();
    let is_idle = member.assignment.is_empty();
    let idle = is_idle.then(|| {
        view! { <span class="text-muted" title="more members than partitions, or a rebalance is under way">"nothing"</span> }
    });
    let instance = member
        .instance_id
        .clone()
        .map(|id| view! { <span class="text-muted" title="static member">" · "{id}</span> });
    view! {
        <tr>
            <td class="mono name">{member.client_id.clone()} {instance}</td>
            <td class="mono text-muted">{member.host.clone()}</td>
            <td>{assignment} {idle}</td>
            <td class="num mono">{lag_messages(member.lag)}</td>
            <td class="num">{lag_time(member.lag)}</td>
            <td class="mono text-muted hide-narrow">{member.member_id.clone()}</td>
        </tr>
    }
    .into_any()
}

/// Joins, rebalances and why; not shown where nobody can know.
#[must_use]
pub fn events(now_ms: i64, events: &[GroupEvent]) -> Option<AnyView> {
    if events.is_empty() {
        return None;
    }
    let zone = use_zone();
    let rows = events.iter().rev().map(|event| {
        let class = match event.kind {
            GroupEventKind::MemberRemoved => "event is-danger",
            GroupEventKind::Rebalance | GroupEventKind::MemberLeft => "event is-warning",
            GroupEventKind::MemberJoined
            | GroupEventKind::OffsetsEdited
            | GroupEventKind::Other => "event",
        };
        view! {
            <li class=class>
                <time class="mono" title=time::full(event.at_ms, &zone)>
                    {time::row_time(event.at_ms, now_ms, &zone)}
                </time>
                <div><b>{event.title.clone()}</b><p>{event.detail.clone()}</p></div>
            </li>
        }
    });
    let list = view! { <ol class="events">{rows.collect_view()}</ol> };
    Some(pane("What happened", "joins, rebalances, edits", list.into_any()))
}
