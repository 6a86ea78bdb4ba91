//! The line above a live table: rate, skipped, pause, and the pill with what is new above.

use super::TabScope;
use super::follow::Following;
use crate::format;
use crate::model::message::Start;
use crate::ui::empty::alert;
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::{maybe, reactive, text};
use crate::ui::window::Window;
use leptos::prelude::*;

/// Rate, skipped, pause; the pill with what is new above.
#[component]
pub fn LiveBar(
    /// The tab's state.
    tab: TabScope,
    /// How live mode is getting on.
    following: Following,
    /// The table's window.
    window: Window,
) -> impl IntoView {
    let skipped = reactive(move || {
        let count = following.skipped_count.get();
        let text = format!("{} skipped", format::integer(count.into()));
        match following.skipped.get().filter(|_| count > 0) {
            Some(range) => {
                let mut view = tab.view.get_untracked().starting(Start::Offset(range.first));
                view.query.partitions = vec![range.partition];
                view! { <a class="link text-warning" href=tab.href(&view)>{text}" – show"</a> }
                    .into_any()
            }
            None => text.into_any(),
        }
    });
    let pause = reactive(move || {
        if following.is_paused.get() {
            view! { {icon(Icon::Play)} "Resume" }.into_any()
        } else {
            view! { {icon(Icon::Pause)} "Pause" }.into_any()
        }
    });
    let press = move |_| {
        if following.is_paused.get_untracked() {
            following.resume(window);
        } else {
            following.is_paused.set(true);
        }
    };
    let pill = maybe(move || {
        let fresh = following.fresh_count.get();
        (fresh > 0).then(|| {
            view! {
                <button type="button" class="pill" on:click=move |_| following.resume(window)>
                    {icon(Icon::Up)}
                    {format!("{} new", format::integer(fresh.into()))}
                </button>
            }
            .into_any()
        })
    });
    let problem = maybe(move || following.problem.get().map(|text| alert("alert-danger", text)));
    let rate = text(move || format::integer(following.rate.get().into()));
    view! {
        <div class="live-bar needs-js">
            <span class="live-dot" class:is-paused=following.is_paused></span>
            <span class="tabular">
                {rate} " msg/s · " {skipped}
            </span>
            {pill}
            <span class="grow"></span>
            <button type="button" class="btn" on:click=press>{pause}</button>
        </div>
        {problem}
    }
}
