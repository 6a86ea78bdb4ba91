//! Classic consumer groups and their committed offsets, as a pure state machine.
//!
//! ```text
//!   request ─► Coordinator::handle ─► records ─► log ─► Coordinator::replay
//!                                └──► replies (once the records are durable)
//!   load    ─► Coordinator::replay … ─► Coordinator::loaded
//! ```
//!
//! No I/O, no clock, no randomness: time and entropy are arguments. The semantics are those of
//! Kafka 4.2's group coordinator for the classic protocol; the records are those of its
//! `__consumer_offsets`.

mod commit;
mod config;
pub mod consumer_protocol;
mod coordinator;
mod delete;
mod describe;
mod event;
mod expiry;
mod fetch;
mod group;
mod heartbeat;
mod join;
mod leave;
mod message;
mod rebalance;
mod replay;
mod schema;
mod sync;
mod view;

pub use config::{
    Config, GROUPS_MAX, GROWN_TOPICS_MAX, NEW_MEMBER_JOIN_TIMEOUT_MS, OFFSETS_PER_GROUP_MAX,
    PENDING_MEMBERS_MAX, PROTOCOLS_PER_MEMBER_MAX, REASONS_PER_REBALANCE_MAX,
    REBALANCES_REMEMBERED_MAX,
};
pub use coordinator::Coordinator;
pub use event::{Rebalance, RebalanceReason};
pub use group::State;
pub use message::{Caller, Input, Now, Output, Record, Reply, Token};
pub use schema::SchemaError;
pub use view::{GroupView, MemberView, OffsetView};

#[cfg(test)]
mod tests;
