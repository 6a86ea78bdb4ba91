//! Snappy, in the two shapes that Kafka clients send.
//!
//! ```text
//! snappy-java:  82 'SNAPPY' 00 | version i32 | compatible i32 | { size i32 | raw block }*
//! others:       one raw block
//! ```

use super::{Compression, Output, failed};
use crate::Error;

const MAGIC: [u8; 8] = [0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0];
const STREAM_HEADER_SIZE_BYTES: usize = 16;
/// Uncompressed size of a block that we write; snappy-java's own default.
const BLOCK_SIZE_BYTES: usize = 32 * 1024;
/// No element of the format expands further than this, so a larger stated size is a lie.
const EXPANSION_MAX: usize = 64;

pub(super) fn decompress(input: &[u8], output: &mut Output<'_>) -> Result<(), Error> {
    if !input.starts_with(&MAGIC) {
        return block(input, output);
    }
    let mut rest = input.get(STREAM_HEADER_SIZE_BYTES..).ok_or_else(cut_short)?;
    while !rest.is_empty() {
        let (size, behind) = rest.split_first_chunk::<4>().ok_or_else(cut_short)?;
        let size = usize::try_from(i32::from_be_bytes(*size)).map_err(|_| cut_short())?;
        block(behind.get(..size).ok_or_else(cut_short)?, output)?;
        rest = &behind[size..];
    }
    Ok(())
}

fn cut_short() -> Error {
    failed(Compression::Snappy, "a block is cut short")
}

fn block(input: &[u8], output: &mut Output<'_>) -> Result<(), Error> {
    let snappy_failed = |error: snap::Error| failed(Compression::Snappy, error);
    let stated = snap::raw::decompress_len(input).map_err(snappy_failed)?;
    if stated > input.len().saturating_mul(EXPANSION_MAX) {
        return Err(failed(Compression::Snappy, "a block states an impossible size"));
    }
    let at = output.grow(stated)?;
    let written = snap::raw::Decoder::new()
        .decompress(input, &mut output.bytes[at..])
        .map_err(snappy_failed)?;
    output.bytes.truncate(at + written);
    Ok(())
}

pub(super) fn compress(plain: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&1i32.to_be_bytes());
    out.extend_from_slice(&1i32.to_be_bytes());
    let mut encoder = snap::raw::Encoder::new();
    for block in plain.chunks(BLOCK_SIZE_BYTES) {
        let size_at = out.len();
        let from = size_at + 4;
        out.resize(from + snap::raw::max_compress_len(block.len()), 0);
        let written = encoder
            .compress(block, &mut out[from..])
            .expect("the room is what the encoder asked for");
        out.truncate(from + written);
        out[size_at..from].copy_from_slice(&(written as i32).to_be_bytes());
    }
}
