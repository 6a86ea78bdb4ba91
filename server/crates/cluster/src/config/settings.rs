//! The values in effect, as numbers and enums for those who act on them.

use std::str::FromStr;

use super::broker::{BrokerConfig, broker_config_key};
use super::check::list_items;
use super::effective::{broker_value, topic_value};
use super::topic::topic_config_key;
use crate::image::Image;
use crate::topic::Topic;

/// What happens to old records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CleanupPolicy {
    /// Segments past their retention are dropped.
    pub is_delete: bool,
    /// Only the newest record of each key is kept.
    pub is_compact: bool,
}

/// The values in effect for one topic. Text is one of the words its configuration allows.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicSettings {
    /// `cleanup.policy`.
    pub cleanup_policy: CleanupPolicy,
    /// `compression.type`: a codec, `uncompressed`, or `producer`.
    pub compression_type: String,
    /// `file.delete.delay.ms`.
    pub file_delete_delay_ms: i64,
    /// `flush.messages`; `i64::MAX` for never.
    pub flush_messages: i64,
    /// `flush.ms`; `i64::MAX` for never.
    pub flush_ms: i64,
    /// `freshet.durability`: `acked`, `strict` or `page-cache`.
    pub durability: String,
    /// `index.interval.bytes`.
    pub index_interval_bytes: i32,
    /// `max.message.bytes`.
    pub max_message_bytes: i32,
    /// `message.timestamp.after.max.ms`.
    pub timestamp_after_max_ms: i64,
    /// `message.timestamp.before.max.ms`.
    pub timestamp_before_max_ms: i64,
    /// `message.timestamp.type`: whether it is LogAppendTime.
    pub is_log_append_time: bool,
    /// `min.insync.replicas`.
    pub min_insync_replicas: i32,
    /// `retention.bytes`; negative for no limit, as it is without the delete policy.
    pub retention_bytes: i64,
    /// `retention.ms`; negative for no limit, as it is without the delete policy.
    pub retention_ms: i64,
    /// `segment.bytes`.
    pub segment_size_bytes_max: i32,
    /// `segment.jitter.ms`.
    pub segment_jitter_ms: i64,
    /// `segment.ms`.
    pub segment_ms: i64,
}

impl TopicSettings {
    /// Reads the values in effect for `topic`.
    #[must_use]
    pub fn of(image: &Image, config: &BrokerConfig, topic: &Topic) -> Self {
        let key =
            |name: &str| topic_config_key(name).expect("only names of the table are asked for");
        let text = |name: &str| topic_value(image, config, topic, key(name)).0;
        let long = |name: &str| number::<i64>(&text(name), key(name).default);
        let int = |name: &str| number::<i32>(&text(name), key(name).default);
        let policy = text("cleanup.policy");
        let has = |word: &str| list_items(&policy).any(|item| item == word);
        let cleanup_policy = CleanupPolicy { is_delete: has("delete"), is_compact: has("compact") };
        let retention = |name: &str| if cleanup_policy.is_delete { long(name) } else { -1 };
        Self {
            cleanup_policy,
            compression_type: text("compression.type"),
            file_delete_delay_ms: long("file.delete.delay.ms"),
            flush_messages: long("flush.messages"),
            flush_ms: long("flush.ms"),
            durability: text("freshet.durability"),
            index_interval_bytes: int("index.interval.bytes"),
            max_message_bytes: int("max.message.bytes"),
            timestamp_after_max_ms: long("message.timestamp.after.max.ms"),
            timestamp_before_max_ms: long("message.timestamp.before.max.ms"),
            is_log_append_time: text("message.timestamp.type") == "LogAppendTime",
            min_insync_replicas: int("min.insync.replicas"),
            retention_bytes: retention("retention.bytes"),
            retention_ms: retention("retention.ms"),
            segment_size_bytes_max: int("segment.bytes"),
            segment_jitter_ms: long("segment.jitter.ms"),
            segment_ms: long("segment.ms"),
        }
    }
}

