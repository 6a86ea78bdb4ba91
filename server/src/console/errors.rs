//! Kafka's errors in the words of the console.

use freshet_app::error::{AppError, KafkaError};
use freshet_client::Error;
use freshet_wire::ErrorCode;

/// What a page shows for a failed call about `what`, such as `topic "orders"`.
pub(super) fn about(what: &str, error: &Error) -> AppError {
    let Error::Kafka { code, message } = error else {
        return match error {
            Error::NoLeader { .. } => AppError::Unavailable { reason: error.to_string() },
            Error::Unsupported { api } => {
                AppError::Conflict { reason: format!("this cluster does not support {api}") }
            }
            other => AppError::Unavailable { reason: other.to_string() },
        };
    };
    let sentence = if message.is_empty() { code.meaning() } else { message };
    match code {
        ErrorCode::UnknownTopicOrPartition
        | ErrorCode::UnknownTopicId
        | ErrorCode::GroupIdNotFound => AppError::NotFound { what: what.to_owned() },
        ErrorCode::TopicAuthorizationFailed
        | ErrorCode::GroupAuthorizationFailed
        | ErrorCode::ClusterAuthorizationFailed => {
            AppError::Unauthorized { reason: format!("{what}: {sentence}") }
        }
        ErrorCode::NonEmptyGroup
        | ErrorCode::UnknownMemberId
        | ErrorCode::GroupSubscribedToTopic
        | ErrorCode::RebalanceInProgress => {
            AppError::Conflict { reason: format!("{what} has members; stop them first") }
        }
        _ => AppError::Refused {
            reason: format!("{what}: {sentence}"),
            kafka: KafkaError {
                code: code.code(),
                name: code.name().to_owned(),
                message: message.clone(),
            },
        },
    }
}

/// A topic in messages.
pub(super) fn topic(name: &str) -> String {
    format!("topic \"{name}\"")
}

/// A group in messages.
pub(super) fn group(name: &str) -> String {
    format!("group \"{name}\"")
}
