//! One connection to one broker: correlation, negotiated versions, deadlines.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use freshet_wire::api_versions::{ApiVersionsRequest, ApiVersionsResponse, VERSION_MAX};
use freshet_wire::{ApiKey, Chain, ErrorCode, RequestHeader, StrBytes, VersionRange, framing};
use parking_lot::Mutex;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::time::timeout;

use crate::{Address, AdvertisedApi, Error, Pipe, Transport};

/// Added to the broker-side wait of a request before we give up on it.
const GRACE_MS: u64 = 5_000;

/// A request that waits for its answer.
struct Waiting {
    api_key: ApiKey,
    version: i16,
    correlation_id: i32,
    answer: oneshot::Sender<Chain>,
}

/// A connection with its negotiated versions. Requests may overlap; answers come in order.
pub(crate) struct Connection {
    address: Address,
    client_id: StrBytes,
    requests: mpsc::Sender<Chain>,
    /// Held while a request is put on the wire, so that `waiting` has the order of the wire.
    order: AsyncMutex<i32>,
    waiting: Arc<Mutex<VecDeque<Waiting>>>,
    /// Set once no answer will come any more.
    has_ended: Arc<AtomicBool>,
    versions: HashMap<i16, VersionRange>,
}

impl Connection {
    /// Connects and asks for the broker's versions.
    pub(crate) async fn open(
        transport: &dyn Transport,
        address: &Address,
        client_id: &str,
    ) -> Result<Connection, Error> {
        let Pipe { requests, answers } = transport.connect(address).await?;
        let waiting = Arc::new(Mutex::new(VecDeque::new()));
        let has_ended = Arc::new(AtomicBool::new(false));
        tokio::spawn(deliver(answers, Arc::clone(&waiting), Arc::clone(&has_ended)));
        let mut connection = Connection {
            address: address.clone(),
            client_id: StrBytes::from_string(client_id.to_owned()),
            requests,
            order: AsyncMutex::new(0),
            waiting,
            has_ended,
            versions: HashMap::new(),
        };
        connection.negotiate().await?;
        Ok(connection)
    }

    async fn negotiate(&mut self) -> Result<(), Error> {
        let api = ApiKey::ApiVersions;
        let asked = ApiVersionsRequest {
            client_software_name: StrBytes::from_static_str("freshet"),
            client_software_version: StrBytes::from_static_str(env!("CARGO_PKG_VERSION")),
        };
        let mut version = VERSION_MAX;
        loop {
            let body = asked.encode(version).map_err(|source| Error::Encode { api, source })?;
            let answer = self.call(api, version, body, 0).await?.into_bytes();
            let decoded = ApiVersionsResponse::decode(version, answer.clone())
                .or_else(|_| ApiVersionsResponse::decode(0, answer))
                .map_err(|source| Error::Decode { api, source })?;
            let ours = decoded.api_keys.iter().find(|row| row.api_key == api.code());
            match decoded.error_code {
                ErrorCode::None => {
                    self.versions =
                        decoded.api_keys.iter().map(|row| (row.api_key, row.versions)).collect();
                    return Ok(());
                }
                ErrorCode::UnsupportedVersion if version > 0 => {
                    version = ours.map_or(0, |row| row.versions.max.min(version - 1));
                }
                code => return Err(Error::Kafka { code, message: String::new() }),
            }
        }
    }

    /// The highest version that both sides speak, at most `max`.
    pub(crate) fn version(&self, api: ApiKey, max: i16) -> Result<i16, Error> {
        let ours = VersionRange::new(api.versions().min, api.versions().max.min(max));
        self.versions
            .get(&api.code())
            .and_then(|theirs| theirs.intersect(ours))
            .map(|shared| shared.max)
            .ok_or(Error::Unsupported { api })
    }

    /// What the broker advertised, by key.
    pub(crate) fn advertised(&self) -> Vec<AdvertisedApi> {
        let mut rows: Vec<AdvertisedApi> = self
            .versions
            .iter()
            .map(|(key, versions)| AdvertisedApi {
                key: *key,
                name: ApiKey::from_code(*key).map_or_else(|| key.to_string(), |k| k.to_string()),
                min: versions.min,
                max: versions.max,
            })
            .collect();
        rows.sort_by_key(|row| row.key);
        rows
    }

    /// Says whether the broker advertises this API at all.
    pub(crate) fn supports(&self, api: ApiKey) -> bool {
        self.version(api, i16::MAX).is_ok()
    }

    /// The connection can't be used any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.has_ended.load(Ordering::Acquire) || self.requests.is_closed()
    }

    /// Sends a body and waits for the answer's body, at most `wait_ms` plus a grace.
    pub(crate) async fn call(
        &self,
        api: ApiKey,
        version: i16,
        body: Chain,
        wait_ms: u64,
    ) -> Result<Chain, Error> {
        let receive = self.put_on_the_wire(api, version, body).await?;
        let timeout_ms = wait_ms + GRACE_MS;
        match timeout(Duration::from_millis(timeout_ms), receive).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(self.closed()),
            Err(_) => Err(Error::Timeout { address: self.address.to_string(), timeout_ms }),
        }
    }

    /// Sends a body to which no answer comes (Produce with acks=0).
    pub(crate) async fn send(
        &self,
        api_key: ApiKey,
        version: i16,
        body: Chain,
    ) -> Result<(), Error> {
        let mut next = self.order.lock().await;
        let slot = self.requests.reserve().await.map_err(|_| self.closed())?;
        *next = next.wrapping_add(1);
        let client_id = Some(self.client_id.clone());
        let header = RequestHeader { api_key, version, correlation_id: *next, client_id };
        slot.send(header.encode(body));
        Ok(())
    }

    async fn put_on_the_wire(
        &self,
        api_key: ApiKey,
        version: i16,
        body: Chain,
    ) -> Result<oneshot::Receiver<Chain>, Error> {
        let (answer, receive) = oneshot::channel();
        let mut next = self.order.lock().await;
        // Reserving first keeps a cancelled call from leaving a waiter without a request.
        let slot = self.requests.reserve().await.map_err(|_| self.closed())?;
        *next = next.wrapping_add(1);
        let correlation_id = *next;
        let client_id = Some(self.client_id.clone());
        let header = RequestHeader { api_key, version, correlation_id, client_id };
        self.waiting.lock().push_back(Waiting { api_key, version, correlation_id, answer });
        slot.send(header.encode(body));
        if self.is_closed() {
            self.waiting.lock().clear();
        }
        Ok(receive)
    }

    fn closed(&self) -> Error {
        Error::Closed { address: self.address.to_string() }
    }
}

/// Hands answers to who waits for them; ends, and fails all waiters, on anything out of order.
async fn deliver(
    mut answers: mpsc::Receiver<Chain>,
    waiting: Arc<Mutex<VecDeque<Waiting>>>,
    has_ended: Arc<AtomicBool>,
) {
    while let Some(frame) = answers.recv().await {
        let Some(next) = waiting.lock().pop_front() else { break };
        match framing::parse_response(next.api_key, next.version, frame) {
            Ok((correlation_id, body)) if correlation_id == next.correlation_id => {
                // Nobody waits any more when the call timed out or was cancelled.
                let _ = next.answer.send(body);
            }
            Ok(_) | Err(_) => break,
        }
    }
    has_ended.store(true, Ordering::Release);
    waiting.lock().clear();
}
