//! Charts on made-up figures.

use crate::time::Zone;
use crate::ui::badge::{Tone, category_class};
use crate::ui::chart::bars::{bars, share_bar};
use crate::ui::chart::heat::{Cell, heat_row, heat_strip};
use crate::ui::chart::spark::spark;
use crate::ui::chart::time::{Layer, Mark, Style, TimeChart, time_chart};
use crate::ui::pane::pane;
use leptos::prelude::*;

/// A wave without floating point: the same on both sides.
fn wave(seed: u64, count: u64, base: u64, swing: u64) -> Vec<Option<u64>> {
    let at = |n: u64| {
        let phase = (n + seed * 7) % 40;
        let triangle = if phase < 20 { phase } else { 40 - phase };
        base + swing * triangle / 20 + ((n * 2_654_435_761) >> 7) % (swing / 6 + 1)
    };
    (0..count).map(|n| Some(at(n))).collect()
}

fn chart(style: Style, holes: bool) -> TimeChart {
    let mut layers: Vec<Layer> = (0..4)
        .map(|index: u32| Layer {
            label: index.to_string(),
            class: category_class(index),
            values: wave(u64::from(index), 120, 200 * u64::from(index), 400),
        })
        .collect();
    if holes {
        for layer in &mut layers {
            layer.values[40..55].fill(None);
        }
    }
    TimeChart {
        label: "Example".to_owned(),
        start_ms: 1_763_889_000_000,
        step_ms: 5_000,
        layers,
        style,
        marks: vec![Mark { at_ms: 1_763_889_250_000, text: "rebalance".to_owned() }],
        write: crate::format::short,
        write_exact: |value| crate::format::integer(value.into()),
    }
}

/// All of them.
#[must_use]
pub fn charts() -> AnyView {
    let utc = Zone::default();
    let counts: Vec<u64> = wave(3, 120, 10, 90).into_iter().flatten().collect();
    let cell = |tone, strength| Cell { tone, strength, title: format!("strength {strength}") };
    let cells = (0..5).map(|s| cell(Tone::Good, s)).chain((0..5).map(|s| cell(Tone::Warning, s)));
    let cells = cells.chain((0..5).map(|s| cell(Tone::Danger, s))).chain([cell(Tone::Neutral, 0)]);
    let strengths: Vec<u8> = (0..60).map(|n| n / 6).collect();
    let small = view! {
        <p>{spark(&wave(1, 30, 5, 20), "spark-row")}</p>
        <p>{spark(&wave(2, 30, 5, 20), "spark-row spark-warning")}</p>
        <p>{heat_strip(cells.collect(), 12, "example".to_owned())}</p>
        <p>{heat_row(&strengths)}</p>
        <p><span class="share-cell">{share_bar(420, "c2")} "42 %"</span></p>
        {bars(&counts, 108, "example".to_owned())}
    };
    view! {
        <div class="grid-two">
            {pane("Stacked", (), time_chart(chart(Style::Stacked, false), "chart-l", &utc))}
            {pane("Areas", (), time_chart(chart(Style::Areas, false), "chart-l", &utc))}
            {pane("Lines with a hole", (), time_chart(chart(Style::Lines, true), "chart-m", &utc))}
            {pane("Small", (), small.into_any())}
        </div>
    }
    .into_any()
}
