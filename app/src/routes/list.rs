//! The query strings of the two long lists.

use super::Query;
use crate::model::group::{GroupSort, GroupState, GroupsQuery};
use crate::model::message::PAGE_ROWS;
use crate::model::topic::{TopicSort, TopicsQuery};

/// Reads the state of the topic list.
#[must_use]
pub fn topics_query(query: &Query) -> TopicsQuery {
    let sort = match query.get("sort") {
        Some("partitions") => TopicSort::Partitions,
        Some("size") => TopicSort::Size,
        Some("messages") => TopicSort::Messages,
        Some("rate") => TopicSort::Rate,
        Some("lag") => TopicSort::Lag,
        _ => TopicSort::Name,
    };
    TopicsQuery {
        filter: query.get("q").unwrap_or("").to_owned(),
        with_internal: query.is_set("internal"),
        sort,
        descending: query.is_set("desc"),
        start: query.number("start").unwrap_or(0),
        limit: PAGE_ROWS,
    }
}

pub(super) fn topics_text(topics: &TopicsQuery) -> String {
    let mut query = Query::default();
    query.push_some("q", Some(topics.filter.clone()));
    let sort = match topics.sort {
        TopicSort::Name => "",
        TopicSort::Partitions => "partitions",
        TopicSort::Size => "size",
        TopicSort::Messages => "messages",
        TopicSort::Rate => "rate",
        TopicSort::Lag => "lag",
    };
    push_common(&mut query, sort, topics.descending, topics.start);
    query.push_some("internal", topics.with_internal.then(|| "1".to_owned()));
    query.to_text()
}

/// Reads the state of the group list.
#[must_use]
pub fn groups_query(query: &Query) -> GroupsQuery {
    let sort = match query.get("sort") {
        Some("members") => GroupSort::Members,
        Some("topics") => GroupSort::Topics,
        Some("lag") => GroupSort::Lag,
        _ => GroupSort::Name,
    };
    GroupsQuery {
        filter: query.get("q").unwrap_or("").to_owned(),
        state: query.get("state").and_then(parse_state),
        sort,
        descending: query.is_set("desc"),
        start: query.number("start").unwrap_or(0),
        limit: PAGE_ROWS,
    }
}

pub(super) fn groups_text(groups: &GroupsQuery) -> String {
    let mut query = Query::default();
    query.push_some("q", Some(groups.filter.clone()));
    query.push_some("state", groups.state.map(|state| state_word(state).to_owned()));
    let sort = match groups.sort {
        GroupSort::Name => "",
        GroupSort::Members => "members",
        GroupSort::Topics => "topics",
        GroupSort::Lag => "lag",
    };
    push_common(&mut query, sort, groups.descending, groups.start);
    query.to_text()
}

fn push_common(query: &mut Query, sort: &str, descending: bool, start: u32) {
    query.push_some("sort", Some(sort.to_owned()));
    query.push_some("desc", descending.then(|| "1".to_owned()));
    query.push_some("start", (start > 0).then(|| start.to_string()));
}

const STATES: [(GroupState, &str); 6] = [
    (GroupState::Stable, "stable"),
    (GroupState::PreparingRebalance, "preparing-rebalance"),
    (GroupState::CompletingRebalance, "completing-rebalance"),
    (GroupState::Empty, "empty"),
    (GroupState::Dead, "dead"),
    (GroupState::Unknown, "unknown"),
];

fn state_word(state: GroupState) -> &'static str {
    STATES.iter().find(|(known, _)| *known == state).map_or("unknown", |(_, word)| word)
}

fn parse_state(word: &str) -> Option<GroupState> {
    STATES.iter().find(|(_, known)| *known == word).map(|(state, _)| *state)
}
