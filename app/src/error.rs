//! The one error of the console: what a server function answers, what a page shows.

use serde::{Deserialize, Serialize};
use server_fn::codec::PostcardEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use std::fmt;

/// Why the console could not do what was asked, said so that the reader knows what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// The named thing does not exist (any more): `topic "orders"`.
    NotFound { what: String },
    /// A field of a form or of the URL cannot be used.
    Invalid { field: String, reason: String },
    /// The request is well formed but clashes with the present state: a group with live members.
    Conflict { reason: String },
    /// The principal behind this console may not do this.
    Unauthorized { reason: String },
    /// No answer in time, or nobody is there to answer. Trying again may help.
    Unavailable { reason: String },
    /// The console itself is not ready yet; the page keeps its skeleton and asks again.
    Starting { what: String },
    /// Kafka refused, with its own error code; shown behind a disclosure.
    Refused { reason: String, kafka: KafkaError },
    /// A fault of ours; the log has it under `request_id`.
    Internal { request_id: String },
}

/// Kafka's own name for an error, kept raw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KafkaError {
    /// The protocol's error code, such as 36.
    pub code: i16,
    /// The protocol's name, such as `TOPIC_ALREADY_EXISTS`.
    pub name: String,
    /// The broker's message, empty where it sent none.
    pub message: String,
}

/// What every read and every action of the console answers.
pub type Answer<T> = Result<T, AppError>;

impl AppError {
    /// The HTTP status that a script or a browser gets for it.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound { .. } => 404,
            Self::Invalid { .. } => 400,
            Self::Conflict { .. } | Self::Refused { .. } => 409,
            Self::Unauthorized { .. } => 403,
            Self::Unavailable { .. } | Self::Starting { .. } => 503,
            Self::Internal { .. } => 500,
        }
    }

    /// What happened, in two or three words: the heading of an error panel.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "Not found",
            Self::Invalid { .. } => "That can’t be used",
            Self::Conflict { .. } => "Not possible right now",
            Self::Unauthorized { .. } => "Not allowed",
            Self::Unavailable { .. } => "No answer",
            Self::Starting { .. } => "Starting",
            Self::Refused { .. } => "Kafka refused",
            Self::Internal { .. } => "Something broke in Freshet",
        }
    }

    /// What the reader can do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => {
                "It may have been deleted. Check the name, or go back to the list."
            }
            Self::Invalid { .. } => "Change it and try again.",
            Self::Conflict { .. } | Self::Refused { .. } => "Fix the reason and try again.",
            Self::Unauthorized { .. } => "Ask whoever runs this cluster for access.",
            Self::Unavailable { .. } => "Check that the cluster is up, then try again.",
            Self::Starting { .. } => "This page asks again by itself.",
            Self::Internal { .. } => "Try again; the server’s log has the details under this id.",
        }
    }

    /// Whether doing the same again can succeed without the reader changing anything.
    #[must_use]
    pub fn is_retriable(&self) -> bool {
        matches!(
            self,
            Self::Unavailable { .. }
                | Self::Starting { .. }
                | Self::Internal { .. }
                | Self::Conflict { .. }
        )
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { what } => write!(f, "{what} does not exist"),
            Self::Invalid { field, reason } => write!(f, "{field}: {reason}"),
            Self::Conflict { reason }
            | Self::Unauthorized { reason }
            | Self::Unavailable { reason }
            | Self::Refused { reason, .. } => f.write_str(reason),
            Self::Starting { what } => write!(f, "{what} is not ready yet"),
            Self::Internal { request_id } => write!(f, "request {request_id} failed"),
        }
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = PostcardEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => {
                Self::Unavailable { reason: "the Freshet server can’t be reached".to_owned() }
            }
            ServerFnErrorErr::Args(reason)
            | ServerFnErrorErr::MissingArg(reason)
            | ServerFnErrorErr::Deserialization(reason) => {
                Self::Invalid { field: "request".to_owned(), reason }
            }
            other => Self::Unavailable { reason: other.to_string() },
        }
    }
}
