//! Lines, areas and stacks over time, with marks, and exact figures under the pointer.

use super::scale::{area_path, line_path, share, time_ticks, value_ticks, y};
use crate::time::{Zone, full};
use crate::ui::reactive::maybe;
use leptos::html;
use leptos::prelude::*;

/// One line or layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub label: String,
    /// Sets `--c`.
    pub class: &'static str,
    pub values: Vec<Option<u64>>,
}

/// How layers are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Lines,
    /// Lines with a light area beneath.
    Areas,
    /// Areas on top of each other; the top edge is the sum.
    Stacked,
}

/// A vertical mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at_ms: i64,
    pub text: String,
}

/// What a chart shows.
#[derive(Clone, Debug)]
pub struct TimeChart {
    /// What it is, for a screen reader.
    pub label: String,
    pub start_ms: i64,
    pub step_ms: u32,
    pub layers: Vec<Layer>,
    pub style: Style,
    pub marks: Vec<Mark>,
    /// Writes a round value on the axis, short.
    pub write: fn(u64) -> String,
    /// Writes a value under the pointer, exactly.
    pub write_exact: fn(u64) -> String,
}

impl TimeChart {
    fn count(&self) -> usize {
        self.layers.iter().map(|layer| layer.values.len()).max().unwrap_or(0)
    }

    fn end_ms(&self) -> i64 {
        let steps = i64::try_from(self.count().saturating_sub(1)).unwrap_or(0);
        self.start_ms + steps * i64::from(self.step_ms)
    }

    /// The top edge of each layer: its own values, or the sums when stacked.
    fn edges(&self) -> Vec<Vec<Option<u64>>> {
        if self.style != Style::Stacked {
            return self.layers.iter().map(|layer| layer.values.clone()).collect();
        }
        let mut edges: Vec<Vec<Option<u64>>> = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let below = edges.last();
            let sum = layer.values.iter().enumerate().map(|(index, value)| {
                let base = below.and_then(|edge| edge.get(index).copied().flatten());
                match (value, base) {
                    (None, base) => base,
                    (Some(value), base) => Some(value.saturating_add(base.unwrap_or(0))),
                }
            });
            let sum = sum.collect();
            edges.push(sum);
        }
        edges
    }
}

/// A chart whose height comes from `class`.
#[must_use]
pub fn time_chart(chart: TimeChart, class: &'static str, zone: &Zone) -> AnyView {
    let edges = chart.edges();
    let max = edges.iter().flatten().flatten().copied().max().unwrap_or(0);
    let ticks = value_ticks(max, 3);
    let top = ticks.last().copied().unwrap_or(1);
    let drawing = drawing(&chart, &edges, &ticks, top);
    let y_labels = ticks.iter().map(|tick| {
        let place = format!("top:{:.1}%", y(*tick, top));
        view! { <span style=place>{(chart.write)(*tick)}</span> }
    });
    let y_labels = y_labels.collect_view();
    let x_ticks = time_ticks(chart.start_ms, chart.end_ms(), 6, zone);
    let x_labels = x_ticks.into_iter().filter(|(place, _)| *place < 0.96).map(|(place, label)| {
        view! { <span style=format!("left:{:.1}%", place * 100.0)>{label}</span> }
    });
    let x_labels = x_labels.collect_view();
    let marks = marks(&chart);
    let label = chart.label.clone();
    view! {
        <figure class=format!("chart {class}") role="group" aria-label=label>
            <div class="chart-plot">
                {drawing} {marks} <Pointer chart=chart zone=zone.clone() />
            </div>
            <div class="chart-y" aria-hidden="true">{y_labels}</div>
            <div class="chart-x" aria-hidden="true">{x_labels}</div>
        </figure>
    }
    .into_any()
}

