//! The guard in front of `kafka-protocol`, which reserves memory for whatever count a message
//! claims.
//!
//! A walk over the bytes, driven by tables generated from Kafka's own message definitions. It
//! allocates nothing. Each count of items is multiplied with the smallest size an item can have and
//! compared with the bytes left, each length with the bytes left, and what the decoded message will
//! take in memory is added up: so the caller can charge it before decoding, and a message that
//! would take too much is refused. Nesting is as deep as the definitions nest, never as the bytes
//! say.
//!
//! Bytes after the last field are let pass, as Kafka lets them pass.

pub(crate) mod schema;
pub(crate) mod tables;
mod walk;

use crate::api_key::ApiKey;
use crate::error::DecodeError;
use schema::Message;

/// Largest decoded form of one request. Honest requests of the largest frame stay well below it:
/// they consist of names and numbers, which grow four- to eightfold.
pub const DECODED_REQUEST_BYTES_MAX: usize = 128 * 1024 * 1024;

/// Largest decoded form of one response from another cluster.
pub const DECODED_RESPONSE_BYTES_MAX: usize = 1024 * 1024 * 1024;

/// What a message takes once decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodedSize {
    /// Upper bound of the memory of the decoded structs, in bytes. Strings and byte fields are
    /// slices of the frame and not counted.
    pub decoded_bytes: usize,
    /// The bytes of the message that were walked; any after them are not part of it.
    pub walked_bytes: usize,
}

/// Checks a request body before it is decoded.
///
/// # Errors
/// [`DecodeError`] when the version or kind has no table, when the bytes cannot be such a message,
/// or when its decoded form passes [`DECODED_REQUEST_BYTES_MAX`].
pub fn guard(api_key: ApiKey, version: i16, body: &[u8]) -> Result<DecodedSize, DecodeError> {
    check(tables::request(api_key), api_key, version, body, DECODED_REQUEST_BYTES_MAX)
}

/// Checks a response body before it is decoded.
///
/// # Errors
/// As [`guard`], with [`DECODED_RESPONSE_BYTES_MAX`].
pub fn guard_response(
    api_key: ApiKey,
    version: i16,
    body: &[u8],
) -> Result<DecodedSize, DecodeError> {
    check(tables::response(api_key), api_key, version, body, DECODED_RESPONSE_BYTES_MAX)
}

fn check(
    message: Option<&'static Message>,
    api_key: ApiKey,
    version: i16,
    body: &[u8],
    decoded_bytes_max: usize,
) -> Result<DecodedSize, DecodeError> {
    let message = message
        .filter(|message| message.versions.contains(version))
        .filter(|_| api_key.versions().contains(version))
        .ok_or(DecodeError::UnsupportedVersion { api_key, version })?;
    walk::walk(message, version, body, decoded_bytes_max)
}

#[cfg(test)]
mod tests;
