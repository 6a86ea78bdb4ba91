//! Overview: is it well, what moves, who is behind, who is connected.

pub mod connections;
pub mod figures;

use crate::api::cluster::overview;
use crate::api::demo::{StartDemo, StopDemo};
use crate::components::connect::ConnectPanel;
use crate::components::groups::group_cells;
use crate::components::loaded::{loaded, posting_error};
use crate::format;
use crate::model::group::GroupsQuery;
use crate::model::number::Rate;
use crate::model::overview::{BusyTopic, DemoState, Overview, Problem, Throughput};
use crate::routes::{self, TopicTab};
use crate::state::poll::poll;
use crate::state::post_form::{PostForm, Posting};
use crate::state::prefs::use_zone;
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::badge::{Tone, badge};
use crate::ui::button::{Weight, link_button, submit};
use crate::ui::chart::spark::spark;
use crate::ui::chart::time::{Layer, Style, TimeChart, time_chart};
use crate::ui::empty::empty;
use crate::ui::field::hidden;
use crate::ui::pane::{legend, pane, table_pane};
use crate::ui::skeleton::{block, strip_skeleton};
use crate::ui::table::{Head, row_link, table};
use leptos::prelude::*;
use leptos_meta::Title;

const REFRESH_MS: u64 = 2_000;

/// The first page.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let scope = use_scope();
    let overview = Reading::new(move || (scope.cluster.get(), overview()));
    poll(REFRESH_MS, move || overview.again());
    let (start, stop) = (Posting::of::<StartDemo>(), Posting::of::<StopDemo>());
    view! {
        <Title text="Overview" />
        <div class="page">
            {posting_error(start)} {posting_error(stop)}
            {loaded(
                overview,
                skeleton,
                move |overview| {
                    let cluster = scope.cluster.get_untracked();
                    let demo = overview
                        .demo
                        .clone()
                        .map(|demo| demo_button(&cluster, &demo, start, stop));
                    filled(&cluster, overview, demo)
                },
            )}
        </div>
    }
}

fn skeleton() -> AnyView {
    view! {
        <header class="page-head"><h1>"Overview"</h1></header>
        {strip_skeleton(6)}
        <div class="grid-overview">
            {block("h-56")} {block("h-56")} {block("h-56")} {block("h-56")}
        </div>
    }
    .into_any()
}

fn demo_button(cluster: &str, demo: &DemoState, start: Posting, stop: Posting) -> AnyView {
    let cluster = cluster.to_owned();
    if demo.is_running {
        view! {
            <PostForm posting=stop>
                {hidden("cluster", cluster)} {submit(Weight::Secondary, "Stop demo")}
            </PostForm>
        }
        .into_any()
    } else {
        view! {
            <PostForm posting=start>
                {hidden("cluster", cluster)} {submit(Weight::Secondary, "Start demo")}
            </PostForm>
        }
        .into_any()
    }
}

fn filled(cluster: &str, overview: Overview, demo: Option<AnyView>) -> AnyView {
    let health = match overview.problems.first() {
        None => badge(Tone::Good, "Healthy"),
        Some(_) => badge(
            Tone::Warning,
            format::plural(overview.problems.len() as u64, "problem", "problems"),
        ),
    };
    let figures = figures::figures(cluster, &overview);
    let throughput = throughput(&overview.throughput);
    let groups = groups(cluster, &overview);
    let busy = busy_topics(cluster, &overview.busy_topics);
    let connections = connections::connections(&overview);
    let connect = view! { <ConnectPanel bootstrap=overview.bootstrap topic="hello".to_owned() /> };
    view! {
        <header class="page-head">
            <h1>"Overview"</h1>
            {health}
            <div class="page-actions">
                {demo} {link_button(Weight::Primary, routes::create_topic(cluster), "Create topic")}
            </div>
        </header>
        {problems(overview.problems)}
        {figures}
        <div class="grid-overview">
            {throughput} {pane("Connect a client", (), connect.into_any())} {groups} {busy}
            <div class="span-all">{connections}</div>
        </div>
    }
    .into_any()
}

fn problems(problems: Vec<Problem>) -> AnyView {
    let problems = problems.into_iter().map(|problem| {
        let tone = crate::components::lag::tone(problem.severity);
        let class = match tone {
            Tone::Danger => "alert alert-danger",
            _ => "alert alert-warning",
        };
        view! { <p class=class><span><b>{problem.title}</b> " " {problem.remedy}</span></p> }
    });
    problems.collect_view().into_any()
}

fn throughput(throughput: &Throughput) -> AnyView {
    let layer = |label: &str, class, values: &[Option<u64>]| Layer {
        label: label.to_owned(),
        class,
        values: values.to_vec(),
    };
    let mut layers = Vec::new();
    let mut entries = vec![("c0", "in".to_owned())];
    if let Some(out) = &throughput.messages_out {
        layers.push(layer("out", "c1", &out.values));
        entries.push(("c1", "out".to_owned()));
    }
    layers.push(layer("in", "c0", &throughput.messages_in.values));
    let chart = TimeChart {
        label: "Records per second, in and out".to_owned(),
        start_ms: throughput.messages_in.start_ms,
        step_ms: throughput.messages_in.step_ms,
        layers,
        style: Style::Areas,
        marks: Vec::new(),
        write: |milli| format::short(milli / 1000),
        write_exact: |milli| format::rate(Rate(milli)),
    };
    let note = view! { {legend(entries)} <span>"messages per second"</span> };
    pane("Throughput", note, time_chart(chart, "chart-m", &use_zone()))
}

fn groups(cluster: &str, overview: &Overview) -> AnyView {
    let all = routes::groups(cluster, &GroupsQuery::default());
    let note = view! { <a class="link" href=all>"All groups"</a> };
    if overview.groups.is_empty() {
        let text = "A group appears here as soon as a consumer joins one or commits an offset.";
        return pane("Groups", note, empty("No groups yet", text, ().into_any()));
    }
    let rows = overview.groups.iter().map(|row| view! { <tr>{group_cells(cluster, row)}</tr> });
    let columns = vec![
        Head::text("Group"),
        Head::text("Partitions"),
        Head::number("Lag"),
        Head::number("Behind"),
        Head::text("1 h"),
    ];
    table_pane(
        "Groups",
        note,
        table("Groups, worst first", columns, rows.collect_view().into_any()),
    )
}

fn busy_topics(cluster: &str, topics: &[BusyTopic]) -> AnyView {
    if topics.is_empty() {
        let text = "Nothing is being written right now. Connect a client or start the demo.";
        return pane("Busiest topics", (), empty("It is quiet", text, ().into_any()));
    }
    let rows = topics.iter().map(|topic| {
        let href = routes::topic(cluster, &topic.name, TopicTab::Messages);
        let size = topic.size_bytes.map(|size| format::bytes(size).text());
        view! {
            <tr>
                <td class="mono name">{row_link(href, topic.name.clone())}</td>
                <td>{spark(&topic.history.values, "spark-row")}</td>
                <td class="num mono">{format::rate(topic.rate_in)} " /s"</td>
                <td class="num mono text-muted">{size}</td>
            </tr>
        }
    });
    let columns =
        vec![Head::text("Topic"), Head::text("15 min"), Head::number("Rate"), Head::number("Size")];
    table_pane(
        "Busiest topics",
        "written",
        table("Busiest topics", columns, rows.collect_view().into_any()),
    )
}
