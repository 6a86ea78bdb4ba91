//! The strip of figures under a page's title.

use super::badge::Tone;
use leptos::prelude::*;

/// One figure.
#[derive(Default)]
pub struct Stat {
    pub label: &'static str,
    /// Large.
    pub value: String,
    /// Small, behind it.
    pub note: String,
    /// The exact value, on hover.
    pub title: String,
    pub tone: Tone,
    /// Where it leads, if anywhere.
    pub href: Option<String>,
}

impl Stat {
    /// A figure with a note.
    #[must_use]
    pub fn new(label: &'static str, value: impl Into<String>, note: impl Into<String>) -> Self {
        Self { label, value: value.into(), note: note.into(), ..Self::default() }
    }

    /// The same with its exact value on hover.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The same in a meaning's colour.
    #[must_use]
    pub fn toned(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// The same as a link.
    #[must_use]
    pub fn leading_to(mut self, href: String) -> Self {
        self.href = Some(href);
        self
    }
}

/// The strip; `end` stands at its right end, such as a sparkline.
#[must_use]
pub fn strip(stats: Vec<Stat>, end: Option<AnyView>) -> AnyView {
    let stats = stats.into_iter().map(|stat| {
        let value = view! { {stat.value} " " <small>{stat.note}</small> };
        let value = match stat.href {
            Some(href) => view! { <a href=href>{value}</a> }.into_any(),
            None => value.into_any(),
        };
        let title = (!stat.title.is_empty()).then_some(stat.title);
        view! {
            <div class=stat.tone.text_class()>
                <dt>{stat.label}</dt>
                <dd title=title>{value}</dd>
            </div>
        }
    });
    let stats = stats.collect_view();
    let end = end.map(|end| view! { <div class="strip-end" aria-hidden="true">{end}</div> });
    view! { <div class="strip-row"><dl class="strip">{stats}</dl>{end}</div> }.into_any()
}
