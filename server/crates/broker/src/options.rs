//! What a broker is started with.

use freshet_cluster::config::BrokerConfig;

/// One Kafka listener.
#[derive(Debug, Clone)]
pub struct ListenerOptions {
    /// Kafka's listener name.
    pub name: String,
    /// `HOST:PORT` to bind; port 0 takes any free one.
    pub bind: String,
    /// What Metadata answers on this listener; `None` repeats the bound address.
    pub advertised: Option<(String, u16)>,
}

/// How a broker behaves.
#[derive(Debug, Clone)]
pub struct BrokerOptions {
    /// Its listeners; may be empty where only in-process connections are wanted.
    pub listeners: Vec<ListenerOptions>,
    /// Broker properties given at start.
    pub config: BrokerConfig,
}