/// The broker's own values in effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerSettings {
    /// `auto.create.topics.enable`.
    pub is_auto_create_enabled: bool,
    /// `clamp-replication`.
    pub clamps_replication: bool,
    /// `connections.max.idle.ms`; negative for never.
    pub connections_max_idle_ms: i64,
    /// `delete.topic.enable`.
    pub is_topic_deletion_enabled: bool,
    /// `fetch.max.bytes`.
    pub fetch_max_bytes: i32,
    /// `group.initial.rebalance.delay.ms`.
    pub group_initial_rebalance_delay_ms: i32,
    /// `group.max.session.timeout.ms`.
    pub group_max_session_timeout_ms: i32,
    /// `group.max.size`.
    pub group_max_size: i32,
    /// `group.min.session.timeout.ms`.
    pub group_min_session_timeout_ms: i32,
    /// `log.retention.check.interval.ms`.
    pub log_retention_check_interval_ms: i64,
    /// `max.connections`.
    pub max_connections: i32,
    /// `max.connections.per.ip`.
    pub max_connections_per_ip: i32,
    /// `max.incremental.fetch.session.cache.slots`.
    pub fetch_session_slots: i32,
    /// `num.partitions`.
    pub num_partitions: i32,
    /// `offset.metadata.max.bytes`.
    pub offset_metadata_max_bytes: i32,
    /// `offsets.retention.check.interval.ms`.
    pub offsets_retention_check_interval_ms: i64,
    /// `offsets.retention.minutes`, in milliseconds.
    pub offsets_retention_ms: i64,
    /// `producer.id.expiration.check.interval.ms`.
    pub producer_id_expiration_check_interval_ms: i32,
    /// `producer.id.expiration.ms`.
    pub producer_id_expiration_ms: i32,
    /// `queued.max.request.bytes`; negative for Freshet's own bound.
    pub queued_max_request_bytes: i64,
    /// `socket.listen.backlog.size`.
    pub socket_listen_backlog_size: i32,
    /// `socket.receive.buffer.bytes`; negative leaves it to the system.
    pub socket_receive_buffer_bytes: i32,
    /// `socket.request.max.bytes`.
    pub socket_request_max_bytes: i32,
    /// `socket.send.buffer.bytes`; negative leaves it to the system.
    pub socket_send_buffer_bytes: i32,
    /// `transaction.max.timeout.ms`.
    pub transaction_max_timeout_ms: i32,
}

impl BrokerSettings {
    /// Reads the values in effect.
    #[must_use]
    pub fn of(image: &Image, config: &BrokerConfig) -> Self {
        let text = |name: &str| broker_value(image, config, name).unwrap_or_default();
        let default = |name: &str| broker_config_key(name).and_then(|key| key.default);
        let int_of = |name: &str| number::<i32>(&text(name), default(name));
        let long_of = |name: &str| number::<i64>(&text(name), default(name));
        let bool_of = |name: &str| text(name).eq_ignore_ascii_case("true");
        Self {
            is_auto_create_enabled: bool_of("auto.create.topics.enable"),
            clamps_replication: bool_of("clamp-replication"),
            connections_max_idle_ms: long_of("connections.max.idle.ms"),
            is_topic_deletion_enabled: bool_of("delete.topic.enable"),
            fetch_max_bytes: int_of("fetch.max.bytes"),
            group_initial_rebalance_delay_ms: int_of("group.initial.rebalance.delay.ms"),
            group_max_session_timeout_ms: int_of("group.max.session.timeout.ms"),
            group_max_size: int_of("group.max.size"),
            group_min_session_timeout_ms: int_of("group.min.session.timeout.ms"),
            log_retention_check_interval_ms: long_of("log.retention.check.interval.ms"),
            max_connections: int_of("max.connections"),
            max_connections_per_ip: int_of("max.connections.per.ip"),
            fetch_session_slots: int_of("max.incremental.fetch.session.cache.slots"),
            num_partitions: int_of("num.partitions"),
            offset_metadata_max_bytes: int_of("offset.metadata.max.bytes"),
            offsets_retention_check_interval_ms: long_of("offsets.retention.check.interval.ms"),
            offsets_retention_ms: long_of("offsets.retention.minutes").saturating_mul(60_000),
            producer_id_expiration_check_interval_ms: int_of(
                "producer.id.expiration.check.interval.ms",
            ),
            producer_id_expiration_ms: int_of("producer.id.expiration.ms"),
            queued_max_request_bytes: long_of("queued.max.request.bytes"),
            socket_listen_backlog_size: int_of("socket.listen.backlog.size"),
            socket_receive_buffer_bytes: int_of("socket.receive.buffer.bytes"),
            socket_request_max_bytes: int_of("socket.request.max.bytes"),
            socket_send_buffer_bytes: int_of("socket.send.buffer.bytes"),
            transaction_max_timeout_ms: int_of("transaction.max.timeout.ms"),
        }
    }
}

/// Reads a number. Values are checked when they are set; should one be unreadable all the same, the
/// default holds, never a zero that would mean something.
fn number<T: FromStr + Default>(value: &str, default: Option<&str>) -> T {
    value.trim().parse().ok().or_else(|| default?.parse().ok()).unwrap_or_default()
}
