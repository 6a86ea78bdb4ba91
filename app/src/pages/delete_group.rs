//! Deleting a group.

use crate::api::group::{DeleteGroup, group};
use crate::components::confirm::confirm_fields;
use crate::components::loaded::{loaded, posting_error};
use crate::format;
use crate::model::group::GroupDetail;
use crate::routes;
use crate::state::post_form::{PostForm, Posting};
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::empty::alert;
use crate::ui::field::hidden;
use crate::ui::skeleton::block;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// Says what goes, and asks for the name.
#[component]
pub fn DeleteGroupPage() -> impl IntoView {
    let scope = use_scope();
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|map| map.get("group").unwrap_or_default()));
    let group = Reading::new(move || (scope.cluster.get(), group(name.get())));
    let delete = Posting::of::<DeleteGroup>();
    view! {
        <Title text="Delete group" />
        <div class="page page-narrow">
            <header class="page-head">
                <h1>"Delete " <span class="mono">{name}</span></h1>
            </header>
            {posting_error(delete)}
            {loaded(
                group,
                || block("h-56"),
                move |group| form(&scope.cluster.get_untracked(), &group, delete),
            )}
        </div>
    }
}

fn form(cluster: &str, group: &GroupDetail, delete: Posting) -> AnyView {
    let partitions: usize = group.topics.iter().map(|topic| topic.partitions.len()).sum();
    let consequences = vec![
        format!(
            "Its committed offsets in {} are forgotten.",
            format::plural(partitions as u64, "partition", "partitions")
        ),
        "A consumer that joins under this name later starts where auto.offset.reset says."
            .to_owned(),
    ];
    let blocked = group.delete_blocked.clone().map(|reason| alert("alert-warning", reason));
    let back = routes::group(cluster, &group.group);
    let fields =
        confirm_fields(&group.group, consequences, "Delete group", delete.is_pending.into(), back);
    let (cluster, name) =
        (hidden("cluster", cluster.to_owned()), hidden("group", group.group.clone()));
    view! {
        {blocked}
        <PostForm posting=delete>
            {cluster} {name}
            <div class="form">{fields}</div>
        </PostForm>
    }
    .into_any()
}
