use bytes::Bytes;
use kafka_protocol::messages;
use kafka_protocol::protocol::{Decodable, Encodable, StrBytes};
use uuid::Uuid;

use super::*;
use crate::sample::{sample_request, sample_response};
use crate::{ApiKey, Chain, CurrentLeader, DecodeError, ErrorCode};

fn response() -> FetchResponse {
    let records: Chain =
        [Bytes::from(vec![1; 2000]), Bytes::from(vec![2; 3000])].into_iter().collect();
    let full = FetchPartitionResponse {
        high_watermark: 10,
        last_stable_offset: 9,
        log_start_offset: 1,
        diverging_epoch: Some(EpochEndOffset { epoch: 3, end_offset: 4 }),
        current_leader: Some(CurrentLeader { leader_id: 1, leader_epoch: 5 }),
        aborted_transactions: Some(vec![AbortedTransaction { producer_id: 7, first_offset: 2 }]),
        records,
        ..FetchPartitionResponse::refused(3, ErrorCode::None)
    };
    FetchResponse {
        throttle_time_ms: 1,
        error_code: ErrorCode::None,
        session_id: 0,
        topics: vec![FetchTopicResponse {
            name: StrBytes::from_static_str("orders"),
            topic_id: Uuid::nil(),
            partitions: vec![full, FetchPartitionResponse::refused(4, ErrorCode::OffsetOutOfRange)],
        }],
        node_endpoints: Vec::new(),
    }
}

#[test]
fn random_requests_are_read_like_the_message_crate_reads_them() {
    for version in 4..=18 {
        for seed in 0..100 {
            let body = sample_request(ApiKey::Fetch, version, seed).unwrap();
            let ours = FetchRequest::decode(version, body.clone().into()).unwrap();
            let theirs = messages::FetchRequest::decode(&mut body.clone(), version).unwrap();
            assert_eq!((ours.max_wait_ms, ours.min_bytes), (theirs.max_wait_ms, theirs.min_bytes));
            assert_eq!(ours.max_bytes, theirs.max_bytes);
            assert_eq!(
                (ours.session_id, ours.session_epoch),
                (theirs.session_id, theirs.session_epoch)
            );
            assert_eq!(ours.rack_id, theirs.rack_id);
            let replica_id =
                if version >= 15 { theirs.replica_state.replica_id } else { theirs.replica_id };
            assert_eq!(ours.replica_id, replica_id.0);
            assert_eq!(ours.topics.len(), theirs.topics.len());
            assert_eq!(ours.forgotten_topics.len(), theirs.forgotten_topics_data.len());
            for (topic, theirs) in ours.topics.iter().zip(&theirs.topics) {
                assert_eq!((&topic.name, topic.topic_id), (&theirs.topic.0, theirs.topic_id));
                for (partition, theirs) in topic.partitions.iter().zip(&theirs.partitions) {
                    assert_eq!(partition.index, theirs.partition);
                    assert_eq!(partition.current_leader_epoch, theirs.current_leader_epoch);
                    assert_eq!(partition.fetch_offset, theirs.fetch_offset);
                    assert_eq!(partition.last_fetched_epoch, theirs.last_fetched_epoch);
                    assert_eq!(partition.log_start_offset, theirs.log_start_offset);
                    assert_eq!(partition.max_bytes, theirs.partition_max_bytes);
                }
            }
            for (topic, theirs) in ours.forgotten_topics.iter().zip(&theirs.forgotten_topics_data) {
                assert_eq!(topic.partitions, theirs.partitions);
            }
        }
    }
}

#[test]
fn requests_round_trip_with_what_the_version_has() {
    for version in 4..=18 {
        for seed in 0..20 {
            let body = sample_request(ApiKey::Fetch, version, seed).unwrap();
            let mut read = FetchRequest::decode(version, body.into()).unwrap();
            if version >= 15 {
                read.replica_id = -1;
            }
            let encoded = read.encode(version).unwrap();
            assert_eq!(FetchRequest::decode(version, encoded).unwrap(), read);
        }
    }
}

