//! Frames and headers: four bytes of length, a header, a body.
//!
//! ```text
//! request   [length i32][api key i16][version i16][correlation id i32][client id][tags]* body
//! response  [length i32][correlation id i32][tags]* body
//! ```
//!
//! Tags stand only in flexible versions; the response to ApiVersions never has them, so that a
//! client can read it before it knows the broker's versions (KIP-511).

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::protocol::StrBytes;

use crate::api_key::ApiKey;
use crate::chain::{Chain, INLINE_PIECE_BYTES_MAX};
use crate::error::DecodeError;
use crate::primitive::{Reader, Writer};

/// Largest request frame, exclusive of its length field: Kafka's `socket.request.max.bytes`.
pub const REQUEST_BYTES_MAX: usize = 100 * 1024 * 1024;

/// Largest request that is not Produce. Nothing else carries record data, and what is decoded from
/// it takes several times its size in memory.
pub const CONTROL_REQUEST_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Largest request before authentication: Kafka's `sasl.server.max.receive.size`.
pub const PRE_AUTH_REQUEST_BYTES_MAX: usize = 512 * 1024;

/// Largest response a client of ours accepts from another cluster, exclusive of its length field.
pub const RESPONSE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Size of the length field in front of every frame.
pub const LENGTH_FIELD_SIZE_BYTES: usize = 4;

/// Bytes of a request frame that suffice to know its kind: api key and version.
pub const PEEK_SIZE_BYTES: usize = 4;

/// Why a frame was refused before its body was looked at. The answer is to close the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The length field is zero or negative.
    #[error("frame length {0} is not positive")]
    NotPositive(i32),
    /// The length field passes the limit that holds for this connection or kind of request.
    #[error("frame of {size_bytes} bytes passes the limit of {size_bytes_max}")]
    TooLarge {
        /// The announced size.
        size_bytes: usize,
        /// The limit, inclusive.
        size_bytes_max: usize,
    },
}

/// Checks the length field of a frame against `size_bytes_max` (inclusive) and returns the size.
///
/// # Errors
/// [`FrameError`] when the length is not in `1..=size_bytes_max`.
pub fn check_frame_length(length: i32, size_bytes_max: usize) -> Result<usize, FrameError> {
    let size_bytes = usize::try_from(length).map_err(|_| FrameError::NotPositive(length))?;
    match size_bytes {
        0 => Err(FrameError::NotPositive(length)),
        size_bytes if size_bytes > size_bytes_max => {
            Err(FrameError::TooLarge { size_bytes, size_bytes_max })
        }
        size_bytes => Ok(size_bytes),
    }
}

/// Checks the size of a request frame once its first [`PEEK_SIZE_BYTES`] are known: only Produce
/// may pass [`CONTROL_REQUEST_BYTES_MAX`].
///
/// # Errors
/// [`FrameError::TooLarge`] when the kind of request may not be that large.
pub fn check_request_size(peek: [u8; 4], size_bytes: usize) -> Result<(), FrameError> {
    let code = i16::from_be_bytes([peek[0], peek[1]]);
    let is_produce = ApiKey::from_code(code) == Some(ApiKey::Produce);
    if !is_produce && size_bytes > CONTROL_REQUEST_BYTES_MAX {
        return Err(FrameError::TooLarge { size_bytes, size_bytes_max: CONTROL_REQUEST_BYTES_MAX });
    }
    Ok(())
}

/// The header of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHeader {
    /// The kind of request.
    pub api_key: ApiKey,
    /// The version of its body. Any number: the broker compares it with what it advertises.
    pub version: i16,
    /// Chosen by the client, returned in the response.
    pub correlation_id: i32,
    /// The client's name for itself; `None` when it gave none.
    ///
    /// A slice of the frame: copy it before keeping it longer than the request.
    pub client_id: Option<StrBytes>,
}

