//! Deleting a group.

use crate::api::group::{DeleteGroup, get_group};
use crate::components::confirm::confirm_fields;
use crate::components::loaded::{action_error, loaded};
use crate::format;
use crate::model::group::GroupDetail;
use crate::routes;
use crate::state::scope::use_scope;
use crate::ui::empty::alert;
use crate::ui::field::hidden;
use crate::ui::skeleton::block;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// Says what goes, and asks for the name.
#[component]
pub fn DeleteGroupPage() -> impl IntoView {
    let scope = use_scope();
    let params = use_params_map();
    let name = move || params.with(|map| map.get("group").unwrap_or_default());
    let group = Resource::new(
        move || (scope.cluster.get(), name()),
        |(cluster, group)| get_group(cluster, group),
    );
    let delete = ServerAction::<DeleteGroup>::new();
    let failed = move || action_error(delete.value().get().and_then(Result::err));
    view! {
        <Title text="Delete group" />
        <div class="page page-narrow">
            <header class="page-head">
                <h1>"Delete " <span class="mono">{name}</span></h1>
            </header>
            {failed}
            {loaded(
                group,
                || block("h-56"),
                move |group| form(&scope.cluster.get_untracked(), &group, delete),
            )}
        </div>
    }
}

fn form(cluster: &str, group: &GroupDetail, delete: ServerAction<DeleteGroup>) -> AnyView {
    let partitions: usize = group.topics.iter().map(|topic| topic.partitions.len()).sum();
    let consequences = vec![
        format!(
            "Its committed offsets in {} are forgotten.",
            format::plural(partitions as u64, "partition", "partitions")
        ),
        "A consumer that joins under this name later starts where auto.offset.reset says.".to_owned(),
    ];
    let blocked = group.delete_blocked.clone().map(|reason| alert("alert-warning", reason));
    let back = routes::group(cluster, &group.group);
    let fields =
        confirm_fields(&group.group, consequences, "Delete group", delete.pending().into(), back);
    let (cluster, name) = (hidden("cluster", cluster.to_owned()), hidden("group", group.group.clone()));
    view! {
        {blocked}
        <ActionForm action=delete>
            {cluster} {name}
            <div class="form">{fields}</div>
        </ActionForm>
    }
    .into_any()
}
