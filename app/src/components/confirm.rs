//! Deleting something: what goes, and its name typed as proof.

use crate::ui::button::{Weight, link_button, submit_pending};
use crate::ui::field::{TextField, text_field};
use leptos::prelude::*;

/// The inside of a form that deletes; the form around it carries the hidden fields.
#[must_use]
pub fn confirm_fields(
    name: &str,
    consequences: Vec<String>,
    verb: &'static str,
    pending: Signal<bool>,
    back: String,
) -> AnyView {
    let consequences = consequences.into_iter().map(|text| view! { <li>{text}</li> });
    let field = text_field(TextField {
        name: "typed",
        label: "Type the name to confirm",
        placeholder: name.to_owned(),
        is_required: true,
        is_mono: true,
        ..TextField::default()
    });
    view! {
        <ul class="consequences">{consequences.collect_view()}</ul>
        {field}
        <div class="form-actions">
            {submit_pending(Weight::Danger, verb, "Working …", pending)}
            {link_button(Weight::Ghost, back, "Cancel")}
        </div>
    }
    .into_any()
}
