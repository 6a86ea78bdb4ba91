//! What can go wrong between us and a broker.

use freshet_wire::{ApiKey, DecodeError, EncodeError, ErrorCode};

/// Why a call got no useful answer.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody answers at that address.
    #[error("cannot connect to {address}: {reason}")]
    Connect { address: String, reason: String },
    /// The connection ended before the answer came.
    #[error("the connection to {address} was closed")]
    Closed { address: String },
    /// No answer in time.
    #[error("{address} did not answer within {timeout_ms} ms")]
    Timeout { address: String, timeout_ms: u64 },
    /// The broker answered with an error.
    #[error("{}: {}", code.name(), if message.is_empty() { code.meaning() } else { message })]
    Kafka { code: ErrorCode, message: String },
    /// The broker does not serve this API in a version we speak.
    #[error("the cluster does not support {api}")]
    Unsupported { api: ApiKey },
    /// The answer does not parse.
    #[error("the answer to {api} does not parse: {source}")]
    Decode { api: ApiKey, source: DecodeError },
    /// Our request does not encode; a fault of ours.
    #[error("the request {api} does not encode: {source}")]
    Encode { api: ApiKey, source: EncodeError },
    /// The topic or partition is not in the cluster's metadata.
    #[error("topic {topic} has no partition {partition} with a leader")]
    NoLeader { topic: String, partition: i32 },
}

impl Error {
    /// The broker's error, as `Ok(())` when there is none.
    ///
    /// # Errors
    /// [`Error::Kafka`] for every code but `NONE`.
    pub fn check(code: i16, message: Option<&str>) -> Result<(), Error> {
        match ErrorCode::from(code) {
            ErrorCode::None => Ok(()),
            code => Err(Error::Kafka { code, message: message.unwrap_or_default().to_owned() }),
        }
    }

    /// The Kafka error code, if a broker sent one.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Error::Kafka { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Asking again, after fresh metadata, may succeed.
    #[must_use]
    pub fn is_retriable(&self) -> bool {
        match self {
            Error::Connect { .. } | Error::Closed { .. } | Error::Timeout { .. } => true,
            Error::NoLeader { .. } => true,
            Error::Kafka { code, .. } => code.is_retriable(),
            Error::Unsupported { .. } | Error::Decode { .. } | Error::Encode { .. } => false,
        }
    }
}
