//! A form that does something: sent by the browser itself, or in place with JavaScript.

use crate::api::action::{Post, post};
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;
use server_fn::error::FromServerFnError;
use wasm_bindgen::JsCast;

/// How a form is getting on.
#[derive(Clone, Copy)]
pub struct Posting {
    path: &'static str,
    pub is_pending: RwSignal<bool>,
    /// Why it failed last, if it did.
    pub error: RwSignal<Option<AppError>>,
    /// What the server answered last.
    answer: RwSignal<Option<Vec<u8>>>,
    /// How often it was done.
    pub done_count: RwSignal<u32>,
}

impl Posting {
    /// For the server function `F`. After a failure without JavaScript its error is in the URL.
    #[must_use]
    pub fn of<F: ServerFn>() -> Self {
        let failed = use_context::<ServerActionError>().filter(|error| error.path() == F::PATH);
        let error = failed.and_then(|error| freshet_codec::base64::decode(error.err()));
        Self {
            path: F::PATH,
            is_pending: RwSignal::new(false),
            error: RwSignal::new(error.map(|bytes| AppError::de(bytes.into()))),
            answer: RwSignal::new(None),
            done_count: RwSignal::new(0),
        }
    }

    /// The answer of the last success. Tracked.
    #[must_use]
    pub fn answer<T: DeserializeOwned>(self) -> Option<T> {
        self.answer.with(|bytes| postcard::from_bytes(bytes.as_ref()?).ok())
    }

    fn start(self, body: wasm_bindgen::JsValue, go: impl Fn(&str) + 'static) {
        if self.is_pending.get_untracked() {
            return;
        }
        self.is_pending.set(true);
        let request =
            Post { path: self.path, content_type: "application/x-www-form-urlencoded", body };
        leptos::task::spawn_local(async move {
            let posted = post(&request).await;
            if self.is_pending.try_set(false).is_some() {
                return;
            }
            match posted {
                Ok(posted) => {
                    self.error.set(None);
                    self.answer.set(Some(posted.bytes));
                    self.done_count.update(|count| *count += 1);
                    if let Some(location) = posted.location {
                        go(&location);
                    }
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}

/// The form.
#[component]
pub fn PostForm(
    /// What it does, and how that is getting on.
    posting: Posting,
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let submit = move |event: web_sys::SubmitEvent| {
        let form = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlFormElement>().ok());
        let Some(body) = form.as_ref().and_then(body_of) else { return };
        event.prevent_default();
        let navigate = navigate.clone();
        posting.start(body, move |path| navigate(path, NavigateOptions::default()));
    };
    view! { <form method="post" action=posting.path on:submit=submit>{children()}</form> }
}

fn body_of(form: &web_sys::HtmlFormElement) -> Option<wasm_bindgen::JsValue> {
    let data = web_sys::FormData::new_with_form(form).ok()?;
    let params = web_sys::UrlSearchParams::new().ok()?;
    for entry in js_sys::try_iter(&data).ok()??.flatten() {
        let pair = js_sys::Array::from(&entry);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            params.append(&name, &value);
        }
    }
    Some(params.to_string().into())
}
