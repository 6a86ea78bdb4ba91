//! The console's server side: the app's traits over a Kafka client and, embedded, the engine.
//!
//! One file per use case; `errors` and `payload` are the only places where engine or client values
//! become what the pages show.

mod configs;
mod connections;
mod deadline;
mod demo;
mod errors;
mod glance;
mod group_events;
mod groups;
mod lag_history;
mod messages;
mod offsets;
mod problems;
mod produce;
mod topic_actions;
mod topics;

use std::sync::Arc;

use freshet_app::console::{Cluster, Console};
use freshet_app::error::AppError;
use freshet_app::model::cluster::{Durability, Mode};
use freshet_broker::Engine;
use freshet_client::Client;

use crate::db::LagStore;
use crate::sampler::Sampler;
pub(crate) use connections::Activity;
pub(crate) use demo::DemoTasks;
pub(crate) use lag_history::keep_worst;

/// All clusters of this process: one for now.
pub(crate) struct Clusters {
    cluster: Arc<KafkaCluster>,
}

impl Clusters {
    /// A console of one cluster.
    pub(crate) fn new(cluster: Arc<KafkaCluster>) -> Clusters {
        Clusters { cluster }
    }
}

impl Console for Clusters {
    fn cluster(&self, name: &str) -> Result<Arc<dyn Cluster>, AppError> {
        if name == self.cluster.name {
            return Ok(Arc::clone(&self.cluster) as Arc<dyn Cluster>);
        }
        Err(AppError::NotFound { what: format!("cluster \"{name}\"") })
    }

    fn default_cluster(&self) -> String {
        self.cluster.name.clone()
    }
}

/// One cluster as the console reaches it.
pub(crate) struct KafkaCluster {
    /// Its name in URLs.
    pub name: String,
    /// Through which everything goes that Kafka's protocol can tell.
    pub client: Arc<Client>,
    /// What only the embedded broker knows; `None` when attached.
    pub engine: Option<Engine>,
    /// Offsets and lag of all topics and groups, at most a few seconds old.
    pub sampler: Arc<Sampler>,
    /// Lag over time beyond the last minutes; `None` when the database can't be opened.
    pub history: Option<LagStore>,
    /// Default class of topics; `None` when attached.
    pub durability: Option<Durability>,
    /// What connections did lately.
    pub activity: Activity,
    /// The demo's generator and groups.
    pub demo: DemoTasks,
    /// Identifies the browser's half of this build.
    pub build: String,
    /// The console can be reached from elsewhere without a login.
    pub exposure_warning: Option<String>,
}

impl KafkaCluster {
    fn mode(&self) -> Mode {
        if self.engine.is_some() { Mode::Embedded } else { Mode::Attached }
    }
}
