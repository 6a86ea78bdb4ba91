//! A strip of cells: one per partition, stronger is further behind.

use super::super::badge::Tone;
use leptos::prelude::*;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub tone: Tone,
    /// 0 to 4: how strong within its tone.
    pub strength: u8,
    /// What hovering says, exactly.
    pub title: String,
}

/// A strip of cells with a sentence for screen readers.
#[must_use]
pub fn heat_strip(cells: Vec<Cell>, omitted_count: u32, summary: String) -> AnyView {
    let cells = cells.into_iter().map(|cell| {
        let tone = match cell.tone {
            Tone::Neutral | Tone::Accent => "heat-none",
            Tone::Good => "heat-good",
            Tone::Warning => "heat-warning",
            Tone::Danger => "heat-danger",
        };
        let strength = match cell.strength {
            0 => "s0",
            1 => "s1",
            2 => "s2",
            3 => "s3",
            _ => "s4",
        };
        view! { <i class=format!("{tone} {strength}") title=cell.title></i> }
    });
    let more = (omitted_count > 0).then(|| view! { <span>{format!("+{omitted_count}")}</span> });
    view! { <span class="heat" role="img" aria-label=summary>{cells.collect_view()}{more}</span> }
        .into_any()
}

/// Cells over time for one row of a heat map: strength 0 to 9 for each bucket.
#[must_use]
pub fn heat_row(strengths: &[u8]) -> AnyView {
    #[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
    let width = 1000.0 / strengths.len().max(1) as f64;
    let cells = strengths.iter().enumerate().filter(|(_, strength)| **strength > 0).map(
        |(index, strength)| {
            #[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
            let x = width * index as f64;
            let opacity = format!("0.{}", (*strength).min(9));
            view! {
                <rect
                    x=format!("{x:.1}")
                    y="0"
                    width=format!("{:.1}", width * 0.9)
                    height="10"
                    opacity=opacity
                />
            }
        },
    );
    view! {
        <svg class="heat-row" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
            {cells.collect_view()}
        </svg>
    }
    .into_any()
}
