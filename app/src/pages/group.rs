//! One group: how far behind, since when, who reads what.

pub mod charts;
pub mod members;
pub mod partitions;

use crate::api::group::{group, lag_history};
use crate::components::lag::tone;
use crate::components::loaded::loaded;
use crate::components::state::state_badge;
use crate::format;
use crate::model::group::{GroupDetail, Span};
use crate::routes::{self, Query, parse_span};
use crate::state::poll::poll;
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::badge::{Tone, badge};
use crate::ui::button::{Weight, link_button};
use crate::ui::copy::CopyButton;
use crate::ui::reactive::{reactive, settled};
use crate::ui::skeleton::{block, strip_skeleton, table_skeleton};
use crate::ui::stat::{Stat, strip};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};

const REFRESH_MS: u64 = 2_000;

/// The page.
#[component]
pub fn GroupPage() -> impl IntoView {
    let scope = use_scope();
    let params = use_params_map();
    let location = use_location();
    let name = Memo::new(move |_| params.with(|map| map.get("group").unwrap_or_default()));
    let span = Memo::new(move |_| location.search.with(|text| parse_span(&Query::parse(text))));
    let group = Reading::new(move || (scope.cluster.get(), group(name.get())));
    let history = Reading::new(move || (scope.cluster.get(), lag_history(name.get(), span.get())));
    poll(REFRESH_MS, move || {
        group.again();
        if matches!(span.get_untracked(), Span::Minutes15 | Span::Hour) {
            history.again();
        }
    });
    let actions = reactive(move || {
        let (cluster, name) = (scope.cluster.get(), name.get());
        view! {
            {link_button(Weight::Ghost, routes::delete_group(&cluster, &name), "Delete…")}
            {link_button(Weight::Secondary, routes::offsets(&cluster, &name, None, None), "Edit offsets…")}
        }
        .into_any()
    });
    let badges = settled(move || group.ok().map(|group| badges(&group)));
    view! {
        <Title text=move || name.get() />
        <div class="page">
            <header class="page-head">
                <h1 class="mono">{name}</h1>
                <CopyButton text=name what="the group’s name" />
                {badges}
                <div class="page-actions">{actions}</div>
            </header>
            {loaded(group, || strip_skeleton(6), |group| figures(&group))}
            {loaded(
                history,
                || block("h-64"),
                move |history| {
                    let events = members::events(history.now_ms, &history.events);
                    charts::charts(
                        &scope.cluster.get_untracked(),
                        &name.get_untracked(),
                        history,
                        events,
                    )
                },
            )}
            {loaded(
                group,
                || table_skeleton(8, 6),
                move |group| {
                    let cluster = scope.cluster.get_untracked();
                    view! {
                        <div class="stack">
                            {partitions::topics(&cluster, &group)} {members::members(&cluster, &group)}
                        </div>
                    }
                        .into_any()
                },
            )}
        </div>
    }
}

fn badges(group: &GroupDetail) -> AnyView {
    let protocol = match (group.protocol_type.as_str(), group.protocol.as_str()) {
        ("", "") => None,
        (kind, "") => Some(kind.to_owned()),
        (kind, protocol) => Some(format!("{kind} · {protocol}")),
    };
    let protocol = protocol.map(|text| badge(Tone::Neutral, text));
    view! { {state_badge(group.state)} {protocol} }.into_any()
}

fn figures(group: &GroupDetail) -> AnyView {
    let mut stats = Vec::new();
    match group.lag {
        Some(lag) => {
            let arrow = format::trend_arrow(lag.trend);
            let stat =
                Stat::new("Lag", format::integer(lag.messages.into()), format!("messages {arrow}"));
            stats.push(stat.toned(tone(lag.severity())).titled(lag.messages.to_string()));
            if let Some(ms) = lag.time_ms {
                let shown = format::duration(ms);
                let worst = group.worst.as_ref().map_or_else(String::new, |(_, partition)| {
                    format!(", worst partition {partition}")
                });
                let stat = Stat::new("Behind", shown.number, format!("{}{worst}", shown.unit));
                stats.push(stat.toned(tone(lag.severity())));
            }
        }
        None => stats.push(Stat::new("Lag", "–", "nothing committed")),
    }
    stats.extend(group.consume_rate.map(|rate| Stat::new("Reads", format::rate(rate), "msg/s")));
    stats.extend(group.produce_rate.map(|rate| Stat::new("Writes", format::rate(rate), "msg/s")));
    if group.lag.is_some_and(|lag| lag.messages > 0) {
        let text = match group.caught_up_in_ms {
            Some(ms) => format!("≈ {}", format::long_duration(ms)),
            None => "not catching up".to_owned(),
        };
        let tone = if group.caught_up_in_ms.is_none() { Tone::Warning } else { Tone::Neutral };
        stats.push(Stat::new("Caught up in", text, "").toned(tone));
    }
    stats.push(Stat::new("Members", format::integer(group.members.len() as i128), ""));
    let topics = group.topics.len() as i128;
    stats.push(Stat::new("Topics", format::integer(topics), ""));
    if let Some(coordinator) = group.coordinator {
        stats.push(Stat::new("Coordinator", coordinator.to_string(), "broker"));
    }
    strip(stats, None)
}
