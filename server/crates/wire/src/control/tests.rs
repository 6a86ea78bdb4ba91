use super::*;

#[test]
fn the_kinds_are_listed_once_and_ascend() {
    assert!(CONTROL_PLANE.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn default_messages_encode_at_every_version_and_are_read_back() {
    for (request, response) in defaults() {
        let api_key = request.api_key();
        assert_eq!(response.api_key(), api_key);
        let versions = api_key.versions();
        for version in versions.min..=versions.max {
            let body = encode_request(&request, version).unwrap();
            assert_eq!(decode_request(api_key, version, body).unwrap(), request);
            let body = encode_response(&response, version).unwrap();
            assert_eq!(decode_response(api_key, version, body).unwrap(), response);
        }
    }
}

#[test]
fn a_field_the_version_lacks_is_an_error_and_not_lost_silently() {
    let request = ListGroupsRequest::default().with_states_filter(vec!["Stable".into()]);
    assert!(matches!(
        encode_request(&request.into(), 3),
        Err(EncodeError::Refused { api_key: ApiKey::ListGroups, version: 3, .. })
    ));
}

#[test]
fn versions_outside_the_range_are_refused_by_name() {
    let request: Request = HeartbeatRequest::default().into();
    let expected = EncodeError::UnsupportedVersion { api_key: ApiKey::Heartbeat, version: 5 };
    assert_eq!(encode_request(&request, 5), Err(expected));
}

#[test]
fn hot_kinds_are_not_decoded_here() {
    for api_key in [ApiKey::Produce, ApiKey::Fetch, ApiKey::ApiVersions] {
        let version = api_key.versions().max;
        let body = crate::sample::sample_request(api_key, version, 1).unwrap();
        let expected = DecodeError::UnsupportedVersion { api_key, version };
        assert_eq!(decode_request(api_key, version, body), Err(expected));
    }
}
