//! Every primitive in each state, to look at in light and dark.

pub mod charts;
pub mod controls;

use crate::prefs::Theme;
use crate::state::prefs::use_prefs;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn DesignPage() -> impl IntoView {
    let prefs = use_prefs();
    Effect::new(move |_| crate::state::browser::set_root_attribute("data-js", "1"));
    let themes = [Theme::System, Theme::Light, Theme::Dark].map(|theme| {
        let press = move |_| prefs.update(|prefs| prefs.theme = theme);
        view! { <button type="button" class="btn" on:click=press>{theme.name()}</button> }
    });
    view! {
        <Title text="Design" />
        <main class="page design">
            <header class="page-head">
                <h1>"Design"</h1>
                <div class="page-actions needs-js">{themes.collect_view()}</div>
            </header>
            {controls::controls()}
            {charts::charts()}
        </main>
    }
}
