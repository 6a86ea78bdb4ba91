use freshet_wire::messages::LeaveGroupRequest;
use freshet_wire::messages::leave_group_request::MemberIdentity;
use freshet_wire::{ErrorCode, Response};

use super::rig::{Rig, client, code, group_id, text};
use crate::{Input, RebalanceReason, State};

#[test]
fn the_last_member_leaves_an_empty_group_with_a_new_generation() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    assert_eq!(rig.leave(&a), ErrorCode::None);
    let view = rig.view();
    assert_eq!(view.state, State::Empty);
    assert_eq!(view.generation, 2);
    assert_eq!(view.protocol_type.as_deref(), Some("consumer"));
    assert_eq!(view.protocol_name, None);
    assert!(view.members.is_empty());
    assert_eq!(rig.leave(&a), ErrorCode::UnknownMemberId);
}

#[test]
fn a_leaving_member_makes_the_others_join_again() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    rig.stabilise(&mut [&mut a]);
    let tokens = vec![rig.begin_join(&mut b), rig.send_join(&a)];
    rig.settle(&mut [&mut b, &mut a], tokens);
    assert_eq!(rig.leave(&a), ErrorCode::None);
    assert_eq!(rig.heartbeat(&b), ErrorCode::RebalanceInProgress);
    let token = rig.send_join(&b);
    rig.end_join(&mut b, token);
    assert!(b.is_leader);
    assert_eq!(b.generation, 3);
    let rebalances = rig.view().rebalances;
    let RebalanceReason::MemberLeft { client_id, .. } = &rebalances.last().unwrap().reasons[0]
    else {
        panic!("{rebalances:?}")
    };
    assert_eq!(client_id, "a");
}

#[test]
fn several_members_leave_at_once_and_each_has_its_answer() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    rig.stabilise(&mut [&mut a]);
    let tokens = vec![rig.begin_join(&mut b), rig.send_join(&a)];
    rig.settle(&mut [&mut b, &mut a], tokens);
    let by_id = |id: &str| MemberIdentity::default().with_member_id(text(id));
    let response = rig.leave_all(vec![by_id(&a.member_id), by_id("nobody"), by_id(&b.member_id)]);
    let codes: Vec<_> = response.members.iter().map(|each| code(each.error_code)).collect();
    assert_eq!(codes, [ErrorCode::None, ErrorCode::UnknownMemberId, ErrorCode::None]);
    assert_eq!(rig.view().state, State::Empty);
}

#[test]
fn old_versions_leave_with_a_single_code() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    for expected in [ErrorCode::None, ErrorCode::UnknownMemberId] {
        let request = LeaveGroupRequest::default()
            .with_group_id(group_id())
            .with_member_id(text(&a.member_id));
        let token = rig.send(1, "a", Input::LeaveGroup(request));
        let Some(Response::LeaveGroup(response)) = rig.answer(token) else { panic!() };
        assert_eq!(code(response.error_code), expected);
    }
}

#[test]
fn a_member_that_has_only_its_id_can_leave() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    let token = rig.send_join(&client("b"));
    let b_id = rig.joined(token).unwrap().member_id;
    let response = rig.leave_all(vec![MemberIdentity::default().with_member_id(b_id)]);
    assert_eq!(code(response.members[0].error_code), ErrorCode::None);
    assert_eq!(rig.heartbeat(&a), ErrorCode::None, "nobody else is disturbed");
}

#[test]
fn a_pending_member_that_leaves_no_longer_holds_up_a_rebalance() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    let token = rig.send_join(&client("b"));
    let b_id = rig.joined(token).unwrap().member_id;
    let token = rig.send_join(&a);
    assert!(rig.joined(token).is_none(), "the group waits for the pending member");
    rig.leave_all(vec![MemberIdentity::default().with_member_id(b_id)]);
    rig.end_join(&mut a, token);
}
