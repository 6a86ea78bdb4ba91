//! The console of Freshet: isomorphic views, rendered on the server and hydrated in the browser.
//!
//! Pages read through the server functions in `api`, which reach the server side through the traits in [`console`].
//! This crate knows no engine crate, not even on the server: its logic is tested on a fake.

#![recursion_limit = "512"]

pub mod api;
pub mod app;
pub mod components;
pub mod console;
pub mod error;
#[cfg(feature = "fake")]
pub mod fake;
pub mod form;
pub mod format;
pub mod layout;
pub mod model;
pub mod pages;
pub mod prefs;
pub mod routes;
pub mod state;
pub mod time;
pub mod ui;

pub use app::{App, AssetNames, shell};
