//! Form fields to requests. Plain text in, typed values or the name of the field that is wrong out.

use crate::error::AppError;
use crate::model::offsets::OffsetTarget;
use crate::model::produce::{Acks, Encoding, PRODUCE_COUNT_MAX, ProduceRequest};
use crate::model::topic::{DeleteBefore, NewTopic};
use crate::routes::Query;
use crate::time::{self, Zone};

fn invalid(field: &str, reason: impl Into<String>) -> AppError {
    AppError::Invalid { field: field.to_owned(), reason: reason.into() }
}

/// A whole number; white space around it is fine.
///
/// # Errors
/// [`AppError::Invalid`] naming `field`.
pub fn whole_number<T: std::str::FromStr>(field: &str, text: &str) -> Result<T, AppError> {
    text.trim()
        .parse()
        .map_err(|_| invalid(field, format!("“{text}” is not a whole number that fits")))
}

fn optional_number<T: std::str::FromStr>(field: &str, text: &str) -> Result<Option<T>, AppError> {
    if text.trim().is_empty() { Ok(None) } else { whole_number(field, text).map(Some) }
}

/// Checks that a name was typed exactly.
///
/// # Errors
/// [`AppError::Invalid`] when it was not.
pub fn typed_name(name: &str, typed: &str) -> Result<(), AppError> {
    if name == typed.trim() {
        Ok(())
    } else {
        Err(invalid("name", format!("type “{name}” exactly to confirm")))
    }
}

/// The fields of the form for a new topic.
pub struct NewTopicFields {
    pub name: String,
    pub partitions: String,
    pub replication: String,
    pub retention_ms: String,
    pub retention_bytes: String,
    pub cleanup_policy: String,
    /// One `name=value` a line.
    pub configs: String,
}

/// Reads the form for a new topic.
///
/// # Errors
/// [`AppError::Invalid`] naming the field.
pub fn new_topic(fields: &NewTopicFields) -> Result<NewTopic, AppError> {
    let name = fields.name.trim();
    if let Some(reason) = topic_name_problem(name) {
        return Err(invalid("name", reason));
    }
    let mut configs = Vec::new();
    for (key, value) in [
        ("retention.ms", &fields.retention_ms),
        ("retention.bytes", &fields.retention_bytes),
        ("cleanup.policy", &fields.cleanup_policy),
    ] {
        if !value.trim().is_empty() {
            configs.push((key.to_owned(), value.trim().to_owned()));
        }
    }
    configs.extend(name_value_lines("configs", &fields.configs, '=')?);
    Ok(NewTopic {
        name: name.to_owned(),
        partitions_count: optional_number("partitions", &fields.partitions)?,
        replication_factor: optional_number("replication", &fields.replication)?,
        configs,
    })
}

/// Why Kafka would not take a topic of that name, if so.
#[must_use]
pub fn topic_name_problem(name: &str) -> Option<&'static str> {
    const NAME_MAX: usize = 249;
    let is_legal = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if name.is_empty() {
        Some("a topic needs a name")
    } else if name.len() > NAME_MAX {
        Some("at most 249 characters")
    } else if name == "." || name == ".." {
        Some("“.” and “..” are not names")
    } else if !name.bytes().all(is_legal) {
        Some("only letters, digits, “.”, “_” and “-”")
    } else {
        None
    }
}

