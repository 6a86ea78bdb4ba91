//! A new topic: a name is enough, everything else shows what it would be.

use crate::api::topic::{CreateTopic, topic_defaults};
use crate::components::loaded::{loaded, posting_error};
use crate::form::topic_name_problem;
use crate::format;
use crate::model::config::ConfigEntry;
use crate::model::topic::{TopicDefaults, TopicsQuery};
use crate::routes;
use crate::state::post_form::{PostForm, Posting};
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::button::{Weight, link_button, submit_pending};
use crate::ui::field::{
    TextField, field_error, hidden, labelled, select_field, text_area, text_field,
};
use crate::ui::reactive::maybe;
use crate::ui::skeleton::block;
use leptos::prelude::*;
use leptos_meta::Title;

/// The form.
#[component]
pub fn CreateTopicPage() -> impl IntoView {
    let scope = use_scope();
    let defaults = Reading::new(move || (scope.cluster.get(), topic_defaults()));
    let create = Posting::of::<CreateTopic>();
    view! {
        <Title text="Create topic" />
        <div class="page page-narrow">
            <header class="page-head"><h1>"Create topic"</h1></header>
            {loaded(
                defaults,
                || block("h-96"),
                move |defaults| {
                    view! { <Form cluster=scope.cluster.get_untracked() defaults=defaults create=create /> }
                        .into_any()
                },
            )}
        </div>
    }
}

#[component]
fn Form(
    /// The cluster in the URL.
    cluster: String,
    /// What counts when a field stays empty.
    defaults: TopicDefaults,
    /// What the form does.
    create: Posting,
) -> impl IntoView {
    let inherited = |name: &str| {
        let entry = defaults.entries.iter().find(|entry| entry.name == name);
        entry.and_then(|entry| entry.value.clone()).unwrap_or_default()
    };
    let hinted = |name: &str| {
        let value = inherited(name);
        let hint = format::config_hint(name, &value);
        hint.map_or_else(|| value.clone(), |hint| format!("{value} ({hint})"))
    };
    let number = |name, label, placeholder: String, hint: &str| {
        text_field(TextField {
            name,
            label,
            placeholder,
            hint: hint.to_owned(),
            kind: "number",
            is_mono: true,
            ..TextField::default()
        })
    };
    let choices = ["", "delete", "compact", "compact,delete"].map(|policy| {
        let label = if policy.is_empty() {
            format!("default: {}", inherited("cleanup.policy"))
        } else {
            policy.to_owned()
        };
        (policy.to_owned(), label, policy.is_empty())
    });
    let replication_hint = format!(
        "At most {}.",
        format::plural(u64::from(defaults.brokers_count.unsigned_abs()), "broker", "brokers")
    );
    let partitions = number("partitions", "Partitions", defaults.partitions_count.to_string(), "");
    let replication = number(
        "replication",
        "Replication factor",
        defaults.replication_factor.to_string(),
        &replication_hint,
    );
    let keep_time = number(
        "retention_ms",
        "Keep for (ms)",
        hinted("retention.ms"),
        "-1 keeps records for ever.",
    );
    let keep_size = number(
        "retention_bytes",
        "Keep at most (bytes a partition)",
        hinted("retention.bytes"),
        "-1 sets no limit.",
    );
    let back = routes::topics(&cluster, &TopicsQuery::default());
    let failed = posting_error(create);
    view! {
        <PostForm posting=create>
            {hidden("cluster", cluster)} <div class="form">
                <NameField />
                <div class="form-pair">
                    {partitions} {replication}
                </div>
                <div class="form-pair">
                    {keep_time} {keep_size}
                </div>
                {select_field("cleanup_policy", "Cleanup policy", "", choices.to_vec())}
                {labelled(
                    "configs",
                    "More configuration",
                    "One name=value a line.",
                    text_area("configs", String::new(), "max.message.bytes=1048588".to_owned(), 3),
                )}
                <KnownConfigs entries=defaults.entries />
                {failed}
                <div class="form-actions">
                    {submit_pending(Weight::Primary, "Create topic", "Creating …", create.is_pending.into())}
                    {link_button(Weight::Ghost, back, "Cancel")}
                </div>
            </div>
        </PostForm>
    }
}

/// Checks the name as it is typed.
#[component]
fn NameField() -> impl IntoView {
    let name = RwSignal::new(String::new());
    let problem = maybe(move || {
        let text = name.get();
        let problem = if text.is_empty() { None } else { topic_name_problem(&text) };
        problem.map(field_error)
    });
    view! {
        <div class="field">
            <label for="name">"Name"</label>
            <input
                id="name"
                name="name"
                class="input mono"
                required
                maxlength="249"
                autocomplete="off"
                spellcheck="false"
                placeholder="weather_data"
                on:input=move |event| name.set(event_target_value(&event))
            />
            {problem}
        </div>
    }
}

/// What can be set, to look up.
#[component]
fn KnownConfigs(
    /// Every entry with its default.
    entries: Vec<ConfigEntry>,
) -> impl IntoView {
    let rows = entries.into_iter().map(|entry| {
        let value = entry.value.unwrap_or_default();
        let hint = format::config_hint(&entry.name, &value).map(|hint| format!(" ({hint})"));
        view! {
            <div>
                <dt class="mono">{entry.name}</dt>
                <dd><span class="mono">{value}</span>{hint} " " <span class="text-muted">{entry.doc}</span></dd>
            </div>
        }
    });
    view! {
        <details class="disclosure">
            <summary>"Everything that can be set, with its present default"</summary>
            <dl class="facts facts-wide">{rows.collect_view()}</dl>
        </details>
    }
}
