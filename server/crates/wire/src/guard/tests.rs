use bytes::Bytes;

use super::*;
use crate::control::{
    CONTROL_PLANE, decode_request, decode_response, encode_request, encode_response,
};
use crate::sample::{sample_request, sample_response};

/// Calls `check` with every kind and version that is decoded by `kafka-protocol`.
fn each_version(mut check: impl FnMut(ApiKey, i16)) {
    for api_key in CONTROL_PLANE {
        let versions = api_key.versions();
        for version in versions.min..=versions.max {
            check(*api_key, version);
        }
    }
}

#[test]
fn random_requests_pass_the_guard_and_the_message_crate_reads_them_to_the_end() {
    each_version(|api_key, version| {
        for seed in 0..60 {
            let body = sample_request(api_key, version, seed).unwrap();
            let size = guard(api_key, version, &body)
                .unwrap_or_else(|error| panic!("{api_key} v{version} seed {seed}: {error}"));
            assert_eq!(size.walked_bytes, body.len(), "{api_key} v{version}");
            let request = decode_request(api_key, version, body.clone())
                .unwrap_or_else(|error| panic!("{api_key} v{version} seed {seed}: {error}"));
            assert_eq!(request.api_key(), api_key);
            let again = encode_request(&request, version).unwrap();
            assert!(again.len() <= body.len(), "{api_key} v{version} seed {seed}");
            assert_eq!(decode_request(api_key, version, again).unwrap(), request);
        }
    });
}

#[test]
fn random_responses_pass_the_guard_and_the_message_crate_reads_them_to_the_end() {
    each_version(|api_key, version| {
        for seed in 0..60 {
            let body = sample_response(api_key, version, seed).unwrap();
            let size = guard_response(api_key, version, &body)
                .unwrap_or_else(|error| panic!("{api_key} v{version} seed {seed}: {error}"));
            assert_eq!(size.walked_bytes, body.len(), "{api_key} v{version}");
            let response = decode_response(api_key, version, body)
                .unwrap_or_else(|error| panic!("{api_key} v{version} seed {seed}: {error}"));
            let again = encode_response(&response, version).unwrap();
            assert_eq!(decode_response(api_key, version, again).unwrap(), response);
        }
    });
}

#[test]
fn a_message_cut_anywhere_is_refused() {
    each_version(|api_key, version| {
        let body = sample_request(api_key, version, 3).unwrap();
        for cut in 0..body.len() {
            let result = guard(api_key, version, &body[..cut]);
            assert!(result.is_err(), "{api_key} v{version} cut at {cut} of {}", body.len());
        }
    });
}

#[test]
fn bytes_after_the_last_field_are_let_pass() {
    let mut body = sample_request(ApiKey::Heartbeat, 4, 1).unwrap().to_vec();
    let walked_bytes = body.len();
    body.extend([1, 2, 3]);
    assert_eq!(guard(ApiKey::Heartbeat, 4, &body).unwrap().walked_bytes, walked_bytes);
    assert!(decode_request(ApiKey::Heartbeat, 4, body.into()).is_ok());
}

#[test]
fn the_fourteen_bytes_that_abort_the_message_crate_are_refused() {
    // A Metadata v1 request whose topic count is 2^31 - 1; the header is taken off already.
    let body = [0x7f, 0xff, 0xff, 0xff];
    let error = guard(ApiKey::Metadata, 1, &body).unwrap_err();
    assert_eq!(error, DecodeError::BadLength { length: 0x7fff_ffff, left_bytes: 0 });
}

#[test]
fn a_count_that_the_bytes_left_cannot_hold_is_refused() {
    // Topics of at least two bytes each in version 1: three do not fit five bytes.
    assert!(guard(ApiKey::Metadata, 1, &[0, 0, 0, 3, 0, 0, 0, 0, 0]).is_err());
    assert!(guard(ApiKey::Metadata, 1, &[0, 0, 0, 2, 0, 0, 0, 0, 0]).is_ok());
    // The compact form of the same.
    assert!(guard(ApiKey::Metadata, 9, &[0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0]).is_err());
    // Negative counts other than null.
    assert!(guard(ApiKey::Metadata, 1, &[0xff, 0xff, 0xff, 0xfe]).is_err());
    assert!(guard(ApiKey::Metadata, 1, &[0xff, 0xff, 0xff, 0xff]).is_ok());
}

#[test]
fn null_is_refused_where_the_version_has_none() {
    assert_eq!(guard(ApiKey::Metadata, 0, &[0xff; 4]), Err(DecodeError::UnexpectedNull));
    let null_group = [0xff, 0xff, 0, 0, 0, 0, 0, 0];
    assert_eq!(guard(ApiKey::Heartbeat, 0, &null_group), Err(DecodeError::UnexpectedNull));
}

