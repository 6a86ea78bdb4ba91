//! Fields of forms. Each has a visible label, and what is wrong stands beneath it.

use leptos::prelude::*;

/// Label, control and hint, one below the other.
#[must_use]
pub fn labelled(
    id: &'static str,
    label: &'static str,
    hint: impl Into<String>,
    control: AnyView,
) -> AnyView {
    let hint = hint.into();
    let hint = (!hint.is_empty()).then(|| view! { <p class="field-hint">{hint}</p> });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {control}
            {hint}
        </div>
    }
    .into_any()
}

/// What a text field is made of.
#[derive(Clone, Default)]
pub struct TextField {
    /// Both `id` and `name`.
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
    /// Shows what counts when nothing is typed.
    pub placeholder: String,
    pub hint: String,
    /// `text`, `number`, `datetime-local`, …; empty for text.
    pub kind: &'static str,
    pub is_required: bool,
    pub is_mono: bool,
}

/// A line of text.
#[must_use]
pub fn text_field(field: TextField) -> AnyView {
    let kind = if field.kind.is_empty() { "text" } else { field.kind };
    let class = if field.is_mono { "input mono" } else { "input" };
    let control = view! {
        <input
            id=field.name
            name=field.name
            type=kind
            class=class
            value=field.value
            placeholder=field.placeholder
            required=field.is_required
            autocomplete="off"
            spellcheck="false"
        />
    };
    labelled(field.name, field.label, field.hint, control.into_any())
}

/// A choice: value, label, and whether it is the present one.
pub type Choice = (String, String, bool);

/// A drop-down list.
#[must_use]
pub fn select(name: &'static str, choices: Vec<Choice>) -> AnyView {
    let options = choices.into_iter().map(|(value, label, selected)| {
        view! { <option value=value selected=selected>{label}</option> }
    });
    view! { <select id=name name=name class="input">{options.collect_view()}</select> }.into_any()
}

/// A drop-down list with its label.
#[must_use]
pub fn select_field(
    name: &'static str,
    label: &'static str,
    hint: impl Into<String>,
    choices: Vec<Choice>,
) -> AnyView {
    labelled(name, label, hint, select(name, choices))
}

/// Several lines of text.
#[must_use]
pub fn text_area(name: &'static str, value: String, placeholder: String, rows: u8) -> AnyView {
    view! {
        <textarea
            id=name
            name=name
            class="input mono"
            rows=rows.to_string()
            placeholder=placeholder
            spellcheck="false"
        >
            {value}
        </textarea>
    }
    .into_any()
}

/// A value that the form carries along.
#[must_use]
pub fn hidden(name: &'static str, value: String) -> AnyView {
    view! { <input type="hidden" name=name value=value /> }.into_any()
}

/// What is wrong with a field.
#[must_use]
pub fn field_error(reason: impl Into<String>) -> AnyView {
    view! { <p class="field-error" role="alert">{reason.into()}</p> }.into_any()
}
