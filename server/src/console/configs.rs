//! Configuration entries: from Kafka's numbers to what the page shows.

use freshet_app::model::config::{ConfigEntry, ConfigKind, ConfigSource};
use freshet_client as kafka;

/// One entry for the page.
pub(super) fn entry(found: kafka::ConfigEntry) -> ConfigEntry {
    let source = source(found.source);
    let inherited = found
        .synonyms
        .iter()
        .find(|synonym| synonym.source != found.source)
        .and_then(|synonym| synonym.value.clone());
    let is_own = matches!(found.source, kafka::ConfigSource::Topic);
    ConfigEntry {
        choices: choices(&found),
        inherited: if is_own { inherited } else { found.value.clone() },
        name: found.name,
        value: found.value,
        source,
        kind: kind(found.kind),
        doc: Some(found.documentation).filter(|doc| !doc.is_empty()),
        is_read_only: found.is_read_only,
        is_sensitive: found.is_sensitive,
    }
}

fn source(source: kafka::ConfigSource) -> ConfigSource {
    match source {
        kafka::ConfigSource::Topic => ConfigSource::Topic,
        kafka::ConfigSource::DynamicBroker => ConfigSource::DynamicBroker,
        kafka::ConfigSource::DynamicDefaultBroker => ConfigSource::DynamicDefault,
        kafka::ConfigSource::StaticBroker => ConfigSource::StaticBroker,
        kafka::ConfigSource::Default => ConfigSource::Default,
        kafka::ConfigSource::Unknown => ConfigSource::Unknown,
    }
}

fn kind(code: i8) -> ConfigKind {
    match code {
        1 => ConfigKind::Boolean,
        2 => ConfigKind::String,
        3 | 4 => ConfigKind::Int,
        5 => ConfigKind::Long,
        6 => ConfigKind::Double,
        7 => ConfigKind::List,
        8 => ConfigKind::Class,
        9 => ConfigKind::Password,
        _ => ConfigKind::Unknown,
    }
}

/// Values that Kafka's own documentation lists for an entry; the protocol does not carry them.
fn choices(found: &kafka::ConfigEntry) -> Vec<String> {
    let words: &[&str] = match found.name.as_str() {
        "cleanup.policy" => &["delete", "compact", "compact,delete"],
        "compression.type" => &["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"],
        "message.timestamp.type" => &["CreateTime", "LogAppendTime"],
        "freshet.durability" => &["acked", "strict", "page-cache"],
        _ if kind(found.kind) == ConfigKind::Boolean => &["true", "false"],
        _ => &[],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}
