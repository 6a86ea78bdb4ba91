//! The cluster itself: what the frame of every page shows, brokers, listeners, disks, connections.

use super::config::ConfigEntry;
use super::number::{Rate, Series};
use serde::{Deserialize, Serialize};

/// Whether the engine runs in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    Embedded,
    Attached,
}

/// What survives what; Freshet's own topic setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Durability {
    Acked,
    Strict,
    PageCache,
}

impl Durability {
    /// The word used in options and on badges.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Acked => "acked",
            Self::Strict => "strict",
            Self::PageCache => "page-cache",
        }
    }

    /// What it promises, in one sentence.
    #[must_use]
    pub fn promise(self) -> &'static str {
        match self {
            Self::Acked => "Every record acknowledged with acks=all survives a power cut.",
            Self::Strict => "Every acknowledged record survives a power cut.",
            Self::PageCache => {
                "As Kafka by default: survives a process crash; a power cut may take the last second."
            }
        }
    }
}

/// What this cluster can tell or do beyond plain Kafka. A control that needs a missing one stays visible and
/// says why it is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Lag in time, from stored append times.
    pub time_lag: bool,
    /// Who wrote a record.
    pub origins: bool,
    /// Who is connected and what they do.
    pub connections: bool,
    /// Bytes and rates measured by the engine, not estimated from offsets.
    pub exact_rates: bool,
    /// Group events (joins, rebalances and why).
    pub group_events: bool,
    /// The durability class of topics.
    pub durability: bool,
    /// The demo topic with its generator.
    pub demo: bool,
    /// Records may be deleted up to an offset.
    pub delete_records: bool,
}

/// What the frame around every page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub now_ms: i64,
    /// The cluster's name in URLs.
    pub cluster: String,
    pub mode: Mode,
    /// Index into the categorical colours, so that the dangerous cluster is easy to tell apart.
    pub colour: u8,
    /// Freshet's version.
    pub version: String,
    /// Identifies this build; a browser with another one is asked to reload.
    pub build: String,
    /// Topics that are not internal.
    pub topics_count: u32,
    pub groups_count: u32,
    pub durability: Option<Durability>,
    /// Bytes of all logs, where known.
    pub size_bytes: Option<u64>,
    pub uptime_ms: Option<u64>,
    /// Records per second written, last two minutes.
    pub messages_in: Series,
    pub capabilities: Capabilities,
    /// Set when the console is reachable from elsewhere without a login: shown as a banner on each page.
    pub exposure_warning: Option<String>,
    /// Other clusters of this console (their URL names), this one included.
    pub clusters: Vec<String>,
}

/// One client connection, as the engine sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub client_id: String,
    /// Library name as announced, such as `librdkafka`; empty when it never said.
    pub library: String,
    pub library_version: String,
    /// Peer address with port.
    pub address: String,
    pub principal: String,
    pub listener: String,
    pub connected_ms: i64,
    /// Kafka API names of the last seconds, busiest first: `Fetch`, `OffsetCommit`.
    pub doing: Vec<String>,
    /// Records in either direction.
    pub records: Rate,
    pub bytes: Rate,
    /// Nothing but heartbeats and metadata lately.
    pub is_idle: bool,
}

/// One address that clients can use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    pub name: String,
    /// Where it is bound; attached clusters do not tell.
    pub bound: Option<String>,
    /// What clients are told to connect to.
    pub advertised: String,
    /// `PLAINTEXT`, `SSL`, …
    pub security: String,
}

/// One broker of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broker {
    pub id: i32,
    pub host: String,
    pub port: i32,
    pub rack: Option<String>,
    pub is_controller: bool,
    pub leaders_count: u32,
    pub replicas_count: u32,
    pub size_bytes: Option<u64>,
}

/// One data directory of a broker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogDir {
    pub broker: i32,
    pub path: String,
    pub size_bytes: u64,
    /// Of the disk beneath, where known.
    pub total_bytes: Option<u64>,
    pub usable_bytes: Option<u64>,
    /// `None` when healthy; otherwise why it is read-only or offline.
    pub problem: Option<String>,
    /// Largest partitions first, at most 20.
    pub partitions: Vec<LogDirPartition>,
    pub partitions_count: u32,
}

/// The share of one partition in a data directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogDirPartition {
    pub topic: String,
    pub partition: i32,
    pub size_bytes: u64,
}

/// The Cluster page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterDetail {
    pub now_ms: i64,
    pub cluster_id: String,
    pub mode: Mode,
    pub version: String,
    /// What the brokers call themselves, where known: `Apache Kafka 4.2`, `Freshet 0.1.0`.
    pub broker_software: String,
    pub started_ms: Option<i64>,
    pub brokers: Vec<Broker>,
    pub listeners: Vec<Listener>,
    pub log_dirs: Vec<LogDir>,
    /// Broker configuration, read-only here.
    pub configs: Vec<ConfigEntry>,
    /// Kafka APIs and versions that the cluster serves.
    pub apis: Vec<ApiVersions>,
}

/// One row of the protocol table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiVersions {
    pub key: i16,
    pub name: String,
    pub min: i16,
    pub max: i16,
}
