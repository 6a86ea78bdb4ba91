//! The states of everything that is read: loading, failed, there.

use crate::api::Packed;
use crate::error::AppError;
use crate::state::poll::poll;
use crate::state::post_form::Posting;
use crate::state::reading::Reading;
use crate::ui::empty::{Failure, alert, failure};
use crate::ui::reactive::{maybe, waiting};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// How often a page asks again while the server is not ready.
const STARTING_MS: u64 = 1_000;

/// Shows `skeleton` while something is read, `view` with its answer, or what went wrong and a way to try again.
/// While it is read again the old picture stays.
pub fn loaded<T: DeserializeOwned + 'static>(
    reading: Reading<T>,
    skeleton: fn() -> AnyView,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let draw = move |packed: &Packed| packed.unpack().map(|answer| answer.map(&view));
    shown(
        Arc::new(move || reading.packed()),
        skeleton,
        Arc::new(draw),
        Arc::new(move || reading.again()),
    )
}

type Draw = Arc<dyn Fn(&Packed) -> Option<Result<AnyView, AppError>> + Send + Sync>;
type Again = Arc<dyn Fn() + Send + Sync>;

fn shown(
    packed: Arc<dyn Fn() -> Option<Packed> + Send + Sync>,
    skeleton: fn() -> AnyView,
    draw: Draw,
    again: Again,
) -> AnyView {
    waiting(
        skeleton,
        Arc::new(move || {
            let packed = packed()?;
            Some(match draw(&packed)? {
                Ok(view) => view,
                Err(AppError::Starting { .. }) => {
                    view! { <AskAgain again=again.clone() /> {skeleton()} }.into_any()
                }
                Err(error) => error_view(&error, again.clone()),
            })
        }),
    )
}

#[component]
fn AskAgain(
    /// Asks again.
    again: Again,
) -> impl IntoView {
    poll(STARTING_MS, move || again());
}

/// What went wrong, and a way to try again: in place with JavaScript, by loading the page again without.
fn error_view(error: &AppError, again: Again) -> AnyView {
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
    if let (Some(response), Ok(status)) =
        (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(error.status()))
    {
        response.set_status(status);
    }
}

/// Nothing to tell in the browser.
#[cfg(not(feature = "ssr"))]
pub fn tell_status(_error: &AppError) {}

/// Why a form failed last: nothing while all is well.
pub fn posting_error(posting: Posting) -> AnyView {
    maybe(move || {
        let error = posting.error.get()?;
        let raw = match &error {
            AppError::Refused { kafka, .. } => format!(" — {} ({})", kafka.name, kafka.code),
            _ => String::new(),
        };
        Some(alert("alert-danger", format!("{error}{raw}")))
    })
}
