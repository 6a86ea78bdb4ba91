//! The table of messages: a window onto the rows that the browser holds.

use super::TabScope;
use super::feed::Feed;
use super::follow::{Following, follow};
use super::search::{Phase, SearchBar, Searching};
use crate::api::ask;
use crate::api::message::messages;
use crate::components::payload::preview;
use crate::format;
use crate::model::message::{MessageRow, MessagesPage, MessagesQuery, Start};
use crate::model::record::RecordId;
use crate::prefs::{Column, Columns};
use crate::routes::MessagesView;
use crate::state::prefs::use_prefs;
use crate::time::{self, Zone};
use crate::ui::badge::tick;
use crate::ui::reactive::{maybe, reactive, text};
use crate::ui::table::{Head, head};
use crate::ui::window::Window;
use leptos::prelude::*;

/// Height of one row.
const ROW_PX: i32 = 26;

/// The table, with what follows, searches or continues it.
#[component]
pub fn MessageTable(
    /// The tab's state.
    tab: TabScope,
    /// What the rows were read for.
    view: MessagesView,
    /// The first answer.
    page: MessagesPage,
    /// Shown instead of rows while the topic is empty.
    #[prop(into)]
    first_steps: Option<ViewFn>,
) -> impl IntoView {
    let now_ms = page.now_ms;
    let is_search = !view.query.search.is_empty();
    let searching = Searching::new(page.scanned, page.next.is_none());
    let next = RwSignal::new(page.next.clone());
    let feed = RwSignal::new(Feed::new(page.rows));
    let window = Window::new(ROW_PX);
    let following = Following::start();
    if view.is_live {
        follow(tab, view.clone(), feed, following, window);
    } else if is_search {
        search_on(tab, view.query.clone(), page.next, searching, feed);
    }
    let found = Signal::derive(move || feed.with(Feed::row_count));
    let search_bar = is_search.then(|| view! { <SearchBar searching=searching found=found /> });
    let live_bar = view
        .is_live
        .then(|| view! { <super::live_bar::LiveBar tab=tab following=following window=window /> });
    let more = (!view.is_live && !is_search).then(|| more(tab, view.query.clone(), next, feed));
    let is_empty = Memo::new(move |_| feed.with(Feed::row_count) == 0);
    let waiting =
        maybe(move || if is_empty.get() { first_steps.as_ref().map(ViewFn::run) } else { None });
    view! {
        {search_bar}
        {live_bar}
        <div
            class="scroller scroller-messages"
            node_ref=window.node
            on:scroll=move |_| {
                window.measure();
                following.scrolled(window);
            }
        >
            <Rows tab=tab feed=feed window=window now_ms=now_ms is_live=view.is_live />
            {waiting}
            {more}
        </div>
    }
}

/// Goes on searching where the first page stopped; ends with the table.
fn search_on(
    tab: TabScope,
    query: MessagesQuery,
    next: Option<String>,
    searching: Searching,
    feed: RwSignal<Feed>,
) {
    Effect::new(move |_| {
        if let Some(cursor) = next.clone() {
            searching.start(tab, MessagesQuery { cursor: Some(cursor), ..query.clone() }, feed);
            on_cleanup(move || searching.end(Phase::Stopped(None)));
        }
    });
}

/// The next page: a link without JavaScript, in place with it.
fn more(
    tab: TabScope,
    query: MessagesQuery,
    next: RwSignal<Option<String>>,
    feed: RwSignal<Feed>,
) -> AnyView {
    let is_reading = RwSignal::new(false);
    let label = if query.start == Start::Newest { "Older" } else { "Further" };
    maybe(move || {
        let cursor = next.get()?;
        let query = MessagesQuery { cursor: Some(cursor), ..query.clone() };
        let mut view = tab.view.get_untracked();
        view.query = query.clone();
        view.is_live = false;
        let read = move |event: web_sys::MouseEvent| {
            event.prevent_default();
            if is_reading.get_untracked() {
                return;
            }
            is_reading.set(true);
            let query = MessagesQuery { limit: 200, ..query.clone() };
            let answer =
                ask(tab.cluster.get_untracked(), messages(tab.topic.get_untracked(), query));
            leptos::task::spawn_local(async move {
                let answer = answer.await;
                is_reading.try_update(|reading| *reading = false);
                if let Ok(page) = answer
                    && feed.try_update(|feed| feed.append(page.rows)) == Some(true)
                {
                    next.set(page.next);
                }
            });
        };
        let text = text(move || if is_reading.get() { "Reading …" } else { label }.to_owned());
        Some(
            view! {
                <p class="pager"><a class="btn" href=tab.href(&view) on:click=read>{text}</a></p>
            }
            .into_any(),
        )
    })
}

/// What every row needs to draw itself.
struct Look {
    zone: Zone,
    columns: Columns,
    now_ms: i64,
    view: MessagesView,
    base: String,
}

