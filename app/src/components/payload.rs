//! Keys and values as text nodes: previews in rows, nothing ever as HTML.

use crate::model::message::Preview;
use freshet_codec::{Class, PayloadKind, tokens};
use leptos::prelude::*;

/// The class of a JSON token.
#[must_use]
pub fn token_class(class: Class) -> &'static str {
    match class {
        Class::Name => "syn-key",
        Class::String => "syn-string",
        Class::Number => "syn-number",
        Class::Atom => "syn-atom",
        Class::Punctuation => "syn-punctuation",
    }
}

/// One line of JSON in colours; text beyond `stretches_max` stretches stays plain.
fn coloured(text: &str, stretches_max: usize) -> AnyView {
    let all = tokens(text);
    let (head, rest) = all.split_at(all.len().min(stretches_max));
    let spans = head.iter().map(|(class, part)| {
        view! { <span class=token_class(*class)>{(*part).to_owned()}</span> }
    });
    let rest: String = rest.iter().map(|(_, part)| *part).collect();
    view! { {spans.collect_view()} {rest} }.into_any()
}

/// A preview in a table cell.
#[must_use]
pub fn preview(preview: &Preview) -> AnyView {
    const STRETCHES_MAX: usize = 24;
    let cut = preview.is_cut.then_some("…");
    match preview.kind {
        PayloadKind::Null => view! { <span class="text-faint">"null"</span> }.into_any(),
        PayloadKind::Empty => view! { <span class="text-faint">"empty"</span> }.into_any(),
        PayloadKind::Binary => {
            view! { <span class="text-muted">{preview.text.clone()}{cut}</span> }.into_any()
        }
        PayloadKind::Text => view! { <span>{preview.text.clone()}{cut}</span> }.into_any(),
        PayloadKind::Json => {
            view! { <span>{coloured(&preview.text, STRETCHES_MAX)}{cut}</span> }.into_any()
        }
    }
}