impl RequestHeader {
    /// Splits a frame (without its length field) into header and body.
    ///
    /// # Errors
    /// [`DecodeError::UnknownApiKey`] for a kind this crate cannot name; any other variant for
    /// malformed bytes. Kafka closes the connection on both.
    pub fn parse(frame: Bytes) -> Result<(RequestHeader, Bytes), DecodeError> {
        let (header, body) = Self::parse_chain(frame.into())?;
        Ok((header, body.into_bytes()))
    }

    /// Like [`RequestHeader::parse`] for a frame in several pieces, as the in-process transport
    /// delivers it.
    ///
    /// # Errors
    /// As [`RequestHeader::parse`].
    pub fn parse_chain(frame: Chain) -> Result<(RequestHeader, Chain), DecodeError> {
        let mut reader = Reader::new(frame, false);
        let code = reader.i16()?;
        let version = reader.i16()?;
        let correlation_id = reader.i32()?;
        let api_key = ApiKey::from_code(code).ok_or(DecodeError::UnknownApiKey { code })?;
        let client_id = reader.nullable_string()?;
        let rest = reader.into_rest();
        let mut reader = Reader::new(rest, api_key.is_flexible(version));
        reader.skip_tags()?;
        Ok((RequestHeader { api_key, version, correlation_id, client_id }, reader.into_rest()))
    }

    /// Writes the header in front of `body`, without a length field.
    #[must_use]
    pub fn encode(&self, body: Chain) -> Chain {
        let mut writer = Writer::new(false, 64);
        writer.i16(self.api_key.code());
        writer.i16(self.version);
        writer.i32(self.correlation_id);
        writer.nullable_string(self.client_id.as_deref());
        let mut frame = writer.finish();
        if self.api_key.is_flexible(self.version) {
            frame.push(Bytes::from_static(&[0]));
        }
        frame.append(body);
        frame
    }
}

/// Says whether the response of this kind and version has tagged fields in its header.
#[must_use]
pub fn response_header_is_flexible(api_key: ApiKey, version: i16) -> bool {
    api_key != ApiKey::ApiVersions && api_key.is_flexible(version)
}

/// Writes the response header in front of `body`, without a length field.
///
/// An ApiVersions answer to a version above ours is passed as `version` 0.
#[must_use]
pub fn encode_response(api_key: ApiKey, version: i16, correlation_id: i32, body: Chain) -> Chain {
    let mut header = BytesMut::with_capacity(5);
    header.put_i32(correlation_id);
    if response_header_is_flexible(api_key, version) {
        header.put_u8(0);
    }
    let mut frame = Chain::from(header.freeze());
    frame.append(body);
    frame
}

/// Splits a response frame (without its length field) into correlation id and body.
///
/// # Errors
/// [`DecodeError`] when the bytes end inside the header.
pub fn parse_response(
    api_key: ApiKey,
    version: i16,
    frame: Chain,
) -> Result<(i32, Chain), DecodeError> {
    let mut reader = Reader::new(frame, response_header_is_flexible(api_key, version));
    let correlation_id = reader.i32()?;
    reader.skip_tags()?;
    Ok((correlation_id, reader.into_rest()))
}

/// Puts the length field in front of a frame: what goes onto a socket. Small pieces that follow are
/// joined with it, so that a small frame is one piece.
#[must_use]
pub fn with_length(frame: Chain) -> Chain {
    let length = u32::try_from(frame.size_bytes()).unwrap_or(u32::MAX);
    let mut head = BytesMut::with_capacity(LENGTH_FIELD_SIZE_BYTES + INLINE_PIECE_BYTES_MAX);
    head.put_u32(length);
    let mut rest = frame.into_pieces().into_iter().peekable();
    while let Some(piece) = rest.next_if(|piece| piece.len() <= INLINE_PIECE_BYTES_MAX) {
        head.put_slice(&piece);
    }
    std::iter::once(head.freeze()).chain(rest).collect()
}

#[cfg(test)]
mod tests;
