use super::*;

fn header(api_key: ApiKey, version: i16, client_id: Option<&'static str>) -> RequestHeader {
    let client_id = client_id.map(StrBytes::from_static_str);
    RequestHeader { api_key, version, correlation_id: 7, client_id }
}

#[test]
fn request_headers_round_trip_in_old_and_flexible_versions() {
    for (api_key, version) in
        [(ApiKey::Metadata, 1), (ApiKey::Metadata, 9), (ApiKey::SaslHandshake, 1)]
    {
        for client_id in [None, Some(""), Some("kcat")] {
            let sent = header(api_key, version, client_id);
            let frame = sent.encode(Bytes::from_static(b"body").into());
            let (read, body) = RequestHeader::parse(frame.into_bytes()).unwrap();
            assert_eq!(read, sent);
            assert_eq!(&body[..], b"body");
        }
    }
}

#[test]
fn a_header_cut_anywhere_is_refused() {
    let frame = header(ApiKey::Metadata, 9, Some("client")).encode(Chain::new()).into_bytes();
    for cut in 0..frame.len() {
        assert!(RequestHeader::parse(frame.slice(..cut)).is_err(), "{cut}");
    }
}

#[test]
fn the_two_byte_frame_that_kills_the_message_crate_is_refused() {
    let frame = Bytes::from_static(&[0x00, 0x12]);
    assert!(matches!(RequestHeader::parse(frame), Err(DecodeError::Truncated { .. })));
}

#[test]
fn an_unknown_kind_is_named_in_the_error() {
    let frame = Bytes::from_static(&[1, 244, 0, 0, 0, 0, 0, 1, 255, 255]);
    assert_eq!(RequestHeader::parse(frame), Err(DecodeError::UnknownApiKey { code: 500 }));
}

#[test]
fn api_versions_above_ours_still_has_a_readable_header() {
    let sent = header(ApiKey::ApiVersions, 5, Some("new client"));
    let (read, _) = RequestHeader::parse(sent.encode(Chain::new()).into_bytes()).unwrap();
    assert_eq!(read, sent);
}

#[test]
fn tagged_fields_in_the_header_are_skipped_and_their_count_is_bounded() {
    let fixed = [0, 3, 0, 9, 0, 0, 0, 1, 255, 255];
    let mut frame = fixed.to_vec();
    frame.extend([2, 0, 1, 9, 5, 2, 9, 9, b'x']);
    let (_, body) = RequestHeader::parse(frame.into()).unwrap();
    assert_eq!(&body[..], b"x");

    let mut frame = fixed.to_vec();
    frame.extend([0xff, 0xff, 0xff, 0xff, 0x0f]);
    assert!(matches!(RequestHeader::parse(frame.into()), Err(DecodeError::BadLength { .. })));

    let mut frame = fixed.to_vec();
    frame.extend([0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    assert_eq!(RequestHeader::parse(frame.into()), Err(DecodeError::BadVarint));
}

#[test]
fn frame_lengths_outside_the_limits_are_refused() {
    assert_eq!(check_frame_length(-5, 10), Err(FrameError::NotPositive(-5)));
    assert_eq!(check_frame_length(0, 10), Err(FrameError::NotPositive(0)));
    assert_eq!(check_frame_length(10, 10), Ok(10));
    assert!(check_frame_length(i32::MAX, REQUEST_BYTES_MAX).is_err());
}

#[test]
fn only_produce_may_be_large() {
    let size_bytes = CONTROL_REQUEST_BYTES_MAX + 1;
    assert!(check_request_size([0, 0, 0, 9], size_bytes).is_ok());
    assert!(check_request_size([0, 1, 0, 9], size_bytes).is_err());
    assert!(check_request_size([0, 1, 0, 9], CONTROL_REQUEST_BYTES_MAX).is_ok());
}

#[test]
fn response_headers_round_trip_and_api_versions_stays_without_tags() {
    for (api_key, version, header_size) in
        [(ApiKey::Metadata, 8, 4), (ApiKey::Metadata, 9, 5), (ApiKey::ApiVersions, 4, 4)]
    {
        let frame = encode_response(api_key, version, 42, Bytes::from_static(b"body").into());
        assert_eq!(frame.size_bytes(), header_size + 4);
        let (correlation_id, body) = parse_response(api_key, version, frame).unwrap();
        assert_eq!(correlation_id, 42);
        assert_eq!(&body.into_bytes()[..], b"body");
    }
}

#[test]
fn the_length_field_counts_what_follows() {
    let frame = with_length(Bytes::from_static(b"abc").into());
    assert_eq!(&frame.into_bytes()[..], b"\0\0\0\x03abc");
}

#[test]
fn a_small_frame_is_one_piece_and_large_pieces_stay_as_they_are() {
    let small = encode_response(ApiKey::Metadata, 9, 1, Bytes::from_static(b"body").into());
    assert_eq!(with_length(small).pieces().len(), 1);
    let records = Bytes::from(vec![7; 4096]);
    let large: Chain = [Bytes::from_static(b"head"), records.clone()].into_iter().collect();
    let frame = with_length(large);
    assert_eq!(frame.pieces().len(), 2);
    assert_eq!(frame.pieces().next_back().unwrap().as_ptr(), records.as_ptr());
}
