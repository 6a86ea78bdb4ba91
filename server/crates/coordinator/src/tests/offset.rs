use freshet_wire::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use freshet_wire::messages::offset_fetch_request::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopics,
};
use freshet_wire::messages::{
    GroupId, OffsetDeleteRequest, OffsetFetchRequest, OffsetFetchResponse, TopicName,
};
use freshet_wire::{ErrorCode, Response};

use super::rig::{Client, GROUP, Rig, client, code, group_id, text};
use crate::{Input, State};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn fetch(rig: &mut Rig, version: i16, request: OffsetFetchRequest) -> OffsetFetchResponse {
    let token = rig.send(version, "", Input::OffsetFetch(request));
    match rig.answer(token) {
        Some(Response::OffsetFetch(response)) => response,
        other => panic!("not an answer to a fetch: {other:?}"),
    }
}

#[test]
fn somebody_outside_any_group_commits_and_reads_back_every_byte() {
    let mut rig = Rig::new();
    let simple = client("kcat");
    let metadata = "é\u{0}✓ ".repeat(100);
    assert_eq!(rig.commit_with(&simple, "t", 7, &metadata, |r| r), ErrorCode::None);
    let view = rig.view();
    assert_eq!(view.state, State::Empty);
    assert_eq!(view.protocol_type, None);
    let offset = &view.offsets["t"][&0];
    assert_eq!((offset.offset, offset.leader_epoch), (7, 3));
    assert_eq!(offset.metadata, metadata);
    assert_eq!(offset.commit_timestamp_ms, rig.now.wall_ms);
    rig.restart();
    assert_eq!(rig.view().offsets["t"][&0].metadata, metadata);
}

#[test]
fn commits_are_checked_against_member_and_generation() {
    let mut rig = Rig::new();
    let mut a = client("a");
    let claim = Client { generation: 1, member_id: "x".into(), ..client("x") };
    assert_eq!(rig.commit(&claim, "t", 1), ErrorCode::IllegalGeneration, "no such group");
    rig.stabilise(&mut [&mut a]);
    let outside = client("cli");
    let past = Client { generation: 0, ..a.clone() };
    let stranger = Client { member_id: "nobody".into(), ..a.clone() };
    for (sender, expected) in [
        (&outside, ErrorCode::UnknownMemberId),
        (&past, ErrorCode::IllegalGeneration),
        (&stranger, ErrorCode::UnknownMemberId),
        (&a, ErrorCode::None),
    ] {
        assert_eq!(rig.commit(sender, "t", 1), expected);
    }
    rig.leave(&a);
    assert_eq!(rig.commit(&outside, "t", 2), ErrorCode::None, "the group is empty now");
    assert_eq!(rig.committed("t"), 2);
}

#[test]
fn metadata_that_is_too_long_is_refused() {
    let mut rig = Rig::new();
    let simple = client("a");
    let fits = "x".repeat(4096);
    assert_eq!(rig.commit_with(&simple, "t", 1, &fits, |r| r), ErrorCode::None);
    let too_long = "x".repeat(4097);
    let result = rig.commit_with(&simple, "t", 2, &too_long, |r| r);
    assert_eq!(result, ErrorCode::OffsetMetadataTooLarge);
    assert_eq!(rig.committed("t"), 1);
}

#[test]
fn every_version_of_the_fetch_answers_topics_all_topics_and_unknown_groups() {
    let mut rig = Rig::new();
    rig.commit(&client("a"), "t", 7);
    rig.commit(&client("a"), "u", 8);
    for version in 2..8 {
        let all = OffsetFetchRequest::default().with_group_id(group_id()).with_topics(None);
        let response = fetch(&mut rig, version, all);
        let offsets: Vec<_> =
            response.topics.iter().map(|t| t.partitions[0].committed_offset).collect();
        assert_eq!(offsets, [7, 8]);
        let epoch = response.topics[0].partitions[0].committed_leader_epoch;
        assert_eq!(epoch, if version >= 5 { 3 } else { -1 });
    }
    for version in 8..10 {
        let wanted = OffsetFetchRequestTopics::default()
            .with_name(TopicName(text("t")))
            .with_partition_indexes(vec![0, 9]);
        let of = |id: &str, topics| {
            OffsetFetchRequestGroup::default().with_group_id(GroupId(text(id))).with_topics(topics)
        };
        let groups = vec![
            of(GROUP, Some(vec![wanted.clone()])),
            of("unknown", Some(vec![wanted])),
            of(GROUP, None),
        ];
        let response = fetch(&mut rig, version, OffsetFetchRequest::default().with_groups(groups));
        let of_group = |index: usize| {
            let topics = &response.groups[index].topics;
            let partitions = topics.iter().flat_map(|topic| &topic.partitions);
            partitions.map(|p| p.committed_offset).collect::<Vec<_>>()
        };
        assert_eq!(of_group(0), [7, -1]);
        assert_eq!(of_group(1), [-1, -1]);
        assert_eq!(of_group(2), [7, 8]);
        assert!(response.groups.iter().all(|group| group.error_code == 0));
    }
}

