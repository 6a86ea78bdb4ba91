//! A topic's configuration in the form in which appends and logs use it.

use freshet_cluster::Image;
use freshet_cluster::config::{BrokerConfig, BrokerSettings, TopicSettings};
use freshet_records::{AppendRules, Compression, DecompressLimits, TimestampType, Validation};
use freshet_storage::{Durability, LogConfig};

use crate::limits::STATE_LOG_SEGMENT_SIZE_BYTES;

/// Decided once per change of the configuration, not once per request.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) log_config: LogConfig,
    pub(crate) min_insync_replicas: i32,
    rules: AppendRules,
}

impl Settings {
    pub(crate) fn of(
        image: &Image,
        config: &BrokerConfig,
        broker: &BrokerSettings,
        topic: &freshet_cluster::Topic,
    ) -> Settings {
        let of_topic = TopicSettings::of(image, config, topic);
        let timestamp_type = if of_topic.is_log_append_time {
            TimestampType::LogAppendTime
        } else {
            TimestampType::CreateTime
        };
        Settings {
            log_config: log_config(&of_topic, broker, topic.is_internal()),
            min_insync_replicas: of_topic.min_insync_replicas,
            rules: AppendRules {
                max_message_bytes: of_topic.max_message_bytes,
                compression: compression(&of_topic.compression_type),
                timestamp_type,
                timestamp_before_max_ms: of_topic.timestamp_before_max_ms,
                timestamp_after_max_ms: of_topic.timestamp_after_max_ms,
                now_ms: 0,
                key_required: of_topic.cleanup_policy.is_compact,
                validation: Validation::Full,
                limits: DecompressLimits::default(),
            },
        }
    }

    /// What a batch must obey that is appended now.
    pub(crate) fn append_rules(&self, now_ms: i64) -> AppendRules {
        AppendRules { now_ms, ..self.rules.clone() }
    }
}

/// `None` keeps the producer's choice.
fn compression(name: &str) -> Option<Compression> {
    match name {
        "uncompressed" => Some(Compression::None),
        other => other.parse().ok(),
    }
}

fn log_config(topic: &TopicSettings, broker: &BrokerSettings, is_internal: bool) -> LogConfig {
    let durability = match topic.durability.as_str() {
        // What the broker itself must remember is always synced.
        _ if is_internal => Durability::Strict,
        "strict" => Durability::Strict,
        "page-cache" => Durability::PageCache,
        _ => Durability::Acked,
    };
    LogConfig {
        durability,
        segment_size_bytes_max: if is_internal {
            STATE_LOG_SEGMENT_SIZE_BYTES
        } else {
            u32::try_from(topic.segment_size_bytes_max).unwrap_or(1 << 30)
        },
        segment_ms: topic.segment_ms,
        segment_jitter_ms: topic.segment_jitter_ms,
        retention_ms: topic.retention_ms,
        retention_bytes: topic.retention_bytes,
        // The group coordinator bounds its own log.
        is_retention_enabled: topic.cleanup_policy.is_delete && !is_internal,
        index_interval_bytes: u32::try_from(topic.index_interval_bytes).unwrap_or(4096),
        flush_messages: topic.flush_messages,
        flush_ms: topic.flush_ms,
        file_delete_delay_ms: u64::try_from(topic.file_delete_delay_ms).unwrap_or(60_000),
        producer_id_expiration_ms: i64::from(broker.producer_id_expiration_ms),
    }
}
