//! Kafka's wire protocol: frames, the hot codecs, and the guard in front of `kafka-protocol`.
//!
//! ```text
//!   frame ─► RequestHeader::parse ─┬─ Produce, Fetch, ApiVersions ─► own codecs, records uncopied
//!                                  └─ everything else ─► guard ─► kafka-protocol ─► Request
//! ```
//!
//! Nothing here does I/O or keeps state. Bytes from the network never cause a panic, and never an
//! allocation larger than the bytes can justify: each count is compared with the bytes left before
//! anything is reserved for it.
//!
//! Strings and record sets in decoded messages are slices of the frame. Whoever keeps one longer
//! than the request copies it first, or the whole frame stays in memory.

mod api_key;
pub mod api_versions;
mod chain;
mod control;
mod error;
mod error_code;
pub mod fetch;
pub mod framing;
mod guard;
mod leader;
pub mod partitioner;
mod primitive;
pub mod produce;
pub mod sample;
mod version;

pub use api_key::{ApiKey, VersionRange};
pub use chain::{Chain, INLINE_PIECE_BYTES_MAX};
pub use control::{
    CONTROL_PLANE, Request, Response, decode_request, decode_response, encode_request,
    encode_response,
};
pub use error::{DecodeError, EncodeError};
pub use error_code::ErrorCode;
pub use framing::RequestHeader;
pub use guard::{
    DECODED_REQUEST_BYTES_MAX, DECODED_RESPONSE_BYTES_MAX, DecodedSize, guard, guard_response,
};
pub use kafka_protocol::messages;
pub use kafka_protocol::protocol::StrBytes;
pub use leader::{CurrentLeader, NodeEndpoint};
pub use primitive::MESSAGE_ITEMS_MAX;
