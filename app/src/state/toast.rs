//! Outcomes told in a corner. Failures stand where they happened instead.

use leptos::prelude::*;
use std::time::Duration;

/// Toasts shown at once; older ones go first.
const TOASTS_MAX: usize = 4;
const SHOWN_MS: u64 = 5_000;

/// One toast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub id: u32,
    pub text: String,
}

/// All toasts of this visit.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next_id: StoredValue<u32>,
}

/// Makes toasts known to every page.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts { shown: RwSignal::new(Vec::new()), next_id: StoredValue::new(0) };
    provide_context(toasts);
    toasts
}

/// The toasts of this visit.
#[must_use]
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(provide_toasts)
}

impl Toasts {
    /// Tells an outcome for a few seconds.
    pub fn tell(self, text: impl Into<String>) {
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        let toast = Toast { id, text: text.into() };
        self.shown.update(|shown| {
            shown.push(toast);
            if shown.len() > TOASTS_MAX {
                shown.remove(0);
            }
        });
        set_timeout(move || self.dismiss(id), Duration::from_millis(SHOWN_MS));
    }

    /// Takes one away.
    pub fn dismiss(self, id: u32) {
        // The page may be gone when a timer fires.
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }

    /// What is shown now.
    #[must_use]
    pub fn shown(self) -> Vec<Toast> {
        self.shown.get()
    }
}
