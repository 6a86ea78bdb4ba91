//! Producing: key, value, headers, where to, how. Works as a plain form, checks as one types with JavaScript.

pub mod fields;
pub mod outcome;

use crate::api::produce::{ProduceRecord, get_produce_form};
use crate::components::loaded::{action_error, loaded};
use crate::routes::{self, Query, TopicTab, parse_record_id};
use crate::state::scope::use_scope;
use crate::ui::button::{Weight, link_button};
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
    let form = Resource::new(
        move || (scope.cluster.get(), topic.get(), again.get()),
        |(cluster, topic, again)| get_produce_form(cluster, topic, again),
    );
    let produce = ServerAction::<ProduceRecord>::new();
    let failed = move || action_error(produce.value().get().and_then(Result::err));
    let written = move || {
        let result = produce.value().get().and_then(Result::ok)?;
        Some(outcome::outcome(&scope.cluster.get(), &result))
    };
    let back = move || {
        let href = routes::topic(&scope.cluster.get(), &topic.get(), TopicTab::Messages);
        link_button(Weight::Ghost, href, "Messages")
    };
    view! {
        <Title text=move || format!("Produce to {}", topic.get()) />
        <div class="page page-narrow">
            <header class="page-head">
                <h1>"Produce to " <span class="mono">{topic}</span></h1>
                <div class="page-actions">{back}</div>
            </header>
            <div aria-live="polite">{written} {failed}</div>
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
