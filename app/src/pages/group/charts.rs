//! Lag over time, rates, and when things happened.

use crate::format;
use crate::model::group::{GroupEventKind, LagHistory, Span};
use crate::model::number::{Rate, Series};
use crate::routes;
use crate::state::prefs::use_zone;
use crate::ui::badge::category_class;
use crate::ui::chart::heat::heat_row;
use crate::ui::chart::time::{Layer, Mark, Style, TimeChart, time_chart};
use crate::ui::empty::empty;
use crate::ui::pane::{legend, pane};
use crate::ui::tabs::segments;
use leptos::prelude::*;

/// Stacked lag, rates, and partitions over time.
#[must_use]
pub fn charts(cluster: &str, group: &str, history: LagHistory, events: Option<AnyView>) -> AnyView {
    let spans = Span::ALL.map(|span| {
        let href = routes::group_span(cluster, group, span);
        (span.label().to_owned(), href, span == history.span)
    });
    let spans = segments("Look back", spans.to_vec());
    if history.partitions.is_empty() {
        let text =
            "Lag is sampled once a second from the first commit on, and kept across restarts.";
        return pane("Lag over time", spans, empty("No samples yet", text, ().into_any()));
    }
    let time = history.time.as_ref().filter(|series| series.max() > 0).map(time_lag);
    view! {
        <div class="grid-charts">
            <div class="stack">{lag(&history, spans)} {rates(&history)}</div>
            <div class="stack">{time} {heat(&history)} {events}</div>
        </div>
    }
    .into_any()
}

fn several_topics(history: &LagHistory) -> bool {
    history.partitions.windows(2).any(|pair| pair[0].topic != pair[1].topic)
}

fn layers(history: &LagHistory) -> Vec<Layer> {
    let with_topic = several_topics(history);
    let mut sorted: Vec<_> = history.partitions.iter().enumerate().collect();
    sorted.sort_by_key(|(_, series)| (&series.topic, series.partition));
    let mut layers: Vec<Layer> = Vec::with_capacity(sorted.len() + 1);
    for (index, series) in sorted {
        // One topic: a partition keeps the colour of its number everywhere. Several: colours by rank.
        let colour = if with_topic {
            u32::try_from(index).unwrap_or(0)
        } else {
            series.partition.unsigned_abs()
        };
        let label = if with_topic {
            format!("{}-{}", series.topic, series.partition)
        } else {
            series.partition.to_string()
        };
        layers.push(Layer {
            label,
            class: category_class(colour),
            values: series.lag.values.clone(),
        });
    }
    if let Some(others) = &history.others {
        let values = others.values.clone();
        layers.push(Layer { label: "others".to_owned(), class: "c-muted", values });
    }
    layers
}

fn lag(history: &LagHistory, spans: AnyView) -> AnyView {
    let layers = layers(history);
    let entries = layers.iter().map(|layer| (layer.class, layer.label.clone())).collect();
    let marks = history.events.iter().filter(|event| {
        matches!(
            event.kind,
            GroupEventKind::Rebalance
                | GroupEventKind::MemberRemoved
                | GroupEventKind::OffsetsEdited
        )
    });
    let marks = marks.map(|event| {
        let text = if event.detail.is_empty() {
            event.title.clone()
        } else {
            format!("{} · {}", event.title, event.detail)
        };
        Mark { at_ms: event.at_ms, text }
    });
    let first = history.partitions.first().map(|series| &series.lag);
    let chart = TimeChart {
        label: "Lag in messages over time, stacked by partition".to_owned(),
        start_ms: first.map_or(0, |series| series.start_ms),
        step_ms: first.map_or(1, |series| series.step_ms),
        layers,
        style: Style::Stacked,
        marks: marks.collect(),
        write: format::short,
        write_exact: |lag| format::integer(lag.into()),
    };
    let note = view! { {legend(entries)} {spans} };
    pane("Lag over time", note, time_chart(chart, "chart-l", &use_zone()))
}

/// How a chart writes its values: short on the axis, exact under the pointer.
type Writers = (fn(u64) -> String, fn(u64) -> String);

fn lines(label: &str, series: &[(&str, &'static str, &Series)], writers: Writers) -> TimeChart {
    let (start_ms, step_ms) =
        series.first().map_or((0, 1), |(_, _, series)| (series.start_ms, series.step_ms));
    let layers = series.iter().map(|(label, class, series)| Layer {
        label: (*label).to_owned(),
        class,
        values: series.values.clone(),
    });
    TimeChart {
        label: label.to_owned(),
        start_ms,
        step_ms,
        layers: layers.collect(),
        style: Style::Lines,
        marks: Vec::new(),
        write: writers.0,
        write_exact: writers.1,
    }
}

fn rates(history: &LagHistory) -> AnyView {
    let series =
        [("written", "c-muted", &history.produce_rate), ("read", "c0", &history.consume_rate)];
    let writers: Writers = (|milli| format::short(milli / 1000), |milli| format::rate(Rate(milli)));
    let chart = lines("Records per second, written and read", &series, writers);
    let entries = vec![("c-muted", "written".to_owned()), ("c0", "read".to_owned())];
    let note = view! { {legend(entries)} <span>"messages per second"</span> };
    pane("Rates", note, time_chart(chart, "chart-s", &use_zone()))
}

fn time_lag(series: &Series) -> AnyView {
    let writers: Writers = (|ms| format::duration(ms).text(), format::long_or_short);
    let chart = lines("Worst time behind", &[("behind", "c-warning", series)], writers);
    pane("Time behind", "worst partition", time_chart(chart, "chart-s", &use_zone()))
}

/// Partition by time: stronger is further behind.
fn heat(history: &LagHistory) -> AnyView {
    let with_topic = several_topics(history);
    let max = history.partitions.iter().map(|series| series.lag.max()).max().unwrap_or(0);
    let mut sorted: Vec<_> = history.partitions.iter().collect();
    sorted.sort_by_key(|series| (&series.topic, series.partition));
    let rows = sorted.into_iter().map(|series| {
        let label = if with_topic {
            format!("{}-{}", series.topic, series.partition)
        } else {
            series.partition.to_string()
        };
        view! { <div class="heat-line">{heat_row(&strengths(&series.lag, max))}<span>{label}</span></div> }
    });
    pane("Partition × time", "stronger is further behind", rows.collect_view().into_any())
}

/// At most 60 buckets, each as strong as its worst sample.
fn strengths(series: &Series, max: u64) -> Vec<u8> {
    const BUCKETS: usize = 60;
    let size = series.values.len().div_ceil(BUCKETS).max(1);
    let worst = |chunk: &[Option<u64>]| chunk.iter().flatten().copied().max().unwrap_or(0);
    let strength =
        |value: u64| u8::try_from(u128::from(value) * 9 / u128::from(max.max(1))).unwrap_or(9);
    series.values.chunks(size).map(|chunk| strength(worst(chunk))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_is_relative_to_the_worst_partition() {
        let values = (0..600).map(|n| Some(u64::from(n >= 300) * 50)).collect();
        let series = Series { start_ms: 0, step_ms: 1000, values };
        let strengths = strengths(&series, 100);
        assert_eq!(strengths.len(), 60);
        assert_eq!((strengths[0], strengths[59]), (0, 4));
    }
}
