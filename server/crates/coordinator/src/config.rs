/// The bounds and times a coordinator works with, named as in Kafka.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Shortest session timeout a member may ask for (`group.min.session.timeout.ms`).
    pub session_timeout_min_ms: i32,
    /// Longest session timeout a member may ask for (`group.max.session.timeout.ms`).
    pub session_timeout_max_ms: i32,
    /// How many members a group may have (`group.max.size`).
    pub group_size_max: usize,
    /// How long an empty group waits for more members (`group.initial.rebalance.delay.ms`).
    pub initial_rebalance_delay_ms: u64,
    /// How long the text beside an offset may be, inclusive (`offset.metadata.max.bytes`).
    pub offset_metadata_bytes_max: usize,
    /// How long offsets outlive the group's last member (`offsets.retention.minutes`).
    pub offsets_retention_ms: i64,
    /// How often expired offsets are looked for (`offsets.retention.check.interval.ms`).
    pub offsets_retention_check_interval_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            session_timeout_min_ms: 6_000,
            session_timeout_max_ms: 30 * 60 * 1000,
            group_size_max: i32::MAX as usize,
            initial_rebalance_delay_ms: 100,
            offset_metadata_bytes_max: 4096,
            offsets_retention_ms: 7 * 24 * 60 * 60 * 1000,
            offsets_retention_check_interval_ms: 10 * 60 * 1000,
        }
    }
}

/// How many groups one coordinator holds; a new one beyond it is refused.
pub const GROUPS_MAX: usize = 100_000;

/// How many unnamed members of one group may have an id and not have come back with it: each
/// costs memory until its session times out, and asking costs a client nothing.
pub const PENDING_MEMBERS_MAX: usize = 10_000;

/// How many assignment protocols a member may offer; Java clients offer two.
pub const PROTOCOLS_PER_MEMBER_MAX: usize = 64;

/// How many committed offsets one group may have.
pub const OFFSETS_PER_GROUP_MAX: usize = 200_000;

/// How many rebalances a group remembers for the console; the oldest is dropped.
pub const REBALANCES_REMEMBERED_MAX: usize = 64;

/// How many reasons one rebalance remembers; more are counted only.
pub const REASONS_PER_REBALANCE_MAX: usize = 16;

/// How many topics that grew are remembered, to name them when a leader asks for a rebalance.
pub const GROWN_TOPICS_MAX: usize = 256;

/// How long a member that has not had its first answer may stay silent: it has no session yet, and
/// the connection that parks its request does not show whether it is alive. As in Kafka.
pub const NEW_MEMBER_JOIN_TIMEOUT_MS: u64 = 5 * 60 * 1000;
