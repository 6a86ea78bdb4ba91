//! What only the engine can know, for the console that runs beside it.
//!
//! Everything else the console learns through the Kafka protocol, as from any cluster.

use std::path::PathBuf;
use std::sync::Arc;

use freshet_coordinator::GroupView;
use freshet_storage::{Origin, RecoveryReport, StoreState, Usage};

use crate::broker::{Broker, Shared};
use crate::connections::ConnectionSnapshot;
use crate::traffic::TrafficCounts;

/// A narrow view into a running broker. Cheap to clone; reads never wait for the disk.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

/// A listener as it is in service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerInfo {
    /// Kafka's listener name.
    pub name: String,
    /// Where it is bound.
    pub bound: String,
    /// What clients are told to connect to.
    pub advertised: (String, u16),
}

impl Broker {
    /// The view of this broker for the console.
    pub fn engine(&self) -> Engine {
        Engine { shared: Arc::clone(&self.shared) }
    }
}

impl Engine {
    /// Everybody connected over a socket or in process, oldest first.
    pub fn connections(&self) -> Vec<ConnectionSnapshot> {
        let names: Vec<String> =
            self.shared.listeners.iter().map(|listener| listener.name.clone()).collect();
        self.shared.connections.snapshot(&names)
    }

    /// Records and bytes since start, over all topics.
    pub fn totals(&self) -> TrafficCounts {
        self.shared.traffic.read()
    }

    /// Records and bytes of one topic since start, by partition; empty when there is none.
    pub fn topic_traffic(&self, topic: &str) -> Vec<TrafficCounts> {
        let topic = self.shared.topics.by_name(topic);
        topic.map_or_else(Vec::new, |topic| {
            topic.partitions.iter().map(|partition| partition.traffic.read()).collect()
        })
    }

    /// When the batch that holds `offset` was appended, milliseconds since the epoch; `None` when
    /// nobody knows (no such record, or the note was lost in a power cut).
    pub fn append_time_ms(&self, topic: &str, partition: i32, offset: i64) -> Option<i64> {
        self.shared.topics.partition(topic, partition)?.log.append_time_at(offset)
    }

    /// Who wrote the batch that holds `offset`; `None` when nobody knows.
    pub fn origin(&self, topic: &str, partition: i32, offset: i64) -> Option<Origin> {
        self.shared.topics.partition(topic, partition)?.log.origin_at(offset)
    }

    /// One group with its last rebalances; `None` when there is none.
    pub async fn group(&self, group: &str) -> Option<GroupView> {
        self.shared.groups.view(group).await
    }

    /// Kafka's id of a topic.
    pub fn topic_id(&self, topic: &str) -> Option<String> {
        self.shared.image().topic(topic).map(|topic| topic.id.to_string())
    }

    /// The listeners in service.
    pub fn listeners(&self) -> Vec<ListenerInfo> {
        self.shared
            .listeners
            .iter()
            .map(|listener| ListenerInfo {
                name: listener.name.clone(),
                bound: listener.bound.to_string(),
                advertised: listener.advertised.clone(),
            })
            .collect()
    }

    /// What the last start found in the data directory.
    pub fn recovery(&self) -> RecoveryReport {
        self.shared.recovery.clone()
    }

    /// Whether the data directory takes writes.
    pub fn store_state(&self) -> StoreState {
        self.shared.store.state()
    }

    /// Size of the logs and of the volume beneath; `None` when the system does not tell.
    pub fn usage(&self) -> Option<Usage> {
        self.shared.store.usage().ok()
    }

    /// The data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.shared.store.data_dir().to_owned()
    }

    /// When the broker started, milliseconds since the epoch.
    pub fn started_at_ms(&self) -> i64 {
        self.shared.started_at_ms
    }
}
