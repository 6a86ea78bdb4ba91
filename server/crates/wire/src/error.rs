//! Why bytes were refused.

use crate::ApiKey;

/// Why a request or response could not be decoded. The answer to a request is to close the
/// connection, as Kafka does: after such bytes nothing on it can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes end inside a field.
    #[error("message ends inside a field: {needed_bytes} bytes needed, {left_bytes} left")]
    Truncated {
        /// Bytes the field needs.
        needed_bytes: usize,
        /// Bytes that are left.
        left_bytes: usize,
    },
    /// A length or count is negative where null is not allowed, or larger than the bytes left can
    /// hold.
    #[error("length {length} cannot be right with {left_bytes} bytes left")]
    BadLength {
        /// The length or count as read.
        length: i64,
        /// Bytes that are left.
        left_bytes: usize,
    },
    /// A null stands where the protocol has none.
    #[error("null where the protocol allows none")]
    UnexpectedNull,
    /// A variable-length number has more than five bytes or more than 32 bits.
    #[error("variable-length number does not fit 32 bits")]
    BadVarint,
    /// A string is not UTF-8.
    #[error("string is not valid utf-8")]
    NotUtf8,
    /// A known tagged field is longer or shorter than its content, or appears twice or out of
    /// order.
    #[error("tagged field {tag} is malformed")]
    BadTaggedField {
        /// The number of the tag.
        tag: u32,
    },
    /// The decoded form would take more memory than one message may.
    #[error("message would take {decoded_bytes} bytes in memory, more than {decoded_bytes_max}")]
    TooLarge {
        /// Bytes the walk had counted when it stopped.
        decoded_bytes: usize,
        /// The limit it passed.
        decoded_bytes_max: usize,
    },
    /// This version of this kind is not decoded.
    #[error("{api_key} version {version} is not supported")]
    UnsupportedVersion {
        /// The kind of request.
        api_key: ApiKey,
        /// The version asked for.
        version: i16,
    },
    /// The request number is unknown.
    #[error("request kind {code} is unknown")]
    UnknownApiKey {
        /// The number as read.
        code: i16,
    },
    /// The message crate refused bytes that the walk had let pass.
    #[error("malformed {api_key} version {version}: {reason}")]
    Malformed {
        /// The kind of request.
        api_key: ApiKey,
        /// The version of the message.
        version: i16,
        /// What the message crate said.
        reason: String,
    },
}

/// Why a message could not be encoded: always a mistake of the caller, never of the peer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// This version of this kind is not encoded.
    #[error("{api_key} version {version} is not supported")]
    UnsupportedVersion {
        /// The kind of message.
        api_key: ApiKey,
        /// The version asked for.
        version: i16,
    },
    /// A field is set that this version does not have, or a value does not fit its length field.
    #[error("cannot encode {api_key} version {version}: {reason}")]
    Refused {
        /// The kind of message.
        api_key: ApiKey,
        /// The version asked for.
        version: i16,
        /// What stands in the way.
        reason: String,
    },
}
