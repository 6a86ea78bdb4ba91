//! Primitives without any knowledge of Kafka. They import neither `model` nor `api` nor `pages`.
//!
//! Small ones are functions that return a view; those with state or many options are components. `/design` shows each
//! in every state.

pub mod badge;
pub mod button;
pub mod chart;
pub mod copy;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod icon;
pub mod menu;
pub mod pane;
pub mod reactive;
pub mod skeleton;
pub mod stat;
pub mod table;
pub mod tabs;
pub mod window;
