//! The console of Freshet: isomorphic views, rendered on the server and hydrated in the browser.
//!
//! Pages read through the server functions in `api`, which reach the server side through the traits in [`console`].
//! This crate knows no engine crate, not even on the server: its logic is tested on a fake.

#![recursion_limit = "512"]

mod api;
pub mod console;
pub mod error;
pub mod form;
pub mod format;
pub mod model;
pub mod prefs;
pub mod routes;
mod state;
pub mod ui;
pub mod time;
