//! Kafka record batches (message format 2): reading, checking, compressing and building them.
//!
//! ```text
//!  0              8            12             16    17     21                                61
//!  | base offset  | batch length | leader epoch |magic| CRC | attributes .. record count      | records
//!                                                           ^ the CRC covers from here to the end
//! ```
//!
//! Base offset and leader epoch lie outside the CRC: a broker assigns both without touching the
//! payload. Everything here works on bytes from strangers, so every count is checked against the
//! bytes that are really there, sums are checked, and decompression is bounded. There is no I/O, no
//! clock and no randomness in this crate.

mod batch;
mod builder;
mod compression;
mod error;
mod header;
mod record;
mod validate;
mod varint;

pub use batch::{Batch, Batches};
pub use builder::{BatchBuilder, ValidBatch};
pub use compression::{Compression, DecompressLimits, UnknownCompression};
pub use error::Error;
pub use header::{
    BATCH_HEADER_SIZE_BYTES, BatchHeader, NO_PRODUCER_EPOCH, NO_PRODUCER_ID, NO_SEQUENCE,
    NO_TIMESTAMP, TimestampType,
};
pub use record::{Header, Record, Records};
pub use validate::{AppendRules, Invalid, RECORD_ERRORS_MAX, Validation, validate};