#[test]
fn offsets_of_a_group_that_had_members_expire_a_week_after_it_became_empty() {
    let mut rig = Rig::new();
    let mut a = client("a");
    rig.stabilise(&mut [&mut a]);
    rig.commit(&a, "t", 1);
    for _ in 0..2_000 {
        rig.advance(9_000);
        rig.heartbeat(&a);
    }
    rig.leave(&a);
    rig.advance(7 * DAY_MS - 600_000);
    assert_eq!(rig.committed("t"), 1);
    rig.advance(1_200_000);
    assert_eq!(rig.committed("t"), -1);
    assert!(rig.coordinator.view(GROUP, rig.now).is_none(), "and the group with them");
    rig.restart();
    assert!(rig.coordinator.view(GROUP, rig.now).is_none());
}

#[test]
fn offsets_of_a_simple_group_expire_a_week_after_the_commit() {
    let mut rig = Rig::new();
    rig.commit(&client("a"), "t", 1);
    rig.advance(6 * DAY_MS);
    rig.commit(&client("a"), "u", 1);
    rig.advance(DAY_MS + 600_000);
    assert_eq!(rig.committed("t"), -1);
    assert_eq!(rig.committed("u"), 1);
}

#[test]
fn a_retention_of_the_clients_own_goes_first() {
    let mut rig = Rig::new();
    let result =
        rig.commit_with(&client("a"), "t", 1, "", |r| r.with_retention_time_ms(DAY_MS as i64));
    assert_eq!(result, ErrorCode::None);
    rig.restart();
    rig.advance(DAY_MS - 600_000);
    assert_eq!(rig.committed("t"), 1);
    rig.advance(1_200_000);
    assert_eq!(rig.committed("t"), -1);
}

#[test]
fn a_live_group_forgets_only_topics_nobody_reads_any_more() {
    let mut rig = Rig::new();
    let mut a = client("a").with_topics(&["t"]);
    a.session_timeout_ms = 1_800_000;
    rig.stabilise(&mut [&mut a]);
    rig.commit(&a, "t", 1);
    rig.commit(&a, "old", 1);
    for _ in 0..(8 * 24 * 3) {
        rig.advance(20 * 60 * 1000);
        assert_eq!(rig.heartbeat(&a), ErrorCode::None);
    }
    assert_eq!(rig.committed("t"), 1);
    assert_eq!(rig.committed("old"), -1);
}

#[test]
fn offsets_of_topics_somebody_reads_cannot_be_deleted() {
    let mut rig = Rig::new();
    let mut a = client("a").with_topics(&["t"]);
    rig.stabilise(&mut [&mut a]);
    rig.commit(&a, "t", 1);
    rig.commit(&a, "old", 1);
    let of = |name: &str| {
        OffsetDeleteRequestTopic::default()
            .with_name(TopicName(text(name)))
            .with_partitions(vec![OffsetDeleteRequestPartition::default()])
    };
    let request = |id: GroupId| {
        OffsetDeleteRequest::default().with_group_id(id).with_topics(vec![
            of("t"),
            of("old"),
            of("never"),
        ])
    };
    let token = rig.send(0, "", Input::OffsetDelete(request(group_id())));
    let Some(Response::OffsetDelete(response)) = rig.answer(token) else { panic!() };
    let codes: Vec<_> =
        response.topics.iter().map(|topic| code(topic.partitions[0].error_code)).collect();
    assert_eq!(codes, [ErrorCode::GroupSubscribedToTopic, ErrorCode::None, ErrorCode::None]);
    assert_eq!(rig.committed("old"), -1);
    let token = rig.send(0, "", Input::OffsetDelete(request(GroupId(text("unknown")))));
    let Some(Response::OffsetDelete(response)) = rig.answer(token) else { panic!() };
    assert_eq!(code(response.error_code), ErrorCode::GroupIdNotFound);
}
