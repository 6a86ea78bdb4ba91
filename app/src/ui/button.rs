//! Buttons and links that look like buttons.

use super::icon::{Icon, icon};
use super::reactive::text as reactive_text;
use leptos::prelude::*;

/// How much a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    Primary,
    #[default]
    Secondary,
    Ghost,
    Danger,
}

impl Weight {
    /// The whole class list.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Secondary => "btn",
            Self::Ghost => "btn btn-ghost",
            Self::Danger => "btn btn-danger",
        }
    }
}

/// A link that looks like a button.
#[must_use]
pub fn link_button(weight: Weight, href: String, text: &'static str) -> AnyView {
    view! { <a class=weight.class() href=href>{text}</a> }.into_any()
}

/// The button that sends a form.
#[must_use]
pub fn submit(weight: Weight, text: &'static str) -> AnyView {
    view! { <button type="submit" class=weight.class()>{text}</button> }.into_any()
}

/// The button that sends a form and says while it works.
#[must_use]
pub fn submit_pending(
    weight: Weight,
    text: &'static str,
    pending_text: &'static str,
    pending: Signal<bool>,
) -> AnyView {
    view! {
        <button type="submit" class=weight.class() aria-busy=move || pending.get().to_string()>
            {reactive_text(move || if pending.get() { pending_text } else { text }.to_owned())}
        </button>
    }
    .into_any()
}

/// A control that is off: still there, still focusable, and it says why.
#[must_use]
pub fn disabled_button(text: &'static str, reason: impl Into<String>) -> AnyView {
    let reason = reason.into();
    view! {
        <span class="btn btn-off" role="button" aria-disabled="true" tabindex="0" title=reason.clone()>
            {text}
            <span class="sr-only">{format!(" (off: {reason})")}</span>
        </span>
    }
    .into_any()
}

/// A square button with an icon; `label` is what a screen reader says and what hovering shows.
#[component]
pub fn IconButton(
    /// What it shows.
    icon_shown: Icon,
    /// What it does, in words.
    #[prop(into)]
    label: String,
    /// What it does.
    on_press: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="btn btn-ghost btn-icon"
            title=label.clone()
            aria-label=label
            on:click=move |_| on_press()
        >
            {icon(icon_shown)}
        </button>
    }
}

/// A button with words.
#[component]
pub fn Button(
    /// How much it stands out.
    #[prop(optional)]
    weight: Weight,
    /// What it does.
    on_press: impl Fn() + 'static,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=weight.class() on:click=move |_| on_press()>
            {children()}
        </button>
    }
}
