use kafka_protocol::messages;
use kafka_protocol::protocol::{Decodable, Encodable};

use super::*;
use crate::sample::{sample_request, sample_response};

fn response() -> ApiVersionsResponse {
    let feature = |name, min, max| Feature {
        name: StrBytes::from_static_str(name),
        versions: VersionRange::new(min, max),
    };
    ApiVersionsResponse {
        api_keys: vec![
            ApiVersion { api_key: 0, versions: VersionRange::new(0, 11) },
            ApiVersion { api_key: 18, versions: VersionRange::new(0, 4) },
        ],
        throttle_time_ms: 3,
        supported_features: vec![feature("group.version", 0, 1), feature("metadata.version", 7, 9)],
        finalized_features_epoch: Some(4),
        finalized_features: vec![feature("metadata.version", 7, 9)],
        ..ApiVersionsResponse::default()
    }
}

#[test]
fn responses_are_read_by_the_message_crate_at_every_version() {
    for version in 0..=4 {
        let body = response().encode(version).unwrap().into_bytes();
        let mut left = body.clone();
        let theirs = messages::ApiVersionsResponse::decode(&mut left, version).unwrap();
        assert!(left.is_empty());
        assert_eq!(theirs.api_keys.len(), 2);
        let expected = match version {
            0..=2 => 0,
            3 => 1,
            _ => 2,
        };
        assert_eq!(theirs.supported_features.len(), expected, "v{version}");
        let mut again = Vec::new();
        theirs.encode(&mut again, version).unwrap();
        assert_eq!(&again[..], &body[..], "v{version}");
    }
    let body = response().encode(4).unwrap().into_bytes();
    assert_eq!(ApiVersionsResponse::decode(4, body).unwrap(), response());
}

#[test]
fn random_messages_are_read_like_the_message_crate_reads_them() {
    for version in 0..=4 {
        for seed in 0..100 {
            let body = sample_request(ApiKey::ApiVersions, version, seed).unwrap();
            let ours = ApiVersionsRequest::decode(version, body.clone()).unwrap();
            let theirs = messages::ApiVersionsRequest::decode(&mut body.clone(), version).unwrap();
            assert_eq!(ours.client_software_name, theirs.client_software_name);
            assert_eq!(ours.client_software_version, theirs.client_software_version);
            let body = sample_response(ApiKey::ApiVersions, version, seed).unwrap();
            let ours = ApiVersionsResponse::decode(version, body.clone()).unwrap();
            let theirs = messages::ApiVersionsResponse::decode(&mut body.clone(), version).unwrap();
            assert_eq!(ours.api_keys.len(), theirs.api_keys.len());
            assert_eq!(ours.finalized_features.len(), theirs.finalized_features.len());
        }
    }
}

#[test]
fn the_answer_to_a_newer_version_is_one_row_in_version_0() {
    let body = ApiVersionsResponse::unsupported_version().encode(0).unwrap().into_bytes();
    assert_eq!(&body[..], [0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4]);
    assert!(ApiVersionsRequest::decode(5, Bytes::new()).is_err(), "its body is not decoded");
}

#[test]
fn client_names_follow_kafkas_pattern() {
    for (name, is_valid) in [
        ("apache-kafka-java", true),
        ("librdkafka", true),
        ("a.b-c.1", true),
        ("", false),
        ("-a", false),
        ("a-", false),
        ("a b", false),
        ("a_b", false),
        ("é", false),
    ] {
        let request = ApiVersionsRequest {
            client_software_name: StrBytes::from_static_str(name),
            client_software_version: StrBytes::from_static_str("4.2.0"),
        };
        assert_eq!(request.is_valid(3), is_valid, "{name}");
        assert!(request.is_valid(2), "older versions have no name");
    }
}

#[test]
fn requests_round_trip() {
    let request = ApiVersionsRequest {
        client_software_name: StrBytes::from_static_str("freshet"),
        client_software_version: StrBytes::from_static_str("0.1.0"),
    };
    for version in 0..=4 {
        let body = request.encode(version).unwrap().into_bytes();
        let read = ApiVersionsRequest::decode(version, body).unwrap();
        assert_eq!(read == request, version >= 3);
    }
}
