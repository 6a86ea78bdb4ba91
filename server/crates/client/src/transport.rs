//! How frames reach a broker.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use freshet_wire::Chain;
use tokio::sync::mpsc;

use crate::Error;

/// Where a broker listens, as Metadata or the user named it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// Host name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// An open connection: request frames in, answer frames out, in order, without length prefixes.
///
/// Dropping `requests` hangs up; `answers` ends when the peer did.
pub struct Pipe {
    /// Takes request frames, header included.
    pub requests: mpsc::Sender<Chain>,
    /// Gives answer frames, header included.
    pub answers: mpsc::Receiver<Chain>,
}

/// Opens connections to brokers.
pub trait Transport: Send + Sync + 'static {
    /// Connects to the broker at `address`.
    ///
    /// # Errors
    /// [`Error::Connect`] when nobody is there.
    fn connect<'a>(
        &'a self,
        address: &'a Address,
    ) -> Pin<Box<dyn Future<Output = Result<Pipe, Error>> + Send + 'a>>;
}
