//! Who this broker is in a cluster of one.

/// Its node id; also the controller and the leader of every partition.
pub(crate) const NODE_ID: i32 = 1;

/// "Not asked for" in authorized-operations fields (KIP-430).
pub(crate) const OPERATIONS_NOT_ASKED: i32 = i32::MIN;

/// Every operation on a topic, as a bit set by operation code: nothing is forbidden yet.
/// READ 3, WRITE 4, CREATE 5, DELETE 6, ALTER 7, DESCRIBE 8, DESCRIBE_CONFIGS 10, ALTER_CONFIGS 11.
pub(crate) const TOPIC_OPERATIONS: i32 =
    1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 10 | 1 << 11;

/// Every operation on the cluster: CREATE 5, ALTER 7, DESCRIBE 8, CLUSTER_ACTION 9,
/// DESCRIBE_CONFIGS 10, ALTER_CONFIGS 11, IDEMPOTENT_WRITE 12.
pub(crate) const CLUSTER_OPERATIONS: i32 =
    1 << 5 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12;

/// Every operation on a group: READ 3, DELETE 6, DESCRIBE 8.
pub(crate) const GROUP_OPERATIONS: i32 = 1 << 3 | 1 << 6 | 1 << 8;
