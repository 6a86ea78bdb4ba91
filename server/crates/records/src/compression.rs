//! Codecs of record batches, in both directions.

mod snappy;

use std::cell::RefCell;
use std::fmt;
use std::io::{Read, Write};
use std::str::FromStr;

use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

use crate::Error;

/// Largest zstd window a stream may ask for, as a power of two: 128 MiB, what level 22 uses.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;
/// Level at which batches are compressed with zstd; Kafka's default.
const ZSTD_LEVEL: i32 = 3;
/// Output up to this size is never refused for its ratio: constant payloads compress extremely well.
const RATIO_FREE_BYTES: usize = 16 * 1024 * 1024;
/// Step in which decompressed output grows.
const OUTPUT_STEP_BYTES: usize = 64 * 1024;
/// Scratch space that a thread keeps between batches at most.
const SCRATCH_KEPT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Codec of a batch (`compression.type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Compression {
    /// Not compressed (`none`; topics say `uncompressed`).
    #[default]
    None,
    /// `gzip`.
    Gzip,
    /// `snappy`, in the block framing of snappy-java or as one raw block.
    Snappy,
    /// `lz4`, the frame format with independent blocks.
    Lz4,
    /// `zstd` (KIP-110).
    Zstd,
}

impl Compression {
    /// The codec with Kafka's number `id`.
    ///
    /// # Errors
    /// [`Error::UnknownCompression`] above 4.
    pub fn from_id(id: u8) -> Result<Compression, Error> {
        match id {
            0 => Ok(Compression::None),
            1 => Ok(Compression::Gzip),
            2 => Ok(Compression::Snappy),
            3 => Ok(Compression::Lz4),
            4 => Ok(Compression::Zstd),
            _ => Err(Error::UnknownCompression { id }),
        }
    }

    /// Kafka's number for the codec, 0 to 4.
    #[must_use]
    pub fn id(self) -> u8 {
        match self {
            Compression::None => 0,
            Compression::Gzip => 1,
            Compression::Snappy => 2,
            Compression::Lz4 => 3,
            Compression::Zstd => 4,
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Compression::None => "none",
            Compression::Gzip => "gzip",
            Compression::Snappy => "snappy",
            Compression::Lz4 => "lz4",
            Compression::Zstd => "zstd",
        })
    }
}

/// A codec name that Kafka does not define.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown compression `{name}`; use none, gzip, snappy, lz4 or zstd")]
pub struct UnknownCompression {
    /// The name given.
    pub name: String,
}

impl FromStr for Compression {
    type Err = UnknownCompression;

    fn from_str(name: &str) -> Result<Compression, UnknownCompression> {
        match name {
            "none" | "uncompressed" => Ok(Compression::None),
            "gzip" => Ok(Compression::Gzip),
            "snappy" => Ok(Compression::Snappy),
            "lz4" => Ok(Compression::Lz4),
            "zstd" => Ok(Compression::Zstd),
            _ => Err(UnknownCompression { name: name.to_owned() }),
        }
    }
}

/// How far a batch may grow when it is decompressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecompressLimits {
    /// Largest output in bytes, inclusive.
    pub output_bytes_max: usize,
    /// Largest output as a multiple of the input; ignored up to 16 MiB of output.
    pub ratio_max: usize,
}

impl Default for DecompressLimits {
    fn default() -> DecompressLimits {
        DecompressLimits { output_bytes_max: 128 * 1024 * 1024, ratio_max: 200 }
    }
}

impl DecompressLimits {
    fn output_bytes_max_for(&self, input_bytes: usize) -> usize {
        let by_ratio = input_bytes.saturating_mul(self.ratio_max).max(RATIO_FREE_BYTES);
        by_ratio.min(self.output_bytes_max)
    }
}

/// Output of a decompressor: a vector that refuses to pass its bound.
struct Output<'a> {
    bytes: &'a mut Vec<u8>,
    max: usize,
}

impl Output<'_> {
    fn too_large(&self) -> Error {
        Error::DecompressedTooLarge { output_bytes_max: self.max }
    }

    /// Room for `extra` more bytes, zeroed; returns where they start.
    fn grow(&mut self, extra: usize) -> Result<usize, Error> {
        let at = self.bytes.len();
        if extra > self.max - at {
            return Err(self.too_large());
        }
        self.bytes.resize(at + extra, 0);
        Ok(at)
    }

    /// Reads `reader` to its end, at most one byte past the bound.
    fn fill_from(&mut self, codec: Compression, reader: impl Read) -> Result<(), Error> {
        let mut bounded = reader.take(self.max as u64 + 1);
        bounded.read_to_end(self.bytes).map_err(|error| failed(codec, error))?;
        if self.bytes.len() > self.max { Err(self.too_large()) } else { Ok(()) }
    }
}

fn failed(compression: Compression, reason: impl fmt::Display) -> Error {
    Error::Decompression { compression, reason: reason.to_string() }
}

/// Appends the decompressed `input` to the empty `out`.
pub(crate) fn decompress(
    codec: Compression,
    input: &[u8],
    limits: &DecompressLimits,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let max = limits.output_bytes_max_for(input.len());
    let mut output = Output { bytes: out, max };
    match codec {
        Compression::None => {
            let at = output.grow(input.len())?;
            output.bytes[at..].copy_from_slice(input);
            Ok(())
        }
        Compression::Gzip => output.fill_from(codec, flate2::bufread::MultiGzDecoder::new(input)),
        Compression::Snappy => snappy::decompress(input, &mut output),
        Compression::Lz4 => lz4(input, &mut output),
        Compression::Zstd => zstd(input, &mut output),
    }
}

/// Kafka's clients read frames with independent blocks only, so others must not be stored.
fn lz4(input: &[u8], output: &mut Output<'_>) -> Result<(), Error> {
    const BLOCKS_INDEPENDENT: u8 = 0x20;
    const HAS_CONTENT_CHECKSUM: u8 = 0x04;
    let flags = input.get(4).copied().unwrap_or(BLOCKS_INDEPENDENT);
    if flags & BLOCKS_INDEPENDENT == 0 {
        return Err(failed(Compression::Lz4, "dependent blocks are not supported"));
    }
    // The decoder takes the end of the input for the end of the frame; other readers do not.
    let checksum_bytes = if flags & HAS_CONTENT_CHECKSUM == 0 { 0 } else { 4 };
    let blocks = &input[..input.len().saturating_sub(checksum_bytes)];
    if !blocks.ends_with(&[0; 4]) {
        return Err(failed(Compression::Lz4, "the frame is cut short"));
    }
    output.fill_from(Compression::Lz4, lz4_flex::frame::FrameDecoder::new(input))
}

thread_local! {
    /// A zstd context is large; one per thread serves every batch.
    static ZSTD: RefCell<Option<Decoder<'static>>> = const { RefCell::new(None) };
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn zstd(input: &[u8], output: &mut Output<'_>) -> Result<(), Error> {
    ZSTD.with_borrow_mut(|kept| {
        let decoder = match kept {
            Some(decoder) => decoder,
            None => kept.insert(zstd_decoder().map_err(|error| failed(Compression::Zstd, error))?),
        };
        let result = zstd_with(decoder, input, output);
        if result.is_err() {
            *kept = None;
        }
        result
    })
}

fn zstd_decoder() -> std::io::Result<Decoder<'static>> {
    let mut decoder = Decoder::new()?;
    decoder.set_parameter(zstd::stream::raw::DParameter::WindowLogMax(ZSTD_WINDOW_LOG_MAX))?;
    Ok(decoder)
}

fn zstd_with(
    decoder: &mut Decoder<'static>,
    input: &[u8],
    output: &mut Output<'_>,
) -> Result<(), Error> {
    let zstd_failed = |error: std::io::Error| failed(Compression::Zstd, error);
    decoder.reinit().map_err(zstd_failed)?;
    let mut source = InBuffer::around(input);
    loop {
        let at = output.bytes.len();
        // One byte past the bound tells "exactly full" from "too much".
        let step = OUTPUT_STEP_BYTES.max(at).min(output.max + 1 - at);
        output.bytes.resize(at + step, 0);
        let mut target = OutBuffer::around(&mut output.bytes[at..]);
        let outcome = decoder.run(&mut source, &mut target);
        let written = target.pos();
        output.bytes.truncate(at + written);
        let expected = outcome.map_err(zstd_failed)?;
        if output.bytes.len() > output.max {
            return Err(output.too_large());
        }
        let is_input_used = source.pos() == input.len();
        if expected == 0 && is_input_used {
            return Ok(());
        }
        if is_input_used && written < step {
            return Err(failed(Compression::Zstd, "the frame is cut short"));
        }
    }
}

/// Runs `read` on the decompressed `input`, in scratch space that the thread reuses.
pub(crate) fn with_decompressed<T>(
    codec: Compression,
    input: &[u8],
    limits: &DecompressLimits,
    read: impl FnOnce(&[u8]) -> T,
) -> Result<T, Error> {
    let mut scratch = SCRATCH.take();
    scratch.clear();
    let result = decompress(codec, input, limits, &mut scratch).map(|()| read(&scratch));
    if scratch.capacity() <= SCRATCH_KEPT_BYTES_MAX {
        SCRATCH.set(scratch);
    }
    result
}

/// Appends the compressed `plain` to `out`.
pub(crate) fn compress(codec: Compression, plain: &[u8], out: &mut Vec<u8>) {
    const IN_MEMORY: &str = "compressing into memory cannot fail";
    match codec {
        Compression::None => out.extend_from_slice(plain),
        Compression::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(out, flate2::Compression::default());
            encoder.write_all(plain).and_then(|()| encoder.finish().map(drop)).expect(IN_MEMORY);
        }
        Compression::Snappy => snappy::compress(plain, out),
        Compression::Lz4 => {
            let mut frame = lz4_flex::frame::FrameInfo::new();
            frame.block_size = lz4_flex::frame::BlockSize::Max64KB;
            frame.block_mode = lz4_flex::frame::BlockMode::Independent;
            let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(frame, out);
            encoder.write_all(plain).expect(IN_MEMORY);
            encoder.finish().expect(IN_MEMORY);
        }
        Compression::Zstd => {
            zstd::stream::copy_encode(plain, out, ZSTD_LEVEL).expect(IN_MEMORY);
        }
    }
}

#[cfg(test)]
mod tests;
