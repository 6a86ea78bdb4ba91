use freshet_wire::ErrorCode;

use super::rig::{GROUP, Rig, client, code};
use crate::{Config, State};

/// Sends one join and returns its error.
fn join_error(rig: &mut Rig, joining: &super::rig::Client) -> ErrorCode {
    let token = rig.send_join(joining);
    code(rig.joined(token).expect("refused at once").error_code)
}

#[test]
fn a_new_member_gets_an_id_first_from_version_4_on() {
    let mut rig = Rig::new();
    let mut first = client("app");
    let token = rig.send_join(&first);
    let response = rig.joined(token).unwrap();
    assert_eq!(code(response.error_code), ErrorCode::MemberIdRequired);
    assert!(response.member_id.starts_with("app-"));
    assert_eq!(response.member_id.len(), "app-".len() + 36);
    first.member_id = response.member_id.to_string();
    let token = rig.send_join(&first);
    let response = rig.end_join(&mut first, token);
    assert_eq!(response.generation_id, 1);
    assert_eq!(response.members.len(), 1);
    assert!(first.is_leader);
}

#[test]
fn before_version_4_a_new_member_joins_at_once() {
    for version in 0..4 {
        let mut rig = Rig::new();
        let mut first = client("old").of_version(version);
        if version == 0 {
            first.rebalance_timeout_ms = -1;
        }
        let token = rig.send_join(&first);
        let response = rig.end_join(&mut first, token);
        assert_eq!(response.protocol_name.as_deref(), Some("range"));
        let member = &rig.view().members[0];
        let expected = if version == 0 { 10_000 } else { 60_000 };
        assert_eq!(member.rebalance_timeout_ms, expected);
    }
}

#[test]
fn joins_that_make_no_sense_are_refused() {
    let mut rig = Rig::new();
    for (session_timeout_ms, expected) in [
        (5_999, ErrorCode::InvalidSessionTimeout),
        (6_000, ErrorCode::MemberIdRequired),
        (1_800_000, ErrorCode::MemberIdRequired),
        (1_800_001, ErrorCode::InvalidSessionTimeout),
    ] {
        let joining = super::rig::Client { session_timeout_ms, ..client("a") };
        assert_eq!(join_error(&mut rig, &joining), expected, "{session_timeout_ms}");
    }
    let without = client("a").with_protocols(&[]);
    assert_eq!(join_error(&mut rig, &without), ErrorCode::InconsistentGroupProtocol);
    let mut stranger = client("a");
    stranger.member_id = "nobody".into();
    assert_eq!(join_error(&mut rig, &stranger), ErrorCode::UnknownMemberId);
}

#[test]
fn a_refused_first_join_leaves_no_group_behind() {
    let mut rig = Rig::new();
    let without = client("a").with_protocols(&[]);
    assert_eq!(join_error(&mut rig, &without), ErrorCode::InconsistentGroupProtocol);
    assert!(rig.coordinator.view(GROUP, rig.now).is_none());
}

#[test]
fn a_member_that_never_comes_back_with_its_id_is_forgotten() {
    let mut rig = Rig::new();
    let token = rig.send_join(&client("a"));
    assert!(rig.joined(token).is_some());
    assert!(rig.coordinator.view(GROUP, rig.now).is_some());
    rig.advance(10_000);
    assert!(rig.coordinator.view(GROUP, rig.now).is_none());
    assert_eq!(rig.coordinator.next_deadline().filter(|at| *at < 500_000), None);
}

#[test]
fn a_group_full_of_members_takes_no_more() {
    let config = Config { group_size_max: 1, initial_rebalance_delay_ms: 0, ..Config::default() };
    let mut rig = Rig::with(config);
    let mut first = client("a");
    rig.stabilise(&mut [&mut first]);
    assert_eq!(join_error(&mut rig, &client("b")), ErrorCode::GroupMaxSizeReached);
    assert_eq!(rig.heartbeat(&first), ErrorCode::None);
}

#[test]
fn the_protocol_most_members_like_best_wins_among_those_all_can_do() {
    let mut rig = Rig::with(Config { initial_rebalance_delay_ms: 100, ..Config::default() });
    let mut a = client("a").with_protocols(&["range", "roundrobin", "sticky"]);
    let mut b = client("b").with_protocols(&["sticky", "roundrobin"]);
    let mut c = client("c").with_protocols(&["cooperative", "roundrobin", "sticky"]);
    let tokens = [rig.begin_join(&mut a), rig.begin_join(&mut b), rig.begin_join(&mut c)];
    rig.advance(300);
    let mut clients = [&mut a, &mut b, &mut c];
    for (client, token) in clients.iter_mut().zip(tokens) {
        let response = rig.end_join(client, token);
        assert_eq!(response.protocol_name.as_deref(), Some("roundrobin"));
        assert_eq!(response.protocol_type.as_deref(), Some("consumer"));
        let is_leader = client.is_leader;
        assert_eq!(response.members.len(), if is_leader { 3 } else { 0 });
    }
    rig.sync_all(&mut clients);
    let stranger = client("d").with_protocols(&["range"]);
    assert_eq!(join_error(&mut rig, &stranger), ErrorCode::InconsistentGroupProtocol);
}

#[test]
fn newcomers_extend_the_first_wait_up_to_the_rebalance_timeout() {
    let mut rig = Rig::with(Config { initial_rebalance_delay_ms: 1_000, ..Config::default() });
    let mut first = client("a").of_version(3);
    first.rebalance_timeout_ms = 2_500;
    let token = rig.begin_join(&mut first);
    let mut others = Vec::new();
    for _ in 0..5 {
        rig.advance(600);
        if rig.view().state != State::PreparingRebalance {
            break;
        }
        let mut other = client("b").of_version(3);
        other.rebalance_timeout_ms = 2_500;
        others.push(rig.begin_join(&mut other));
    }
    assert_eq!(rig.view().state, State::CompletingRebalance);
    assert_eq!(others.len(), 4, "the wait ends after 2.5 s however many come");
    rig.end_join(&mut first, token);
}

#[test]
fn a_second_join_of_a_waiting_member_answers_the_first() {
    let mut rig = Rig::with(Config { initial_rebalance_delay_ms: 100, ..Config::default() });
    let mut first = client("a");
    let early = rig.begin_join(&mut first);
    let late = rig.send_join(&first);
    let response = rig.joined(early).unwrap();
    assert_eq!(code(response.error_code), ErrorCode::RebalanceInProgress);
    rig.advance(100);
    rig.end_join(&mut first, late);
}
