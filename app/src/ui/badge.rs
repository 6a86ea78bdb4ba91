//! Badges, chips, ticks: a word with a meaning.

use leptos::prelude::*;

/// What a colour means. Never the only carrier: the word says the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Accent,
    Good,
    Warning,
    Danger,
}

impl Tone {
    fn badge_class(self) -> &'static str {
        match self {
            Self::Neutral => "badge",
            Self::Accent => "badge badge-accent",
            Self::Good => "badge badge-good",
            Self::Warning => "badge badge-warning",
            Self::Danger => "badge badge-danger",
        }
    }

    /// The class that colours a figure.
    #[must_use]
    pub fn text_class(self) -> &'static str {
        match self {
            Self::Neutral => "",
            Self::Accent => "text-accent",
            Self::Good => "text-success",
            Self::Warning => "text-warning",
            Self::Danger => "text-danger",
        }
    }
}

/// A badge.
#[must_use]
pub fn badge(tone: Tone, text: impl Into<String>) -> AnyView {
    view! { <span class=tone.badge_class()>{text.into()}</span> }.into_any()
}

/// A badge that explains itself on hover.
#[must_use]
pub fn badge_with_title(tone: Tone, text: impl Into<String>, title: impl Into<String>) -> AnyView {
    view! { <span class=tone.badge_class() title=title.into()>{text.into()}</span> }.into_any()
}

/// An active condition with a link that takes it away.
#[must_use]
pub fn chip(text: impl Into<String>, without: String, what: &str) -> AnyView {
    let label = format!("Remove {what}");
    view! {
        <span class="chip">
            <span class="chip-text">{text.into()}</span>
            <a class="chip-close" href=without aria-label=label>
                "×"
            </a>
        </span>
    }
    .into_any()
}

/// Number of the categorical colours.
pub const CATEGORIES: u32 = 12;

/// The class that sets `--c` to the categorical colour of an index.
#[must_use]
pub fn category_class(index: u32) -> &'static str {
    const CLASSES: [&str; CATEGORIES as usize] =
        ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11"];
    CLASSES.get((index % CATEGORIES) as usize).copied().unwrap_or("c0")
}

/// A partition: coloured tick and number.
#[must_use]
pub fn tick(number: i32) -> AnyView {
    let class = category_class(number.unsigned_abs());
    view! { <span class=format!("tick {class}")>{number}</span> }.into_any()
}
