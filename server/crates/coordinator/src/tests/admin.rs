use freshet_wire::messages::describe_groups_response::DescribedGroup;
use freshet_wire::messages::{
    DeleteGroupsRequest, DescribeGroupsRequest, GroupId, ListGroupsRequest,
};
use freshet_wire::{ErrorCode, Response};

use super::rig::{GROUP, Rig, client, code, subscription, text};
use crate::{Input, State};

fn describe(rig: &mut Rig, version: i16, id: &str) -> DescribedGroup {
    let request = DescribeGroupsRequest::default().with_groups(vec![GroupId(text(id))]);
    let token = rig.send(version, "", Input::DescribeGroups(request));
    match rig.answer(token) {
        Some(Response::DescribeGroups(mut response)) => response.groups.remove(0),
        other => panic!("not an answer to a describe: {other:?}"),
    }
}

fn list(rig: &mut Rig, version: i16, states: &[&str], types: &[&str]) -> Vec<String> {
    let texts = |values: &[&str]| values.iter().map(|value| text(value)).collect();
    let request = ListGroupsRequest::default()
        .with_states_filter(texts(states))
        .with_types_filter(texts(types));
    let token = rig.send(version, "", Input::ListGroups(request));
    match rig.answer(token) {
        Some(Response::ListGroups(response)) => {
            response.groups.iter().map(|group| group.group_id.to_string()).collect()
        }
        other => panic!("not an answer to a list: {other:?}"),
    }
}

fn delete(rig: &mut Rig, ids: &[&str]) -> Vec<ErrorCode> {
    let names = ids.iter().map(|id| GroupId(text(id))).collect();
    let request = DeleteGroupsRequest::default().with_groups_names(names);
    let token = rig.send(2, "", Input::DeleteGroups(request));
    match rig.answer(token) {
        Some(Response::DeleteGroups(response)) => {
            response.results.iter().map(|result| code(result.error_code)).collect()
        }
        other => panic!("not an answer to a delete: {other:?}"),
    }
}

#[test]
fn a_stable_group_is_described_with_subscriptions_and_assignments() {
    let mut rig = Rig::new();
    let mut a = client("a").named("one");
    rig.stabilise(&mut [&mut a]);
    for version in 0..7 {
        let group = describe(&mut rig, version, GROUP);
        assert_eq!(&*group.group_state, "Stable");
        assert_eq!(&*group.protocol_type, "consumer");
        assert_eq!(&*group.protocol_data, "range");
        let member = &group.members[0];
        assert_eq!(member.member_metadata, subscription(&["t"]));
        assert_eq!(&member.member_assignment[..], b"a");
        assert_eq!(&*member.client_host, "/127.0.0.1");
        assert_eq!(member.group_instance_id.is_some(), version >= 4);
    }
}

#[test]
fn a_rebalancing_group_is_described_without_assignments() {
    let mut rig = Rig::new();
    let (mut a, mut b) = (client("a"), client("b"));
    rig.stabilise(&mut [&mut a]);
    rig.begin_join(&mut b);
    let group = describe(&mut rig, 5, GROUP);
    assert_eq!(&*group.group_state, "PreparingRebalance");
    assert_eq!(&*group.protocol_data, "");
    assert!(group.members.iter().all(|member| member.member_assignment.is_empty()));
}

#[test]
fn an_unknown_group_is_dead_and_an_error_from_version_6_on() {
    let mut rig = Rig::new();
    for version in 0..7 {
        let group = describe(&mut rig, version, "unknown");
        assert_eq!(&*group.group_state, "Dead");
        let expected = if version >= 6 { ErrorCode::GroupIdNotFound } else { ErrorCode::None };
        assert_eq!(code(group.error_code), expected);
    }
}

#[test]
fn groups_are_listed_by_state_and_type() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    for version in 0..4 {
        assert_eq!(list(&mut rig, version, &[], &[]), [GROUP]);
    }
    assert_eq!(list(&mut rig, 4, &["stable"], &[]), [GROUP]);
    assert!(list(&mut rig, 4, &["Empty"], &[]).is_empty());
    assert_eq!(list(&mut rig, 5, &[], &["Classic"]), [GROUP]);
    assert!(list(&mut rig, 5, &[], &["consumer"]).is_empty());
}

#[test]
fn only_empty_groups_are_deleted_and_with_them_their_offsets() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    rig.commit(&a, "t", 1);
    assert_eq!(
        delete(&mut rig, &[GROUP, "unknown", GROUP]),
        [ErrorCode::NonEmptyGroup, ErrorCode::GroupIdNotFound]
    );
    rig.leave(&a);
    assert_eq!(delete(&mut rig, &[GROUP]), [ErrorCode::None]);
    assert_eq!(rig.committed("t"), -1);
    assert!(rig.coordinator.view(GROUP, rig.now).is_none());
    rig.restart();
    assert!(rig.coordinator.view(GROUP, rig.now).is_none());
}

#[test]
fn a_deleted_group_can_begin_again() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    rig.leave(&a);
    delete(&mut rig, &[GROUP]);
    let mut again = client("a");
    rig.stabilise(&mut [&mut again]);
    assert_eq!(rig.view().state, State::Stable);
    assert_eq!(rig.view().generation, 1);
}

#[test]
fn requests_about_a_group_without_a_name_are_refused() {
    let mut rig = Rig::new();
    assert_eq!(delete(&mut rig, &[""]), [ErrorCode::GroupIdNotFound]);
    assert_eq!(describe(&mut rig, 6, "").error_code, ErrorCode::GroupIdNotFound.code());
    let request = freshet_wire::messages::HeartbeatRequest::default();
    let token = rig.send(4, "", Input::Heartbeat(request));
    let Some(Response::Heartbeat(response)) = rig.answer(token) else { panic!() };
    assert_eq!(code(response.error_code), ErrorCode::InvalidGroupId);
}
