//! What can be wrong with the bytes of a record batch.

use crate::Compression;

/// Why bytes are not a readable record batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Fewer bytes than the header or the stated batch length asks for.
    #[error("record batch is cut short: {size_bytes} bytes of {needed_bytes}")]
    Truncated {
        /// Bytes there are.
        size_bytes: usize,
        /// Bytes there should be.
        needed_bytes: usize,
    },
    /// A message format other than 2 (Kafka 0.11, 2017).
    #[error("record batch has magic {magic}, only magic 2 is supported")]
    UnsupportedMagic {
        /// The format number found.
        magic: i8,
    },
    /// A batch length smaller than a header, negative ones included.
    #[error("record batch states an impossible length of {batch_length} bytes")]
    BatchLength {
        /// The length found.
        batch_length: i32,
    },
    /// The checksum does not match the bytes.
    #[error("record batch has CRC {computed:#010x} instead of the stated {stated:#010x}")]
    CrcMismatch {
        /// CRC in the header.
        stated: u32,
        /// CRC of the bytes.
        computed: u32,
    },
    /// Base offset or last offset delta is negative, or their sum overflows.
    #[error(
        "record batch has an invalid offset range: base {base_offset}, delta {last_offset_delta}"
    )]
    OffsetRange {
        /// Base offset of the batch.
        base_offset: i64,
        /// Last offset delta of the batch.
        last_offset_delta: i32,
    },
    /// A record count that is negative or that the bytes cannot hold.
    #[error("record batch states {record_count} records in {size_bytes} bytes")]
    RecordCount {
        /// The count found.
        record_count: i32,
        /// Bytes of (decompressed) records.
        size_bytes: usize,
    },
    /// A compression codec number that Kafka does not define.
    #[error("record batch uses unknown compression codec {id}")]
    UnknownCompression {
        /// Codec number, the three low bits of the attributes.
        id: u8,
    },
    /// A record inside the batch that cannot be read.
    #[error("record {record_index} of the batch is malformed: {reason}")]
    MalformedRecord {
        /// Position in the batch, from 0.
        record_index: i32,
        /// What is wrong.
        reason: &'static str,
    },
    /// Bytes follow the last record.
    #[error("record batch has {size_bytes} bytes behind its last record")]
    TrailingBytes {
        /// How many.
        size_bytes: usize,
    },
    /// The compressed records cannot be decompressed.
    #[error("record batch cannot be decompressed as {compression}: {reason}")]
    Decompression {
        /// Codec of the batch.
        compression: Compression,
        /// What the codec says.
        reason: String,
    },
    /// Decompressing would exceed the caller's limits.
    #[error("record batch decompresses to more than {output_bytes_max} bytes")]
    DecompressedTooLarge {
        /// The bound that would be passed.
        output_bytes_max: usize,
    },
    /// A batch was to be built from no records.
    #[error("a record batch needs at least one record")]
    Empty,
    /// A batch was to be built that its 32-bit length cannot state.
    #[error("a record batch cannot exceed 2 GiB")]
    TooLarge,
}
