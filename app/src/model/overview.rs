//! The first page: health at a glance, what moves, who is connected.

use super::cluster::{Connection, Durability, Mode};
use super::group::GroupRow;
use super::number::{Rate, Series};
use serde::{Deserialize, Serialize};

/// One thing that is wrong, with what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub severity: super::number::Severity,
    pub title: String,
    pub remedy: String,
}

/// A busy topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusyTopic {
    pub name: String,
    pub rate_in: Rate,
    /// Written records per second, last 15 minutes.
    pub history: Series,
    pub size_bytes: Option<u64>,
}

/// State of the demo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoState {
    /// Topic that the generator writes to.
    pub topic: String,
    pub is_running: bool,
    /// The topic exists, running or not.
    pub exists: bool,
}

/// Throughput of the cluster. All four series share start, step and length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throughput {
    /// Thousandths of a record per second.
    pub messages_in: Series,
    pub messages_out: Option<Series>,
    /// Bytes per second.
    pub bytes_in: Option<Series>,
    pub bytes_out: Option<Series>,
}

/// The Overview page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub now_ms: i64,
    pub mode: Mode,
    pub version: String,
    /// Empty when all is well.
    pub problems: Vec<Problem>,
    pub brokers_count: u32,
    pub topics_count: u32,
    pub partitions_count: u32,
    pub groups_count: u32,
    /// Groups whose worst lag is not fine.
    pub groups_behind_count: u32,
    pub messages_in: Rate,
    pub bytes_in: Option<Rate>,
    pub messages_out: Option<Rate>,
    pub bytes_out: Option<Rate>,
    pub size_bytes: Option<u64>,
    pub disk_total_bytes: Option<u64>,
    pub disk_usable_bytes: Option<u64>,
    /// Resident memory of the process.
    pub memory_bytes: Option<u64>,
    pub uptime_ms: Option<u64>,
    pub durability: Option<Durability>,
    /// Time from append to durable acknowledgement, 99th percentile of the last minute, in microseconds.
    pub ack_p99_us: Option<u64>,
    pub throughput: Throughput,
    /// Worst first, at most 12.
    pub groups: Vec<GroupRow>,
    /// Busiest first, at most 8.
    pub busy_topics: Vec<BusyTopic>,
    /// Busiest first, at most 50; `None` when nobody can know (attached).
    pub connections: Option<Vec<Connection>>,
    pub connections_count: Option<u32>,
    /// An address for the snippets.
    pub bootstrap: String,
    pub demo: Option<DemoState>,
}
