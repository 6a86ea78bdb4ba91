use bytes::Bytes;
use kafka_protocol::messages;
use kafka_protocol::protocol::{Decodable, Encodable, StrBytes};
use uuid::Uuid;

use super::*;
use crate::sample::{sample_request, sample_response};
use crate::{ApiKey, Chain, CurrentLeader, DecodeError, ErrorCode, NodeEndpoint};

fn request() -> ProduceRequest {
    let partition = |index, records: &'static [u8]| ProducePartition {
        index,
        records: Some(Bytes::from_static(records)),
    };
    ProduceRequest {
        transactional_id: None,
        acks: -1,
        timeout_ms: 30_000,
        topics: vec![ProduceTopic {
            name: StrBytes::from_static_str("orders"),
            topic_id: Uuid::nil(),
            partitions: vec![partition(0, b"first"), partition(7, &[9; 4096])],
        }],
    }
}

fn response() -> ProduceResponse {
    let good = ProducePartitionResponse {
        base_offset: 42,
        log_start_offset: 7,
        ..ProducePartitionResponse::refused(0, ErrorCode::None, None)
    };
    let mut bad =
        ProducePartitionResponse::refused(1, ErrorCode::InvalidRecord, Some("key missing".into()));
    bad.record_errors.push(RecordError { batch_index: 3, message: None });
    bad.current_leader = Some(CurrentLeader { leader_id: 1, leader_epoch: 2 });
    ProduceResponse {
        topics: vec![ProduceTopicResponse {
            name: StrBytes::from_static_str("orders"),
            topic_id: Uuid::nil(),
            partitions: vec![good, bad],
        }],
        throttle_time_ms: 5,
        node_endpoints: vec![NodeEndpoint {
            node_id: 1,
            host: StrBytes::from_static_str("here"),
            port: 9092,
            rack: None,
        }],
    }
}

#[test]
fn requests_round_trip_and_large_records_are_not_copied() {
    for version in 3..=12 {
        let sent = request();
        let encoded = sent.encode(version).unwrap();
        let large = sent.topics[0].partitions[1].records.as_ref().unwrap();
        assert!(encoded.pieces().any(|piece| piece.as_ptr() == large.as_ptr()), "v{version}");
        let read = ProduceRequest::decode(version, encoded).unwrap();
        assert_eq!(read, sent);
        let read_large = read.topics[0].partitions[1].records.as_ref().unwrap();
        assert_eq!(read_large.as_ptr(), large.as_ptr());
        assert_eq!(read.records_size_bytes(), 5 + 4096);
    }
}

#[test]
fn requests_equal_those_of_the_message_crate() {
    for version in 3..=13 {
        for seed in 0..100 {
            let body = sample_request(ApiKey::Produce, version, seed).unwrap();
            let ours = ProduceRequest::decode(version, body.clone().into()).unwrap();
            let theirs = messages::ProduceRequest::decode(&mut body.clone(), version).unwrap();
            assert_eq!(ours.acks, theirs.acks);
            assert_eq!(ours.timeout_ms, theirs.timeout_ms);
            assert_eq!(ours.transactional_id, theirs.transactional_id.map(|id| id.0));
            assert_eq!(ours.topics.len(), theirs.topic_data.len());
            for (topic, theirs) in ours.topics.iter().zip(&theirs.topic_data) {
                assert_eq!((&topic.name, topic.topic_id), (&theirs.name.0, theirs.topic_id));
                for (partition, theirs) in topic.partitions.iter().zip(&theirs.partition_data) {
                    assert_eq!(partition.index, theirs.index);
                    assert_eq!(partition.records, theirs.records);
                }
            }
        }
    }
}

