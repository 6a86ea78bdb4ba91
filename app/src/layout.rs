//! The frame around every page: it never moves.

pub mod banner;
pub mod crumbs;
pub mod palette;
pub mod rail;
pub mod toasts;
pub mod top;

use crate::model::live::{Pulse, ServerFrame, Subscription};
use crate::state::browser;
use crate::state::live::{self, LiveStatus};
use crate::state::poll::poll;
use crate::state::prefs::use_prefs;
use crate::state::scope::provide_scope;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Outlet;

/// How often the frame asks how many topics and groups there are.
const FRAME_MS: u64 = 5_000;

/// What the live connection tells every page.
#[derive(Clone, Copy)]
pub struct LiveState {
    pub status: RwSignal<LiveStatus>,
    /// The newest figures of the cluster.
    pub pulse: RwSignal<Option<Pulse>>,
}

/// Rail, top bar, page, palette, toasts.
#[component]
pub fn Layout() -> impl IntoView {
    let scope = provide_scope();
    let live = LiveState { status: RwSignal::new(LiveStatus::Closed), pulse: RwSignal::new(None) };
    provide_context(live);
    let palette: NodeRef<html::Dialog> = NodeRef::new();
    poll(FRAME_MS, move || scope.frame.again());
    follow_pulse(live);
    let prefs = use_prefs();
    Effect::new(move |_| {
        browser::set_root_attribute("data-js", "1");
        prefs.refresh_zone();
    });
    view! {
        <a class="skip-link" href="#main">"Skip to the page"</a>
        <div class="frame">
            <rail::Rail />
            <top::TopBar palette=palette />
            <main id="main" class="main" tabindex="-1">
                <banner::Banners />
                <Outlet />
            </main>
        </div>
        <palette::Palette node=palette />
        <toasts::ToastStack />
    }
}

/// Opens the live connection once the frame knows the server's build.
fn follow_pulse(live: LiveState) {
    let scope = crate::state::scope::use_scope();
    // The frame is asked again and again; the connection only changes with build and cluster.
    let known = RwSignal::new(None::<(String, String)>);
    Effect::new(move |_| {
        let Some(frame) = scope.frame.ok() else { return };
        let now = Some((frame.build, scope.cluster.get()));
        if known.get_untracked() != now {
            known.set(now);
        }
    });
    Effect::new(move |_| {
        let Some((build, cluster)) = known.get() else { return };
        live::configure(&build, &cluster, live.status);
        let id = live::follow(
            || (Subscription::Pulse, 0),
            move |frame| {
                if let ServerFrame::Pulse { pulse, .. } = frame {
                    live.pulse.set(Some(pulse));
                }
            },
        );
        on_cleanup(move || live::unfollow(id));
    });
}