#[test]
fn responses_are_read_by_the_message_crate_at_every_version() {
    for version in 4..=18 {
        let body = response().encode(version).unwrap().into_bytes();
        let mut left = body.clone();
        let theirs = messages::FetchResponse::decode(&mut left, version).unwrap();
        assert!(left.is_empty(), "v{version}");
        let partition = &theirs.responses[0].partitions[0];
        assert_eq!(partition.records.as_ref().unwrap().len(), 5000);
        assert_eq!(partition.aborted_transactions.as_ref().unwrap()[0].producer_id.0, 7);
        assert_eq!(partition.diverging_epoch.end_offset, if version >= 12 { 4 } else { -1 });
        let mut again = Vec::new();
        theirs.encode(&mut again, version).unwrap();
        assert_eq!(&again[..], &body[..], "v{version}");
        let ours = FetchResponse::decode(version, body.into()).unwrap();
        assert_eq!(ours.records_size_bytes(), 5000);
        assert_eq!(ours.topics[0].partitions[1].error_code, ErrorCode::OffsetOutOfRange);
    }
}

#[test]
fn log_slices_pass_through_uncopied_both_ways() {
    let sent = response();
    let slices: Vec<_> = sent.topics[0].partitions[0].records.pieces().cloned().collect();
    let encoded = sent.encode(12).unwrap();
    let read = FetchResponse::decode(12, encoded).unwrap();
    let read_slices: Vec<_> = read.topics[0].partitions[0].records.pieces().cloned().collect();
    assert_eq!(slices.len(), read_slices.len());
    for (sent, read) in slices.iter().zip(&read_slices) {
        assert_eq!(sent.as_ptr(), read.as_ptr());
    }
    assert_eq!(read, sent);
}

#[test]
fn random_responses_are_read_like_the_message_crate_reads_them() {
    for version in 4..=18 {
        for seed in 0..100 {
            let body = sample_response(ApiKey::Fetch, version, seed).unwrap();
            let ours = FetchResponse::decode(version, body.clone().into()).unwrap();
            let theirs = messages::FetchResponse::decode(&mut body.clone(), version).unwrap();
            assert_eq!(ours.session_id, theirs.session_id);
            assert_eq!(ours.node_endpoints.len(), theirs.node_endpoints.len());
            for (topic, theirs) in ours.topics.iter().zip(&theirs.responses) {
                for (partition, theirs) in topic.partitions.iter().zip(&theirs.partitions) {
                    assert_eq!(partition.high_watermark, theirs.high_watermark);
                    assert_eq!(partition.preferred_read_replica, theirs.preferred_read_replica.0);
                    let records = theirs.records.clone().unwrap_or_default();
                    assert_eq!(partition.records.clone().into_bytes(), records);
                }
            }
        }
    }
}

#[test]
fn a_response_with_nothing_new_is_small_and_legal() {
    let empty = FetchResponse::default();
    for version in 4..=18 {
        let body = empty.encode(version).unwrap();
        assert!(body.size_bytes() <= 14);
        assert_eq!(FetchResponse::decode(version, body).unwrap(), empty);
    }
}

#[test]
fn cut_and_impossible_bytes_are_refused() {
    for version in 4..=18 {
        let whole = sample_request(ApiKey::Fetch, version, 5).unwrap();
        for cut in 0..whole.len() {
            assert!(FetchRequest::decode(version, whole.slice(..cut).into()).is_err());
        }
        let whole = response().encode(version).unwrap().into_bytes();
        for cut in (0..whole.len()).step_by(7) {
            assert!(FetchResponse::decode(version, whole.slice(..cut).into()).is_err());
        }
    }
    let mut huge = vec![0; 17];
    huge.extend([0x7f, 0xff, 0xff, 0xff]);
    assert!(matches!(
        FetchRequest::decode(4, Bytes::from(huge).into()),
        Err(DecodeError::BadLength { .. })
    ));
}

#[test]
fn unknown_isolation_levels_read_as_the_safer_one() {
    assert_eq!(IsolationLevel::from_code(0), IsolationLevel::ReadUncommitted);
    assert_eq!(IsolationLevel::from_code(9), IsolationLevel::ReadCommitted);
}
