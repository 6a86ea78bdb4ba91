//! What outlives a page: preferences, the cluster in the URL, the live connection, toasts.

pub mod browser;
pub mod get_form;
pub mod live;
pub mod poll;
pub mod post_form;
pub mod prefs;
pub mod reading;
pub mod scope;
pub mod toast;
