//! What is known about a record beside its bytes.

use super::section;
use crate::format;
use crate::model::record::{RecordDetail, TimestampType};
use crate::routes;
use crate::state::prefs::use_zone;
use crate::time;
use crate::ui::badge::{Tone, badge, tick};
use leptos::prelude::*;

fn mono(text: impl Into<String>) -> AnyView {
    view! { <span class="mono">{text.into()}</span> }.into_any()
}

/// Place, time, batch.
pub(super) fn facts_of(record: &RecordDetail) -> AnyView {
    let zone = use_zone();
    let kind = match record.timestamp_type {
        TimestampType::CreateTime => "set by the producer",
        TimestampType::LogAppendTime => "set by the broker",
        TimestampType::None => "",
    };
    let written = view! {
        {mono(time::full(record.timestamp_ms, &zone))} " " <span class="text-muted">{kind}</span>
    };
    let mut rows: Vec<(&'static str, AnyView)> = vec![
        ("Timestamp", written.into_any()),
        ("Partition", tick(record.id.partition)),
        ("Offset", mono(record.id.offset.to_string())),
    ];
    if let Some(appended) = record.appended_ms {
        let distance = appended - record.timestamp_ms;
        let after = u64::try_from(distance).map_or_else(
            |_| "before its timestamp: clocks differ".to_owned(),
            |ms| format!("{} after its timestamp", format::duration(ms).text()),
        );
        let appended = mono(time::full(appended, &zone));
        let appended = view! { {appended} " " <span class="text-muted">{after}</span> };
        rows.push(("Appended", appended.into_any()));
    }
    let batch = format!(
        "{} from offset {}, {} stored, compression {}",
        format::plural(u64::from(record.batch_records_count.unsigned_abs()), "record", "records"),
        record.batch_base_offset,
        format::bytes(record.batch_size_bytes.into()).text(),
        record.compression
    );
    rows.push(("Batch", batch.into_any()));
    rows.push(("Leader epoch", mono(record.leader_epoch.to_string())));
    if let Some(producer) = record.producer_id {
        let transactional = record.is_transactional.then(|| badge(Tone::Accent, "transactional"));
        rows.push((
            "Producer id",
            view! { {mono(producer.to_string())} " " {transactional} }.into_any(),
        ));
    }
    section("Facts", rows)
}

/// Who wrote it; where nobody can know, that is said.
pub(super) fn origin(record: &RecordDetail) -> Option<AnyView> {
    let Some(origin) = &record.written_by else {
        // An append time means that the engine is here and the origin was lost; attached, there is nothing to say.
        return record.appended_ms.map(|_| {
            section(
                "Written by",
                vec![(
                    "Client",
                    "not known: recorded outside the sync set, or lost in a power cut".into_any(),
                )],
            )
        });
    };
    let library = match origin.library.as_str() {
        "" => "unknown".to_owned(),
        name => format!("{name} {}", origin.library_version),
    };
    let rows = vec![
        ("Client", mono(origin.client_id.clone())),
        ("Library", library.into_any()),
        ("Address", mono(origin.address.clone())),
        ("Principal", mono(origin.principal.clone())),
    ];
    Some(section("Written by", rows))
}

/// Which groups have passed it.
pub(super) fn readers(cluster: &str, record: &RecordDetail) -> Option<AnyView> {
    if record.readers.is_empty() {
        return None;
    }
    let rows = record.readers.iter().map(|reader| {
        let state = if reader.has_passed {
            badge(Tone::Good, "committed past it")
        } else {
            badge(Tone::Warning, "not yet")
        };
        let href = routes::group(cluster, &reader.group);
        view! { <div><dt><a class="link mono" href=href>{reader.group.clone()}</a></dt><dd>{state}</dd></div> }
    });
    let view = view! {
        <section class="record-part">
            <h3>"Read by"</h3>
            <dl class="facts">{rows.collect_view()}</dl>
        </section>
    };
    Some(view.into_any())
}
