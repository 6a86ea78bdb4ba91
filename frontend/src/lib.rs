//! The browser's entry point: takes over the page that the server rendered.

/// Hydrates the server-rendered page; wasm-bindgen's glue calls it once the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(freshet_app::App);
}
