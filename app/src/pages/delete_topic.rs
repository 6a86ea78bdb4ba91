//! Deleting a topic.

use crate::api::topic::{DeleteTopic, get_topic};
use crate::components::confirm::confirm_fields;
use crate::components::loaded::{action_error, loaded};
use crate::format;
use crate::model::topic::TopicHead;
use crate::routes::{self, TopicTab};
use crate::state::scope::use_scope;
use crate::ui::field::hidden;
use crate::ui::skeleton::block;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// Says what goes, and asks for the name.
#[component]
pub fn DeleteTopicPage() -> impl IntoView {
    let scope = use_scope();
    let params = use_params_map();
    let name = move || params.with(|map| map.get("topic").unwrap_or_default());
    let topic = Resource::new(
        move || (scope.cluster.get(), name()),
        |(cluster, topic)| get_topic(cluster, topic),
    );
    let delete = ServerAction::<DeleteTopic>::new();
    let failed = move || action_error(delete.value().get().and_then(Result::err));
    view! {
        <Title text="Delete topic" />
        <div class="page page-narrow">
            <header class="page-head">
                <h1>"Delete " <span class="mono">{name}</span></h1>
            </header>
            {failed}
            {loaded(
                topic,
                || block("h-56"),
                move |topic| form(&scope.cluster.get_untracked(), &topic, delete),
            )}
        </div>
    }
}

fn form(cluster: &str, topic: &TopicHead, delete: ServerAction<DeleteTopic>) -> AnyView {
    let size = topic.size_bytes.map_or_else(String::new, |size| {
        format!(", {}", format::bytes(size).text())
    });
    let consequences = vec![
        format!(
            "{} messages in {} go for good{size}.",
            format::count(topic.messages),
            format::plural(topic.partitions_count.into(), "partition", "partitions")
        ),
        match topic.groups_count {
            0 => "No group reads it.".to_owned(),
            n => format!("{} lose their place in it.", format::plural(n.into(), "group", "groups")),
        },
    ];
    let back = routes::topic(cluster, &topic.name, TopicTab::Messages);
    let fields =
        confirm_fields(&topic.name, consequences, "Delete topic", delete.pending().into(), back);
    let (cluster, name) = (hidden("cluster", cluster.to_owned()), hidden("topic", topic.name.clone()));
    view! {
        <ActionForm action=delete>
            {cluster} {name}
            <div class="form">{fields}</div>
        </ActionForm>
    }
    .into_any()
}
