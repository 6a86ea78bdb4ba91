//! Parts of a view that are drawn again when what they read changes.
//!
//! Every closure in a view is a type of its own, and each type brings its own copy of the machinery into the
//! browser. These functions give all of them one type.

use leptos::prelude::*;
use leptos::tachys::reactive_graph::SharedReactiveFunction;
use std::sync::{Arc, Mutex};

/// Draws again whenever something that `draw` read has changed.
pub fn reactive(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let draw: SharedReactiveFunction<AnyView> = Arc::new(Mutex::new(draw));
    draw.into_any()
}

/// As [`reactive`], for a text.
pub fn text(write: impl Fn() -> String + Send + 'static) -> AnyView {
    let write: SharedReactiveFunction<String> = Arc::new(Mutex::new(write));
    write.into_any()
}

/// As [`reactive`], for something that may not be there.
pub fn maybe(draw: impl Fn() -> Option<AnyView> + Send + 'static) -> AnyView {
    reactive(move || draw().unwrap_or_else(|| ().into_any()))
}

/// As [`maybe`], for what reads from the server: the page waits for it, and keeps the old picture while it is read anew.
pub fn settled(draw: impl Fn() -> Option<AnyView> + Send + Sync + 'static) -> AnyView {
    waiting(|| ().into_any(), Arc::new(draw))
}

/// As [`settled`], with something in its place until it is there for the first time.
pub fn waiting(
    meanwhile: fn() -> AnyView,
    draw: Arc<dyn Fn() -> Option<AnyView> + Send + Sync>,
) -> AnyView {
    let children = move || {
        let draw = Arc::clone(&draw);
        maybe(move || draw())
    };
    view! { <Transition fallback=meanwhile>{children()}</Transition> }.into_any()
}
