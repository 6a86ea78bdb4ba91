//! Asking again while somebody looks.

use super::browser;
use leptos::prelude::*;
use std::time::Duration;

/// Calls `ask` every `period_ms` while the page is visible and still there. Nothing happens on the server.
pub fn poll(period_ms: u64, ask: impl Fn() + Clone + 'static) {
    Effect::new(move |_| {
        let ask = ask.clone();
        let handle = set_interval_with_handle(
            move || {
                if browser::is_visible() {
                    ask();
                }
            },
            Duration::from_millis(period_ms),
        );
        if let Ok(handle) = handle {
            on_cleanup(move || handle.clear());
        }
    });
}
