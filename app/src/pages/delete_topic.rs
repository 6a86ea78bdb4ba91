//! Deleting a topic.

use crate::api::topic::{DeleteTopic, topic};
use crate::components::confirm::confirm_fields;
use crate::components::loaded::{loaded, posting_error};
use crate::format;
use crate::model::topic::TopicHead;
use crate::routes::{self, TopicTab};
use crate::state::post_form::{PostForm, Posting};
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::field::hidden;
use crate::ui::skeleton::block;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// Says what goes, and asks for the name.
#[component]
pub fn DeleteTopicPage() -> impl IntoView {
    let scope = use_scope();
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|map| map.get("topic").unwrap_or_default()));
    let topic = Reading::new(move || (scope.cluster.get(), topic(name.get())));
    let delete = Posting::of::<DeleteTopic>();
    view! {
        <Title text="Delete topic" />
        <div class="page page-narrow">
            <header class="page-head">
                <h1>"Delete " <span class="mono">{name}</span></h1>
            </header>
            {posting_error(delete)}
            {loaded(
                topic,
                || block("h-56"),
                move |topic| form(&scope.cluster.get_untracked(), &topic, delete),
            )}
        </div>
    }
}

fn form(cluster: &str, topic: &TopicHead, delete: Posting) -> AnyView {
    let size = topic
        .size_bytes
        .map_or_else(String::new, |size| format!(", {}", format::bytes(size).text()));
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
        confirm_fields(&topic.name, consequences, "Delete topic", delete.is_pending.into(), back);
    let (cluster, name) =
        (hidden("cluster", cluster.to_owned()), hidden("topic", topic.name.clone()));
    view! {
        <PostForm posting=delete>
            {cluster} {name}
            <div class="form">{fields}</div>
        </PostForm>
    }
    .into_any()
}
