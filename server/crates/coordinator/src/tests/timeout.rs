use freshet_wire::ErrorCode;

use super::rig::{Rig, client, code};
use crate::{RebalanceReason, State};

#[test]
fn a_silent_member_is_removed_and_the_reason_kept() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    rig.advance(9_999);
    assert_eq!(rig.view().state, State::Stable);
    rig.advance(1);
    assert_eq!(rig.view().state, State::Empty);
    assert_eq!(rig.heartbeat(&a), ErrorCode::UnknownMemberId);
    let expected = RebalanceReason::MissedHeartbeat {
        member_id: a.member_id.clone(),
        client_id: "a".into(),
        silent_ms: 10_000,
    };
    assert_eq!(rig.view().rebalances.last().unwrap().reasons, [expected]);
}

#[test]
fn heartbeats_and_commits_keep_a_session_alive() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    for round in 0..5 {
        rig.advance(9_000);
        let result = if round % 2 == 0 { rig.heartbeat(&a) } else { rig.commit(&a, "t", round) };
        assert_eq!(result, ErrorCode::None);
    }
}

#[test]
fn a_member_that_misses_the_rebalance_is_removed_when_its_time_is_over() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    a.session_timeout_ms = 100_000;
    rig.stabilise(&mut [&mut a]);
    let b_join = rig.begin_join(&mut b);
    rig.advance(59_999);
    assert!(rig.joined(b_join).is_none());
    rig.advance(1);
    rig.end_join(&mut b, b_join);
    assert!(b.is_leader);
    assert_eq!(rig.view().members.len(), 1);
    let reasons = rig.view().rebalances.last().unwrap().reasons.clone();
    assert!(matches!(reasons[1], RebalanceReason::MissedRebalance { waited_ms: 60_000, .. }));
    assert_eq!(rig.heartbeat(&a), ErrorCode::UnknownMemberId);
}

#[test]
fn waiting_in_a_rebalance_counts_as_being_alive() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    a.rebalance_timeout_ms = 300_000;
    rig.stabilise(&mut [&mut a]);
    let tokens = vec![rig.begin_join(&mut b), rig.send_join(&a)];
    rig.settle(&mut [&mut b, &mut a], tokens);
    let (waiting, silent) = if a.is_leader { (&mut a, &b) } else { (&mut b, &a) };
    let token = rig.send_join(waiting);
    for _ in 0..10 {
        rig.advance(9_000);
        assert_eq!(rig.heartbeat(silent), ErrorCode::RebalanceInProgress);
    }
    assert_eq!(rig.view().members.len(), 2);
    rig.advance(10_000);
    rig.end_join(waiting, token);
    assert_eq!(rig.view().members.len(), 1, "the silent one is gone");
}

#[test]
fn a_new_member_that_waits_too_long_is_told_to_begin_again() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b").of_version(3));
    a.rebalance_timeout_ms = 900_000;
    rig.stabilise(&mut [&mut a]);
    let token = rig.begin_join(&mut b);
    for _ in 0..60 {
        rig.advance(5_000);
        rig.heartbeat(&a);
    }
    let response = rig.joined(token).expect("after five minutes");
    assert_eq!(code(response.error_code), ErrorCode::UnknownMemberId);
    assert_eq!(rig.view().members.len(), 1);
}

#[test]
fn a_member_that_never_syncs_is_removed() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    a.session_timeout_ms = 100_000;
    b.session_timeout_ms = 100_000;
    rig.stabilise(&mut [&mut a]);
    let b_join = rig.begin_join(&mut b);
    let a_join = rig.send_join(&a);
    rig.end_join(&mut a, a_join);
    rig.end_join(&mut b, b_join);
    let token = rig.send_sync(&b, &[]);
    rig.advance(60_000);
    assert_eq!(code(rig.synced(token).unwrap().error_code), ErrorCode::RebalanceInProgress);
    assert_eq!(rig.view().state, State::PreparingRebalance);
    let reasons = rig.view().rebalances.last().unwrap().reasons.clone();
    assert!(
        matches!(&reasons[0], RebalanceReason::MissedSync { client_id, .. } if client_id == "a")
    );
    let token = rig.send_join(&b);
    rig.end_join(&mut b, token);
    assert!(b.is_leader);
}
