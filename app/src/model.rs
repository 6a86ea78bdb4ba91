//! Plain data that server and browser share: one file per noun, public fields, fixed-width integers,
//! times in epoch milliseconds. Nothing here knows how it was found out or how it is shown.
//!
//! Each answer that a page renders times from carries `now_ms`, the server's clock when it was made, so that
//! "3 s ago" reads the same before and after hydration.

pub mod cluster;
pub mod config;
pub mod group;
pub mod live;
pub mod message;
pub mod number;
pub mod offsets;
pub mod overview;
pub mod produce;
pub mod record;
pub mod search;
pub mod topic;
