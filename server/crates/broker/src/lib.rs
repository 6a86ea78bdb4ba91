//! The broker: listeners, connections, one handler file per Kafka API, delayed operations.
//!
//! It owns every log, mailbox and timer. What it serves is decided elsewhere: `cluster` knows
//! topics and configurations, `coordinator` knows groups, `storage` knows one partition's log;
//! here their answers meet clients.
//!
//! **Invariant**: requests of one connection are started in the order in which they came and
//! answered in that order.
//!
//! **Invariant**: nothing here interprets a record's key or value.

mod answer;
mod api;
mod broker;
mod connection;
mod connections;
mod dispatch;
mod group_shard;
mod housekeeping;
mod identity;
mod limits;
mod listener;
mod metadata;
mod observe;
mod options;
mod partition;
mod producer_ids;
mod progress;
mod settings;
mod state_log;
mod topics;
mod traffic;

pub use broker::{Broker, StartError};
pub use connection::local::LocalConnection;
pub use connections::ConnectionSnapshot;
pub use freshet_coordinator::{GroupView, Rebalance, RebalanceReason};

pub use dispatch::{ApiSupport, protocol_support_markdown, supported_apis};
pub use limits::{LIMITS, Limit};
pub use observe::{Engine, ListenerInfo};
pub use options::{BrokerOptions, ListenerOptions};
pub use traffic::TrafficCounts;