#[test]
fn overlong_numbers_are_refused() {
    for tail in [[0x80, 0x10], [0xff, 0x80]] {
        let mut body = vec![0x80, 0x80, 0x80];
        body.extend(tail);
        body.extend([0; 8]);
        assert_eq!(guard(ApiKey::Metadata, 9, &body), Err(DecodeError::BadVarint));
    }
}

#[test]
fn strings_longer_than_the_old_form_allows_are_refused_in_the_compact_form_too() {
    let group_of = |length: u32| {
        let mut body = Vec::new();
        let mut size = length + 1;
        while size >= 0x80 {
            body.push(size as u8 | 0x80);
            size >>= 7;
        }
        body.push(size as u8);
        body.extend(vec![b'g'; length as usize]);
        body.extend([0, 0, 0, 0, 1, 0, 0]);
        guard(ApiKey::Heartbeat, 4, &body)
    };
    assert!(group_of(32_767).is_ok());
    assert!(matches!(group_of(32_768), Err(DecodeError::BadLength { .. })));
}

#[test]
fn tagged_fields_must_ascend_and_known_ones_fill_their_size() {
    let with_tags = |tags: &[u8]| {
        let mut body = vec![2, b'g', 0, 0, 0, 0, 2, b'm', 0];
        body.extend(tags);
        guard(ApiKey::Heartbeat, 4, &body)
    };
    assert!(with_tags(&[0]).is_ok());
    assert!(with_tags(&[2, 5, 1, 9, 6, 0]).is_ok());
    assert_eq!(with_tags(&[2, 5, 0, 5, 0]), Err(DecodeError::BadTaggedField { tag: 5 }));
    assert!(matches!(with_tags(&[9, 5, 0]), Err(DecodeError::BadLength { .. })));
    assert!(matches!(with_tags(&[1, 5, 9, 0]), Err(DecodeError::Truncated { .. })));
    // Fetch v12: tag 0 is the cluster id, a string; its size says one byte more than it has.
    let mut fetch = vec![0; 25];
    fetch.extend([1, 1, 1]);
    let mut good = fetch.clone();
    good.extend([1, 0, 2, 2, b'c']);
    assert!(guard(ApiKey::Fetch, 12, &good).is_ok());
    fetch.extend([1, 0, 3, 2, b'c', 0]);
    assert_eq!(guard(ApiKey::Fetch, 12, &fetch), Err(DecodeError::BadTaggedField { tag: 0 }));
}

#[test]
fn the_charge_grows_with_what_is_decoded_and_has_a_limit() {
    let topics_of = |count: i32| {
        let mut body = count.to_be_bytes().to_vec();
        body.extend(vec![0; count as usize * 2]);
        guard(ApiKey::Metadata, 1, &body)
    };
    let topic_size = size_of::<crate::messages::metadata_request::MetadataRequestTopic>();
    let decoded_bytes = topics_of(1000).unwrap().decoded_bytes;
    assert!(decoded_bytes >= 1000 * topic_size, "{decoded_bytes}");
    assert!(decoded_bytes < 2 * 1000 * topic_size, "{decoded_bytes}");
    assert!(matches!(topics_of(3_000_000), Err(DecodeError::TooLarge { .. })));
}

#[test]
fn versions_outside_the_tables_are_refused() {
    for (api_key, version) in
        [(ApiKey::Metadata, -1), (ApiKey::Metadata, 14), (ApiKey::Vote, 0), (ApiKey::Produce, 2)]
    {
        let expected = DecodeError::UnsupportedVersion { api_key, version };
        assert_eq!(guard(api_key, version, &[0; 64]), Err(expected));
        assert!(decode_request(api_key, version, Bytes::from_static(&[0; 64])).is_err());
    }
}

#[test]
fn every_field_has_a_name_and_versions_inside_its_message() {
    fn check(of: &'static schema::Struct, message: &schema::Message) {
        for field in of.fields {
            let inside = field.versions.min >= message.versions.min
                && field.versions.max <= message.versions.max;
            assert!(inside && !field.name.is_empty(), "{}", field.name);
            let mut kind = &field.kind;
            while let schema::Kind::Array(item) = kind {
                kind = item;
            }
            if let schema::Kind::Struct(inner) = kind {
                check(inner, message);
            }
        }
    }
    for api_key in ApiKey::ALL {
        for message in [tables::request(*api_key), tables::response(*api_key)].into_iter().flatten()
        {
            check(message.root, message);
        }
    }
}
