//! A line the size of a word.

use super::scale::{area_path, line_path};
use leptos::prelude::*;

/// A sparkline over the samples; `class` colours and sizes it.
#[must_use]
pub fn spark(values: &[Option<u64>], class: &'static str) -> AnyView {
    let max = values.iter().flatten().copied().max().unwrap_or(0).max(1);
    let (line, area) = (line_path(values, max), area_path(values, &[], max));
    view! {
        <svg
            class=format!("spark {class}")
            viewBox="0 -4 1000 108"
            preserveAspectRatio="none"
            aria-hidden="true"
        >
            <path class="spark-area" d=area />
            <path class="spark-line" d=line />
        </svg>
    }
    .into_any()
}
