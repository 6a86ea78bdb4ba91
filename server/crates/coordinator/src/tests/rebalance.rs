use freshet_wire::ErrorCode;

use super::rig::{Rig, client, code};
use crate::{Config, RebalanceReason, State};

#[test]
fn one_member_becomes_stable_alone() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    let view = rig.view();
    assert_eq!(view.state, State::Stable);
    assert_eq!(view.generation, 1);
    assert_eq!(view.protocol_name.as_deref(), Some("range"));
    assert_eq!(&view.members[0].assignment[..], b"a");
    assert_eq!(view.members[0].subscribed_topics, Some(vec!["t".into()]));
    assert_eq!(rig.heartbeat(&a), ErrorCode::None);
}

#[test]
fn a_second_member_makes_the_first_join_again() {
    let mut rig = Rig::new();
    let mut a = client("a");
    let mut b = client("b");
    rig.stabilise(&mut [&mut a]);
    let b_join = rig.begin_join(&mut b);
    assert_eq!(rig.view().state, State::PreparingRebalance);
    assert_eq!(rig.heartbeat(&a), ErrorCode::RebalanceInProgress);
    let sync = rig.send_sync(&a, &[]);
    assert_eq!(code(rig.synced(sync).unwrap().error_code), ErrorCode::RebalanceInProgress);
    let a_join = rig.send_join(&a);
    assert_eq!(rig.end_join(&mut a, a_join).members.len(), 2, "the old leader stays");
    assert!(rig.end_join(&mut b, b_join).members.is_empty());
    assert_eq!(rig.heartbeat(&b), ErrorCode::None, "heartbeats may come before the sync");
    rig.sync_all(&mut [&mut a, &mut b]);
    assert_eq!(rig.view().state, State::Stable);
    assert_eq!(rig.view().generation, 2);
}

#[test]
fn four_members_end_in_one_generation() {
    let mut rig = Rig::with(Config { initial_rebalance_delay_ms: 100, ..Config::default() });
    let (mut a, mut b) = (client("a"), client("b").of_version(3));
    let (mut c, mut d) = (client("c").of_version(5), client("d").of_version(0));
    let tokens: Vec<_> =
        [&mut a, &mut b, &mut c, &mut d].into_iter().map(|m| rig.begin_join(m)).collect();
    rig.advance(1_000);
    let mut all = [&mut a, &mut b, &mut c, &mut d];
    for (member, token) in all.iter_mut().zip(tokens) {
        rig.end_join(member, token);
        assert_eq!(member.generation, 1);
    }
    rig.sync_all(&mut all);
    assert_eq!(rig.view().members.len(), 4);
    assert_eq!(rig.view().state, State::Stable);
}

#[test]
fn cooperative_members_commit_while_others_are_waited_for_but_not_before_the_sync() {
    let mut rig = Rig::new();
    let mut a = client("a").with_protocols(&["cooperative-sticky"]);
    let mut b = client("b").with_protocols(&["cooperative-sticky"]);
    rig.stabilise(&mut [&mut a]);
    let b_join = rig.begin_join(&mut b);
    assert_eq!(rig.view().state, State::PreparingRebalance);
    assert_eq!(rig.commit(&a, "t", 5), ErrorCode::None);
    let a_join = rig.send_join(&a);
    let before = a.clone();
    rig.end_join(&mut a, a_join);
    rig.end_join(&mut b, b_join);
    assert_eq!(rig.view().state, State::CompletingRebalance);
    assert_eq!(rig.commit(&a, "t", 6), ErrorCode::RebalanceInProgress);
    assert_eq!(rig.commit(&before, "t", 6), ErrorCode::IllegalGeneration);
    rig.sync_all(&mut [&mut a, &mut b]);
    assert_eq!(rig.commit(&a, "t", 7), ErrorCode::None);
    assert_eq!(rig.committed("t"), 7);
}

#[test]
fn a_follower_that_joins_again_unchanged_disturbs_nobody() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    rig.stabilise(&mut [&mut a]);
    let tokens = vec![rig.begin_join(&mut b), rig.send_join(&a)];
    rig.settle(&mut [&mut b, &mut a], tokens);
    let follower = if a.is_leader { &b } else { &a };
    let token = rig.send_join(follower);
    let response = rig.joined(token).expect("answered from memory");
    assert_eq!(code(response.error_code), ErrorCode::None);
    assert_eq!(response.generation_id, 2);
    assert!(response.members.is_empty());
    assert_eq!(rig.view().state, State::Stable);
}

#[test]
fn a_leader_that_joins_again_starts_a_rebalance_even_unchanged() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    let token = rig.send_join(&a);
    rig.end_join(&mut a, token);
    assert_eq!(a.generation, 2);
    let reasons = &rig.view().rebalances.last().unwrap().reasons.clone();
    assert!(matches!(reasons[0], RebalanceReason::LeaderRejoined { .. }), "{reasons:?}");
}