#[component]
fn Rows(
    /// The tab's state.
    tab: TabScope,
    /// The rows.
    feed: RwSignal<Feed>,
    /// The window onto them.
    window: Window,
    /// When the page was made.
    now_ms: i64,
    /// Rows may keep coming, so their number is not known.
    is_live: bool,
) -> impl IntoView {
    let prefs = use_prefs();
    let columns = Memo::new(move |_| prefs.0.with(|prefs| prefs.columns));
    let body = reactive(move || {
        let look = Look {
            zone: prefs.0.with(|prefs| prefs.zone.clone()),
            columns: columns.get(),
            now_ms,
            view: tab.view.get(),
            base: crate::routes::topic(
                &tab.cluster.get_untracked(),
                &tab.topic.get_untracked(),
                crate::routes::TopicTab::Messages,
            ),
        };
        let width = heads(look.columns).len();
        feed.with(|feed| {
            let total = feed.row_count();
            let range = window.visible.get().range(total);
            let (above, below) = (range.start, total - range.end);
            let rows = range.filter_map(|at| feed.get(at).map(|message| row(&look, at, message)));
            view! { {window.spacer(above, width)} {rows.collect_view()} {window.spacer(below, width)} }
                .into_any()
        })
    });
    let row_count = move || if is_live { -1 } else { i64::from(feed.with(Feed::row_count)) + 1 };
    view! {
        <table class="table table-messages" aria-label="Messages" aria-rowcount=move || row_count().to_string()>
            {reactive(move || head(heads(columns.get())))} <tbody>{body}</tbody>
        </table>
    }
}

fn heads(columns: Columns) -> Vec<Head> {
    let mut heads = Vec::with_capacity(Column::ALL.len() + 1);
    for column in Column::ALL.into_iter().filter(|column| columns.has(*column)) {
        let head = match column {
            Column::Offset | Column::Size | Column::Headers => Head::number(column.label()),
            Column::Time | Column::Partition | Column::Key => Head::text(column.label()),
        };
        if matches!(column, Column::Headers | Column::Size)
            && heads.iter().all(|h: &Head| h.label != "Value")
        {
            heads.push(Head::text("Value").classed("is-wide"));
        }
        heads.push(head);
    }
    if heads.iter().all(|head| head.label != "Value") {
        heads.push(Head::text("Value").classed("is-wide"));
    }
    heads
}

fn row(look: &Look, at: u32, message: &MessageRow) -> AnyView {
    let id = RecordId { partition: message.partition, offset: message.offset };
    let is_open = look.view.open == Some(id);
    let href = format!("{}{}", look.base, look.view.opening(Some(id)).to_text());
    let label = format!("Open partition {} offset {}", message.partition, message.offset);
    let has = |column| look.columns.has(column);
    let time_cell = has(Column::Time).then(|| {
        let title = time::full(message.timestamp_ms, &look.zone);
        let text = time::row_time(message.timestamp_ms, look.now_ms, &look.zone);
        view! { <td class="mono text-muted" title=title>{text}</td> }
    });
    let partition = has(Column::Partition).then(|| view! { <td>{tick(message.partition)}</td> });
    // The one link of the row: the offset where it is shown, else a name for screen readers.
    let shows_offset = has(Column::Offset);
    let link = |text: AnyView| view! { <a class="row-link" href=href aria-label=label>{text}</a> };
    let (offset, other_link) = if shows_offset {
        let number = format::integer(message.offset.into()).into_any();
        (Some(view! { <td class="num mono">{link(number)}</td> }), None)
    } else {
        (None, Some(link(().into_any())))
    };
    let key =
        has(Column::Key).then(|| view! { <td class="mono cell-key">{preview(&message.key)}</td> });
    let headers = has(Column::Headers)
        .then(|| view! { <td class="num mono text-muted">{message.headers_count}</td> });
    let size = has(Column::Size).then(|| {
        view! { <td class="num mono text-muted">{format::integer(message.size_bytes.into())}</td> }
    });
    view! {
        <tr aria-rowindex=(at + 2).to_string() aria-selected=is_open.then_some("true")>
            {time_cell} {partition} {offset} {key}
            <td class="mono cell-value">
                {other_link}
                {preview(&message.value)}
            </td>
            {headers} {size}
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_stands_behind_the_key_whatever_is_hidden() {
        let labels = |columns| heads(columns).iter().map(|head| head.label).collect::<Vec<_>>();
        let all = Columns::default();
        assert_eq!(labels(all), ["Time", "Partition", "Offset", "Key", "Value", "Bytes"]);
        let no_size = all.toggled(Column::Size);
        assert_eq!(labels(no_size), ["Time", "Partition", "Offset", "Key", "Value"]);
        let headers = all.toggled(Column::Headers).toggled(Column::Key);
        assert_eq!(labels(headers), ["Time", "Partition", "Offset", "Value", "Headers", "Bytes"]);
    }
}
