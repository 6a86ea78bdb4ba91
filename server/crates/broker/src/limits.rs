//! Every bound of the broker, by name. `docs/ARCHITECTURE.md` shows these and those of the other crates.

/// A bounded thing and what happens when it is full.
pub struct Limit {
    /// What is bounded.
    pub name: &'static str,
    /// How much, with its unit.
    pub value: usize,
    /// What a client sees at the limit.
    pub at_the_limit: &'static str,
}

/// Connections over all listeners.
pub(crate) const CONNECTIONS_MAX: usize = 10_000;
/// Requests of one connection that are started and not yet answered.
pub(crate) const IN_FLIGHT_REQUESTS_MAX: usize = 64;
/// Bytes of request frames held at once, over all connections, in KiB.
pub(crate) const IN_FLIGHT_REQUEST_KIB_MAX: usize = 512 * 1024;
/// Bytes one Fetch answer may carry (`fetch.max.bytes`).
pub(crate) const FETCH_SIZE_BYTES_MAX: usize = 55 * 1024 * 1024;
/// Bytes of Fetch answers built and not yet sent, over all connections, in KiB.
pub(crate) const FETCH_MEMORY_KIB_MAX: usize = 512 * 1024;
/// Milliseconds a Fetch may wait, whatever it asks for.
pub(crate) const FETCH_WAIT_MS_MAX: u64 = 300_000;
/// Seconds a connection may stay silent (`connections.max.idle.ms`).
pub(crate) const CONNECTION_IDLE_SECONDS_MAX: u64 = 600;
/// Seconds without progress while a frame arrives.
pub(crate) const FRAME_SECONDS_MAX: u64 = 30;
/// Seconds without progress a peer may take to accept an answer: a paused consumer is no error.
pub(crate) const WRITE_SECONDS_MAX: u64 = 600;
/// Requests waiting for the group coordinator.
pub(crate) const GROUP_MAILBOX_MAX: usize = 10_000;
/// Commands waiting for the metadata log.
pub(crate) const METADATA_MAILBOX_MAX: usize = 1_000;
/// Bytes of a state log (metadata, group offsets) before it is rewritten from live state.
pub(crate) const STATE_LOG_SIZE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Segments of a state log: small, so that what a rewrite leaves behind can go.
pub(crate) const STATE_LOG_SEGMENT_SIZE_BYTES: u32 = 4 * 1024 * 1024;
/// Bytes that one Fetch may hold before it is sent; a single larger batch still goes out.
pub(crate) const FETCH_RESERVATION_SIZE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The table.
pub const LIMITS: &[Limit] = &[
    Limit {
        name: "connections",
        value: CONNECTIONS_MAX,
        at_the_limit: "a new connection is closed at once",
    },
    Limit {
        name: "in-flight requests per connection",
        value: IN_FLIGHT_REQUESTS_MAX,
        at_the_limit: "the next request stays in the socket",
    },
    Limit {
        name: "in-flight request bytes (KiB)",
        value: IN_FLIGHT_REQUEST_KIB_MAX,
        at_the_limit: "frames wait in their sockets",
    },
    Limit {
        name: "bytes of one Fetch answer",
        value: FETCH_SIZE_BYTES_MAX,
        at_the_limit: "the answer is cut after a batch",
    },
    Limit {
        name: "bytes of Fetch answers in memory (KiB)",
        value: FETCH_MEMORY_KIB_MAX,
        at_the_limit: "fetches wait for others to be sent",
    },
    Limit {
        name: "idle seconds of a connection",
        value: CONNECTION_IDLE_SECONDS_MAX as usize,
        at_the_limit: "it is closed",
    },
    Limit {
        name: "seconds without progress while a frame arrives",
        value: FRAME_SECONDS_MAX as usize,
        at_the_limit: "the connection is closed",
    },
    Limit {
        name: "seconds a peer may take to accept an answer",
        value: WRITE_SECONDS_MAX as usize,
        at_the_limit: "the connection is closed",
    },
    Limit {
        name: "requests waiting for the group coordinator",
        value: GROUP_MAILBOX_MAX,
        at_the_limit: "the connection is closed, and clients retry",
    },
    Limit {
        name: "commands waiting for the metadata log",
        value: METADATA_MAILBOX_MAX,
        at_the_limit: "the request waits",
    },
    Limit {
        name: "bytes of a state log (metadata, group offsets)",
        value: STATE_LOG_SIZE_BYTES_MAX as usize,
        at_the_limit: "it is rewritten from live state",
    },
];
