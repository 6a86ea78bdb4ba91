//! The top bar: cluster, breadcrumb, search, pulse, zone, theme.

use super::LiveState;
use super::crumbs::Crumbs;
use crate::format;
use crate::model::cluster::{Frame, Mode};
use crate::model::number::Rate;
use crate::model::topic::TopicsQuery;
use crate::prefs::Theme;
use crate::routes;
use crate::state::browser;
use crate::state::live::LiveStatus;
use crate::state::prefs::use_prefs;
use crate::state::scope::use_scope;
use crate::time::Zone;
use crate::ui::badge::category_class;
use crate::ui::chart::spark::spark;
use crate::ui::icon::{Icon, icon};
use crate::ui::menu::Menu;
use crate::ui::reactive::{reactive, settled, text};
use leptos::html;
use leptos::prelude::*;

/// The top bar.
#[component]
pub fn TopBar(
    /// The search palette that a press on the search box opens.
    palette: NodeRef<html::Dialog>,
) -> impl IntoView {
    let scope = use_scope();
    let cluster = settled(move || {
        Some(match scope.frame.get() {
            Some(Ok(frame)) => cluster_pill(&frame),
            _ => view! { <span class="cluster">{scope.cluster.get()}</span> }.into_any(),
        })
    });
    view! {
        <header class="top">
            {cluster}
            <Crumbs />
            <SearchBox palette=palette />
            <PulseFigure />
            <ZoneMenu />
            <ThemeButton />
        </header>
    }
}

fn cluster_pill(frame: &Frame) -> AnyView {
    let mode = match frame.mode {
        Mode::Embedded => "embedded",
        Mode::Attached => "attached",
    };
    let class = format!("cluster {}", category_class(frame.colour.into()));
    view! {
        <a class=class href=routes::overview(&frame.cluster) title=format!("{mode} cluster")>
            <i class="dot"></i>
            <b>{frame.cluster.clone()}</b>
            <span class="cluster-mode">{mode}</span>
        </a>
    }
    .into_any()
}

/// A form that filters topics; with JavaScript it opens the palette instead.
#[component]
fn SearchBox(
    /// The palette.
    palette: NodeRef<html::Dialog>,
) -> impl IntoView {
    let scope = use_scope();
    let action =
        move || scope.cluster.with(|cluster| routes::topics(cluster, &TopicsQuery::default()));
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        browser::open_dialog(palette);
    };
    view! {
        <form class="search" action=action method="get" role="search">
            {icon(Icon::Search)}
            <input
                name="q"
                type="search"
                placeholder="Search topics, groups, actions"
                aria-label="Search topics, groups, actions"
                autocomplete="off"
                on:mousedown=open
            />
            <kbd aria-hidden="true">"Ctrl K"</kbd>
        </form>
    }
}

/// Messages per second in the whole cluster.
#[component]
fn PulseFigure() -> impl IntoView {
    let scope = use_scope();
    let live: LiveState = expect_context();
    settled(move || {
        let frame = scope.frame.ok()?;
        let newest = frame.messages_in.last().map(Rate);
        let rate = live.pulse.get().map(|pulse| pulse.messages_in).or(newest)?;
        let line = spark(&frame.messages_in.values, "spark-pulse");
        let is_lost = live.status.get() == LiveStatus::Lost;
        let (class, title, unit) = if is_lost {
            ("pulse is-lost", "the live connection is lost; trying again", " msg/s · reconnecting")
        } else {
            ("pulse", "records written per second, whole cluster", " msg/s")
        };
        Some(
            view! {
                <span class=class title=title>
                    {line}
                    <span><b class="tabular">{format::rate(rate)}</b> {unit}</span>
                </span>
            }
            .into_any(),
        )
    })
}

/// UTC or the browser's own zone.
#[component]
fn ZoneMenu() -> impl IntoView {
    let prefs = use_prefs();
    let label = move || text(move || prefs.0.with(|prefs| short_label(&prefs.zone)));
    let is_utc = Memo::new(move |_| prefs.0.with(|prefs| prefs.zone.is_utc()));
    let set_local = move |_| prefs.update(|prefs| prefs.zone = browser::local_zone());
    let set_utc = move |_| prefs.update(|prefs| prefs.zone = Zone::default());
    view! {
        <div class="needs-js">
            <Menu label=label title="Time zone" is_at_end=true>
                <button
                    type="button"
                    class="menu-item"
                    aria-pressed=move || is_utc.get().to_string()
                    on:click=set_utc
                >
                    "UTC"
                </button>
                <button
                    type="button"
                    class="menu-item"
                    aria-pressed=move || (!is_utc.get()).to_string()
                    on:click=set_local
                >
                    "This browser’s zone"
                </button>
            </Menu>
        </div>
    }
}

fn short_label(zone: &Zone) -> String {
    let label = zone.label();
    label.rsplit('/').next().unwrap_or(label).replace('_', " ")
}

/// System, light, dark, round and round.
#[component]
fn ThemeButton() -> impl IntoView {
    let prefs = use_prefs();
    let theme = Memo::new(move |_| prefs.0.with(|prefs| prefs.theme));
    let label = move || format!("Theme: {}", theme.get().name());
    let shape = reactive(move || {
        icon(match theme.get() {
            Theme::System => Icon::Auto,
            Theme::Light => Icon::Sun,
            Theme::Dark => Icon::Moon,
        })
    });
    view! {
        <button
            type="button"
            class="btn btn-ghost btn-icon needs-js"
            title=label
            aria-label=label
            on:click=move |_| prefs.update(|prefs| prefs.theme = prefs.theme.next())
        >
            {shape}
        </button>
    }
}
