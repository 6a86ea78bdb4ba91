//! The broker as a whole: what all handlers share, how it starts and how it stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use freshet_cluster::{Image, Principal};
use freshet_storage::{Clock, RecoveryReport, Store};
use freshet_wire::framing::REQUEST_BYTES_MAX;
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tracing::{info, warn};

use crate::connection::local::LocalConnection;
use crate::connection::{Session, serve};
use crate::connections::Connections;
use crate::group_shard::{self, Groups};
use crate::housekeeping;
use crate::limits::{FETCH_MEMORY_KIB_MAX, IN_FLIGHT_REQUEST_KIB_MAX};
use crate::listener;
use crate::metadata::{self, Metadata};
use crate::options::BrokerOptions;
use crate::producer_ids::ProducerIds;
use crate::topics::Topics;
use crate::traffic::Traffic;

/// How long connections may take to finish what they started when the broker stops.
const DRAIN_SECONDS_MAX: u64 = 8;

/// Why a broker did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address can't be bound.
    #[error(
        "cannot listen on {address} for Kafka clients: {source}; stop what uses the port, or \
         choose another one with --kafka"
    )]
    Bind { address: String, source: std::io::Error },
    /// The metadata log or the group log can't be read.
    #[error("cannot load {what}: {reason}")]
    Load { what: &'static str, reason: String },
}

/// A listener in service.
#[derive(Debug, Clone)]
pub(crate) struct Listener {
    pub(crate) name: String,
    pub(crate) bound: SocketAddr,
    pub(crate) advertised: (String, u16),
}

/// What every handler reaches.
pub(crate) struct Shared {
    pub(crate) options: BrokerOptions,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Arc<Store>,
    pub(crate) recovery: RecoveryReport,
    pub(crate) topics: Arc<Topics>,
    pub(crate) metadata: Metadata,
    pub(crate) groups: Groups,
    pub(crate) connections: Arc<Connections>,
    pub(crate) producer_ids: ProducerIds,
    pub(crate) traffic: Traffic,
    pub(crate) listeners: Vec<Listener>,
    pub(crate) request_memory: Arc<Semaphore>,
    pub(crate) fetch_memory: Arc<Semaphore>,
    pub(crate) started_at_ms: i64,
    stop: watch::Sender<bool>,
}

/// Told when the broker stops.
#[derive(Clone)]
pub(crate) struct Stopping(watch::Receiver<bool>);

impl Stopping {
    pub(crate) fn has_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the broker stops. Cancel safe.
    pub(crate) async fn stopped(&mut self) {
        // A dropped sender means the broker is gone, which is a stop as well.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

impl Shared {
    pub(crate) fn stopping(&self) -> Stopping {
        Stopping(self.stop.subscribe())
    }

    pub(crate) fn image(&self) -> Arc<Image> {
        self.metadata.image()
    }

    pub(crate) fn frame_size_bytes_max(&self) -> usize {
        let configured = self.metadata.settings().socket_request_max_bytes;
        usize::try_from(configured).unwrap_or(REQUEST_BYTES_MAX).min(REQUEST_BYTES_MAX)
    }
}

/// A running broker. Dropping it without [`Broker::stop`] leaves an unclean data directory.
pub struct Broker {
    pub(crate) shared: Arc<Shared>,
    addresses: Vec<SocketAddr>,
    tasks: Mutex<JoinSet<()>>,
}

impl Broker {
    /// Loads metadata and groups from `store`, binds the listeners and starts serving.
    ///
    /// # Errors
    /// [`StartError`] names the address or the log that stands in the way.
    pub async fn start(
        store: Arc<Store>,
        recovery: RecoveryReport,
        clock: Arc<dyn Clock>,
        options: BrokerOptions,
    ) -> Result<Broker, StartError> {
        let mut bound = Vec::new();
        for listener in &options.listeners {
            let socket = TcpListener::bind(&listener.bind)
                .await
                .map_err(|source| StartError::Bind { address: listener.bind.clone(), source })?;
            bound.push(socket);
        }
        let addresses: Vec<SocketAddr> =
            bound.iter().filter_map(|socket| socket.local_addr().ok()).collect();
        let listeners = options
            .listeners
            .iter()
            .zip(&addresses)
            .map(|(listener, address)| Listener {
                name: listener.name.clone(),
                bound: *address,
                advertised: advertised(listener.advertised.as_ref(), *address),
            })
            .collect();

        let topics = Arc::new(Topics::default());
        let mut tasks = JoinSet::new();
        let (metadata, commands) = metadata::load(&store, &clock, &options, &topics).await?;
        let (groups, group_task) = group_shard::load(&clock, &metadata, &topics)?;
        let (stop, _) = watch::channel(false);
        let shared = Arc::new(Shared {
            started_at_ms: clock.wall_ms(),
            options,
            clock,
            store,
            recovery,
            topics,
            metadata,
            groups,
            connections: Arc::default(),
            producer_ids: ProducerIds::default(),
            traffic: Traffic::default(),
            listeners,
            request_memory: Arc::new(Semaphore::new(IN_FLIGHT_REQUEST_KIB_MAX)),
            fetch_memory: Arc::new(Semaphore::new(FETCH_MEMORY_KIB_MAX)),
            stop,
        });
        tasks.spawn(commands.run(shared.groups.clone()));
        tasks.spawn(group_task);
        tasks.spawn(housekeeping::run(Arc::clone(&shared)));
        for (index, socket) in bound.into_iter().enumerate() {
            tasks.spawn(listener::accept(Arc::clone(&shared), socket, index));
        }
        Ok(Broker { shared, addresses, tasks: Mutex::new(tasks) })
    }

    /// The bound addresses, in the order of the listeners.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Opens a connection inside the process, acting as `principal`.
    ///
    /// `purpose` stands where a socket has the peer's address. `None` at the limit of connections.
    pub fn connect_local(&self, principal: Principal, purpose: &str) -> Option<LocalConnection> {
        let (local, source, sink) = LocalConnection::pair();
        let shared = Arc::clone(&self.shared);
        let now_ms = shared.clock.wall_ms();
        let listed = shared.connections.list(purpose.to_owned(), None, now_ms)?;
        let connection = Arc::clone(&listed.connection);
        let session = Arc::new(Session { shared, connection, principal });
        tokio::spawn(async move {
            serve(session, source, sink).await;
            drop(listed);
        });
        Some(local)
    }

    /// Stops accepting, lets started requests finish, and closes the store with its clean-stop
    /// marker.
    pub async fn stop(&self) {
        info!("stopping: no new requests, finishing those in flight");
        self.shared.stop.send_replace(true);
        let deadline = tokio::time::Instant::now() + Duration::from_secs(DRAIN_SECONDS_MAX);
        while self.shared.connections.count() > 0 && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut tasks = std::mem::take(&mut *self.tasks.lock());
        tasks.abort_all();
        while tasks.join_next().await.is_some() {}
        let store = Arc::clone(&self.shared.store);
        let closed = tokio::task::spawn_blocking(move || store.close()).await;
        match closed {
            Ok(Ok(())) => info!("stopped cleanly"),
            Ok(Err(error)) => warn!(%error, "stopped without the clean-stop marker"),
            Err(error) => warn!(%error, "stopped without the clean-stop marker"),
        }
    }
}

fn advertised(configured: Option<&(String, u16)>, bound: SocketAddr) -> (String, u16) {
    match configured {
        // Port 0 was resolved by binding, so the advertised port follows it.
        Some((host, 0)) => (host.clone(), bound.port()),
        Some(address) => address.clone(),
        None => (bound.ip().to_string(), bound.port()),
    }
}
