use freshet_wire::ErrorCode;
use freshet_wire::messages::leave_group_request::MemberIdentity;

use super::rig::{Rig, client, code, text};
use crate::{RebalanceReason, State};

#[test]
fn a_static_member_joins_without_asking_for_an_id() {
    let mut rig = Rig::new();
    let mut a = client("a").named("one");
    let token = rig.send_join(&a);
    let response = rig.end_join(&mut a, token);
    assert!(response.member_id.starts_with("one-"));
    assert_eq!(response.members[0].group_instance_id.as_deref(), Some("one"));
}

#[test]
fn a_restarted_follower_takes_its_partitions_over_without_a_rebalance() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a").named("one"), client("b").named("two"));
    rig.stabilise(&mut [&mut a]);
    let tokens = vec![rig.begin_join(&mut b), rig.send_join(&a)];
    rig.settle(&mut [&mut b, &mut a], tokens);
    let old = b.clone();
    b.member_id.clear();
    let token = rig.send_join(&b);
    let response = rig.end_join(&mut b, token);
    assert_ne!(b.member_id, old.member_id);
    assert_eq!(response.generation_id, 2);
    assert!(!response.skip_assignment, "only leaders skip");
    assert_eq!(rig.view().state, State::Stable);
    let sync = rig.send_sync(&b, &[]);
    assert_eq!(&rig.synced(sync).unwrap().assignment[..], b"b");
    assert_eq!(rig.heartbeat(&old), ErrorCode::FencedInstanceId);
    assert_eq!(rig.commit(&old, "t", 1), ErrorCode::FencedInstanceId);
    assert_eq!(rig.heartbeat(&b), ErrorCode::None);
    assert_eq!(rig.view().rebalances.len(), 2, "no third");
}

#[test]
fn a_restarted_leader_is_told_to_skip_the_assignment_from_version_9_on() {
    for version in [8, 9] {
        let mut rig = Rig::new();
        let mut a = client("a").named("one").of_version(version);
        rig.stabilise(&mut [&mut a]);
        let old_id = std::mem::take(&mut a.member_id);
        let token = rig.send_join(&a);
        let response = rig.joined(token).unwrap();
        if version >= 9 {
            assert!(response.skip_assignment);
            assert_eq!(response.leader, response.member_id);
            assert_eq!(response.members.len(), 1);
        } else {
            assert_eq!(&*response.leader, old_id, "it must not take itself for the leader");
            assert!(response.members.is_empty());
        }
        assert_eq!(rig.view().state, State::Stable);
    }
}

#[test]
fn a_replaced_member_that_waits_is_fenced_at_once() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a").named("one"), client("b"));
    rig.stabilise(&mut [&mut a]);
    let b_join = rig.begin_join(&mut b);
    let waiting = rig.send_join(&a);
    rig.end_join(&mut a, waiting);
    rig.end_join(&mut b, b_join);
    let follower = if a.is_leader { b.clone() } else { a.clone() };
    let sync = rig.send_sync(&follower, &[]);
    a.member_id.clear();
    let token = rig.send_join(&a);
    assert!(rig.joined(token).is_none(), "a rebalance: the leader may have assigned to the old id");
    assert_eq!(rig.view().state, State::PreparingRebalance);
    let refused = code(rig.synced(sync).unwrap().error_code);
    assert!(matches!(refused, ErrorCode::RebalanceInProgress | ErrorCode::FencedInstanceId));
    let reason = rig.view().rebalances.last().unwrap().reasons[0].clone();
    assert_eq!(reason, RebalanceReason::StaticMemberReplaced { instance_id: "one".into() });
}

#[test]
fn a_replacement_with_other_protocols_starts_a_rebalance() {
    let mut rig = Rig::new();
    let mut a = client("a").named("one").with_protocols(&["range", "sticky"]);
    rig.stabilise(&mut [&mut a]);
    a = a.with_protocols(&["sticky", "range"]);
    a.member_id.clear();
    let token = rig.send_join(&a);
    let response = rig.end_join(&mut a, token);
    assert_eq!(response.generation_id, 2);
    assert_eq!(response.protocol_name.as_deref(), Some("sticky"));
}

#[test]
fn static_members_stay_through_a_rebalance_they_miss_until_their_session_ends() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a").named("one"), client("b"));
    a.session_timeout_ms = 120_000;
    a.rebalance_timeout_ms = 5_000;
    b.rebalance_timeout_ms = 5_000;
    rig.stabilise(&mut [&mut a]);
    let b_join = rig.begin_join(&mut b);
    rig.advance(5_000);
    rig.end_join(&mut b, b_join);
    assert!(b.is_leader, "whoever is here leads");
    assert_eq!(rig.view().members.len(), 2);
}

#[test]
fn an_administrator_removes_a_static_member_by_its_instance_id() {
    let mut rig = Rig::new();
    let mut a = client("a").named("one");
    rig.stabilise(&mut [&mut a]);
    let by_name = |name: &str| MemberIdentity::default().with_group_instance_id(Some(text(name)));
    let response = rig.leave_all(vec![by_name("two"), by_name("one")]);
    assert_eq!(code(response.members[0].error_code), ErrorCode::UnknownMemberId);
    assert_eq!(code(response.members[1].error_code), ErrorCode::None);
    assert_eq!(rig.view().state, State::Empty);
    assert_eq!(rig.heartbeat(&a), ErrorCode::UnknownMemberId);
}