fn drawing(chart: &TimeChart, edges: &[Vec<Option<u64>>], ticks: &[u64], top: u64) -> AnyView {
    let grid = ticks.iter().map(|tick| {
        let at = format!("{:.1}", y(*tick, top));
        view! { <line class="chart-grid" x1="0" x2="1000" y1=at.clone() y2=at /> }
    });
    let grid = grid.collect_view();
    let layers = chart.layers.iter().enumerate().map(|(index, layer)| {
        let edge = edges.get(index).map_or(&[][..], Vec::as_slice);
        let base = match chart.style {
            Style::Stacked => index.checked_sub(1).and_then(|below| edges.get(below)),
            Style::Lines | Style::Areas => None,
        };
        let area_class = match chart.style {
            Style::Lines => None,
            Style::Areas => Some("chart-area"),
            Style::Stacked => Some("chart-layer"),
        };
        let area = area_class.map(|class| {
            let path = area_path(edge, base.map_or(&[], Vec::as_slice), top);
            view! { <path class=class d=path /> }
        });
        view! { <g class=layer.class>{area}<path class="chart-line" d=line_path(edge, top) /></g> }
    });
    view! {
        <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
            {grid} {layers.collect_view()}
        </svg>
    }
    .into_any()
}

fn marks(chart: &TimeChart) -> AnyView {
    let length = chart.end_ms() - chart.start_ms;
    let marks = chart
        .marks
        .iter()
        .filter(|mark| length > 0 && (chart.start_ms..=chart.end_ms()).contains(&mark.at_ms));
    // A label needs room: marks close behind a labelled one keep their line and say their text on hover.
    const ROOM_PERCENT: f64 = 24.0;
    let mut last_label = -ROOM_PERCENT;
    let marks = marks.map(|mark| {
        let place = share(mark.at_ms - chart.start_ms, length) * 100.0;
        let has_room = place - last_label >= ROOM_PERCENT;
        if has_room {
            last_label = place;
        }
        let label = has_room.then(|| mark.text.clone());
        let class = if place > 60.0 { "chart-mark chart-mark-end" } else { "chart-mark" };
        view! {
            <div class=class style=format!("left:{place:.1}%") title=mark.text.clone()>
                <span>{label}</span>
            </div>
        }
    });
    marks.collect_view().into_any()
}

/// The line under the pointer and the figures beside it.
#[component]
fn Pointer(
    /// What is drawn.
    chart: TimeChart,
    /// For the moment pointed at.
    zone: Zone,
) -> impl IntoView {
    let node: NodeRef<html::Div> = NodeRef::new();
    let at = RwSignal::new(None::<usize>);
    let count = chart.count();
    let follow = move |event: web_sys::PointerEvent| {
        let Some(element) = node.get_untracked() else { return };
        let bounds = element.get_bounding_client_rect();
        let place = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place on a screen, kept within the samples"
        )]
        let index = (place.clamp(0.0, 1.0) * count.saturating_sub(1) as f64).round() as usize;
        at.set(Some(index));
    };
    let shown = maybe(move || {
        let index = at.get()?;
        let place = super::scale::x(index, count) / 10.0;
        let ms = chart.start_ms + i64::from(chart.step_ms) * i64::try_from(index).unwrap_or(0);
        let rows = chart.layers.iter().rev().map(|layer| {
            let value = layer.values.get(index).copied().flatten();
            let value = value.map_or_else(|| "–".to_owned(), chart.write_exact);
            view! {
                <div class=layer.class>
                    <span class="legend-entry">{layer.label.clone()}</span>
                    <b>{value}</b>
                </div>
            }
        });
        let class = if place > 55.0 { "chart-tip chart-tip-end" } else { "chart-tip" };
        Some(
            view! {
                <div class=class style=format!("left:{place:.1}%")>
                    <p>{full(ms, &zone)}</p>
                    {rows.collect_view()}
                </div>
            }
            .into_any(),
        )
    });
    view! {
        <div
            class="chart-pointer"
            node_ref=node
            on:pointermove=follow
            on:pointerleave=move |_| at.set(None)
        >
            {shown}
        </div>
    }
}
