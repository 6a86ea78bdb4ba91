use freshet_wire::ErrorCode;

use super::rig::{Rig, client, code};
use crate::{Config, Coordinator, State};

#[test]
fn members_go_on_after_a_restart_with_their_sessions_begun_anew() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a").named("one"), client("b"));
    rig.stabilise(&mut [&mut a]);
    let tokens = vec![rig.begin_join(&mut b), rig.send_join(&a)];
    rig.settle(&mut [&mut b, &mut a], tokens);
    assert_eq!(rig.commit(&a, "t", 42), ErrorCode::None);
    let before = rig.view();
    rig.advance(9_000);
    rig.restart();
    let after = rig.view();
    assert_eq!(after.state, State::Stable);
    assert_eq!(after.generation, before.generation);
    assert_eq!(after.leader, before.leader);
    for (ours, theirs) in after.members.iter().zip(&before.members) {
        assert_eq!(ours.member_id, theirs.member_id);
        assert_eq!(ours.instance_id, theirs.instance_id);
        assert_eq!(ours.assignment, theirs.assignment);
        assert_eq!(ours.subscription, theirs.subscription);
        assert_eq!(ours.client_host, "/127.0.0.1");
    }
    assert_eq!(rig.committed("t"), 42);
    rig.advance(9_999);
    assert_eq!(rig.heartbeat(&a), ErrorCode::None);
    assert_eq!(rig.heartbeat(&b), ErrorCode::None);
    let sync = rig.send_sync(&b, &[]);
    assert_eq!(&rig.synced(sync).unwrap().assignment[..], b"b");
    rig.advance(10_000);
    assert_eq!(rig.view().state, State::Empty, "silence counts again");
}

#[test]
fn a_rebalance_under_way_is_lost_and_its_members_join_again() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    rig.stabilise(&mut [&mut a]);
    let b_join = rig.begin_join(&mut b);
    let a_join = rig.send_join(&a);
    rig.end_join(&mut a, a_join);
    rig.end_join(&mut b, b_join);
    rig.restart();
    assert_eq!(rig.heartbeat(&a), ErrorCode::IllegalGeneration);
    assert_eq!(rig.heartbeat(&b), ErrorCode::UnknownMemberId);
    let token = rig.send_join(&b);
    assert_eq!(code(rig.joined(token).unwrap().error_code), ErrorCode::UnknownMemberId);
    let token = rig.send_join(&a);
    rig.end_join(&mut a, token);
    assert_eq!(a.generation, 2);
}

#[test]
fn a_restart_leaves_empty_groups_and_deleted_offsets_as_they_were() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    rig.commit(&a, "t", 1);
    rig.commit(&a, "gone", 1);
    rig.leave(&a);
    let output = rig.coordinator.topic_deleted("gone");
    rig.take(output);
    rig.restart();
    assert_eq!(rig.view().state, State::Empty);
    assert_eq!(rig.view().generation, 2);
    assert_eq!(rig.committed("t"), 1);
    assert_eq!(rig.committed("gone"), -1);
}

#[test]
fn a_snapshot_makes_the_same_coordinator() {
    let mut rig = Rig::new();
    let mut a = client("a").named("one");
    rig.stabilise(&mut [&mut a]);
    rig.commit(&a, "t", 1);
    let mut copy = Coordinator::new(Config::default());
    for record in rig.coordinator.snapshot() {
        copy.replay(&record.key, record.value.as_deref()).unwrap();
    }
    assert_eq!(copy.snapshot(), rig.coordinator.snapshot());
    let members = copy.view(super::rig::GROUP, rig.now).unwrap().members;
    assert_eq!(&members[0].assignment[..], b"a");
}

#[test]
fn a_group_larger_than_allowed_rebalances_after_the_load() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    rig.stabilise(&mut [&mut a]);
    let tokens = vec![rig.begin_join(&mut b), rig.send_join(&a)];
    rig.settle(&mut [&mut b, &mut a], tokens);
    let config = Config { group_size_max: 1, ..rig.coordinator.config().clone() };
    rig.coordinator.set_config(config);
    rig.restart();
    assert_eq!(rig.view().state, State::PreparingRebalance);
}

#[test]
fn replaying_the_log_twice_is_as_good_as_once() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    rig.commit(&a, "t", 1);
    rig.leave(&a);
    let before = rig.coordinator.snapshot();
    for record in rig.log.clone() {
        rig.coordinator.replay(&record.key, record.value.as_deref()).unwrap();
    }
    assert_eq!(rig.coordinator.snapshot(), before);
}
