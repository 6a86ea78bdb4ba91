//! The reader's preferences as a signal; the cookie is their only home.

use super::browser;
use crate::prefs::Prefs;
use crate::time::Zone;
use leptos::prelude::*;

/// The preferences of this visit.
#[derive(Clone, Copy)]
pub struct PrefsState(pub RwSignal<Prefs>);

/// Reads the cookie, on both sides alike, and makes the preferences known to every page.
pub fn provide_prefs() -> PrefsState {
    let state = PrefsState(RwSignal::new(read()));
    provide_context(state);
    state
}

#[cfg(feature = "ssr")]
fn read() -> Prefs {
    let cookies = use_context::<http::request::Parts>().and_then(|parts| {
        let all = parts.headers.get_all(http::header::COOKIE).iter();
        all.filter_map(|value| value.to_str().ok())
            .find(|value| value.contains(crate::prefs::COOKIE))
            .map(str::to_owned)
    });
    Prefs::from_cookies(&cookies.unwrap_or_default())
}

#[cfg(not(feature = "ssr"))]
fn read() -> Prefs {
    Prefs::from_cookies(&browser::cookies())
}

/// The preferences of this visit.
#[must_use]
pub fn use_prefs() -> PrefsState {
    use_context().unwrap_or_else(|| PrefsState(RwSignal::new(Prefs::default())))
}

/// The zone of this visit, as of now.
#[must_use]
pub fn use_zone() -> Zone {
    use_prefs().0.with(|prefs| prefs.zone.clone())
}

impl PrefsState {
    /// Changes them and remembers that.
    pub fn update(self, change: impl FnOnce(&mut Prefs)) {
        self.0.update(change);
        let prefs = self.0.get_untracked();
        browser::set_cookie(&prefs.to_cookie());
        browser::set_root_attribute("data-theme", prefs.theme.name());
        let rail = if prefs.is_rail_collapsed { "collapsed" } else { "open" };
        browser::set_root_attribute("data-rail", rail);
    }

    /// Brings the offset changes of the browser's zone up to date; the picture changes only when they did.
    pub fn refresh_zone(self) {
        if self.0.with_untracked(|prefs| prefs.zone.is_utc()) {
            return;
        }
        let zone = browser::local_zone();
        if self.0.with_untracked(|prefs| prefs.zone.name == zone.name && prefs.zone != zone) {
            self.update(|prefs| prefs.zone = zone);
        }
    }
}
