//! Editing offsets: choose, see before and after, apply exactly that.

use crate::api::group::{ApplyOffsets, group, packed_preview, preview_offsets};
use crate::components::loaded::{loaded, posting_error};
use crate::error::AppError;
use crate::form::offset_target;
use crate::format;
use crate::model::group::GroupDetail;
use crate::model::offsets::{OffsetEdit, OffsetMove, OffsetPreview};
use crate::routes::{self, Query};
use crate::state::get_form::GetForm;
use crate::state::post_form::{PostForm, Posting};
use crate::state::prefs::use_zone;
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::badge::{Tone, badge, tick};
use crate::ui::button::{Weight, link_button, submit, submit_pending};
use crate::ui::empty::alert;
use crate::ui::field::{TextField, hidden, select_field, text_field};
use crate::ui::pane::table_pane;
use crate::ui::reactive::maybe;
use crate::ui::skeleton::block;
use crate::ui::table::{Head, table};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};

/// The page: a GET form that previews, a POST form that applies.
#[component]
pub fn OffsetsPage() -> impl IntoView {
    let scope = use_scope();
    let params = use_params_map();
    let location = use_location();
    let name = Memo::new(move |_| params.with(|map| map.get("group").unwrap_or_default()));
    let group = Reading::new(move || (scope.cluster.get(), group(name.get())));
    let wanted = Memo::new(move |_| {
        edit_of(&name.get(), &Query::parse(&location.search.get()), &use_zone())
    });
    let preview = Reading::maybe(move || {
        let edit = wanted.get().ok().flatten()?;
        Some((scope.cluster.get(), preview_offsets(edit)))
    });
    let wrong =
        maybe(move || wanted.get().err().map(|error| alert("alert-danger", error.to_string())));
    let apply = Posting::of::<ApplyOffsets>();
    view! {
        <Title text="Edit offsets" />
        <div class="page page-narrow">
            <header class="page-head">
                <h1>"Edit offsets of " <span class="mono">{name}</span></h1>
            </header>
            {loaded(
                group,
                || block("h-32"),
                move |group| {
                    let query = Query::parse(&location.search.get_untracked());
                    choice(&scope.cluster.get_untracked(), &group, &query)
                },
            )}
            {wrong} {posting_error(apply)}
            {loaded(
                preview,
                || ().into_any(),
                move |preview| moves(&scope.cluster.get_untracked(), &preview, apply),
            )}
        </div>
    }
}

fn edit_of(
    group: &str,
    query: &Query,
    zone: &crate::time::Zone,
) -> Result<Option<OffsetEdit>, AppError> {
    let target = offset_target(query, zone)?;
    Ok(target.map(|target| OffsetEdit {
        group: group.to_owned(),
        topic: query.get("topic").map(str::to_owned),
        partitions: query.number("p").into_iter().collect(),
        target,
    }))
}

fn choice(cluster: &str, group: &GroupDetail, query: &Query) -> AnyView {
    let blocked = group.edit_blocked.clone().map(|reason| alert("alert-warning", reason));
    let topic = query.get("topic").unwrap_or("");
    let all = (String::new(), "all its topics".to_owned(), topic.is_empty());
    let topics = group
        .topics
        .iter()
        .map(|entry| (entry.topic.clone(), entry.topic.clone(), entry.topic == topic));
    let to = query.get("to").unwrap_or("earliest");
    let targets = [
        ("earliest", "the start of the log"),
        ("latest", "the end of the log"),
        ("offset", "an offset"),
        ("time", "a time"),
        ("shift", "so many records on or back"),
    ];
    let targets = targets.map(|(value, label)| (value.to_owned(), label.to_owned(), value == to));
    let topic = select_field("topic", "Topic", "", std::iter::once(all).chain(topics).collect());
    let partition = text_field(TextField {
        name: "p",
        label: "Partition",
        value: query.get("p").unwrap_or("").to_owned(),
        placeholder: "all".to_owned(),
        kind: "number",
        ..TextField::default()
    });
    let value = text_field(TextField {
        name: "to_value",
        label: "Offset, time or number",
        value: query.get("to_value").unwrap_or("").to_owned(),
        placeholder: "4711 · 2025-11-23 09:14 · -100".to_owned(),
        hint: "Only for the last three.".to_owned(),
        is_mono: true,
        ..TextField::default()
    });
    let base = routes::offsets(cluster, &group.group, None, None);
    view! {
        {blocked}
        <GetForm href_of=move |query| format!("{base}{}", query.to_text())>
            <div class="form">
                <div class="form-pair">{topic} {partition}</div>
                <div class="form-pair">
                    {select_field("to", "Move to", "", targets.to_vec())} {value}
                </div>
                <div class="form-actions">{submit(Weight::Secondary, "Show before and after")}</div>
            </div>
        </GetForm>
    }
    .into_any()
}

fn moves(cluster: &str, preview: &OffsetPreview, apply: Posting) -> AnyView {
    let changed = preview.moves.iter().filter(|step| step.before != Some(step.after)).count();
    let with_topic = preview.edit.topic.is_none();
    let rows = preview.moves.iter().map(|step| row(step, with_topic)).collect_view();
    let columns = vec![
        Head::text("Partition"),
        Head::text("Log"),
        Head::number("Before"),
        Head::number("After"),
        Head::number("Effect"),
        Head::text(""),
    ];
    let blocked = preview.blocked.clone().map(|reason| alert("alert-warning", reason));
    let packed = packed_preview(preview);
    let back = routes::group(cluster, &preview.edit.group);
    let button = if changed == 0 {
        crate::ui::button::disabled_button("Apply", "nothing would change")
    } else if let Some(reason) = &preview.blocked {
        crate::ui::button::disabled_button("Apply", reason.clone())
    } else {
        submit_pending(Weight::Primary, "Apply", "Applying …", apply.is_pending.into())
    };
    let cluster = hidden("cluster", cluster.to_owned());
    let note = format!("{changed} of {} change", preview.moves.len());
    view! {
        {table_pane("Before and after", note, table("Before and after", columns, rows.into_any()))}
        {blocked}
        <PostForm posting=apply>
            {cluster} {hidden("preview", packed)}
            <div class="form-actions">
                {button} {link_button(Weight::Ghost, back, "Cancel")}
            </div>
        </PostForm>
    }
    .into_any()
}

fn row(step: &OffsetMove, with_topic: bool) -> AnyView {
    let before =
        step.before.map_or_else(|| "–".to_owned(), |offset| format::integer(offset.into()));
    let effect = match step.reread_count() {
        None => "starts here".to_owned(),
        Some(0) => "stays".to_owned(),
        Some(n) if n > 0 => format!("reads {} again", format::integer(n.into())),
        Some(n) => format!("skips {}", format::integer(n.unsigned_abs().into())),
    };
    let log = format!(
        "{} – {}",
        format::integer(step.log_start_offset.into()),
        format::integer(step.log_end_offset.into())
    );
    let clamped = step.is_clamped.then(|| badge(Tone::Warning, "nearest offset in the log"));
    let topic = with_topic.then(|| view! { <span class="mono">{step.topic.clone()}" "</span> });
    view! {
        <tr>
            <td>{topic} {tick(step.partition)}</td>
            <td class="mono text-muted">{log}</td>
            <td class="num mono">{before}</td>
            <td class="num mono">{format::integer(step.after.into())}</td>
            <td class="num">{effect}</td>
            <td>{clamped}</td>
        </tr>
    }
    .into_any()
}
