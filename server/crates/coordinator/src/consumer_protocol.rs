//! What consumers write into the opaque bytes of the group protocol: topics subscribed to, and
//! partitions assigned (ConsumerProtocolSubscription and ConsumerProtocolAssignment).
//!
//! The coordinator needs them for two answers only: whether a group reads a topic (OffsetDelete,
//! expiry) and what the console shows. Bytes that are not of this form are no error: other kinds of
//! groups, such as Connect's, write what they like.

use std::collections::BTreeMap;

use crate::schema::SchemaError;
use crate::schema::bytes::Input;

/// The protocol type under which consumers join.
pub const CONSUMER_PROTOCOL_TYPE: &str = "consumer";

/// Reads the topics of a subscription, in the consumer's order; `None` if it is not one.
#[must_use]
pub fn subscribed_topics(metadata: &[u8]) -> Option<Vec<String>> {
    parse_subscription(metadata).ok()
}

/// Reads the partitions of an assignment, by topic; `None` if it is not one. Empty bytes are an
/// empty assignment.
#[must_use]
pub fn assigned_partitions(assignment: &[u8]) -> Option<BTreeMap<String, Vec<i32>>> {
    if assignment.is_empty() {
        return Some(BTreeMap::new());
    }
    parse_assignment(assignment).ok()
}

fn parse_subscription(metadata: &[u8]) -> Result<Vec<String>, SchemaError> {
    let mut input = Input::new(metadata);
    check_version(&mut input)?;
    let count = input.count(2)?;
    let mut topics = Vec::with_capacity(count);
    for _ in 0..count {
        topics.push(input.string()?);
    }
    Ok(topics)
}

fn parse_assignment(assignment: &[u8]) -> Result<BTreeMap<String, Vec<i32>>, SchemaError> {
    let mut input = Input::new(assignment);
    check_version(&mut input)?;
    let mut topics: BTreeMap<String, Vec<i32>> = BTreeMap::new();
    for _ in 0..input.count(6)? {
        let partitions = topics.entry(input.string()?).or_default();
        for _ in 0..input.count(4)? {
            partitions.push(input.i32()?);
        }
    }
    Ok(topics)
}

/// Versions above the newest known one are read all the same: they may only add fields at the end.
fn check_version(input: &mut Input<'_>) -> Result<(), SchemaError> {
    match input.i16()? {
        version if version < 0 => Err(SchemaError::Version(version)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_java_subscription_is_read() {
        let bytes = b"\0\x01\0\0\0\x02\0\x01a\0\x02bb\xff\xff\xff\xff\0\0\0\0";
        assert_eq!(subscribed_topics(bytes), Some(vec!["a".into(), "bb".into()]));
    }

    #[test]
    fn an_assignment_is_read() {
        let bytes = b"\0\0\0\0\0\x01\0\x01a\0\0\0\x02\0\0\0\0\0\0\0\x03\xff\xff\xff\xff";
        let expected = BTreeMap::from([("a".to_owned(), vec![0, 3])]);
        assert_eq!(assigned_partitions(bytes), Some(expected));
        assert_eq!(assigned_partitions(b""), Some(BTreeMap::new()));
    }

    #[test]
    fn foreign_bytes_and_huge_counts_are_refused() {
        assert_eq!(subscribed_topics(b""), None);
        assert_eq!(subscribed_topics(b"\0\0\x7f\xff\xff\xff"), None);
        assert_eq!(assigned_partitions(b"\0\0\x7f\xff\xff\xff"), None);
        assert_eq!(assigned_partitions(b"\xff\xff"), None);
    }
}
