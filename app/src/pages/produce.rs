//! Producing: key, value, headers, where to, how. Works as a plain form, checks as one types with JavaScript.

pub mod fields;
pub mod outcome;

use crate::api::produce::{ProduceRecord, produce_form};
use crate::components::loaded::{loaded, posting_error};
use crate::model::produce::ProduceResult;
use crate::routes::{self, Query, TopicTab, parse_record_id};
use crate::state::post_form::Posting;
use crate::state::reading::Reading;
use crate::state::scope::use_scope;
use crate::ui::button::{Weight, link_button};
use crate::ui::reactive::{maybe, reactive};
use crate::ui::skeleton::block;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};

/// The page.
#[component]
pub fn ProducePage() -> impl IntoView {
    let scope = use_scope();
    let params = use_params_map();
    let location = use_location();
    let topic = Memo::new(move |_| params.with(|map| map.get("topic").unwrap_or_default()));
    let again = Memo::new(move |_| {
        location.search.with(|text| Query::parse(text).get("again").and_then(parse_record_id))
    });
    let form = Reading::new(move || (scope.cluster.get(), produce_form(topic.get(), again.get())));
    let produce = Posting::of::<ProduceRecord>();
    let written = maybe(move || {
        let result: ProduceResult = produce.answer()?;
        Some(outcome::outcome(&scope.cluster.get(), &result))
    });
    let back = reactive(move || {
        let href = routes::topic(&scope.cluster.get(), &topic.get(), TopicTab::Messages);
        link_button(Weight::Ghost, href, "Messages")
    });
    view! {
        <Title text=move || format!("Produce to {}", topic.get()) />
        <div class="page page-narrow">
            <header class="page-head">
                <h1>"Produce to " <span class="mono">{topic}</span></h1>
                <div class="page-actions">{back}</div>
            </header>
            <div aria-live="polite">{written} {posting_error(produce)}</div>
            {loaded(
                form,
                || block("h-96"),
                move |form| {
                    view! {
                        <fields::ProduceFields
                            cluster=scope.cluster.get_untracked()
                            form=form
                            produce=produce
                        />
                    }
                        .into_any()
                },
            )}
        </div>
    }
}
