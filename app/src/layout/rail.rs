//! The rail at the left: nothing appears in it before it works.

use crate::format;
use crate::model::cluster::{Frame, Mode};
use crate::model::group::GroupsQuery;
use crate::model::topic::TopicsQuery;
use crate::routes;
use crate::state::prefs::use_prefs;
use crate::state::scope::use_scope;
use crate::ui::button::IconButton;
use crate::ui::icon::{Icon, brand_mark, icon};
use crate::ui::reactive::settled;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Overview,
    Topics,
    Groups,
    Cluster,
}

fn section_of(path: &str) -> Option<Section> {
    match path.split('/').filter(|part| !part.is_empty()).nth(1) {
        None => Some(Section::Overview),
        Some("topics" | "create-topic") => Some(Section::Topics),
        Some("groups") => Some(Section::Groups),
        Some("cluster") => Some(Section::Cluster),
        Some(_) => None,
    }
}

/// The rail.
#[component]
pub fn Rail() -> impl IntoView {
    let scope = use_scope();
    let location = use_location();
    let current = Memo::new(move |_| location.pathname.with(|path| section_of(path)));
    let prefs = use_prefs();
    let collapse = move || prefs.update(|prefs| prefs.is_rail_collapsed = !prefs.is_rail_collapsed);
    let count = move |of: fn(&Frame) -> u32| {
        settled(move || scope.frame.ok().map(|frame| format::integer(of(&frame).into()).into_any()))
    };
    let item = move |section: Section, shape: Icon, label: &'static str, note: AnyView| {
        let href = move || scope.cluster.with(|cluster| href(section, cluster));
        view! {
            <a
                class="rail-item"
                href=href
                title=label
                aria-current=move || (current.get() == Some(section)).then_some("page")
            >
                {icon(shape)}
                <span class="rail-label">{label}</span>
                <span class="rail-note">{note}</span>
            </a>
        }
    };
    let topics = count(|frame| frame.topics_count);
    let groups = count(|frame| frame.groups_count);
    let footer = settled(move || scope.frame.ok().map(|frame| footer(&frame)));
    view! {
        <aside class="rail">
            <a class="brand" href=move || scope.cluster.with(|cluster| routes::overview(cluster))>
                {brand_mark()}
                <span class="rail-label">"Freshet"</span>
            </a>
            <nav aria-label="Main">
                {item(Section::Overview, Icon::Overview, "Overview", ().into_any())}
                {item(Section::Topics, Icon::Topics, "Topics", topics)}
                {item(Section::Groups, Icon::Groups, "Groups", groups)}
                {item(Section::Cluster, Icon::Cluster, "Cluster", ().into_any())}
            </nav>
            <div class="rail-foot">
                {footer}
                <div class="needs-js">
                    <IconButton icon_shown=Icon::Rail label="Collapse or open the rail" on_press=collapse />
                </div>
            </div>
        </aside>
    }
}

fn href(section: Section, cluster: &str) -> String {
    match section {
        Section::Overview => routes::overview(cluster),
        Section::Topics => routes::topics(cluster, &TopicsQuery::default()),
        Section::Groups => routes::groups(cluster, &GroupsQuery::default()),
        Section::Cluster => routes::cluster(cluster),
    }
}

fn footer(frame: &Frame) -> AnyView {
    let mode = match (frame.mode, frame.durability) {
        (Mode::Embedded, Some(durability)) => {
            format!("embedded · durability {}", durability.name())
        }
        (Mode::Embedded, None) => "embedded".to_owned(),
        (Mode::Attached, _) => "attached cluster".to_owned(),
    };
    let size = frame.size_bytes.map(|size| format!("{} in ", format::bytes(size).text()));
    let topics = format::plural(frame.topics_count.into(), "topic", "topics");
    let uptime = frame.uptime_ms.map(|ms| format!(" · up {}", format::long_duration(ms)));
    view! {
        <p class="rail-label">
            {mode}<br />{size}{topics}{uptime}<br />{format!("Freshet {}", frame.version)}
        </p>
    }
    .into_any()
}
