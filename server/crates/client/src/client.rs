//! The client: connections by broker, and who to ask for what.

use std::collections::HashMap;
use std::sync::Arc;

use freshet_wire::{ApiKey, Request, Response};
use parking_lot::{Mutex, RwLock};

use crate::connection::Connection;
use crate::metadata::ClusterMetadata;
use crate::{Address, Error, Transport};

/// How a client introduces itself and whom it asks first.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Brokers to ask first; the rest are learned from them.
    pub bootstrap: Vec<Address>,
    /// Kafka's `client.id`.
    pub client_id: String,
}

impl ClientOptions {
    /// Reads `host:port,host:port`.
    ///
    /// # Errors
    /// A sentence that names the part that is not `host:port`.
    pub fn parse_bootstrap(text: &str) -> Result<Vec<Address>, String> {
        let mut addresses = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let parsed = part.rsplit_once(':').and_then(|(host, port)| {
                let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
                Some(Address { host, port: port.parse().ok()? })
            });
            addresses.push(parsed.ok_or_else(|| format!("`{part}` is not HOST:PORT"))?);
        }
        if addresses.is_empty() {
            return Err("no broker is named: write HOST:PORT".to_owned());
        }
        Ok(addresses)
    }
}

/// One API as a broker advertises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvertisedApi {
    /// Number of the API.
    pub key: i16,
    /// Its name; the number where it is newer than us.
    pub name: String,
    /// Lowest version, inclusive.
    pub min: i16,
    /// Highest version, inclusive.
    pub max: i16,
}

type Slot = Arc<tokio::sync::Mutex<Option<Arc<Connection>>>>;

/// Talks to one cluster. Cheap to share behind an `Arc`; all methods may be called at once.
///
/// A broker answers one connection's requests in order, so whoever waits long (a live tail) takes
/// a client of its own with [`Client::dedicated`].
pub struct Client {
    transport: Arc<dyn Transport>,
    options: ClientOptions,
    connections: Mutex<HashMap<Address, Slot>>,
    metadata: RwLock<Option<Arc<ClusterMetadata>>>,
    coordinators: Mutex<HashMap<String, Address>>,
}

/// Coordinators remembered at most; beyond it the memory starts anew.
const COORDINATORS_MAX: usize = 10_000;

impl Client {
    /// A client that connects when it is first asked something.
    pub fn new(transport: Arc<dyn Transport>, options: ClientOptions) -> Client {
        Client {
            transport,
            options,
            connections: Mutex::default(),
            metadata: RwLock::default(),
            coordinators: Mutex::default(),
        }
    }

    /// Another client of the same cluster with connections of its own.
    #[must_use]
    pub fn dedicated(&self, client_id: &str) -> Client {
        let options = ClientOptions { client_id: client_id.to_owned(), ..self.options.clone() };
        let client = Client::new(Arc::clone(&self.transport), options);
        client.metadata.write().clone_from(&self.metadata.read());
        client
    }

    /// The last metadata read, if any.
    pub fn cached_metadata(&self) -> Option<Arc<ClusterMetadata>> {
        self.metadata.read().clone()
    }

    pub(crate) fn remember_metadata(&self, metadata: Arc<ClusterMetadata>) {
        *self.metadata.write() = Some(metadata);
    }

    /// Says whether any reachable broker advertises `api`.
    ///
    /// # Errors
    /// When no broker can be reached.
    pub async fn supports(&self, api: ApiKey) -> Result<bool, Error> {
        Ok(self.any().await?.supports(api))
    }

    /// Every API that the broker asked first advertises, by key.
    ///
    /// # Errors
    /// When no broker can be reached.
    pub async fn api_versions(&self) -> Result<Vec<AdvertisedApi>, Error> {
        Ok(self.any().await?.advertised())
    }

    /// A connection to a named broker.
    pub(crate) async fn to(&self, address: &Address) -> Result<Arc<Connection>, Error> {
        let slot = Arc::clone(self.connections.lock().entry(address.clone()).or_default());
        let mut slot = slot.lock().await;
        if let Some(connection) = slot.as_ref().filter(|connection| !connection.is_closed()) {
            return Ok(Arc::clone(connection));
        }
        let opened = Connection::open(&*self.transport, address, &self.options.client_id).await?;
        let opened = Arc::new(opened);
        *slot = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// A connection to whichever broker can be reached first.
    pub(crate) async fn any(&self) -> Result<Arc<Connection>, Error> {
        let known = self.cached_metadata();
        let learned = known.iter().flat_map(|metadata| metadata.brokers.iter());
        let learned = learned.map(|broker| broker.address.clone());
        let mut last = None;
        for address in learned.chain(self.options.bootstrap.iter().cloned()) {
            match self.to(&address).await {
                Ok(connection) => return Ok(connection),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or(Error::Connect {
            address: "the cluster".to_owned(),
            reason: "no broker is known".to_owned(),
        }))
    }

    /// The controller, or whoever can be reached where none is named.
    pub(crate) async fn controller(&self) -> Result<Arc<Connection>, Error> {
        let metadata = self.brokers().await?;
        match metadata.controller_address() {
            Some(address) => self.to(address).await,
            None => self.any().await,
        }
    }

    /// The coordinator of a group.
    pub(crate) async fn coordinator(&self, group: &str) -> Result<Arc<Connection>, Error> {
        let known = self.coordinators.lock().get(group).cloned();
        if let Some(address) = known
            && let Ok(connection) = self.to(&address).await
        {
            return Ok(connection);
        }
        let address = self.find_coordinator(group).await?;
        self.remember_coordinator(group, address.clone());
        self.to(&address).await
    }

    fn remember_coordinator(&self, group: &str, address: Address) {
        let mut coordinators = self.coordinators.lock();
        if coordinators.len() >= COORDINATORS_MAX {
            coordinators.clear();
        }
        coordinators.insert(group.to_owned(), address);
    }

    pub(crate) fn forget_coordinator(&self, group: &str) {
        self.coordinators.lock().remove(group);
    }
}

impl Connection {
    /// One control-plane round trip. `build` gets the negotiated version, at most `version_max`.
    pub(crate) async fn ask<Q, A>(
        &self,
        api: ApiKey,
        version_max: i16,
        build: impl FnOnce(i16) -> Q,
    ) -> Result<A, Error>
    where
        Q: Into<Request>,
        A: TryFrom<Response>,
    {
        let version = self.version(api, version_max)?;
        let body = freshet_wire::encode_request(&build(version).into(), version)
            .map_err(|source| Error::Encode { api, source })?;
        let answer = self.call(api, version, body.into(), 0).await?.into_bytes();
        let response = freshet_wire::decode_response(api, version, answer)
            .map_err(|source| Error::Decode { api, source })?;
        A::try_from(response).map_err(|_| Error::Unsupported { api })
    }
}
