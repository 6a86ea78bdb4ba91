//! Hostile bytes on the Kafka port: answered as Apache Kafka answers them, or the connection is
//! closed; the process lives and does not grow.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::running::{Running, command};

/// Most that the process may grow over all of it.
const GROWTH_KIB_MAX: u64 = 64 * 1024;

fn connect(running: &Running) -> TcpStream {
    let stream = TcpStream::connect(running.kafka()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

fn frame(body: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend_from_slice(body);
    bytes
}

/// A request header of version 1: key, version, correlation id 7, client id "x".
fn request(key: i16, version: i16, body: &[u8]) -> Vec<u8> {
    let mut bytes = key.to_be_bytes().to_vec();
    bytes.extend(version.to_be_bytes());
    bytes.extend(7_i32.to_be_bytes());
    bytes.extend([0, 1, b'x']);
    bytes.extend_from_slice(body);
    frame(&bytes)
}

/// Sends bytes and reads until the broker hangs up or answers one frame.
fn exchange(running: &Running, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut stream = connect(running);
    // A broker that hangs up early is an answer as well.
    let _ = stream.write_all(bytes);
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut body = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}

#[test]
fn what_kills_naive_decoders_closes_the_connection_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(command(folder.path()));
    let api_versions = request(18, 0, &[]);
    assert!(exchange(&running, &api_versions).is_some());
    let before = running.resident_kib();
    let max = i32::MAX.to_be_bytes();
    let hostile: Vec<(&str, Vec<u8>)> = vec![
        ("a frame of two bytes", frame(&[0, 0x12])),
        ("a negative length", (-5_i32).to_be_bytes().to_vec()),
        ("a length of zero", 0_i32.to_be_bytes().to_vec()),
        ("the largest length", max.to_vec()),
        ("Metadata with 2^31-1 topics", request(3, 1, &max)),
        (
            "Metadata with a compact count of 2^32-2",
            request(3, 9, &[0, 0xff, 0xff, 0xff, 0xff, 0x0f]),
        ),
        ("OffsetCommit with 2^31-1 topics", request(8, 2, &[&[0, 1, b'g'][..], &max].concat())),
        ("JoinGroup with a long name", request(11, 0, &[0x7f, 0xff])),
        (
            "Produce with 2^31-1 topics",
            request(0, 3, &[&[0xff, 0xff, 0, 1, 0, 0, 0, 1][..], &max].concat()),
        ),
        ("Fetch with 2^31-1 topics", request(1, 4, &[&[0xff; 4][..], &[0; 13], &max].concat())),
        ("an unknown key", request(500, 0, &[])),
        ("Produce version 2", request(0, 2, &[0, 1, 0, 0, 0, 1, 0, 0, 0, 0])),
        ("Fetch version 0", request(1, 0, &[0; 16])),
        ("Metadata version 99", request(3, 99, &[])),
        ("HTTP", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec()),
    ];
    for (what, bytes) in &hostile {
        assert_eq!(exchange(&running, bytes), None, "{what} was answered");
        assert!(running.is_alive(), "{what} killed the broker");
        assert!(exchange(&running, &api_versions).is_some(), "after {what} nobody answers");
    }
    let grown = running.resident_kib().saturating_sub(before);
    assert!(grown <= GROWTH_KIB_MAX, "grew by {grown} KiB");
}

#[test]
fn api_versions_from_the_future_gets_the_downgrade_answer() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(command(folder.path()));
    // Version 9 with a body that nobody here can know.
    let answer = exchange(&running, &request(18, 9, &[0, 2, b'a', 2, b'1', 0])).unwrap();
    // Correlation id, error 35, one row: key 18, versions 0 to 4.
    assert_eq!(answer, [0, 0, 0, 7, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4]);
}

#[test]
fn an_empty_client_name_is_an_invalid_request() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(command(folder.path()));
    // Header tags, then empty name and version as compact strings, then tags.
    let answer = exchange(&running, &request(18, 3, &[0, 1, 1, 0])).unwrap();
    assert_eq!(answer[4..6], 42_i16.to_be_bytes());
}

#[test]
fn four_hundred_sockets_that_announce_much_and_send_nothing_cost_little() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(command(folder.path()));
    let before = running.resident_kib();
    let announced = (100_i32 << 20).to_be_bytes();
    let sockets: Vec<TcpStream> = (0..400)
        .map(|_| {
            let mut stream = connect(&running);
            stream.write_all(&announced).unwrap();
            stream
        })
        .collect();
    // The broker still serves others, although frames of 40 GB are announced.
    assert!(exchange(&running, &request(18, 0, &[])).is_some());
    assert!(running.is_alive());
    let grown = running.resident_kib().saturating_sub(before);
    assert!(grown <= GROWTH_KIB_MAX, "grew by {grown} KiB with {} sockets", sockets.len());
}
