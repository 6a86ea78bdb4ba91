//! Cluster: brokers, listeners, data directories, configuration, protocol.

use crate::api::cluster::cluster_detail;
use crate::components::config_table::{config_row, is_set};
use crate::components::loaded::loaded;
use crate::format;
use crate::model::cluster::{ApiVersions, Broker, ClusterDetail, Listener, LogDir, Mode};
use crate::model::config::ConfigEntry;
use crate::routes::{self, TopicTab};
use crate::state::prefs::use_zone;
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::time;
use crate::ui::badge::{Tone, badge, badge_with_title};
use crate::ui::chart::bars::share_bar;
use crate::ui::pane::table_pane;
use crate::ui::skeleton::{block, strip_skeleton};
use crate::ui::stat::{Stat, strip};
use crate::ui::table::{Head, table};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn ClusterPage() -> impl IntoView {
    let scope = use_scope();
    let detail = Reading::new(move || (scope.cluster.get(), cluster_detail()));
    let skeleton = || view! { {strip_skeleton(5)} {block("h-56")} {block("h-56")} }.into_any();
    view! {
        <Title text="Cluster" />
        <div class="page">
            <header class="page-head"><h1>"Cluster"</h1></header>
            {loaded(detail, skeleton, move |detail| filled(&scope.cluster.get_untracked(), detail))}
        </div>
    }
}

fn filled(cluster: &str, detail: ClusterDetail) -> AnyView {
    let mode = match detail.mode {
        Mode::Embedded => "embedded",
        Mode::Attached => "attached",
    };
    let started = detail.started_ms.map(|ms| time::full(ms, &use_zone())).unwrap_or_default();
    let mut stats = vec![
        Stat::new("Brokers", format::integer(detail.brokers.len() as i128), ""),
        Stat::new("Software", detail.broker_software.clone(), ""),
        Stat::new("Freshet", detail.version.clone(), mode),
        Stat::new("Cluster id", detail.cluster_id.clone(), ""),
    ];
    if let Some(ms) = detail.started_ms {
        let up = u64::try_from(detail.now_ms - ms).unwrap_or(0);
        stats.push(
            Stat::new("Up", format::long_duration(up), "").titled(format!("since {started}")),
        );
    }
    view! {
        {strip(stats, None)}
        <div class="stack">
            {brokers(&detail.brokers)} {listeners(&detail.listeners)}
            {log_dirs(cluster, &detail.log_dirs)} {configs(&detail.configs)} {apis(&detail.apis)}
        </div>
    }
    .into_any()
}

fn brokers(brokers: &[Broker]) -> AnyView {
    let rows = brokers.iter().map(|broker| {
        let controller = broker.is_controller.then(|| badge(Tone::Accent, "controller"));
        view! {
            <tr>
                <td class="mono name">{broker.id} " " {controller}</td>
                <td class="mono">{format!("{}:{}", broker.host, broker.port)}</td>
                <td class="text-muted">{broker.rack.clone().unwrap_or_else(|| "–".to_owned())}</td>
                <td class="num mono">{format::integer(broker.leaders_count.into())}</td>
                <td class="num mono">{format::integer(broker.replicas_count.into())}</td>
                <td class="num mono">{broker.size_bytes.map(|size| format::bytes(size).text())}</td>
            </tr>
        }
    });
    let columns = vec![
        Head::text("Broker"),
        Head::text("Address"),
        Head::text("Rack"),
        Head::number("Leads"),
        Head::number("Replicas"),
        Head::number("Size"),
    ];
    table_pane("Brokers", (), table("Brokers", columns, rows.collect_view().into_any()))
}

fn listeners(listeners: &[Listener]) -> AnyView {
    let rows = listeners.iter().map(|listener| {
        view! {
            <tr>
                <td class="mono name">{listener.name.clone()}</td>
                <td class="mono">{listener.advertised.clone()}</td>
                <td class="mono text-muted">{listener.bound.clone().unwrap_or_else(|| "–".to_owned())}</td>
                <td class="text-muted">{listener.security.clone()}</td>
            </tr>
        }
    });
    let columns = vec![
        Head::text("Listener"),
        Head::text("Clients connect to"),
        Head::text("Bound to"),
        Head::text("Security"),
    ];
    table_pane("Listeners", (), table("Listeners", columns, rows.collect_view().into_any()))
}

fn log_dirs(cluster: &str, dirs: &[LogDir]) -> AnyView {
    let rows = dirs.iter().map(|dir| {
        let state = match &dir.problem {
            None => badge(Tone::Good, "healthy"),
            Some(problem) => badge_with_title(Tone::Danger, "offline", problem.clone()),
        };
        let disk = dir.total_bytes.zip(dir.usable_bytes).map(|(total, usable)| {
            let used = total.saturating_sub(usable);
            let permille = u16::try_from(u128::from(used) * 1000 / u128::from(total.max(1)));
            let text = format!("{} free of {}", format::bytes(usable).text(), format::bytes(total).text());
            view! { <span class="share-cell">{share_bar(permille.unwrap_or(1000), "c0")} {text}</span> }
        });
        let largest = dir.partitions.iter().take(3).map(|entry| {
            let href = routes::topic(cluster, &entry.topic, TopicTab::Partitions);
            let text = format!("{}-{}", entry.topic, entry.partition);
            view! { <a class="link mono" href=href title=format::bytes(entry.size_bytes).text()>{text}</a> " " }
        });
        view! {
            <tr>
                <td class="num mono">{dir.broker}</td>
                <td class="mono name">{dir.path.clone()}</td>
                <td>{state}</td>
                <td class="num mono" title=format!("{} bytes", dir.size_bytes)>
                    {format::bytes(dir.size_bytes).text()}
                </td>
                <td class="num mono">{format::integer(dir.partitions_count.into())}</td>
                <td class="text-muted">{disk}</td>
                <td class="hide-narrow">{largest.collect_view()}</td>
            </tr>
        }
    });
    let columns = vec![
        Head::number("Broker"),
        Head::text("Directory"),
        Head::text("State"),
        Head::number("Size"),
        Head::number("Partitions"),
        Head::text("Disk"),
        Head::text("Largest").classed("hide-narrow"),
    ];
    table_pane(
        "Data directories",
        (),
        table("Data directories", columns, rows.collect_view().into_any()),
    )
}

fn configs(entries: &[ConfigEntry]) -> AnyView {
    let mut entries: Vec<&ConfigEntry> = entries.iter().collect();
    entries.sort_by(|a, b| is_set(b).cmp(&is_set(a)).then_with(|| a.name.cmp(&b.name)));
    let rows: Vec<AnyView> = entries.iter().map(|entry| config_row(entry, ().into_any())).collect();
    view! {
        <details class="disclosure pane">
            <summary>{format!("Broker configuration ({} entries, read-only here)", rows.len())}</summary>
            <ul class="configs">{rows}</ul>
        </details>
    }
    .into_any()
}

fn apis(apis: &[ApiVersions]) -> AnyView {
    let rows = apis.iter().map(|api| {
        view! {
            <tr>
                <td class="num mono">{api.key}</td>
                <td class="mono name">{api.name.clone()}</td>
                <td class="mono">{format!("{} – {}", api.min, api.max)}</td>
            </tr>
        }
    });
    let columns = vec![Head::number("Key"), Head::text("API"), Head::text("Versions")];
    let rows = rows.collect_view().into_any();
    view! {
        <details class="disclosure pane">
            <summary>{format!("Kafka APIs served ({})", apis.len())}</summary>
            {table("Kafka APIs", columns, rows)}
        </details>
    }
    .into_any()
}
