//! Lag, always with its trend and, where known, its time.

use crate::format;
use crate::model::number::{Lag, Severity};
use crate::ui::badge::Tone;
use crate::ui::chart::heat::{Cell, heat_strip};
use leptos::prelude::*;

/// The tone of a severity.
#[must_use]
pub fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Fine => Tone::Neutral,
        Severity::Warning => Tone::Warning,
        Severity::Danger => Tone::Danger,
    }
}

/// Messages behind, in a table cell.
#[must_use]
pub fn lag_messages(lag: Option<Lag>) -> AnyView {
    let Some(lag) = lag else {
        return view! { <span class="text-faint" title="no offset committed">"–"</span> }
            .into_any();
    };
    let class = tone(lag.severity()).text_class();
    view! { <span class=class title=lag.messages.to_string()>{format::integer(lag.messages.into())}</span> }
        .into_any()
}

/// Time behind and trend, in a table cell.
#[must_use]
pub fn lag_time(lag: Option<Lag>) -> AnyView {
    let Some(lag) = lag else { return ().into_any() };
    let severity = lag.severity();
    let class = match severity {
        Severity::Fine => "text-muted",
        Severity::Warning | Severity::Danger => tone(severity).text_class(),
    };
    view! { <span class=class>{format::lag_note(lag)}</span> }.into_any()
}

/// One cell a partition.
#[must_use]
pub fn lag_strip(cells: &[Option<Lag>], omitted_count: u32) -> AnyView {
    let behind = cells.iter().flatten().filter(|lag| lag.severity() > Severity::Fine).count();
    let summary = format!("{} partitions, {behind} behind", cells.len());
    let cells = cells.iter().enumerate().map(|(index, lag)| cell(index, *lag)).collect();
    heat_strip(cells, omitted_count, summary)
}

fn cell(index: usize, lag: Option<Lag>) -> Cell {
    let Some(lag) = lag else {
        let title = format!("{index}: no offset committed");
        return Cell { tone: Tone::Neutral, strength: 0, title };
    };
    let tone = match lag.severity() {
        Severity::Fine => Tone::Good,
        Severity::Warning => Tone::Warning,
        Severity::Danger => Tone::Danger,
    };
    let note = format::lag_note(lag);
    let title = format!("{index}: {} behind {note}", format::integer(lag.messages.into()));
    Cell { tone, strength: strength(lag), title }
}

/// How strong a cell is within its tone, by time where known, else by count.
fn strength(lag: Lag) -> u8 {
    let steps: [u64; 4] = match lag.time_ms {
        Some(_) => [500, 10_000, 600_000, 36_000_000],
        None => [100, 10_000, 100_000, 1_000_000],
    };
    let value = lag.time_ms.unwrap_or(lag.messages);
    u8::try_from(steps.iter().filter(|step| value >= **step).count()).unwrap_or(4)
}
