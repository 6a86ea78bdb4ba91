use super::*;

fn values(text: &str) -> Vec<Value> {
    parse(text).expect("valid").nodes.into_iter().map(|node| node.value).collect()
}

fn reason(text: &str) -> Reason {
    parse(text).expect_err("invalid").reason
}

#[test]
fn numbers_keep_their_text() {
    let text = "[9007199254740993, 1e400, -0.0, 18446744073709551615]";
    let numbers: Vec<Value> = ["9007199254740993", "1e400", "-0.0", "18446744073709551615"]
        .into_iter()
        .map(|n| Value::Number(n.to_owned()))
        .collect();
    assert_eq!(values(text)[1..], numbers);
}

#[test]
fn order_and_repeated_names_are_kept() {
    let tree = parse(r#"{"b": 1, "a": 2, "b": 3}"#).expect("valid");
    let names: Vec<&Key> = tree.nodes[1..].iter().map(|node| &node.key).collect();
    assert_eq!(names, [&Key::Name("b".into()), &Key::Name("a".into()), &Key::Name("b".into())]);
    assert_eq!(tree.nodes[0].value, Value::Object(3));
}

#[test]
fn containers_know_where_they_end() {
    let tree = parse(r#"{"a": [1, [2]], "b": {}}"#).expect("valid");
    let ends: Vec<u32> = tree.nodes.iter().map(|node| node.end).collect();
    assert_eq!(ends, [6, 5, 3, 5, 5, 6]);
    let depths: Vec<u8> = tree.nodes.iter().map(|node| node.depth).collect();
    assert_eq!(depths, [0, 1, 2, 2, 3, 1]);
}

#[test]
fn escapes_are_undone_and_lone_surrogates_replaced() {
    assert_eq!(
        values(r#""\u0041\n\"\\ \ud83c\udf0a \ud800x""#),
        [Value::String("A\n\"\\ 🌊 \u{fffd}x".into())]
    );
}

#[test]
fn errors_name_place_and_reason() {
    let error = parse("{\n  \"a\": 01\n}").expect_err("invalid");
    assert_eq!((error.line, error.column, error.reason), (2, 9, Reason::ExpectedCommaOrEnd));
    assert_eq!(reason("{a: 1}"), Reason::ExpectedName);
    assert_eq!(reason("{\"a\" 1}"), Reason::ExpectedColon);
    assert_eq!(reason("[1,]"), Reason::ExpectedValue);
    assert_eq!(reason("[1] 2"), Reason::TrailingText);
    assert_eq!(reason("[1"), Reason::UnexpectedEnd);
    assert_eq!(reason("\"\u{1}\""), Reason::ControlCharacter);
    assert_eq!(reason(r#""\x""#), Reason::BadEscape);
    assert_eq!(reason("tru"), Reason::UnexpectedEnd);
    assert_eq!(reason("1."), Reason::UnexpectedEnd);
    assert_eq!(reason("1.x"), Reason::BadNumber);
}

#[test]
fn deep_and_wide_documents_end_at_their_limits() {
    assert_eq!(reason(&"[".repeat(1_000_000)), Reason::TooDeep);
    let wide = format!("[{}1]", "1,".repeat(NODES_MAX));
    assert_eq!(reason(&wide), Reason::TooManyNodes);
    assert_eq!(check(&wide), Ok(()));
    let tree = parse_prefix(&wide);
    assert!(tree.is_cut);
    assert_eq!(tree.nodes.len(), NODES_MAX);
}

#[test]
fn the_head_of_a_document_is_a_tree_too() {
    let tree = parse_prefix(r#"{"a": [1, 2, {"b": "hel"#);
    assert!(tree.is_cut);
    let ends: Vec<u32> = tree.nodes.iter().map(|node| node.end).collect();
    assert_eq!(ends, [5, 5, 3, 4, 5]);
    assert_eq!(tree.nodes[1].value, Value::Array(3));
}

#[test]
fn any_cut_of_a_document_is_read_without_panic() {
    let text =
        r#" {"κλειδί": [null, true, false, -1.5e+7, "\u00e9\ud83c\udf0a"], "b": {"c": []}} "#;
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let tree = parse_prefix(&text[..end]);
        assert!(tree.nodes.iter().all(|node| node.end as usize <= tree.nodes.len()));
    }
}
