//! Who is connected and what they do now.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use freshet_cluster::Principal;
use freshet_storage::Origin;
use freshet_wire::RequestHeader;
use parking_lot::Mutex;

use crate::limits::CONNECTIONS_MAX;
use crate::traffic::{Traffic, TrafficCounts};

/// One open connection.
pub(crate) struct Connection {
    pub(crate) id: u64,
    /// Address of the client, or what it is for an in-process one.
    pub(crate) peer: String,
    /// Index into the broker's listeners; `None` in process.
    pub(crate) listener: Option<usize>,
    pub(crate) traffic: Traffic,
    connected_at_ms: i64,
    requests: AtomicU64,
    answered_bytes: AtomicU64,
    last_api_key: AtomicI64,
    identity: Mutex<Identity>,
}

#[derive(Default, Clone)]
struct Identity {
    client_id: Arc<str>,
    software_name: Arc<str>,
    software_version: Arc<str>,
    /// Made at the first append after a change of the above.
    origin: Option<Origin>,
}

/// One connection as the console shows it.
#[derive(Debug, Clone)]
pub struct ConnectionSnapshot {
    /// Unique since start.
    pub id: u64,
    /// Address of the client.
    pub peer: String,
    /// Name of the listener; empty in process.
    pub listener: String,
    /// `client.id` of its last request; empty when none was sent.
    pub client_id: String,
    /// Library, as ApiVersions v3 told (KIP-511); empty when unknown.
    pub software_name: String,
    /// Its version; empty when unknown.
    pub software_version: String,
    /// Milliseconds since the epoch.
    pub connected_at_ms: i64,
    /// Requests since it connected.
    pub requests: u64,
    /// Bytes of answers since it connected.
    pub answered_bytes: u64,
    /// API key of its last request; `None` before the first.
    pub last_api_key: Option<i16>,
    /// Records produced and fetched since it connected.
    pub traffic: TrafficCounts,
}

impl Connection {
    pub(crate) fn saw_request(&self, header: &RequestHeader) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.last_api_key.store(i64::from(header.api_key.code()), Ordering::Relaxed);
        let client_id = header.client_id.as_deref().unwrap_or_default();
        let mut identity = self.identity.lock();
        if &*identity.client_id != client_id {
            identity.client_id = client_id.into();
            identity.origin = None;
        }
    }

    pub(crate) fn saw_answer(&self, size_bytes: usize) {
        self.answered_bytes.fetch_add(size_bytes as u64, Ordering::Relaxed);
    }

    /// Remembers the library that ApiVersions v3 named.
    pub(crate) fn saw_software(&self, name: &str, version: &str) {
        let mut identity = self.identity.lock();
        identity.software_name = name.into();
        identity.software_version = version.into();
        identity.origin = None;
    }

    /// Who writes over this connection; shared, so that a batch costs no text.
    pub(crate) fn origin(&self, principal: &Principal) -> Origin {
        let mut identity = self.identity.lock();
        if let Some(origin) = &identity.origin {
            return origin.clone();
        }
        // Without the port, or every connection would be an origin of its own.
        let address = self.peer.rsplit_once(':').map_or(&*self.peer, |(address, _)| address);
        let origin = Origin::new(
            &identity.client_id,
            &identity.software_name,
            &identity.software_version,
            &principal.to_string(),
            address,
        );
        identity.origin = Some(origin.clone());
        origin
    }
}

/// All open connections; bounded by [`CONNECTIONS_MAX`].
#[derive(Default)]
pub(crate) struct Connections {
    next_id: AtomicU64,
    open: Mutex<HashMap<u64, Arc<Connection>>>,
}

/// Keeps a connection listed; dropping it takes the connection off the list.
pub(crate) struct Listed {
    connections: Arc<Connections>,
    pub(crate) connection: Arc<Connection>,
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.connections.open.lock().remove(&self.connection.id);
    }
}

impl Connections {
    /// Lists a new connection; `None` when [`CONNECTIONS_MAX`] are open.
    pub(crate) fn list(
        self: &Arc<Self>,
        peer: String,
        listener: Option<usize>,
        now_ms: i64,
    ) -> Option<Listed> {
        let connection = Arc::new(Connection {
            id: self.next_id.fetch_add(1, Ordering::Relaxed),
            peer,
            listener,
            traffic: Traffic::default(),
            connected_at_ms: now_ms,
            requests: AtomicU64::new(0),
            answered_bytes: AtomicU64::new(0),
            last_api_key: AtomicI64::new(-1),
            identity: Mutex::default(),
        });
        let mut open = self.open.lock();
        if open.len() >= CONNECTIONS_MAX {
            return None;
        }
        open.insert(connection.id, Arc::clone(&connection));
        drop(open);
        Some(Listed { connections: Arc::clone(self), connection })
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.open.lock().len()
    }

    /// Everybody on the list, oldest first.
    pub(crate) fn snapshot(&self, listener_names: &[String]) -> Vec<ConnectionSnapshot> {
        let open = self.open.lock();
        let mut list: Vec<_> =
            open.values().map(|connection| snapshot_of(connection, listener_names)).collect();
        drop(open);
        list.sort_by_key(|connection| connection.id);
        list
    }
}

fn snapshot_of(connection: &Connection, listener_names: &[String]) -> ConnectionSnapshot {
    let identity = connection.identity.lock().clone();
    let listener = connection.listener.and_then(|index| listener_names.get(index));
    ConnectionSnapshot {
        id: connection.id,
        peer: connection.peer.clone(),
        listener: listener.cloned().unwrap_or_default(),
        client_id: identity.client_id.to_string(),
        software_name: identity.software_name.to_string(),
        software_version: identity.software_version.to_string(),
        connected_at_ms: connection.connected_at_ms,
        requests: connection.requests.load(Ordering::Relaxed),
        answered_bytes: connection.answered_bytes.load(Ordering::Relaxed),
        last_api_key: i16::try_from(connection.last_api_key.load(Ordering::Relaxed))
            .ok()
            .filter(|key| *key >= 0),
        traffic: connection.traffic.read(),
    }
}
