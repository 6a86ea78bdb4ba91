//! One record: value, key, headers, facts, who wrote it and who has read it.

pub mod facts;
pub mod payload_view;
pub mod tree;

use crate::error::AppError;
use crate::model::record::{Part, PayloadPiece, RecordDetail, RecordId};
use crate::routes::ValueView;
use crate::ui::pane::facts;
use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Reads a further piece of a payload: cluster, topic, record, which half, from which byte.
pub type FetchPiece = fn(
    String,
    String,
    RecordId,
    Part,
    u32,
) -> Pin<Box<dyn Future<Output = Result<PayloadPiece, AppError>>>>;

/// Where a record is and how it is shown.
#[derive(Clone)]
pub struct RecordPlace {
    pub cluster: String,
    pub topic: String,
    /// How the value is shown now.
    pub value_view: ValueView,
    /// The same page with the value shown otherwise.
    pub href_of: Arc<dyn Fn(ValueView) -> String + Send + Sync>,
    pub fetch: FetchPiece,
}

/// Everything about a record, in sections.
#[must_use]
pub fn record_view(place: &RecordPlace, record: RecordDetail) -> AnyView {
    let headers = headers(&record);
    let facts = facts::facts_of(&record);
    let origin = facts::origin(&record);
    let readers = facts::readers(&place.cluster, &record);
    let id = record.id;
    view! {
        <payload_view::PayloadView
            place=place.clone()
            id=id
            part=Part::Value
            payload=record.value
        />
        <payload_view::PayloadView place=place.clone() id=id part=Part::Key payload=record.key />
        {headers}
        {facts}
        {origin}
        {readers}
    }
    .into_any()
}

fn headers(record: &RecordDetail) -> AnyView {
    let rows = record.headers.iter().map(|header| {
        view! {
            <div>
                <dt class="mono">{header.key.clone()}</dt>
                <dd class="mono">{super::payload::preview(&header.value)}</dd>
            </div>
        }
    });
    let omitted = u64::from(record.headers_count).saturating_sub(record.headers.len() as u64);
    let omitted = (omitted > 0).then(|| {
        view! { <p class="text-muted">{format!("and {omitted} more")}</p> }
    });
    let list = if record.headers.is_empty() {
        view! { <p class="text-muted">"none"</p> }.into_any()
    } else {
        view! { <dl class="facts">{rows.collect_view()}</dl> }.into_any()
    };
    view! {
        <section class="record-part">
            <h3>"Headers" <span>{record.headers_count}</span></h3>
            {list}
            {omitted}
        </section>
    }
    .into_any()
}

/// A section of facts.
fn section(title: &'static str, rows: Vec<(&'static str, AnyView)>) -> AnyView {
    view! { <section class="record-part"><h3>{title}</h3>{facts(rows)}</section> }.into_any()
}
