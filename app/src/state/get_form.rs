//! A GET form that changes the page's query string: by the browser alone, or in place with JavaScript.

use crate::routes::Query;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

/// The form. `href_of` turns what was filled in into the address to go to; without JavaScript the browser sends the
/// fields as they are, which the page reads just as well.
#[component]
pub fn GetForm(
    /// The address for the fields.
    href_of: impl Fn(&Query) -> String + 'static,
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let submit = move |event: web_sys::SubmitEvent| {
        let form = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlFormElement>().ok());
        let Some(query) = form.as_ref().and_then(fields) else { return };
        event.prevent_default();
        navigate(&href_of(&query), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    view! { <form method="get" on:submit=submit>{children()}</form> }
}

fn fields(form: &web_sys::HtmlFormElement) -> Option<Query> {
    let data = web_sys::FormData::new_with_form(form).ok()?;
    let mut query = Query::default();
    for entry in js_sys::try_iter(&data).ok()??.flatten() {
        let pair = js_sys::Array::from(&entry);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            query.push(&name, &value);
        }
    }
    Some(query)
}
