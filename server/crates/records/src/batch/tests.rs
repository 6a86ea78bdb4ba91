use super::*;
use crate::{BatchBuilder, Compression};

fn bytes_of(base_offset: i64) -> Bytes {
    let mut builder = BatchBuilder::new(Compression::None);
    builder.push(1, None, Some(b"value"), &[]).expect("small");
    builder.build(base_offset).expect("records").into_bytes()
}

#[test]
fn a_batch_cut_short_ends_the_run_silently() {
    let whole = [bytes_of(0), bytes_of(1)].concat();
    let first = bytes_of(0).len();
    for size in 0..=whole.len() {
        let found: Vec<i64> = Batches::new(Bytes::copy_from_slice(&whole[..size]))
            .map(|batch| batch.expect("sound").header.base_offset)
            .collect();
        let expected: &[i64] = match size {
            _ if size == whole.len() => &[0, 1],
            _ if size >= first => &[0],
            _ => &[],
        };
        assert_eq!(found, expected, "{size} bytes");
    }
}

#[test]
fn anything_else_that_is_wrong_is_said_once() {
    let mut old = bytes_of(0).to_vec();
    old[16] = 0;
    let mut short = bytes_of(0).to_vec();
    short[8..12].copy_from_slice(&48i32.to_be_bytes());
    let mut negative = bytes_of(0).to_vec();
    negative[8..12].copy_from_slice(&(-1i32).to_be_bytes());
    for bytes in [old, short, negative] {
        let found: Vec<_> = Batches::new(Bytes::from(bytes)).collect();
        assert_eq!(found.len(), 1);
        assert!(found[0].is_err());
    }
}

#[test]
fn a_changed_byte_is_noticed_wherever_the_crc_looks() {
    let good = bytes_of(3);
    for at in 17..good.len() {
        let mut bytes = good.to_vec();
        bytes[at] ^= 0x40;
        let noticed = match Batches::new(Bytes::from(bytes)).next() {
            Some(Ok(batch)) => batch.verify_crc().is_err(),
            Some(Err(_)) | None => true,
        };
        assert!(noticed, "byte {at}");
    }
}
