//! Words for states, each with one tone.

use crate::model::group::GroupState;
use crate::ui::badge::{Tone, badge};
use leptos::prelude::*;

/// The tone of a group's state.
#[must_use]
pub fn state_tone(state: GroupState) -> Tone {
    match state {
        GroupState::Stable => Tone::Good,
        GroupState::PreparingRebalance | GroupState::CompletingRebalance => Tone::Warning,
        GroupState::Empty | GroupState::Unknown => Tone::Neutral,
        GroupState::Dead => Tone::Danger,
    }
}

/// A group's state as a badge.
#[must_use]
pub fn state_badge(state: GroupState) -> AnyView {
    badge(state_tone(state), state.label())
}
