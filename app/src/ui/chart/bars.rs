//! Bars over time, thin enough to be a scroll bar through a topic.

use super::scale::{HEIGHT, WIDTH, y};
use leptos::prelude::*;

/// Bars of equal width; those from `bright_from` on stand out. `label` tells a screen reader what they show.
#[must_use]
pub fn bars(counts: &[u64], bright_from: usize, label: String) -> AnyView {
    let max = counts.iter().copied().max().unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
    let step = WIDTH / counts.len().max(1) as f64;
    let (mut dim, mut bright) = (String::new(), String::new());
    for (index, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        #[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
        let x = step * index as f64;
        let top = y(*count, max).min(HEIGHT - 4.0);
        let path = if index >= bright_from { &mut bright } else { &mut dim };
        path.push_str(&format!("M{x:.1} {HEIGHT:.0}V{top:.1}h{:.1}V{HEIGHT:.0}Z", step * 0.78));
    }
    view! {
        <svg class="bars" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label=label>
            <path class="bars-dim" d=dim />
            <path class="bars-bright" d=bright />
        </svg>
    }
    .into_any()
}

/// A share of a whole as one bar.
#[must_use]
pub fn share_bar(permille: u16, class: &'static str) -> AnyView {
    let width = format!("width:{}.{}%", permille.min(1000) / 10, permille.min(1000) % 10);
    view! { <span class=format!("share {class}") aria-hidden="true"><i style=width></i></span> }
        .into_any()
}
