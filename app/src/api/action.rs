//! Sending something to the server from the browser, in one place instead of once per server function.

use crate::error::AppError;
use leptos::prelude::*;
use server_fn::error::FromServerFnError;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What is sent.
pub struct Post {
    pub path: &'static str,
    pub content_type: &'static str,
    pub body: JsValue,
}

/// What came back.
pub struct Posted {
    pub bytes: Vec<u8>,
    /// Where the server leads to, if anywhere.
    pub location: Option<String>,
}

/// Sends a request to this server.
///
/// # Errors
/// What the server answered, or [`AppError::Unavailable`] when it did not.
pub async fn post(post: &Post) -> Result<Posted, AppError> {
    let lost =
        |_| AppError::Unavailable { reason: "the Freshet server can’t be reached".to_owned() };
    let response = send(post).await.map_err(lost)?;
    let buffer = JsFuture::from(response.array_buffer().map_err(lost)?).await.map_err(lost)?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    if !response.ok() {
        return Err(AppError::de(bytes.into()));
    }
    let leads = response.headers().has(server_fn::redirect::REDIRECT_HEADER).unwrap_or(false);
    let location = leads.then(|| response.headers().get("location").ok().flatten()).flatten();
    Ok(Posted { bytes, location })
}

async fn send(post: &Post) -> Result<web_sys::Response, JsValue> {
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(&post.body);
    let request = web_sys::Request::new_with_str_and_init(post.path, &init)?;
    request.headers().set("content-type", post.content_type)?;
    request.headers().set("accept", "application/x-postcard")?;
    JsFuture::from(window().fetch_with_request(&request)).await?.dyn_into()
}
