//! The one route table: every path and query string of the console is read and written here.
//!
//! Paths start with the cluster, so that several clusters later break no link. The URL is the state of a page.

mod list;
mod messages;
mod query;
#[cfg(test)]
mod tests;

pub use list::{groups_query, topics_query};
pub use messages::{MessagesView, ValueView};
pub use query::{Query, encode};

use crate::model::group::{GroupsQuery, Span};
use crate::model::message::{ExportFormat, OffsetRange};
use crate::model::record::{Part, RecordId};
use crate::model::topic::TopicsQuery;

/// The websocket of live things.
pub const LIVE_SOCKET: &str = "/api/ws/live";
/// The page with every primitive.
pub const DESIGN: &str = "/design";

/// A tab of the topic page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicTab {
    Messages,
    Partitions,
    Consumers,
    Configuration,
}

/// Overview of a cluster.
#[must_use]
pub fn overview(cluster: &str) -> String {
    format!("/{}", encode(cluster))
}

/// The topic list.
#[must_use]
pub fn topics(cluster: &str, query: &TopicsQuery) -> String {
    format!("/{}/topics{}", encode(cluster), list::topics_text(query))
}

/// The form for a new topic.
#[must_use]
pub fn create_topic(cluster: &str) -> String {
    format!("/{}/create-topic", encode(cluster))
}

/// One topic, opened at a tab.
#[must_use]
pub fn topic(cluster: &str, topic: &str, tab: TopicTab) -> String {
    let tail = match tab {
        TopicTab::Messages => "",
        TopicTab::Partitions => "/partitions",
        TopicTab::Consumers => "/consumers",
        TopicTab::Configuration => "/configuration",
    };
    format!("/{}/topics/{}{tail}", encode(cluster), encode(topic))
}

/// The messages of a topic in a certain view.
#[must_use]
pub fn messages(cluster: &str, topic_name: &str, view: &MessagesView) -> String {
    format!("{}{}", topic(cluster, topic_name, TopicTab::Messages), view.to_text())
}

/// One record, for ever.
#[must_use]
pub fn record(cluster: &str, topic_name: &str, id: RecordId) -> String {
    let base = topic(cluster, topic_name, TopicTab::Messages);
    format!("{base}/records/{}/{}", id.partition, id.offset)
}

/// The produce form; with `again` it starts from that record.
#[must_use]
pub fn produce(cluster: &str, topic_name: &str, again: Option<RecordId>) -> String {
    let base = format!("{}/produce", topic(cluster, topic_name, TopicTab::Messages));
    match again {
        Some(id) => format!("{base}?again={}:{}", id.partition, id.offset),
        None => base,
    }
}

/// The page that asks to type the name before a topic is deleted.
#[must_use]
pub fn delete_topic(cluster: &str, topic_name: &str) -> String {
    format!("{}/delete", topic(cluster, topic_name, TopicTab::Messages))
}

/// The group list.
#[must_use]
pub fn groups(cluster: &str, query: &GroupsQuery) -> String {
    format!("/{}/groups{}", encode(cluster), list::groups_text(query))
}

/// One group.
#[must_use]
pub fn group(cluster: &str, group: &str) -> String {
    format!("/{}/groups/{}", encode(cluster), encode(group))
}

/// One group with its charts looking back so far.
#[must_use]
pub fn group_span(cluster: &str, name: &str, span: Span) -> String {
    match span_word(span) {
        "" => group(cluster, name),
        word => format!("{}?span={word}", group(cluster, name)),
    }
}

/// The form that moves a group's offsets; `topic` and `partition` narrow it down.
#[must_use]
pub fn offsets(cluster: &str, name: &str, topic: Option<&str>, partition: Option<i32>) -> String {
    let mut query = Query::default();
    query.push_some("topic", topic.map(str::to_owned));
    query.push_some("p", partition.map(|partition| partition.to_string()));
    format!("{}/offsets{}", group(cluster, name), query.to_text())
}

/// The page that asks to type the name before a group is deleted.
#[must_use]
pub fn delete_group(cluster: &str, name: &str) -> String {
    format!("{}/delete", group(cluster, name))
}

/// Brokers, listeners, disks, configuration.
#[must_use]
pub fn cluster(cluster: &str) -> String {
    format!("/{}/cluster", encode(cluster))
}

/// Downloads what a view of messages shows, or exactly `ranges` of it.
#[must_use]
pub fn export(
    cluster: &str,
    topic: &str,
    view: &MessagesView,
    ranges: &[OffsetRange],
    format: ExportFormat,
) -> String {
    let mut query = view.export_query();
    query.push("format", format.name());
    if !ranges.is_empty() {
        query.push("ranges", &ranges_text(ranges));
    }
    let base = api(cluster);
    format!("{base}/topics/{}/records{}", encode(topic), query.to_text())
}

/// Downloads the bytes of a key or value as they are.
#[must_use]
pub fn payload(cluster: &str, topic: &str, id: RecordId, part: Part) -> String {
    let part = match part {
        Part::Key => "key",
        Part::Value => "value",
    };
    let base = api(cluster);
    format!("{base}/topics/{}/records/{}/{}/{part}", encode(topic), id.partition, id.offset)
}

fn api(cluster: &str) -> String {
    format!("/api/v1/clusters/{}", encode(cluster))
}

/// Writes offset ranges as `partition:first-last`, joined with commas.
#[must_use]
pub fn ranges_text(ranges: &[OffsetRange]) -> String {
    let parts: Vec<String> = ranges
        .iter()
        .map(|range| format!("{}:{}-{}", range.partition, range.first, range.last))
        .collect();
    parts.join(",")
}

/// Reads what [`ranges_text`] writes; at most 1,000 ranges, `None` when one can't be read.
#[must_use]
pub fn parse_ranges(text: &str) -> Option<Vec<OffsetRange>> {
    const RANGES_MAX: usize = 1_000;
    if text.is_empty() {
        return Some(Vec::new());
    }
    let parts = text.split(',').take(RANGES_MAX);
    parts
        .map(|part| {
            let (partition, ends) = part.split_once(':')?;
            let (first, last) = ends.split_once('-')?;
            Some(OffsetRange {
                partition: partition.parse().ok()?,
                first: first.parse().ok()?,
                last: last.parse().ok()?,
            })
        })
        .collect()
}

/// Reads `partition:offset`.
#[must_use]
pub fn parse_record_id(text: &str) -> Option<RecordId> {
    let (partition, offset) = text.split_once(':')?;
    Some(RecordId { partition: partition.parse().ok()?, offset: offset.parse().ok()? })
}

/// The word of a span in the URL; the default has none.
#[must_use]
pub fn span_word(span: Span) -> &'static str {
    match span {
        Span::Minutes15 => "",
        Span::Hour => "1h",
        Span::Day => "24h",
        Span::Month => "30d",
    }
}

/// Reads [`span_word`].
#[must_use]
pub fn parse_span(query: &Query) -> Span {
    match query.get("span") {
        Some("1h") => Span::Hour,
        Some("24h") => Span::Day,
        Some("30d") => Span::Month,
        _ => Span::Minutes15,
    }
}
