//! One line: where from, which partitions, what to search, columns, export; what is active reads as chips.

use super::TabScope;
use crate::model::message::{ExportFormat, SearchIn, Start};
use crate::prefs::Column;
use crate::routes::{self, MessagesView, Query};
use crate::state::get_form::GetForm;
use crate::state::prefs::{use_prefs, use_zone};
use crate::time;
use crate::ui::badge::chip;
use crate::ui::button::{Weight, submit};
use crate::ui::field::{TextField, select, text_field};
use crate::ui::icon::{Icon, icon};
use crate::ui::menu::Menu;
use crate::ui::reactive::reactive;
use crate::ui::tabs::segments;
use leptos::prelude::*;

/// The toolbar.
#[component]
pub fn Toolbar(
    /// The tab's state.
    tab: TabScope,
) -> impl IntoView {
    view! {
        <div class="toolbar toolbar-messages">
            {reactive(move || starts(tab))} {reactive(move || chips(tab))} <SearchForm tab=tab /> <span class="grow"></span>
            <RangeMenu tab=tab /> <ColumnsMenu /> {reactive(move || export(tab))}
        </div>
    }
}

fn starts(tab: TabScope) -> AnyView {
    let view = tab.view.get();
    let start = view.query.start;
    let choice = |label: &str, wanted: MessagesView, is_current: bool| {
        (label.to_owned(), tab.href(&wanted), is_current)
    };
    segments(
        "Start",
        vec![
            choice("Live", view.live(), view.is_live),
            choice("Newest", view.starting(Start::Newest), start == Start::Newest && !view.is_live),
            choice("Oldest", view.starting(Start::Oldest), start == Start::Oldest),
        ],
    )
}

fn chips(tab: TabScope) -> AnyView {
    let view = tab.view.get();
    let zone = use_zone();
    let mut chips = Vec::new();
    let newest = || view.starting(Start::Newest);
    match view.query.start {
        Start::Newest | Start::Oldest => {}
        Start::Offset(offset) => {
            chips.push(chip(format!("from offset {offset}"), tab.href(&newest()), "the offset"));
        }
        Start::Time(ms) => {
            let text = format!("from {}", time::full(ms, &zone));
            chips.push(chip(text, tab.href(&newest()), "the time"));
        }
        Start::Range { from_ms, to_ms } => {
            let text = format!("{} – {}", time::full(from_ms, &zone), time::full(to_ms, &zone));
            chips.push(chip(text, tab.href(&newest()), "the time range"));
        }
    }
    if !view.query.partitions.is_empty() {
        let numbers: Vec<String> = view.query.partitions.iter().map(ToString::to_string).collect();
        let mut without = view.from_the_beginning();
        without.query.partitions.clear();
        let text = format!("partition {}", numbers.join(", "));
        chips.push(chip(text, tab.href(&without), "the partitions"));
    }
    if !view.query.search.is_empty() {
        let mut without = view.from_the_beginning();
        without.query.search.clear();
        let place = match view.query.search_in {
            SearchIn::Everywhere => "",
            SearchIn::Key => "key ",
            SearchIn::Value => "value ",
            SearchIn::Headers => "headers ",
        };
        let text = format!("{place}contains “{}”", view.query.search);
        chips.push(chip(text, tab.href(&without), "the search"));
    }
    chips.into_iter().collect_view().into_any()
}

/// The address of what a form says; what can't be read stays in the URL, where the page names it.
fn href_of(tab: TabScope, query: &Query) -> String {
    let zone = use_prefs().0.with_untracked(|prefs| prefs.zone.clone());
    let view = MessagesView::parse(query, &zone);
    if view.problem.is_some() {
        let path = tab.href(&MessagesView { is_live: true, ..MessagesView::default() });
        return format!("{path}{}", query.to_text());
    }
    tab.href(&view)
}

/// What a form must carry along so that it only changes its own part.
fn carried(view: &MessagesView, without: &[&str]) -> AnyView {
    let query = Query::parse(&view.opening(None).from_the_beginning().to_text());
    let names = ["start", "offset", "time", "to", "p", "q", "in", "n", "view"];
    let fields = names.into_iter().filter(|name| !without.contains(name)).filter_map(|name| {
        let value = query.get(name)?.to_owned();
        Some(view! { <input type="hidden" name=name value=value /> })
    });
    fields.collect_view().into_any()
}

