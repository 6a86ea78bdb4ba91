//! The few things asked of the browser. Called from effects and event handlers only, so never on the server.

use crate::time::{CHANGES_MAX, Zone};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// Writes a cookie of this page.
pub fn set_cookie(cookie: &str) {
    if let Some(html) = document().dyn_ref::<web_sys::HtmlDocument>() {
        // A browser that refuses cookies keeps the preference for this visit only.
        drop(html.set_cookie(cookie));
    }
}

/// All cookies of this page.
#[must_use]
pub fn cookies() -> String {
    document()
        .dyn_ref::<web_sys::HtmlDocument>()
        .and_then(|html| html.cookie().ok())
        .unwrap_or_default()
}

/// Sets an attribute of the document's root element.
pub fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        drop(root.set_attribute(name, value));
    }
}

/// Puts `text` on the clipboard.
pub fn copy(text: &str) {
    drop(window().navigator().clipboard().write_text(text));
}

/// The page's address with another path and query behind the host.
#[must_use]
pub fn absolute(path: &str) -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}{path}")
}

/// Whether the reader can see the page now.
#[must_use]
pub fn is_visible() -> bool {
    !document().hidden()
}

/// Milliseconds since the epoch.
#[must_use]
pub fn now_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds fit")]
    let ms = js_sys::Date::now() as i64;
    ms
}

/// Runs `task` before the next frame is drawn.
pub fn before_next_frame(task: impl FnOnce() + 'static) {
    let task = Closure::once_into_js(task);
    drop(window().request_animation_frame(task.unchecked_ref()));
}

/// Runs `task` for each `event` on the window until the page is left.
pub fn on_window(event: &'static str, task: impl Fn(web_sys::Event) + 'static) {
    let handle = window_event_listener_untyped(event, task);
    on_cleanup(move || handle.remove());
}

/// The browser's own zone with its offset changes of one year back and ahead.
#[must_use]
pub fn local_zone() -> Zone {
    const DAY_MS: i64 = 86_400_000;
    let now = now_ms();
    let mut at = now - 366 * DAY_MS;
    let mut offset = offset_minutes(at);
    let mut changes = vec![(i64::MIN, offset)];
    while at < now + 366 * DAY_MS && changes.len() < CHANGES_MAX {
        let next = at + DAY_MS;
        let next_offset = offset_minutes(next);
        if next_offset != offset {
            changes.push((change_second(at, next, offset), next_offset));
            offset = next_offset;
        }
        at = next;
    }
    Zone { name: zone_name(), changes }
}

fn change_second(from_ms: i64, to_ms: i64, offset: i16) -> i64 {
    let (mut low, mut high) = (from_ms / 1000, to_ms / 1000);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if offset_minutes(middle * 1000) == offset { low = middle } else { high = middle }
    }
    high
}

fn offset_minutes(ms: i64) -> i16 {
    #[expect(clippy::cast_precision_loss, reason = "epoch milliseconds are below 2^53")]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(ms as f64));
    #[expect(clippy::cast_possible_truncation, reason = "an offset is at most a day")]
    let minutes = -date.get_timezone_offset() as i16;
    minutes
}

fn zone_name() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let options = format.resolved_options();
    js_sys::Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_else(|| "Local".to_owned())
}

/// Opens a `<dialog>` above everything else.
pub fn open_dialog(dialog: NodeRef<leptos::html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked()
        && !dialog.open()
    {
        drop(dialog.show_modal());
    }
}

/// Closes a `<dialog>`.
pub fn close_dialog(dialog: NodeRef<leptos::html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        dialog.close();
    }
}

/// Whether a key press is meant for a field, not for the page.
#[must_use]
pub fn is_typing(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}
