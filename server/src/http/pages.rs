//! The pages, rendered here and hydrated in the browser, their server functions and their files.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use freshet_app::prefs::Prefs;
use freshet_app::{App, AssetNames, shell};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{
    LeptosRoutes, ResponseOptions, generate_route_list_with_exclusions_and_ssg_and_context,
};

use super::{Assets, Door, headers};

/// Folders of the site; they must be named, or `/{cluster}/…` would take them.
const FOLDERS: [&str; 2] = ["pkg", "fonts"];

/// Routes of all pages, their server functions and the site's files.
pub(super) fn routes(door: &Door) -> Router {
    let console = door.console.clone();
    let context = move || provide_context(console.clone());
    let assets = &door.assets;
    let names =
        AssetNames { css: assets.url("css"), js: assets.url("js"), wasm: assets.url("wasm") };
    let document = move || {
        set_policy();
        shell(names.clone(), &prefs())
    };
    let options = LeptosOptions::builder().output_name("freshet").build();
    let (list, _) =
        generate_route_list_with_exclusions_and_ssg_and_context(App, None, context.clone());
    let mut router = Router::new().leptos_routes_with_context(&options, list, context, document);
    for folder in FOLDERS {
        let assets = Arc::clone(assets);
        let file = move |Path(path): Path<String>, headers: HeaderMap| async move {
            respond(&assets, &format!("{folder}/{path}"), &headers)
        };
        router = router.route(&format!("/{folder}/{{*path}}"), get(file));
    }
    let assets = Arc::clone(assets);
    let icon = move |headers: HeaderMap| async move { respond(&assets, "favicon.svg", &headers) };
    router.route("/favicon.svg", get(icon)).with_state(options)
}

fn respond(assets: &Assets, path: &str, headers: &HeaderMap) -> Response {
    match assets.respond(path, headers) {
        Some(file) => file.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The page's content security policy, with the nonce of its own scripts.
fn set_policy() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    if let Ok(policy) = HeaderValue::from_str(&headers::page_policy(&nonce)) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    // A page holds figures of this moment and a nonce of its own.
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

fn prefs() -> Prefs {
    let cookies = use_context::<Parts>().map(|parts| {
        let all = parts.headers.get_all(header::COOKIE).iter();
        let texts: Vec<&str> = all.filter_map(|value| value.to_str().ok()).collect();
        texts.join("; ")
    });
    Prefs::from_cookies(&cookies.unwrap_or_default())
}
