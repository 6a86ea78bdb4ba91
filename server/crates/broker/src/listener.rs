//! Accepting connections.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tracing::{debug, warn};

use crate::broker::Shared;
use crate::connection::{Session, serve_socket};

/// Pause after a failed accept, so that running out of files does not spin a core.
const ACCEPT_RETRY_MS: u64 = 100;

/// Accepts until the broker stops. `index` is the listener's place in the options.
pub(crate) async fn accept(shared: Arc<Shared>, listener: TcpListener, index: usize) {
    let mut stopping = shared.stopping();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.stopped() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(welcome(Arc::clone(&shared), stream, peer, index));
            }
            Err(error) => {
                warn!(listener = index, %error, "cannot accept a connection, retrying");
                tokio::time::sleep(Duration::from_millis(ACCEPT_RETRY_MS)).await;
            }
        }
    }
}

async fn welcome(
    shared: Arc<Shared>,
    stream: tokio::net::TcpStream,
    peer: std::net::SocketAddr,
    index: usize,
) {
    let listed = shared.connections.list(peer.to_string(), Some(index), shared.clock.wall_ms());
    let Some(listed) = listed else {
        debug!(%peer, "refused: the limit of connections is reached");
        return;
    };
    let session = Arc::new(Session {
        shared: Arc::clone(&shared),
        connection: Arc::clone(&listed.connection),
        principal: freshet_cluster::Principal::anonymous(),
    });
    serve_socket(stream, session).await;
}
