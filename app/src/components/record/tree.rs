//! JSON as a tree that opens and closes. Numbers are the text that was written.

use crate::ui::reactive::reactive;
use freshet_codec::json::{Key, Node, Tree, Value, parse_prefix};
use freshet_codec::text_prefix;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Rows drawn before one asks for more.
const ROWS_STEP: usize = 400;
/// Containers with more entries start closed, the document itself aside.
const OPEN_ENTRIES_MAX: u32 = 100;
/// Containers deeper than this start closed.
const OPEN_DEPTH_MAX: u8 = 6;
/// Bytes of one string drawn; the raw view has all of it.
const STRING_BYTES_MAX: usize = 4_096;

/// The tree over the bytes held so far.
#[component]
pub fn TreeView(
    /// The document's bytes, or its head.
    bytes: RwSignal<Vec<u8>>,
) -> impl IntoView {
    let tree = Memo::new(move |_| bytes.with(|bytes| parse_prefix(text_prefix(bytes))));
    // Nodes that the reader toggled against how they start.
    let toggled = RwSignal::new(BTreeSet::<u32>::new());
    let limit = RwSignal::new(ROWS_STEP);
    reactive(move || {
        tree.with(|tree| {
            let toggled_now = toggled.get();
            let visible = visible_rows(tree, &toggled_now, limit.get());
            let rows = visible.rows.iter().map(|(index, is_open)| {
                row(&tree.nodes[*index], *index, *is_open, toggled)
            });
            let more = visible.is_cut.then(|| {
                view! {
                    <button
                        type="button"
                        class="btn btn-ghost needs-js"
                        on:click=move |_| limit.update(|limit| *limit += ROWS_STEP)
                    >
                        "Show more"
                    </button>
                }
            });
            view! { <ul class="tree" role="tree" aria-label="Value">{rows.collect_view()}</ul> {more} }
            .into_any()
        })
    })
}

/// What of a tree is drawn.
struct Visible {
    /// Index of the node, and whether it is open.
    rows: Vec<(usize, bool)>,
    is_cut: bool,
}

fn starts_open(node: &Node) -> bool {
    let (Value::Object(entries) | Value::Array(entries)) = node.value else { return false };
    node.depth == 0 || (node.depth <= OPEN_DEPTH_MAX && entries <= OPEN_ENTRIES_MAX)
}

fn visible_rows(tree: &Tree, toggled: &BTreeSet<u32>, limit: usize) -> Visible {
    let mut rows = Vec::new();
    let mut at = 0;
    while let Some(node) = tree.nodes.get(at) {
        if rows.len() == limit {
            return Visible { rows, is_cut: true };
        }
        let index = u32::try_from(at).unwrap_or(u32::MAX);
        let is_open = node.is_container() && (starts_open(node) != toggled.contains(&index));
        rows.push((at, is_open));
        at = if node.is_container() && !is_open { node.end as usize } else { at + 1 };
    }
    Visible { rows, is_cut: false }
}

fn row(node: &Node, index: usize, is_open: bool, toggled: RwSignal<BTreeSet<u32>>) -> AnyView {
    let key = match &node.key {
        Key::Root => None,
        Key::Index(index) => {
            Some(view! { <span class="tree-index">{index.to_string()}</span> }.into_any())
        }
        Key::Name(name) => Some(view! { <span class="syn-key">{name.clone()}</span> }.into_any()),
    };
    let style = format!("padding-left:{}px", u32::from(node.depth) * 14);
    let toggle = node.is_container().then(|| {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let press = move |_| {
            toggled.update(|toggled| {
                if !toggled.remove(&index) {
                    toggled.insert(index);
                }
            });
        };
        view! {
            <button
                type="button"
                class="tree-toggle"
                aria-label=if is_open { "Close" } else { "Open" }
                on:click=press
            >
                {if is_open { "▾" } else { "▸" }}
            </button>
        }
    });
    let expanded = node.is_container().then(|| is_open.to_string());
    view! {
        <li
            role="treeitem"
            attr:aria-level=(u32::from(node.depth) + 1).to_string()
            aria-expanded=expanded
            style=style
        >
            {toggle} {key} {value(&node.value)}
        </li>
    }
    .into_any()
}

fn value(value: &Value) -> AnyView {
    match value {
        Value::Null => view! { <span class="syn-atom">"null"</span> }.into_any(),
        Value::Bool(value) => {
            view! { <span class="syn-atom">{value.to_string()}</span> }.into_any()
        }
        Value::Number(text) => {
            let note = exact_note(text);
            view! { <span class="syn-number">{text.clone()}</span> <span class="text-faint">{note}</span> }
                .into_any()
        }
        Value::String(text) => {
            let shown =
                text_prefix(&text.as_bytes()[..text.len().min(STRING_BYTES_MAX)]).to_owned();
            let cut = (shown.len() < text.len()).then(|| format!("… {} bytes", text.len()));
            view! { <span class="syn-string">"\""{shown}"\""</span> <span class="text-faint">{cut}</span> }
                .into_any()
        }
        Value::Object(count) => {
            view! { <span class="text-faint">{format!("{{ {count} }}")}</span> }.into_any()
        }
        Value::Array(count) => {
            view! { <span class="text-faint">{format!("[ {count} ]")}</span> }.into_any()
        }
    }
}

/// Integers beyond what JavaScript keeps are marked: they are exact here.
fn exact_note(text: &str) -> Option<&'static str> {
    const SAFE_MAX: i128 = 1 << 53;
    let number: i128 = text.parse().ok()?;
    (number.abs() >= SAFE_MAX).then_some("exact")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, toggled: &[u32], limit: usize) -> (Vec<usize>, bool) {
        let tree = parse_prefix(text);
        let toggled: BTreeSet<u32> = toggled.iter().copied().collect();
        let visible = visible_rows(&tree, &toggled, limit);
        (visible.rows.into_iter().map(|(index, _)| index).collect(), visible.is_cut)
    }

    #[test]
    fn closed_containers_hide_what_is_in_them() {
        let text = r#"{"a": [1, 2], "b": 3}"#;
        assert_eq!(drawn(text, &[], 100), (vec![0, 1, 2, 3, 4], false));
        assert_eq!(drawn(text, &[1], 100), (vec![0, 1, 4], false));
        assert_eq!(drawn(text, &[0], 100), (vec![0], false));
    }

    #[test]
    fn long_and_deep_containers_start_closed_and_rows_have_a_limit() {
        let long = format!("{{\"a\": [{}0]}}", "0,".repeat(200));
        assert_eq!(drawn(&long, &[], 100), (vec![0, 1], false));
        assert_eq!(drawn(&long, &[1], 100).0.len(), 100);
        assert!(drawn(&long, &[1], 100).1);
        let deep = format!("{}1{}", "[".repeat(20), "]".repeat(20));
        assert_eq!(drawn(&deep, &[], 100).0.len(), usize::from(OPEN_DEPTH_MAX) + 2);
    }

    #[test]
    fn large_integers_are_marked_exact() {
        assert_eq!(exact_note("9007199254740993"), Some("exact"));
        assert_eq!(exact_note("42"), None);
        assert_eq!(exact_note("1e400"), None);
    }
}
