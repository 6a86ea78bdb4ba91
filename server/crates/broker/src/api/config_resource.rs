//! What a configuration request is about: Kafka's resource types.

use freshet_cluster::Refusal;
use freshet_cluster::command::ConfigTarget;
use freshet_wire::ErrorCode;

pub(super) const TOPIC: i8 = 2;
pub(super) const BROKER: i8 = 4;

/// Reads a resource.
///
/// # Errors
/// INVALID_REQUEST for types that have no configuration here.
pub(super) fn target(kind: i8, name: &str) -> Result<ConfigTarget, Refusal> {
    match kind {
        TOPIC => Ok(ConfigTarget::Topic(name.to_owned())),
        BROKER => Ok(ConfigTarget::Broker(name.to_owned())),
        other => Err(Refusal::new(
            ErrorCode::InvalidRequest,
            format!(
                "resource type {other} has no configuration here, only topics and brokers have"
            ),
        )),
    }
}