#[component]
fn SearchForm(
    /// The tab's state.
    tab: TabScope,
) -> impl IntoView {
    let fields = reactive(move || {
        let view = tab.view.get();
        let places = [
            ("", "everywhere", SearchIn::Everywhere),
            ("key", "key", SearchIn::Key),
            ("value", "value", SearchIn::Value),
            ("headers", "headers", SearchIn::Headers),
        ];
        let places = places.map(|(value, label, place)| {
            view! { <option value=value selected=view.query.search_in == place>{label}</option> }
        });
        // A search looks through what there is; live mode is chosen again by its button.
        let without: &[&str] = if view.is_live { &["q", "in", "start"] } else { &["q", "in"] };
        view! {
            {carried(&view, without)}
            <input
                class="input"
                type="search"
                name="q"
                placeholder="Search key, value, headers"
                aria-label="Search messages"
                autocomplete="off"
                value=view.query.search
            />
            <select class="input input-small" name="in" aria-label="Search in">{places.collect_view()}</select>
            <button type="submit" class="btn btn-icon" aria-label="Search" title="Search">
                {icon(Icon::Search)}
            </button>
        }
        .into_any()
    });
    view! { <GetForm href_of=move |query| href_of(tab, query)><div class="form-row">{fields}</div></GetForm> }
}

#[component]
fn RangeMenu(
    /// The tab's state.
    tab: TabScope,
) -> impl IntoView {
    let prefs = use_prefs();
    let fields = reactive(move || {
        let view = tab.view.get();
        let zone = prefs.0.with(|prefs| prefs.zone.clone());
        let (kind, offset, from, to) = match view.query.start {
            Start::Offset(offset) => ("offset", offset.to_string(), None, None),
            Start::Time(from_ms) => ("time", String::new(), Some(from_ms), None),
            Start::Range { from_ms, to_ms } => ("time", String::new(), Some(from_ms), Some(to_ms)),
            Start::Newest => ("newest", String::new(), None, None),
            Start::Oldest => ("oldest", String::new(), None, None),
        };
        let starts = [
            ("newest", "newest"),
            ("oldest", "oldest"),
            ("offset", "from an offset"),
            ("time", "from a time, or between two"),
        ];
        let starts =
            starts.map(|(value, label)| (value.to_owned(), label.to_owned(), value == kind));
        let field = |name, label, kind, value| {
            text_field(TextField { name, label, kind, value, ..TextField::default() })
        };
        let moment = |ms: Option<i64>| ms.map(|ms| time::field(ms, &zone)).unwrap_or_default();
        let partitions: Vec<String> =
            view.query.partitions.iter().map(ToString::to_string).collect();
        view! {
            {carried(&view, &["start", "offset", "time", "to", "p", "n"])}
            <div class="field"><label for="start">"Start"</label>{select("start", starts.to_vec())}</div>
            {field("offset", "Offset", "number", offset)}
            <div class="form-pair">
                {field("time", "From", "datetime-local", moment(from))}
                {field("to", "Until", "datetime-local", moment(to))}
            </div>
            <p class="field-hint">{format!("Times in {}", zone.label())}</p>
            {text_field(TextField {
                name: "p",
                label: "Partitions",
                value: partitions.join(","),
                placeholder: "all, or 0,2,5".to_owned(),
                ..TextField::default()
            })}
            {field("n", "How many", "number", view.query.limit.to_string())}
            {submit(Weight::Primary, "Show")}
        }
        .into_any()
    });
    view! {
        <Menu label=|| "From…" title="Choose where reading starts and which partitions" is_at_end=true>
            <GetForm href_of=move |query| href_of(tab, query)>
                <div class="form menu-form">{fields}</div>
            </GetForm>
        </Menu>
    }
}

#[component]
fn ColumnsMenu() -> impl IntoView {
    let prefs = use_prefs();
    let boxes = reactive(move || {
        let columns = prefs.0.with(|prefs| prefs.columns);
        let boxes = Column::ALL.into_iter().map(|column| {
            let toggle =
                move |_| prefs.update(|prefs| prefs.columns = prefs.columns.toggled(column));
            view! {
                <label class="check menu-item">
                    <input type="checkbox" prop:checked=columns.has(column) on:change=toggle />
                    {column.label()}
                </label>
            }
        });
        boxes.collect_view().into_any()
    });
    view! {
        <div class="needs-js">
            <Menu label=|| "Columns" title="Choose columns" is_at_end=true>{boxes}</Menu>
        </div>
    }
}

fn export(tab: TabScope) -> AnyView {
    let view = tab.view.get();
    let (cluster, topic) = (tab.cluster.get(), tab.topic.get());
    let links = [ExportFormat::Json, ExportFormat::Ndjson, ExportFormat::Csv].map(|format| {
        let href = routes::export(&cluster, &topic, &view, &[], format);
        let label = format.name().to_uppercase();
        view! { <a class="menu-item" href=href download rel="external">{label}</a> }
    });
    view! {
        <Menu label=|| "Export" title="Download these messages, whole" is_at_end=true>
            {links.collect_view()}
        </Menu>
    }
    .into_any()
}
