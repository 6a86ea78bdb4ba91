//! A key or value: as a tree, as text, as hex. A large one is read in pieces, and only one page of it is drawn.

use super::RecordPlace;
use super::tree::TreeView;
use crate::components::payload::token_class;
use crate::format;
use crate::model::record::{Part, Payload, RecordId};
use crate::routes::{self, ValueView};
use crate::ui::copy::CopyButton;
use crate::ui::empty::alert;
use crate::ui::reactive::{maybe, reactive, text};
use crate::ui::tabs::segments;
use freshet_codec::{PayloadKind, hex, text_prefix, tokens};
use leptos::prelude::*;

/// Bytes drawn at once.
const PAGE_BYTES: usize = 64 * 1024;
/// Bytes held at most; beyond, the download is the way.
const HELD_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Coloured stretches of a page; the rest of the page is plain.
const STRETCHES_MAX: usize = 2_000;

/// The section of a payload.
#[component]
pub fn PayloadView(
    /// Where the record is.
    place: RecordPlace,
    /// Which record.
    id: RecordId,
    /// Which half of it.
    part: Part,
    /// Its first bytes.
    payload: Payload,
) -> impl IntoView {
    let title = match part {
        Part::Key => "Key",
        Part::Value => "Value",
    };
    let note = match payload.kind {
        PayloadKind::Null | PayloadKind::Empty => payload.kind.label().to_owned(),
        kind => format!("{} · {}", kind.label(), format::bytes(payload.size_bytes.into()).text()),
    };
    let exact = format!("{} bytes", payload.size_bytes);
    let body = match payload.kind {
        PayloadKind::Null if part == Part::Value => {
            view! { <p class="text-muted">"null: a tombstone, which deletes the key in a compacted topic"</p> }
                .into_any()
        }
        PayloadKind::Null => view! { <p class="text-muted">"null"</p> }.into_any(),
        PayloadKind::Empty => view! { <p class="text-muted">"empty: zero bytes"</p> }.into_any(),
        PayloadKind::Text | PayloadKind::Json | PayloadKind::Binary => {
            view! { <Bytes place=place id=id part=part payload=payload /> }.into_any()
        }
    };
    view! {
        <section class="record-part">
            <h3>{title} <span title=exact>{note}</span></h3>
            {body}
        </section>
    }
}

/// What is held of a payload.
#[derive(Clone, Copy)]
struct Held {
    bytes: RwSignal<Vec<u8>>,
    size: usize,
    is_reading: RwSignal<bool>,
    problem: RwSignal<Option<String>>,
    /// Which page of [`PAGE_BYTES`] is drawn.
    page: RwSignal<usize>,
}

impl Held {
    fn is_whole(self) -> bool {
        self.bytes.with(Vec::len) >= self.size
    }

    /// Reads the next piece, unless one is under way.
    fn read_on(self, place: &RecordPlace, id: RecordId, part: Part) {
        let from = self.bytes.with_untracked(Vec::len);
        if self.is_reading.get_untracked() || from >= self.size.min(HELD_BYTES_MAX) {
            return;
        }
        self.is_reading.set(true);
        let from = u32::try_from(from).unwrap_or(u32::MAX);
        let answer = (place.fetch)(place.cluster.clone(), place.topic.clone(), id, part, from);
        leptos::task::spawn_local(async move {
            let answer = answer.await;
            let Some(()) = self.is_reading.try_update(|reading| *reading = false) else { return };
            match answer {
                Ok(piece) => {
                    self.bytes.update(|bytes| bytes.extend_from_slice(&piece.piece.bytes()));
                    self.problem.set(None);
                }
                Err(error) => self.problem.set(Some(error.to_string())),
            }
        });
    }
}

#[component]
fn Bytes(
    /// Where the record is.
    place: RecordPlace,
    /// Which record.
    id: RecordId,
    /// Which half of it.
    part: Part,
    /// Its first bytes.
    payload: Payload,
) -> impl IntoView {
    let kind = payload.kind;
    let held = Held {
        bytes: RwSignal::new(payload.head.bytes()),
        size: payload.size_bytes as usize,
        is_reading: RwSignal::new(false),
        problem: RwSignal::new(None),
        page: RwSignal::new(0),
    };
    let shown = match (part, place.value_view, kind) {
        (_, ValueView::Hex, _) | (_, ValueView::Auto, PayloadKind::Binary) => ValueView::Hex,
        (_, ValueView::Auto | ValueView::Tree, PayloadKind::Json) => ValueView::Tree,
        (_, ValueView::Tree, PayloadKind::Binary) => ValueView::Hex,
        _ => ValueView::Raw,
    };
    let views = (part == Part::Value).then(|| {
        let choice = |label: &str, view| (label.to_owned(), (place.href_of)(view), shown == view);
        let mut choices = vec![choice("raw", ValueView::Raw), choice("hex", ValueView::Hex)];
        if kind == PayloadKind::Json {
            choices.insert(0, choice("tree", ValueView::Tree));
        }
        segments("Show the value as", choices)
    });
    let download = routes::payload(&place.cluster, &place.topic, id, part);
    let copied = Signal::derive(move || held.bytes.with(|bytes| copy_text(bytes)));
    let what = match part {
        Part::Key => "the key",
        Part::Value => "the value",
    };
    let body = match shown {
        ValueView::Tree => view! { <TreeView bytes=held.bytes /> }.into_any(),
        ValueView::Hex => reactive(move || hex_page(held)),
        ValueView::Auto | ValueView::Raw => reactive(move || text_page(held, kind)),
    };
    let read_on: ReadOn = StoredValue::new(Box::new(move || held.read_on(&place, id, part)));
    let further = if shown == ValueView::Tree {
        view! { <More held=held read_on=read_on /> }.into_any()
    } else {
        view! { <Pages held=held read_on=read_on /> }.into_any()
    };
    view! {
        <div class="payload-tools">
            {views} <span class="grow"></span> <CopyButton text=copied what=what />
            <a class="btn btn-ghost" href=download download rel="external">"Download"</a>
        </div>
        {body}
        {further}
        {maybe(move || held.problem.get().map(|text| alert("alert-danger", text)))}
    }
}