#[test]
fn responses_are_read_by_the_message_crate_at_every_version() {
    for version in 3..=13 {
        let body = response().encode(version).unwrap().into_bytes();
        let mut left = body.clone();
        let theirs = messages::ProduceResponse::decode(&mut left, version).unwrap();
        assert!(left.is_empty(), "v{version}");
        let partition = &theirs.responses[0].partition_responses[1];
        assert_eq!(partition.error_code, 87);
        assert_eq!(partition.record_errors.len(), usize::from(version >= 8));
        assert_eq!(partition.error_message.is_some(), version >= 8);
        assert_eq!(partition.current_leader.leader_epoch, if version >= 10 { 2 } else { -1 });
        assert_eq!(theirs.node_endpoints.len(), usize::from(version >= 10));
        let mut again = Vec::new();
        theirs.encode(&mut again, version).unwrap();
        assert_eq!(&again[..], &body[..], "v{version}");
        let ours = ProduceResponse::decode(version, body.into()).unwrap();
        assert_eq!(ours.topics[0].partitions[0].base_offset, 42);
        assert_eq!(ours.encode(version).unwrap().into_bytes(), again);
    }
}

#[test]
fn random_responses_are_read_like_the_message_crate_reads_them() {
    for version in 3..=13 {
        for seed in 0..100 {
            let body = sample_response(ApiKey::Produce, version, seed).unwrap();
            let ours = ProduceResponse::decode(version, body.clone().into()).unwrap();
            let theirs = messages::ProduceResponse::decode(&mut body.clone(), version).unwrap();
            assert_eq!(ours.throttle_time_ms, theirs.throttle_time_ms);
            assert_eq!(ours.node_endpoints.len(), theirs.node_endpoints.len());
            for (topic, theirs) in ours.topics.iter().zip(&theirs.responses) {
                for (partition, theirs) in topic.partitions.iter().zip(&theirs.partition_responses)
                {
                    assert_eq!(partition.base_offset, theirs.base_offset);
                    assert_eq!(partition.log_start_offset, theirs.log_start_offset);
                    assert_eq!(partition.error_message, theirs.error_message);
                    assert_eq!(partition.record_errors.len(), theirs.record_errors.len());
                }
            }
        }
    }
}

#[test]
fn a_request_in_many_pieces_is_read_like_one() {
    let whole = request().encode(9).unwrap().into_bytes();
    for size_bytes in [1, 2, 3, 7, 1000] {
        let pieces: Chain = whole.chunks(size_bytes).map(Bytes::copy_from_slice).collect();
        assert_eq!(ProduceRequest::decode(9, pieces).unwrap(), request());
    }
}

#[test]
fn cut_and_impossible_bytes_are_refused() {
    for version in 3..=13 {
        let whole = request().encode(version).unwrap().into_bytes();
        for cut in 0..whole.len() {
            assert!(ProduceRequest::decode(version, whole.slice(..cut).into()).is_err());
        }
        let response = response().encode(version).unwrap().into_bytes();
        for cut in 0..response.len() {
            assert!(ProduceResponse::decode(version, response.slice(..cut).into()).is_err());
        }
    }
    let huge = Bytes::from_static(b"\xff\xff\0\x01\0\0\0\0\x7f\xff\xff\xff");
    assert!(matches!(
        ProduceRequest::decode(3, huge.into()),
        Err(DecodeError::BadLength { length: 0x7fff_ffff, .. })
    ));
    for version in [2, 14] {
        assert!(matches!(
            ProduceRequest::decode(version, Chain::new()),
            Err(DecodeError::UnsupportedVersion { .. })
        ));
        assert!(request().encode(version).is_err());
    }
}

#[test]
fn a_request_of_millions_of_empty_topics_is_refused_before_it_takes_memory() {
    let topics_of = |count: u32| {
        let mut body = b"\xff\xff\0\x01\0\0\0\0".to_vec();
        body.extend(count.to_be_bytes());
        body.extend(vec![0; count as usize * 6]);
        ProduceRequest::decode(3, Bytes::from(body).into())
    };
    assert_eq!(topics_of(1000).unwrap().topics.len(), 1000);
    assert!(matches!(topics_of(500_001), Err(DecodeError::BadLength { length: 500_001, .. })));
}
