//! Partitions: marks, counts, sizes, and who carries the traffic.

use super::TopicScope;
use crate::api::topic::{CreatePartitions, DeleteRecords, partitions};
use crate::components::loaded::{loaded, posting_error};
use crate::format;
use crate::model::topic::{PartitionRow, PartitionsView};
use crate::state::poll::poll;
use crate::state::post_form::{PostForm, Posting};
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::badge::{Tone, badge_with_title, category_class, tick};
use crate::ui::button::{Weight, disabled_button, submit_pending};
use crate::ui::chart::bars::share_bar;
use crate::ui::field::{TextField, hidden, select_field, text_field};
use crate::ui::pane::table_pane;
use crate::ui::reactive::{reactive, settled};
use crate::ui::skeleton::table_skeleton;
use crate::ui::table::{Head, table};
use leptos::prelude::*;

const REFRESH_MS: u64 = 2_000;

/// The tab.
#[component]
pub fn PartitionsTab() -> impl IntoView {
    let scope = use_scope();
    let topic: TopicScope = expect_context();
    let partitions = Reading::new(move || (scope.cluster.get(), partitions(topic.topic.get())));
    poll(REFRESH_MS, move || partitions.again());
    view! {
        <div class="page-body">
            {loaded(partitions, || table_skeleton(8, 6), |view| rows(&view))}
            <div class="grid-two">
                <GrowForm /> <DeleteRecordsForm partitions=partitions />
            </div>
        </div>
    }
}

fn rows(view: &PartitionsView) -> AnyView {
    let rows = view.rows.iter().map(row).collect_view();
    let columns = vec![
        Head::text("Partition"),
        Head::text("Leader"),
        Head::number("Low mark"),
        Head::number("High mark"),
        Head::number("Messages"),
        Head::number("Size"),
        Head::number("Rate"),
        Head::text("Share of traffic").classed("w-52"),
        Head::text("Replicas").classed("hide-narrow"),
    ];
    table_pane("Partitions", (), table("Partitions", columns, rows.into_any()))
}

fn row(row: &PartitionRow) -> AnyView {
    let leader = match (&row.problem, row.leader) {
        (Some(problem), _) => badge_with_title(Tone::Danger, "offline", problem.clone()),
        (None, Some(leader)) => {
            view! { <span title=format!("leader epoch {}", row.leader_epoch)>{leader}</span> }
                .into_any()
        }
        (None, None) => badge_with_title(Tone::Danger, "no leader", "no broker leads it"),
    };
    let stable = row
        .last_stable_offset
        .filter(|stable| *stable != row.high_watermark)
        .map(|stable| format!("last stable offset {stable}"));
    let replicas: Vec<String> = row
        .replicas
        .iter()
        .map(|id| if row.in_sync.contains(id) { id.to_string() } else { format!("{id} (behind)") })
        .collect();
    let class = category_class(row.partition.unsigned_abs());
    view! {
        <tr>
            <td>{tick(row.partition)}</td>
            <td>{leader}</td>
            <td class="num mono">{format::integer(row.log_start_offset.into())}</td>
            <td class="num mono" title=stable>{format::integer(row.high_watermark.into())}</td>
            <td class="num mono">{format::count(row.messages)}</td>
            <td class="num mono">{row.size_bytes.map(|size| format::bytes(size).text())}</td>
            <td class="num mono">{row.rate_in.map(|rate| format!("{} /s", format::rate(rate)))}</td>
            <td>
                <span class="share-cell">
                    {share_bar(row.share_permille, class)}
                    <span class="text-muted">{format::permille(row.share_permille)}</span>
                </span>
            </td>
            <td class="mono text-muted hide-narrow">{replicas.join(", ")}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn GrowForm() -> impl IntoView {
    let scope = use_scope();
    let topic: TopicScope = expect_context();
    let grow = Posting::of::<CreatePartitions>();
    let fields = reactive(move || {
        view! {
            {hidden("cluster", scope.cluster.get())} {hidden("topic", topic.topic.get())}
        }
        .into_any()
    });
    view! {
        <details class="disclosure pane">
            <summary>"Add partitions"</summary>
            <PostForm posting=grow>
                {fields} <div class="form">
                    <p class="text-muted">
                        "Keys move to other partitions when the number changes; records already written stay where they are."
                    </p>
                    {text_field(TextField {
                        name: "partitions",
                        label: "Partitions in total",
                        kind: "number",
                        is_required: true,
                        ..TextField::default()
                    })} {posting_error(grow)}
                    {submit_pending(
                        Weight::Secondary,
                        "Add partitions",
                        "Adding …",
                        grow.is_pending.into(),
                    )}
                </div>
            </PostForm>
        </details>
    }
}

#[component]
fn DeleteRecordsForm(
    /// The choices.
    partitions: Reading<PartitionsView>,
) -> impl IntoView {
    let scope = use_scope();
    let topic: TopicScope = expect_context();
    let delete = Posting::of::<DeleteRecords>();
    let fields = settled(move || {
        let rows = partitions.ok().map(|view| view.rows).unwrap_or_default();
        let choices =
            rows.iter().map(|row| (row.partition.to_string(), row.partition.to_string(), false));
        let all = (String::new(), "all partitions".to_owned(), true);
        let name = topic.topic.get();
        Some(view! {
            {hidden("cluster", scope.cluster.get())} {hidden("topic", name.clone())}
            {select_field("partition", "Partition", "", std::iter::once(all).chain(choices).collect())}
            {text_field(TextField {
                name: "offset",
                label: "Delete below offset",
                kind: "number",
                placeholder: "the high mark: all records".to_owned(),
                hint: "This offset is the first one kept.".to_owned(),
                ..TextField::default()
            })}
            {text_field(TextField {
                name: "typed",
                label: "Type the topic’s name to confirm",
                placeholder: name,
                is_required: true,
                is_mono: true,
                ..TextField::default()
            })}
        }
        .into_any())
    });
    let button = settled(move || {
        Some(if scope.capabilities().delete_records {
            submit_pending(Weight::Danger, "Delete records", "Deleting …", delete.is_pending.into())
        } else {
            disabled_button("Delete records", "this cluster does not allow it")
        })
    });
    view! {
        <details class="disclosure pane">
            <summary>"Delete records…"</summary>
            <PostForm posting=delete>
                <div class="form">{fields} {posting_error(delete)} {button}</div>
            </PostForm>
        </details>
    }
}