/// What goes onto the clipboard: the text, or hex when it is none.
fn copy_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => hex::encode_spaced(bytes),
    }
}

/// The bytes of the page that is drawn; text pages start at a character.
fn page_bounds(bytes: &[u8], page: usize) -> std::ops::Range<usize> {
    let boundary = |at: usize| {
        let mut at = at.min(bytes.len());
        while at < bytes.len() && at > 0 && bytes[at] & 0xc0 == 0x80 {
            at -= 1;
        }
        at
    };
    let start = boundary(page * PAGE_BYTES);
    start..boundary((page + 1) * PAGE_BYTES).max(start)
}

fn text_page(held: Held, kind: PayloadKind) -> AnyView {
    held.bytes.with(|bytes| {
        let page = &bytes[page_bounds(bytes, held.page.get())];
        let text = text_prefix(page);
        let text = if text.is_empty() {
            String::from_utf8_lossy(page).into_owned()
        } else {
            text.to_owned()
        };
        if kind != PayloadKind::Json {
            return view! { <pre class="payload">{text}</pre> }.into_any();
        }
        let all = tokens(&text);
        let (head, rest) = all.split_at(all.len().min(STRETCHES_MAX));
        let spans = head.iter().map(|(class, part)| {
            view! { <span class=token_class(*class)>{(*part).to_owned()}</span> }
        });
        let rest: String = rest.iter().map(|(_, part)| *part).collect();
        view! { <pre class="payload">{spans.collect_view()}{rest}</pre> }.into_any()
    })
}

fn hex_page(held: Held) -> AnyView {
    held.bytes.with(|bytes| {
        let start = (held.page.get() * PAGE_BYTES).min(bytes.len());
        let end = (start + PAGE_BYTES).min(bytes.len());
        let mut text = String::new();
        for row in hex::rows(&bytes[start..end], u32::try_from(start).unwrap_or(u32::MAX)) {
            text.push_str(&format!("{:08x}  {:<48}  {}\n", row.offset, row.hex, row.ascii));
        }
        view! { <pre class="payload payload-hex">{text}</pre> }.into_any()
    })
}

/// Reads the next piece.
type ReadOn = StoredValue<Box<dyn Fn() + Send + Sync>>;

/// Pages of a payload that is larger than one.
#[component]
fn Pages(
    /// What is held.
    held: Held,
    /// Reads on.
    read_on: ReadOn,
) -> impl IntoView {
    if held.size <= PAGE_BYTES {
        return ().into_any();
    }
    let range = text(move || {
        let start = held.page.get() * PAGE_BYTES;
        let end = (start + PAGE_BYTES).min(held.size);
        format!("bytes {start} – {end} of {}", held.size)
    });
    let next = move |_| {
        let wanted = (held.page.get_untracked() + 1) * PAGE_BYTES;
        if wanted < held.bytes.with_untracked(Vec::len) {
            held.page.update(|page| *page += 1);
        } else {
            read_on.with_value(|read_on| read_on());
        }
    };
    let previous = move |_| held.page.update(|page| *page = page.saturating_sub(1));
    let next_text = text(move || {
        let wanted = (held.page.get() + 1) * PAGE_BYTES;
        if held.is_reading.get() {
            "Reading …"
        } else if wanted < held.bytes.with(Vec::len) || held.is_whole() {
            "Next"
        } else {
            "Read on"
        }
        .to_owned()
    });
    view! {
        <div class="pager needs-js">
            <button type="button" class="btn" on:click=previous>"Previous"</button>
            <span class="tabular">{range}</span>
            <button type="button" class="btn" on:click=next>{next_text}</button>
        </div>
    }
    .into_any()
}

/// Reads more of a document that is not whole yet.
#[component]
fn More(
    /// What is held.
    held: Held,
    /// Reads on.
    read_on: ReadOn,
) -> impl IntoView {
    maybe(move || {
        if held.is_whole() {
            return None;
        }
        let have = held.bytes.with(Vec::len);
        let text = format!(
            "The tree shows the first {} of {}.",
            format::bytes(have as u64).text(),
            format::bytes(held.size as u64).text()
        );
        let label = if held.is_reading.get() { "Reading …" } else { "Read on" };
        Some(
            view! {
                <p class="pager">
                    <span>{text}</span>
                    <button
                        type="button"
                        class="btn needs-js"
                        on:click=move |_| read_on.with_value(|read_on| read_on())
                    >
                        {label}
                    </button>
                </p>
            }
            .into_any(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_text_start_and_end_at_characters() {
        let bytes = "ō".repeat(PAGE_BYTES).into_bytes();
        let odd = [b"x".to_vec(), bytes].concat();
        let (first, second) = (page_bounds(&odd, 0), page_bounds(&odd, 1));
        assert_eq!(first.end, second.start);
        assert!(std::str::from_utf8(&odd[first]).is_ok());
        assert!(std::str::from_utf8(&odd[second]).is_ok());
        assert_eq!(page_bounds(&odd, 9), odd.len()..odd.len());
    }
}
