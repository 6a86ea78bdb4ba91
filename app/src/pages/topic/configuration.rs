//! Configuration: every entry with source and doc, set ones first; each editable in its place.

use super::TopicScope;
use crate::api::topic::{EditTopicConfig, topic_config};
use crate::components::config_table::{config_row, is_set};
use crate::components::loaded::{loaded, posting_error};
use crate::model::config::{ConfigEntry, ConfigKind, ConfigSource};
use crate::model::topic::TopicConfig;
use crate::state::post_form::{PostForm, Posting};
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::state::toast::use_toasts;
use crate::ui::button::{Weight, submit};
use crate::ui::field::hidden;
use crate::ui::reactive::reactive;
use crate::ui::skeleton::table_skeleton;
use leptos::prelude::*;

/// The tab.
#[component]
pub fn ConfigurationTab() -> impl IntoView {
    let scope = use_scope();
    let topic: TopicScope = expect_context();
    let edit = Posting::of::<EditTopicConfig>();
    let config = Reading::new(move || (scope.cluster.get(), topic_config(topic.topic.get())));
    let toasts = use_toasts();
    Effect::new(move |_| {
        if edit.done_count.get() > 0 {
            toasts.tell("Configuration changed");
            config.again();
            topic.head.again();
        }
    });
    let filter = RwSignal::new(String::new());
    view! {
        <div class="page-body">
            <div class="toolbar needs-js">
                <input
                    class="input input-filter"
                    type="search"
                    placeholder="Filter entries"
                    aria-label="Filter configuration entries"
                    on:input=move |event| filter.set(event_target_value(&event))
                />
            </div>
            {posting_error(edit)}
            {loaded(
                config,
                || table_skeleton(3, 12),
                move |config| entries(&scope.cluster.get_untracked(), config, filter, edit),
            )}
        </div>
    }
}

fn entries(cluster: &str, config: TopicConfig, filter: RwSignal<String>, edit: Posting) -> AnyView {
    let cluster = cluster.to_owned();
    let TopicConfig { topic, mut entries, .. } = config;
    entries.sort_by(|a, b| is_here(b).cmp(&is_here(a)).then_with(|| a.name.cmp(&b.name)));
    let rows = reactive(move || {
        let wanted = filter.with(|text| text.trim().to_lowercase());
        let matches = |entry: &&ConfigEntry| entry.name.contains(&wanted);
        let rows = entries
            .iter()
            .filter(matches)
            .map(|entry| config_row(entry, editor(&cluster, &topic, entry, edit)));
        rows.collect_view().into_any()
    });
    view! { <ul class="configs">{rows}</ul> }.into_any()
}

fn is_here(entry: &ConfigEntry) -> bool {
    entry.source == ConfigSource::Topic
}

/// A disclosure with the form: no dialog, no script needed.
fn editor(cluster: &str, topic: &str, entry: &ConfigEntry, edit: Posting) -> AnyView {
    if entry.is_read_only {
        return view! { <span class="text-muted" title="the broker does not let it be changed">"read-only"</span> }
            .into_any();
    }
    let fields = |reset: &str| {
        view! {
            {hidden("cluster", cluster.to_owned())}
            {hidden("topic", topic.to_owned())}
            {hidden("name", entry.name.clone())}
            {hidden("reset", reset.to_owned())}
        }
        .into_any()
    };
    let (for_reset, for_save) = (fields("1"), fields("0"));
    let value = value_field(entry);
    let inherited = entry.inherited.clone().map(|value| format!("Otherwise {value}"));
    let reset = (is_here(entry) && is_set(entry)).then(|| {
        view! {
            <PostForm posting=edit>
                {for_reset} {submit(Weight::Ghost, "Reset to default")}
            </PostForm>
        }
    });
    view! {
        <details class="config-editor">
            <summary class="btn btn-ghost" aria-label=format!("Edit {}", entry.name)>"Edit"</summary>
            <div class="config-form">
                <PostForm posting=edit>
                    {for_save} <div class="form-row">
                        {value} {submit(Weight::Primary, "Save")}
                    </div>
                </PostForm>
                {reset}
                <p class="field-hint">{inherited}</p>
            </div>
        </details>
    }
    .into_any()
}

fn value_field(entry: &ConfigEntry) -> AnyView {
    let label = format!("New value of {}", entry.name);
    let value = entry.value.clone().unwrap_or_default();
    let mut choices = entry.choices.clone();
    if choices.is_empty() && entry.kind == ConfigKind::Boolean {
        choices = vec!["true".to_owned(), "false".to_owned()];
    }
    if choices.is_empty() {
        return view! { <input class="input mono" name="value" value=value aria-label=label autocomplete="off" /> }
            .into_any();
    }
    let options = choices.into_iter().map(|choice| {
        let is_selected = choice == value;
        view! { <option value=choice.clone() selected=is_selected>{choice.clone()}</option> }
    });
    view! { <select class="input" name="value" aria-label=label>{options.collect_view()}</select> }
        .into_any()
}
