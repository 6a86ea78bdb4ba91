//! Where a record went.

use crate::format;
use crate::model::produce::ProduceResult;
use crate::model::record::RecordId;
use crate::routes;
use crate::state::prefs::use_zone;
use crate::time;
use crate::ui::icon::{Icon, icon};
use leptos::prelude::*;

/// Partition, offset, time and a link to the record.
#[must_use]
pub fn outcome(cluster: &str, result: &ProduceResult) -> AnyView {
    let took = format!("acknowledged in {}", format::duration(result.elapsed_ms.into()).text());
    if result.offset < 0 {
        return view! {
            <p class="alert alert-good">
                {icon(Icon::Check)}
                <span>"Sent without waiting for an acknowledgement (acks=0): nobody knows where it went."</span>
            </p>
        }
        .into_any();
    }
    let id = RecordId { partition: result.partition, offset: result.offset };
    let href = routes::record(cluster, &result.topic, id);
    let count = match (result.count, result.partitions_count) {
        (1, _) => "Written to".to_owned(),
        (n, 1) => format!("{} records written, the first to", format::integer(n.into())),
        (n, p) => {
            format!("{} records written to {p} partitions, the first to", format::integer(n.into()))
        }
    };
    let place = format!("partition {} at offset {}", result.partition, result.offset);
    view! {
        <p class="alert alert-good">
            {icon(Icon::Check)}
            <span>
                {count} " " <a class="link" href=href>{place}</a>
                {format!(", {}, {took}.", time::full(result.timestamp_ms, &use_zone()))}
            </span>
        </p>
    }
    .into_any()
}
