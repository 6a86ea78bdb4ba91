//! The state of the message page: what is read, what is open beside it.

use super::{Query, parse_record_id};
use crate::model::message::{MessagesQuery, PAGE_ROWS, PAGE_ROWS_MAX, SearchIn, Start};
use crate::model::record::RecordId;
use crate::time::{self, Zone};

/// How the panel shows a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueView {
    /// The tree for JSON, else text, else hex.
    #[default]
    Auto,
    Tree,
    Raw,
    Hex,
}

/// Everything that the URL of the message page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagesView {
    pub query: MessagesQuery,
    /// The table follows new records where JavaScript runs: what a topic opens with.
    pub is_live: bool,
    /// The record in the side panel.
    pub open: Option<RecordId>,
    pub value_view: ValueView,
    /// A field of the form that can't be read, with the reason; nothing is guessed in its place.
    pub problem: Option<(&'static str, &'static str)>,
}

impl MessagesView {
    /// Reads the query string; wall-clock times are those of `zone`.
    #[must_use]
    pub fn parse(query: &Query, zone: &Zone) -> Self {
        let (start, problem) = parse_start(query, zone);
        let partitions = query
            .all("p")
            .flat_map(|list| list.split(','))
            .filter_map(|partition| partition.trim().parse().ok())
            .collect();
        let search_in = match query.get("in") {
            Some("key") => SearchIn::Key,
            Some("value") => SearchIn::Value,
            Some("headers") => SearchIn::Headers,
            _ => SearchIn::Everywhere,
        };
        let value_view = match query.get("view") {
            Some("tree") => ValueView::Tree,
            Some("raw") => ValueView::Raw,
            Some("hex") => ValueView::Hex,
            _ => ValueView::Auto,
        };
        let is_live = match query.get("start") {
            Some("live") => true,
            None => query.get("q").is_none() && query.get("cursor").is_none(),
            Some(_) => false,
        };
        Self {
            query: MessagesQuery {
                start,
                partitions,
                search: query.get("q").unwrap_or("").to_owned(),
                search_in,
                cursor: query.get("cursor").map(str::to_owned),
                limit: query.number("n").unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX),
            },
            is_live,
            open: query.get("open").and_then(parse_record_id),
            value_view,
            problem,
        }
    }

    /// The query string, empty for the default view.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut query = self.export_query();
        query.push_some("cursor", self.query.cursor.clone());
        query.push_some("open", self.open.map(|id| format!("{}:{}", id.partition, id.offset)));
        push_value_view(&mut query, self.value_view);
        query.to_text()
    }

    /// The query string of a record's own page.
    #[must_use]
    pub fn value_view_text(view: ValueView) -> String {
        let mut query = Query::default();
        push_value_view(&mut query, view);
        query.to_text()
    }

    /// What an export needs: everything but the cursor and the panel.
    pub(super) fn export_query(&self) -> Query {
        let mut query = Query::default();
        let is_plain = self.query.search.is_empty() && self.query.cursor.is_none();
        match (self.is_live, is_plain) {
            (true, true) | (false, false) if self.query.start == Start::Newest => {}
            (true, _) => query.push("start", "live"),
            (false, _) => push_start(&mut query, self.query.start),
        }
        let partitions: Vec<String> =
            self.query.partitions.iter().map(ToString::to_string).collect();
        query.push_some("p", Some(partitions.join(",")));
        query.push_some("q", Some(self.query.search.clone()));
        let search_in = match self.query.search_in {
            SearchIn::Everywhere => "",
            SearchIn::Key => "key",
            SearchIn::Value => "value",
            SearchIn::Headers => "headers",
        };
        query.push_some("in", Some(search_in.to_owned()));
        query.push_some(
            "n",
            (self.query.limit != PAGE_ROWS && self.query.limit > 0)
                .then(|| self.query.limit.to_string()),
        );
        query
    }

    /// The same view read from another place, from its beginning.
    #[must_use]
    pub fn starting(&self, start: Start) -> Self {
        let mut view = self.from_the_beginning();
        view.query.start = start;
        view.is_live = false;
        view
    }

    /// The same view, following new records.
    #[must_use]
    pub fn live(&self) -> Self {
        let mut view = self.starting(Start::Newest);
        view.is_live = true;
        view
    }

    /// The same view with another record open, or none.
    #[must_use]
    pub fn opening(&self, open: Option<RecordId>) -> Self {
        Self { open, ..self.clone() }
    }

    /// The same view without its cursor.
    #[must_use]
    pub fn from_the_beginning(&self) -> Self {
        let mut view = self.clone();
        view.query.cursor = None;
        view
    }
}

fn push_value_view(query: &mut Query, view: ValueView) {
    let word = match view {
        ValueView::Auto => "",
        ValueView::Tree => "tree",
        ValueView::Raw => "raw",
        ValueView::Hex => "hex",
    };
    query.push_some("view", Some(word.to_owned()));
}

type Problem = Option<(&'static str, &'static str)>;

fn parse_start(query: &Query, zone: &Zone) -> (Start, Problem) {
    const NOT_A_TIME: &str = "not a time; write it as 2025-11-23 09:14:41";
    const NOT_AN_OFFSET: &str = "not an offset; a whole number from 0 on is";
    let moment = |name: &str| query.get(name).map(|text| time::parse(text, zone));
    match query.get("start") {
        Some("oldest") => (Start::Oldest, None),
        Some("offset") => match query.number::<i64>("offset").filter(|offset| *offset >= 0) {
            Some(offset) => (Start::Offset(offset), None),
            None if query.get("offset").is_none() => (Start::Oldest, None),
            None => (Start::Newest, Some(("offset", NOT_AN_OFFSET))),
        },
        Some("time") => match (moment("time"), moment("to")) {
            (Some(Some(from_ms)), Some(Some(to_ms))) if from_ms < to_ms => {
                (Start::Range { from_ms, to_ms }, None)
            }
            (Some(Some(_)), Some(Some(_))) => {
                (Start::Newest, Some(("to", "not after the time that it starts from")))
            }
            (Some(Some(from_ms)), None) => (Start::Time(from_ms), None),
            (None, Some(Some(to_ms))) => (Start::Range { from_ms: 0, to_ms }, None),
            (None, None) => (Start::Oldest, None),
            (Some(None), _) => (Start::Newest, Some(("time", NOT_A_TIME))),
            (_, Some(None)) => (Start::Newest, Some(("to", NOT_A_TIME))),
        },
        _ => (Start::Newest, None),
    }
}

fn push_start(query: &mut Query, start: Start) {
    match start {
        Start::Newest => query.push("start", "newest"),
        Start::Oldest => query.push("start", "oldest"),
        Start::Offset(offset) => {
            query.push("start", "offset");
            query.push("offset", &offset.to_string());
        }
        Start::Time(ms) => {
            query.push("start", "time");
            query.push("time", &ms.to_string());
        }
        Start::Range { from_ms, to_ms } => {
            query.push("start", "time");
            query.push("time", &from_ms.to_string());
            query.push("to", &to_ms.to_string());
        }
    }
}
