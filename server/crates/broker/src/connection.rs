//! One client connection: frames in, requests started in order, answers out in the same order.

mod frames;
pub(crate) mod local;
mod socket;

use std::sync::Arc;

use freshet_wire::{Chain, RequestHeader, framing};
use futures::stream::{FuturesOrdered, StreamExt};
use tracing::debug;

use crate::answer::Answer;
use crate::broker::Shared;
use crate::connections::Connection;
use crate::dispatch;
use crate::limits::IN_FLIGHT_REQUESTS_MAX;

pub(crate) use socket::serve_socket;

/// Where request frames come from. `next` must be cancel safe.
pub(crate) trait FrameSource: Send {
    /// The next whole frame without its length prefix; `None` when the peer hung up.
    fn next(&mut self) -> impl Future<Output = Result<Option<Frame>, Closed>> + Send;
}

/// Where response frames go.
pub(crate) trait FrameSink: Send {
    /// Sends one frame; a socket puts the length prefix in front of it.
    fn send(&mut self, frame: Chain) -> impl Future<Output = Result<(), Closed>> + Send;
}

/// A request frame and the share of the in-flight budget that it holds until it is answered.
pub(crate) struct Frame {
    pub(crate) bytes: Chain,
    pub(crate) hold: Option<tokio::sync::OwnedSemaphorePermit>,
}

/// Why a connection ended; a reason for the debug log, never an error by itself.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Closed(pub(crate) String);

impl From<std::io::Error> for Closed {
    fn from(error: std::io::Error) -> Closed {
        Closed(error.to_string())
    }
}

/// What a handler knows about who asks.
pub(crate) struct Session {
    pub(crate) shared: Arc<Shared>,
    pub(crate) connection: Arc<Connection>,
    pub(crate) principal: freshet_cluster::Principal,
}

impl Session {
    /// Host and port that this client should connect to.
    pub(crate) fn advertised(&self) -> (String, u16) {
        let listeners = &self.shared.listeners;
        let own = self.connection.listener.and_then(|index| listeners.get(index));
        match own.or(listeners.first()) {
            Some(listener) => listener.advertised.clone(),
            // Without any listener only in-process clients exist, and they never look.
            None => ("localhost".to_owned(), 0),
        }
    }
}

/// A request on its way to an answer.
struct Started {
    header: RequestHeader,
    answer: Answer,
    /// Released once the answer is written.
    _hold: Option<tokio::sync::OwnedSemaphorePermit>,
}

/// Serves one connection until the peer leaves, misbehaves or the broker stops.
pub(crate) async fn serve(
    session: Arc<Session>,
    mut source: impl FrameSource,
    mut sink: impl FrameSink,
) {
    let mut stopping = session.shared.stopping();
    let mut in_flight = FuturesOrdered::new();
    let reason = loop {
        if stopping.has_stopped() && in_flight.is_empty() {
            break Closed("the broker stops".to_owned());
        }
        tokio::select! {
            biased;
            Some(started) = in_flight.next(), if !in_flight.is_empty() => {
                if let Err(closed) = send(&session, &mut sink, started).await {
                    break closed;
                }
            }
            frame = source.next(),
                if in_flight.len() < IN_FLIGHT_REQUESTS_MAX && !stopping.has_stopped() =>
            {
                match frame {
                    Ok(Some(frame)) => match begin(&session, frame) {
                        Ok(started) => in_flight.push_back(started),
                        Err(closed) => break closed,
                    },
                    Ok(None) => break Closed("the client hung up".to_owned()),
                    Err(closed) => break closed,
                }
            }
            () = stopping.stopped(), if !stopping.has_stopped() => {}
        }
    };
    debug!(peer = %session.connection.peer, reason = %reason, "connection closed");
}

fn begin(
    session: &Arc<Session>,
    frame: Frame,
) -> Result<impl Future<Output = Started> + Send + use<>, Closed> {
    let (header, body) =
        RequestHeader::parse_chain(frame.bytes).map_err(|error| Closed(error.to_string()))?;
    session.connection.saw_request(&header);
    let future = dispatch::dispatch(Arc::clone(session), header.clone(), body);
    let hold = frame.hold;
    Ok(async move { Started { header, answer: future.await, _hold: hold } })
}

async fn send(
    session: &Session,
    sink: &mut impl FrameSink,
    started: Started,
) -> Result<(), Closed> {
    let Started { header, answer, .. } = started;
    let (body, version, _hold) = match answer {
        Answer::Reply { body, hold } => (body, header.version, hold),
        Answer::ReplyWithoutTags(body) => (body, 0, None),
        Answer::Silent => return Ok(()),
        Answer::Close(reason) => return Err(Closed(reason)),
    };
    let frame = framing::encode_response(header.api_key, version, header.correlation_id, body);
    session.connection.saw_answer(frame.size_bytes());
    sink.send(frame).await
}
