//! The states of everything that is read: loading, failed, there.

use crate::error::AppError;
use crate::state::poll::poll;
use crate::ui::empty::{Failure, failure};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How often a page asks again while the server is not ready.
const STARTING_MS: u64 = 1_000;

/// Shows `skeleton` while `resource` is read, `view` with its answer, or what went wrong and a way to try again.
/// While it is asked again the old picture stays.
pub fn loaded<T>(
    resource: Resource<Result<T, AppError>>,
    skeleton: fn() -> AnyView,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    let shown = move || {
        resource.get().map(|answer| match answer {
            Ok(value) => view(value),
            Err(AppError::Starting { .. }) => {
                view! { <AskAgain resource=move || resource.refetch() /> {skeleton()} }.into_any()
            }
            Err(error) => error_view(&error, move || resource.refetch()),
        })
    };
    view! { <Transition fallback=skeleton>{shown}</Transition> }.into_any()
}

#[component]
fn AskAgain(
    /// Asks again.
    resource: impl Fn() + Clone + 'static,
) -> impl IntoView {
    poll(STARTING_MS, resource);
}

/// What went wrong, and a way to try again: in place with JavaScript, by loading the page again without.
pub fn error_view(error: &AppError, again: impl Fn() + 'static) -> AnyView {
    tell_status(error);
    let raw = match error {
        AppError::Refused { kafka, .. } => {
            Some(format!("{} ({})\n{}", kafka.name, kafka.code, kafka.message))
        }
        _ => None,
    };
    let retry = error.is_retriable().then(|| {
        let press = move |event: web_sys::MouseEvent| {
            event.prevent_default();
            again();
        };
        view! { <a class="btn" href="" rel="external" on:click=press>"Try again"</a> }
    });
    failure(
        Failure {
            title: error.title().to_owned(),
            text: error.to_string(),
            remedy: error.remedy().to_owned(),
            raw,
        },
        retry.into_any(),
    )
}

/// A page that could not be shown says so in its HTTP status, too.
#[cfg(feature = "ssr")]
pub fn tell_status(error: &AppError) {
    if let (Some(response), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(error.status()),
    ) {
        response.set_status(status);
    }
}

/// Nothing to tell in the browser.
#[cfg(not(feature = "ssr"))]
pub fn tell_status(_error: &AppError) {}

/// What an action answered last: nothing while all is well, an alert when it failed.
pub fn action_error(error: Option<AppError>) -> Option<AnyView> {
    error.map(|error| {
        let raw = match &error {
            AppError::Refused { kafka, .. } => format!(" — {} ({})", kafka.name, kafka.code),
            _ => String::new(),
        };
        crate::ui::empty::alert("alert-danger", format!("{error}{raw}"))
    })
}
