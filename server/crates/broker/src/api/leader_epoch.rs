//! Comparing the leader epoch that a client holds with ours (KIP-320).

use freshet_wire::ErrorCode;

use crate::partition::Partition;

/// Checks `epoch` as sent by a client; -1 means it does not ask.
///
/// # Errors
/// FENCED_LEADER_EPOCH when the client is behind, UNKNOWN_LEADER_EPOCH when it is ahead.
pub(super) fn check(partition: &Partition, epoch: i32) -> Result<(), ErrorCode> {
    let ours = partition.log.leader_epoch();
    match epoch {
        -1 => Ok(()),
        epoch if epoch < ours => Err(ErrorCode::FencedLeaderEpoch),
        epoch if epoch > ours => Err(ErrorCode::UnknownLeaderEpoch),
        _ => Ok(()),
    }
}
