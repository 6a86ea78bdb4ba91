//! The topic over time, thin, above its messages. A press leads to that moment.

use super::TabScope;
use crate::api::message::histogram;
use crate::format;
use crate::model::message::{Histogram, Start};
use crate::state::poll::poll;
use crate::state::prefs::use_zone;
use crate::state::reading::Reading;
use crate::ui::chart::bars::bars;
use crate::ui::chart::scale::time_ticks;
use crate::ui::reactive::waiting;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

const REFRESH_MS: u64 = 10_000;

/// The strip; nothing when the topic is empty or nobody can tell.
#[component]
pub fn HistogramStrip(
    /// The tab's state.
    tab: TabScope,
) -> impl IntoView {
    let histogram = Reading::new(move || (tab.cluster.get(), histogram(tab.topic.get())));
    poll(REFRESH_MS, move || histogram.again());
    let node: NodeRef<html::Div> = NodeRef::new();
    let navigate = use_navigate();
    let press = move |event: web_sys::MouseEvent| {
        let Some(histogram) = histogram.ok_untracked() else { return };
        let Some(element) = node.get_untracked() else { return };
        let bounds = element.get_bounding_client_rect();
        let place = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
        let view = tab.view.get_untracked().starting(Start::Time(moment(&histogram, place)));
        navigate(&tab.href(&view), NavigateOptions::default());
    };
    let strip = waiting(
        || view! { <div class="bone bone-bars"></div> }.into_any(),
        Arc::new(move || {
            let histogram = histogram.ok()?;
            (!histogram.counts.is_empty()).then(|| drawn(&histogram, tab))
        }),
    );
    view! {
        <div class="histogram" node_ref=node on:click=press title="Press to read from that moment">
            {strip}
        </div>
    }
}

/// The start of the bucket at a place between 0 and 1.
fn moment(histogram: &Histogram, place: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place on a screen, kept within the buckets"
    )]
    let bucket = (place.clamp(0.0, 0.999) * histogram.counts.len() as f64) as u64;
    let distance = i64::try_from(bucket.saturating_mul(histogram.bucket_ms)).unwrap_or(0);
    histogram.start_ms.saturating_add(distance)
}

fn drawn(histogram: &Histogram, tab: TabScope) -> AnyView {
    let total: u64 = histogram.counts.iter().sum();
    let count = histogram.counts.len();
    let length =
        i64::try_from(histogram.bucket_ms).unwrap_or(i64::MAX).saturating_mul(count as i64);
    let end_ms = histogram.start_ms.saturating_add(length);
    let bright_from = match tab.view.with(|view| view.query.start) {
        Start::Newest => count.saturating_sub((count / 12).max(1)),
        Start::Time(from_ms) | Start::Range { from_ms, .. } => {
            let distance = u64::try_from(from_ms - histogram.start_ms).unwrap_or(0);
            usize::try_from(distance / histogram.bucket_ms.max(1)).unwrap_or(count)
        }
        Start::Oldest => 0,
        Start::Offset(_) => count,
    };
    let label = format!(
        "{}{} messages over {}",
        if histogram.is_exact { "" } else { "about " },
        format::integer(total.into()),
        format::long_duration(u64::try_from(length).unwrap_or(0))
    );
    let ticks = time_ticks(histogram.start_ms, end_ms, 8, &use_zone());
    let labels = ticks.into_iter().filter(|(place, _)| *place < 0.95).map(|(place, text)| {
        view! { <span style=format!("left:{:.1}%", place * 100.0)>{text}</span> }
    });
    view! {
        {bars(&histogram.counts, bright_from, label)}
        <div class="histogram-x" aria-hidden="true">
            {labels.collect_view()} <span class="is-end">"now"</span>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_means_the_start_of_its_bucket() {
        let histogram = Histogram {
            now_ms: 0,
            start_ms: 1_000,
            bucket_ms: 10,
            counts: vec![0; 100],
            is_exact: true,
        };
        assert_eq!(moment(&histogram, 0.0), 1_000);
        assert_eq!(moment(&histogram, 0.5), 1_500);
        assert_eq!(moment(&histogram, 1.0), 1_990);
    }
}
