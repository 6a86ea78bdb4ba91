//! Configuration entries with value, source and doc.

use crate::format;
use crate::model::config::{ConfigEntry, ConfigSource};
use crate::ui::badge::{Tone, badge};
use leptos::prelude::*;

/// Whether an entry was set rather than inherited from a default.
#[must_use]
pub fn is_set(entry: &ConfigEntry) -> bool {
    matches!(
        entry.source,
        ConfigSource::Topic
            | ConfigSource::DynamicBroker
            | ConfigSource::DynamicDefault
            | ConfigSource::StaticBroker
    )
}

/// One entry: name and doc, value in human words, source; `action` stands at its end.
#[must_use]
pub fn config_row(entry: &ConfigEntry, action: AnyView) -> AnyView {
    let value = match (&entry.value, entry.is_sensitive) {
        (_, true) => "••••••".to_owned(),
        (Some(value), false) if value.is_empty() => "(empty)".to_owned(),
        (Some(value), false) => value.clone(),
        (None, false) => "–".to_owned(),
    };
    let hint = entry.value.as_deref().and_then(|value| format::config_hint(&entry.name, value));
    let tone = if entry.source == ConfigSource::Topic { Tone::Accent } else { Tone::Neutral };
    let class = if is_set(entry) { "config is-set" } else { "config" };
    view! {
        <li class=class>
            <div class="config-name">
                <span class="mono">{entry.name.clone()}</span>
                <p>{entry.doc.clone()}</p>
            </div>
            <div class="config-value">
                <span class="mono">{value}</span>
                <span class="text-muted">{hint}</span>
            </div>
            <div class="config-source">{badge(tone, entry.source.label())}</div>
            <div class="config-action">{action}</div>
        </li>
    }
    .into_any()
}
