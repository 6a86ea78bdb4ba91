//! One record under its permanent address.

use crate::api::message::{fetch_piece, record};
use crate::components::loaded::loaded;
use crate::components::record::{RecordPlace, record_view};
use crate::model::record::{RecordDetail, RecordId};
use crate::routes::{self, MessagesView, Query};
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::button::{Weight, link_button};
use crate::ui::reactive::{reactive, text};
use crate::ui::skeleton::block;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use std::sync::Arc;

/// The page.
#[component]
pub fn RecordPage() -> impl IntoView {
    let scope = use_scope();
    let params = use_params_map();
    let location = use_location();
    let topic = Memo::new(move |_| params.with(|map| map.get("topic").unwrap_or_default()));
    let id = Memo::new(move |_| {
        let number = |name| params.with(|map| map.get(name)).unwrap_or_default();
        RecordId {
            partition: number("partition").parse().unwrap_or(-1),
            offset: number("offset").parse().unwrap_or(-1),
        }
    });
    let value_view = Memo::new(move |_| {
        let query = location.search.with(|text| Query::parse(text));
        MessagesView::parse(&query, &crate::time::Zone::default()).value_view
    });
    let record = Reading::new(move || (scope.cluster.get(), record(topic.get(), id.get())));
    let actions = reactive(move || {
        let href = routes::produce(&scope.cluster.get(), &topic.get(), Some(id.get()));
        link_button(Weight::Secondary, href, "Send again")
    });
    let heading = move || format!("{} / {}", id.get().partition, id.get().offset);
    let shown = move |record: RecordDetail| {
        let (cluster, topic) = (scope.cluster.get_untracked(), topic.get_untracked());
        let base = routes::record(&cluster, &topic, record.id);
        let steps = steps(&cluster, &topic, &record);
        let place = RecordPlace {
            cluster,
            topic,
            value_view: value_view.get(),
            href_of: Arc::new(move |view| format!("{base}{}", MessagesView::value_view_text(view))),
            fetch: fetch_piece,
        };
        view! { {steps} <div class="pane record">{record_view(&place, record)}</div> }.into_any()
    };
    view! {
        <Title text=move || format!("{} {}", topic.get(), heading()) />
        <div class="page page-narrow">
            <header class="page-head">
                <h1 class="mono">{text(heading)}</h1>
                <div class="page-actions">{actions}</div>
            </header>
            {loaded(record, || block("h-96"), shown)}
        </div>
    }
}

/// Links to the neighbours in the same partition.
fn steps(cluster: &str, topic: &str, record: &RecordDetail) -> AnyView {
    let link = |offset: Option<i64>, label: &'static str| {
        offset.map(|offset| {
            let id = RecordId { partition: record.id.partition, offset };
            link_button(Weight::Ghost, routes::record(cluster, topic, id), label)
        })
    };
    view! {
        <nav class="toolbar" aria-label="Neighbours">
            {link(record.previous_offset, "← Previous in partition")}
            {link(record.next_offset, "Next in partition →")}
        </nav>
    }
    .into_any()
}