/// Reads one pair a line; empty lines are fine.
fn name_value_lines(
    field: &str,
    text: &str,
    separator: char,
) -> Result<Vec<(String, String)>, AppError> {
    const LINES_MAX: usize = 200;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES_MAX);
    lines
        .map(|line| {
            let (name, value) = line.split_once(separator).ok_or_else(|| {
                invalid(field, format!("“{line}” has no “{separator}” between name and value"))
            })?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

/// The fields of the produce form.
#[derive(Default)]
pub struct ProduceFields {
    pub topic: String,
    pub key: String,
    pub key_encoding: String,
    pub value: String,
    pub value_encoding: String,
    /// One `name: value` a line.
    pub headers: String,
    /// Empty for auto.
    pub partition: String,
    pub compression: String,
    pub acks: String,
    pub count: String,
}

/// Reads the produce form.
///
/// # Errors
/// [`AppError::Invalid`] naming the field.
pub fn produce_request(fields: &ProduceFields) -> Result<ProduceRequest, AppError> {
    let count = optional_number("count", &fields.count)?.unwrap_or(1);
    if !(1..=PRODUCE_COUNT_MAX).contains(&count) {
        return Err(invalid("count", format!("between 1 and {PRODUCE_COUNT_MAX}")));
    }
    let (key_encoding, value_encoding) =
        (encoding(&fields.key_encoding), encoding(&fields.value_encoding));
    for (field, text, encoding) in
        [("key", &fields.key, key_encoding), ("value", &fields.value, value_encoding)]
    {
        if let Some(reason) = encoding_problem(text, encoding) {
            return Err(invalid(field, reason));
        }
    }
    let compression = match fields.compression.as_str() {
        "gzip" | "snappy" | "lz4" | "zstd" => fields.compression.clone(),
        _ => "none".to_owned(),
    };
    let acks = match fields.acks.as_str() {
        "0" => Acks::None,
        "1" => Acks::Leader,
        _ => Acks::All,
    };
    Ok(ProduceRequest {
        topic: fields.topic.clone(),
        key: fields.key.clone(),
        key_encoding,
        value: fields.value.clone(),
        value_encoding,
        headers: name_value_lines("headers", &fields.headers, ':')?,
        partition: optional_number("partition", &fields.partition)?,
        compression,
        acks,
        count,
    })
}

/// Reads the word of an encoding; text when there is none.
#[must_use]
pub fn encoding(word: &str) -> Encoding {
    match word {
        "json" => Encoding::Json,
        "hex" => Encoding::Hex,
        "null" => Encoding::Null,
        _ => Encoding::Text,
    }
}

/// Why `text` can't be written in that encoding, if so.
#[must_use]
pub fn encoding_problem(text: &str, encoding: Encoding) -> Option<String> {
    match encoding {
        Encoding::Text | Encoding::Null => None,
        Encoding::Json => freshet_codec::json::check(text).err().map(|error| error.to_string()),
        Encoding::Hex => freshet_codec::hex::decode(text).err().map(|error| error.to_string()),
    }
}

/// Reads which records to delete; an empty partition means each of `all`, an empty offset all records.
///
/// # Errors
/// [`AppError::Invalid`] naming the field.
pub fn delete_before(
    partition: &str,
    offset: &str,
    all: &[i32],
) -> Result<Vec<DeleteBefore>, AppError> {
    let offset = optional_number("offset", offset)?.unwrap_or(-1);
    let partitions = match optional_number("partition", partition)? {
        Some(partition) => vec![partition],
        None => all.to_vec(),
    };
    Ok(partitions.into_iter().map(|partition| DeleteBefore { partition, offset }).collect())
}

/// Reads where offsets should go from a query string; `None` when nothing was chosen yet.
///
/// # Errors
/// [`AppError::Invalid`] naming the field.
pub fn offset_target(query: &Query, zone: &Zone) -> Result<Option<OffsetTarget>, AppError> {
    let text = query.get("to_value").unwrap_or("");
    let target = match query.get("to") {
        None => return Ok(None),
        Some("latest") => OffsetTarget::Latest,
        Some("offset") => OffsetTarget::Offset(whole_number("offset", text)?),
        Some("shift") => OffsetTarget::Shift(whole_number("shift", text)?),
        Some("time") => {
            let wrong = || invalid("time", "not a time; write it as 2025-11-23 09:14:41");
            OffsetTarget::Time(time::parse(text, zone).ok_or_else(wrong)?)
        }
        Some(_) => OffsetTarget::Earliest,
    };
    Ok(Some(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topic_names_follow_kafkas_rules() {
        for name in ["weather_data", "a.b-c", "X"] {
            assert_eq!(topic_name_problem(name), None);
        }
        for name in ["", ".", "..", "a b", "ō", &"x".repeat(250)] {
            assert!(topic_name_problem(name).is_some(), "{name}");
        }
    }

    #[test]
    fn produce_fields_become_a_request() {
        let fields = ProduceFields {
            topic: "t".into(),
            value: "{\"n\": 9007199254740993}".into(),
            value_encoding: "json".into(),
            headers: "trace: a:b\n\n empty:".into(),
            partition: " 3 ".into(),
            ..ProduceFields::default()
        };
        let request = produce_request(&fields).expect("valid");
        assert_eq!(
            request.headers,
            [("trace".into(), "a:b".into()), ("empty".into(), String::new())]
        );
        assert_eq!((request.partition, request.count, request.acks), (Some(3), 1, Acks::All));
    }

    #[test]
    fn wrong_fields_are_named() {
        let field = |fields: ProduceFields| match produce_request(&fields) {
            Err(AppError::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        let json = ProduceFields {
            value: "{".into(),
            value_encoding: "json".into(),
            ..ProduceFields::default()
        };
        assert_eq!(field(json), "value");
        assert_eq!(field(ProduceFields { count: "0".into(), ..ProduceFields::default() }), "count");
        let headers = ProduceFields { headers: "no colon".into(), ..ProduceFields::default() };
        assert_eq!(field(headers), "headers");
    }

    #[test]
    fn deleting_without_a_partition_means_all_of_them() {
        let all = delete_before("", "", &[0, 1]).expect("valid");
        assert_eq!(all, [0, 1].map(|partition| DeleteBefore { partition, offset: -1 }));
        let one = delete_before("1", "7", &[0, 1]).expect("valid");
        assert_eq!(one, [DeleteBefore { partition: 1, offset: 7 }]);
    }
}
