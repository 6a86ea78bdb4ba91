use super::*;
use crate::model::group::{GroupSort, GroupState};
use crate::model::message::{MessagesQuery, SearchIn, Start};
use crate::model::topic::TopicSort;
use crate::time::Zone;

fn query_of(url: &str) -> Query {
    Query::parse(url.split_once('?').map_or("", |(_, query)| query))
}

#[test]
fn names_become_one_path_segment() {
    assert_eq!(group("local", "a/b c?%"), "/local/groups/a%2Fb%20c%3F%25");
}

#[test]
fn queries_survive_their_text() {
    let mut query = Query::default();
    query.push("q", "temp > 10 & ō+%");
    query.push("empty", "");
    assert_eq!(Query::parse(&query.to_text()), query);
    assert_eq!(Query::parse("?q=a+b").get("q"), Some("a b"));
    assert_eq!(Query::parse("q=%zz&q=%").get("q"), Some("%zz"));
}

#[test]
fn lists_survive_their_url() {
    let wanted = TopicsQuery {
        filter: "weather".into(),
        with_internal: true,
        sort: TopicSort::Lag,
        descending: true,
        start: 100,
        limit: 50,
    };
    assert_eq!(topics_query(&query_of(&topics("local", &wanted))), wanted);
    let wanted = GroupsQuery {
        filter: "w".into(),
        state: Some(GroupState::PreparingRebalance),
        sort: GroupSort::Members,
        descending: true,
        start: 50,
        limit: 50,
    };
    assert_eq!(groups_query(&query_of(&groups("local", &wanted))), wanted);
}

#[test]
fn message_views_survive_their_url() {
    for start in [
        Start::Newest,
        Start::Oldest,
        Start::Offset(9_007_199_254_740_993),
        Start::Time(1_732_400_081_770),
        Start::Range { from_ms: 5, to_ms: 1_732_400_081_770 },
    ] {
        let view = MessagesView {
            query: MessagesQuery {
                start,
                partitions: vec![0, 2],
                search: "a b&c".into(),
                search_in: SearchIn::Headers,
                cursor: Some("0:5,1:7".into()),
                limit: 200,
            },
            is_live: start == Start::Newest,
            open: Some(RecordId { partition: 2, offset: i64::MAX }),
            value_view: ValueView::Hex,
            problem: None,
        };
        let url = messages("local", "t", &view);
        assert_eq!(MessagesView::parse(&query_of(&url), &Zone::default()), view, "{url}");
    }
}

#[test]
fn wall_clock_times_of_a_form_are_read_in_the_readers_zone() {
    let zone = Zone::parse("Pacific/Auckland@780");
    let view = MessagesView::parse(&Query::parse("start=time&time=2025-01-01T13:00&to="), &zone);
    assert_eq!(view.query.start, Start::Time(1_735_689_600_000));
}

#[test]
fn unreadable_fields_are_named_and_not_guessed() {
    let view = |text| MessagesView::parse(&Query::parse(text), &Zone::default()).problem;
    assert_eq!(view("start=time&time=soon").map(|p| p.0), Some("time"));
    assert_eq!(view("start=offset&offset=-4").map(|p| p.0), Some("offset"));
    assert_eq!(view("start=time&time=2000&to=1000").map(|p| p.0), Some("to"));
    assert_eq!(view("start=offset&offset=4"), None);
}

#[test]
fn ranges_survive_their_text() {
    let ranges = vec![
        OffsetRange { partition: 0, first: 1, last: 9 },
        OffsetRange { partition: 3, first: 0, last: i64::MAX },
    ];
    assert_eq!(parse_ranges(&ranges_text(&ranges)), Some(ranges));
    assert_eq!(parse_ranges("0:1"), None);
}
