//! One topic: its head and tabs. The tab below is a nested route, so the head stays while tabs change.

pub mod configuration;
pub mod consumers;
pub mod messages;
pub mod partitions;

use crate::api::topic::topic as read_topic;
use crate::components::lag::tone;
use crate::components::loaded::loaded;
use crate::format;
use crate::model::number::{Count, Rate};
use crate::model::topic::TopicHead;
use crate::routes::{self, TopicTab};
use crate::state::poll::poll;
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::badge::{Tone, badge, badge_with_title};
use crate::ui::button::{Weight, link_button};
use crate::ui::chart::spark::spark;
use crate::ui::copy::CopyButton;
use crate::ui::reactive::{reactive, settled};
use crate::ui::skeleton::strip_skeleton;
use crate::ui::stat::{Stat, strip};
use crate::ui::tabs::{Tab, tabs};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_params_map};

const REFRESH_MS: u64 = 2_000;

/// The topic that the URL names; for the tabs.
#[derive(Clone, Copy)]
pub struct TopicScope {
    pub topic: Memo<String>,
    pub head: Reading<TopicHead>,
}

/// Head, tabs, and the tab.
#[component]
pub fn TopicPage() -> impl IntoView {
    let scope = use_scope();
    let params = use_params_map();
    let topic = Memo::new(move |_| params.with(|map| map.get("topic").unwrap_or_default()));
    let head = Reading::new(move || (scope.cluster.get(), read_topic(topic.get())));
    provide_context(TopicScope { topic, head });
    poll(REFRESH_MS, move || head.again());
    view! {
        <Title text=move || topic.get() />
        <div class="page page-fill">
            <TitleRow topic=topic head=head />
            {loaded(head, || strip_skeleton(5), move |head| {
                figures(&scope.cluster.get_untracked(), &head)
            })}
            <TopicTabs topic=topic head=head />
            <Outlet />
        </div>
    }
}

#[component]
fn TitleRow(
    /// Its name.
    topic: Memo<String>,
    /// What is known about it.
    head: Reading<TopicHead>,
) -> impl IntoView {
    let scope = use_scope();
    let badges = settled(move || head.ok().map(|head| badges(&head)));
    let actions = reactive(move || {
        let (cluster, topic) = (scope.cluster.get(), topic.get());
        view! {
            {link_button(Weight::Ghost, routes::delete_topic(&cluster, &topic), "Delete…")}
            {link_button(Weight::Primary, routes::produce(&cluster, &topic, None), "Produce")}
        }
        .into_any()
    });
    view! {
        <header class="page-head">
            <h1 class="mono">{topic}</h1>
            <CopyButton text=topic what="the topic’s name" />
            {badges}
            <div class="page-actions">{actions}</div>
        </header>
    }
}

fn badges(head: &TopicHead) -> AnyView {
    let internal = head.is_internal.then(|| badge(Tone::Neutral, "internal"));
    let durability = head
        .durability
        .map(|durability| badge_with_title(Tone::Good, durability.name(), durability.promise()));
    view! { {internal} {durability} {badge(Tone::Neutral, retention(head))} }.into_any()
}

/// Cleanup and retention in human words: `delete after 7 d or 1 GB a partition`.
fn retention(head: &TopicHead) -> String {
    if !head.cleanup_policy.contains("delete") {
        return head.cleanup_policy.clone();
    }
    let time = head.retention_ms.and_then(|ms| u64::try_from(ms).ok()).map(format::long_duration);
    let size = head
        .retention_bytes
        .and_then(|bytes| u64::try_from(bytes).ok())
        .map(|bytes| format!("{} a partition", format::bytes(bytes).text()));
    match (time, size) {
        (Some(time), Some(size)) => format!("{} after {time} or {size}", head.cleanup_policy),
        (Some(limit), None) | (None, Some(limit)) => {
            format!("{} after {limit}", head.cleanup_policy)
        }
        (None, None) => "kept for ever".to_owned(),
    }
}

fn figures(cluster: &str, head: &TopicHead) -> AnyView {
    let truth = match head.messages {
        Count::Exact(_) => "exact",
        Count::AtMost(_) => "upper bound",
        Count::Unknown => "",
    };
    let mut stats = vec![Stat::new("Messages", format::count(head.messages), truth).titled(
        match head.messages {
            Count::AtMost(_) => {
                "distance of offsets; compaction and transaction markers leave gaps"
            }
            _ => "",
        },
    )];
    if let Some(size) = head.size_bytes {
        let shown = format::bytes(size);
        stats.push(
            Stat::new("Size on disk", shown.number, shown.unit).titled(format!("{size} bytes")),
        );
    }
    let rate = |label, rate: Rate| Stat::new(label, format::rate(rate), "msg/s");
    stats.extend(head.rate_in.map(|value| rate("In", value)));
    stats.extend(head.rate_out.map(|value| rate("Out", value)));
    stats.push(Stat::new("Partitions", format::integer(head.partitions_count.into()), {
        if head.replication_factor > 1 {
            format!("× {} replicas", head.replication_factor)
        } else {
            String::new()
        }
    }));
    if let Some(worst) = &head.worst_lag {
        let note = format::lag_note(worst.lag);
        let stat = Stat::new("Worst lag", format::integer(worst.lag.messages.into()), note)
            .toned(tone(worst.lag.severity()))
            .titled(format!("group {}", worst.group))
            .leading_to(routes::group(cluster, &worst.group));
        stats.push(stat);
    }
    let line = head.rate_history.as_ref().map(|series| spark(&series.values, "spark-strip"));
    strip(stats, line)
}

#[component]
fn TopicTabs(
    /// Its name.
    topic: Memo<String>,
    /// For the figures on the tabs.
    head: Reading<TopicHead>,
) -> impl IntoView {
    let scope = use_scope();
    let location = use_location();
    settled(move || {
        let (cluster, topic) = (scope.cluster.get(), topic.get());
        let path = location.pathname.get();
        let head = head.ok();
        let note = |of: fn(&TopicHead) -> String| head.as_ref().map(of).unwrap_or_default();
        let tab = |label, kind, note| {
            let href = routes::topic(&cluster, &topic, kind);
            Tab { label, is_current: path == href, href, note }
        };
        Some(tabs(
            "Topic",
            vec![
                tab("Messages", TopicTab::Messages, String::new()),
                tab(
                    "Partitions",
                    TopicTab::Partitions,
                    note(|head| format::integer(head.partitions_count.into())),
                ),
                tab(
                    "Consumers",
                    TopicTab::Consumers,
                    note(|head| format::integer(head.groups_count.into())),
                ),
                tab(
                    "Configuration",
                    TopicTab::Configuration,
                    note(|head| match head.configs_set_count {
                        0 => String::new(),
                        n => format!("{n} set"),
                    }),
                ),
            ],
        ))
    })
}
