//! Bytes that the guard lets pass never make `kafka-protocol` panic, nor allocate more than the guard
//! has charged for them.
//!
//! A test of its own binary, with one test in it: it counts what the whole process allocates.

use std::alloc::System;
use std::panic::{UnwindSafe, catch_unwind};

use bytes::Bytes;
use freshet_wire::sample::{Dice, sample_request, sample_response};
use freshet_wire::{
    ApiKey, CONTROL_PLANE, DecodedSize, decode_request, decode_response, guard, guard_response,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What an error that the message crate reports costs on top: its text, and a backtrace if the
/// environment asks for one.
const ERROR_BYTES: usize = 64 * 1024;

const ROUNDS: u64 = 300;

#[test]
fn accepted_bytes_neither_panic_nor_take_more_memory_than_charged() {
    let mut accepted = 0;
    for api_key in CONTROL_PLANE {
        let versions = api_key.versions();
        for version in versions.min..=versions.max {
            for seed in 0..ROUNDS {
                accepted += u32::from(check_request(*api_key, version, seed));
                accepted += u32::from(check_response(*api_key, version, seed));
            }
        }
    }
    assert!(accepted > 10_000, "only {accepted} mutated messages were let pass");
}

fn check_request(api_key: ApiKey, version: i16, seed: u64) -> bool {
    let body = mutate(&sample_request(api_key, version, seed).expect("it has a table"), seed);
    let Ok(size) = guard(api_key, version, &body) else { return false };
    let name = format!("request {api_key} v{version} seed {seed}");
    check(&name, size, || decode_request(api_key, version, body.clone()).is_ok());
    true
}

fn check_response(api_key: ApiKey, version: i16, seed: u64) -> bool {
    let body = mutate(&sample_response(api_key, version, seed).expect("it has a table"), seed);
    let Ok(size) = guard_response(api_key, version, &body) else { return false };
    let name = format!("response {api_key} v{version} seed {seed}");
    check(&name, size, || decode_response(api_key, version, body.clone()).is_ok());
    true
}

fn check(name: &str, size: DecodedSize, decode: impl FnOnce() -> bool + UnwindSafe) {
    let region = Region::new(ALLOCATOR);
    let result = catch_unwind(decode);
    let allocated_bytes = region.change().bytes_allocated;
    let is_decoded = result.unwrap_or_else(|_| panic!("{name} panicked"));
    let allowed_bytes = size.decoded_bytes + if is_decoded { 0 } else { ERROR_BYTES };
    assert!(
        allocated_bytes <= allowed_bytes,
        "{name} took {allocated_bytes} bytes, allowed were {allowed_bytes}"
    );
}

/// Changes a few bytes; one message in four stays as it is.
fn mutate(body: &Bytes, seed: u64) -> Bytes {
    let mut dice = Dice(seed ^ 0xfeed);
    let mut bytes = body.to_vec();
    for _ in 0..dice.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.below(bytes.len() as u64) as usize;
        match dice.below(6) {
            0 => bytes[at] = dice.roll() as u8,
            1 => bytes[at] ^= 1 << dice.below(8),
            2 => bytes[at] = 0xff,
            3 => bytes[at] = bytes[at].wrapping_add(1),
            4 => bytes.insert(at, dice.roll() as u8),
            _ => drop(bytes.remove(at)),
        }
    }
    bytes.into()
}