#[test]
fn a_leader_that_joins_again_after_a_topic_grew_says_so() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.coordinator.topic_grew("t", 2);
    rig.stabilise(&mut [&mut a]);
    let token = rig.send_join(&a);
    rig.end_join(&mut a, token);
    let reason = rig.view().rebalances.last().unwrap().reasons[0].clone();
    assert!(matches!(reason, RebalanceReason::LeaderRejoined { .. }), "it had grown before");
    rig.coordinator.topic_grew("t", 3);
    rig.coordinator.topic_grew("other", 3);
    rig.sync_all(&mut [&mut a]);
    let token = rig.send_join(&a);
    rig.end_join(&mut a, token);
    let expected = RebalanceReason::TopicGrew { topic: "t".into(), partition_count: 3 };
    assert_eq!(rig.view().rebalances.last().unwrap().reasons, [expected]);
}

#[test]
fn another_subscription_starts_a_rebalance() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    rig.stabilise(&mut [&mut a]);
    let tokens = vec![rig.begin_join(&mut b), rig.send_join(&a)];
    rig.settle(&mut [&mut b, &mut a], tokens);
    let follower = if a.is_leader { &mut b } else { &mut a };
    *follower = follower.clone().with_topics(&["t", "u"]);
    let token = rig.send_join(follower);
    assert!(rig.joined(token).is_none());
    assert_eq!(rig.view().state, State::PreparingRebalance);
    let reason = rig.view().rebalances.last().unwrap().reasons[0].clone();
    assert!(matches!(reason, RebalanceReason::SubscriptionChanged { .. }));
}

#[test]
fn a_lost_join_answer_is_given_again_while_the_sync_is_awaited() {
    let mut rig = Rig::new();
    let mut a = client("a");
    let token = rig.begin_join(&mut a);
    rig.end_join(&mut a, token);
    assert_eq!(rig.view().state, State::CompletingRebalance);
    let token = rig.send_join(&a);
    let response = rig.end_join(&mut a, token);
    assert_eq!(response.generation_id, 1);
    assert_eq!(response.members.len(), 1);
}

#[test]
fn a_join_during_the_sync_sends_waiting_followers_back() {
    let mut rig = Rig::new();
    let (mut a, mut b, mut c) = (client("a"), client("b"), client("c"));
    rig.stabilise(&mut [&mut a]);
    let b_join = rig.begin_join(&mut b);
    let a_join = rig.send_join(&a);
    rig.end_join(&mut a, a_join);
    rig.end_join(&mut b, b_join);
    let b_sync = rig.send_sync(&b, &[]);
    assert!(rig.synced(b_sync).is_none());
    let c_join = rig.begin_join(&mut c);
    let refused = rig.synced(b_sync).expect("sent back");
    assert_eq!(code(refused.error_code), ErrorCode::RebalanceInProgress);
    let tokens = vec![c_join, rig.send_join(&a), rig.send_join(&b)];
    rig.settle(&mut [&mut c, &mut a, &mut b], tokens);
    assert_eq!(rig.view().members.len(), 3);
}

#[test]
fn members_the_leader_leaves_out_get_an_empty_assignment() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    rig.stabilise(&mut [&mut a]);
    let b_join = rig.begin_join(&mut b);
    let a_join = rig.send_join(&a);
    rig.end_join(&mut a, a_join);
    rig.end_join(&mut b, b_join);
    let b_sync = rig.send_sync(&b, &[]);
    let a_sync = rig.send_sync(&a, &[&a]);
    assert_eq!(&rig.synced(a_sync).unwrap().assignment[..], b"a");
    assert!(rig.synced(b_sync).unwrap().assignment.is_empty());
}

#[test]
fn syncs_of_strangers_and_past_generations_are_refused() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    let mut past = a.clone();
    past.generation = 0;
    let mut stranger = a.clone();
    stranger.member_id = "nobody".into();
    for (sender, expected) in [
        (&past, ErrorCode::IllegalGeneration),
        (&stranger, ErrorCode::UnknownMemberId),
        (&a, ErrorCode::None),
    ] {
        let token = rig.send_sync(sender, &[]);
        assert_eq!(code(rig.synced(token).unwrap().error_code), expected);
    }
    for protocol in ["sticky", "range"] {
        let other = super::rig::Client { protocol: protocol.into(), ..a.clone() };
        let token = rig.send_sync(&other, &[]);
        let expected = if protocol == "range" {
            ErrorCode::None
        } else {
            ErrorCode::InconsistentGroupProtocol
        };
        assert_eq!(code(rig.synced(token).unwrap().error_code), expected);
    }
    assert_eq!(rig.heartbeat(&past), ErrorCode::IllegalGeneration);
    assert_eq!(rig.heartbeat(&stranger), ErrorCode::UnknownMemberId);
}

#[test]
fn the_history_tells_when_and_why() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    rig.stabilise(&mut [&mut a]);
    rig.advance(100);
    let b_join = rig.begin_join(&mut b);
    rig.advance(250);
    let tokens = vec![b_join, rig.send_join(&a)];
    rig.settle(&mut [&mut b, &mut a], tokens);
    let rebalances = rig.view().rebalances;
    assert_eq!(rebalances.len(), 2);
    let last = &rebalances[1];
    assert_eq!(last.from_generation, 1);
    assert_eq!(last.member_count, 2);
    assert_eq!(last.joined_ms, Some(last.began_ms + 250));
    assert_eq!(last.finished_ms, last.joined_ms);
    let RebalanceReason::MemberJoined { client_id, .. } = &last.reasons[0] else {
        panic!("{last:?}")
    };
    assert_eq!(client_id, "b");
}
