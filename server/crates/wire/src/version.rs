//! What the hot codecs share: version checks, and topics that are names first and ids later.

use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::api_key::ApiKey;
use crate::error::{DecodeError, EncodeError};
use crate::primitive::{Reader, Writer};

pub(crate) fn check_decode(api_key: ApiKey, version: i16) -> Result<(), DecodeError> {
    if api_key.versions().contains(version) {
        return Ok(());
    }
    Err(DecodeError::UnsupportedVersion { api_key, version })
}

pub(crate) fn check_encode(api_key: ApiKey, version: i16) -> Result<(), EncodeError> {
    if api_key.versions().contains(version) {
        return Ok(());
    }
    Err(EncodeError::UnsupportedVersion { api_key, version })
}

pub(crate) fn topic(by_id: bool, reader: &mut Reader) -> Result<(StrBytes, Uuid), DecodeError> {
    if by_id {
        return Ok((StrBytes::new(), reader.uuid()?));
    }
    Ok((reader.string()?, Uuid::nil()))
}

pub(crate) fn put_topic(by_id: bool, name: &StrBytes, topic_id: Uuid, writer: &mut Writer) {
    if by_id {
        writer.uuid(topic_id);
    } else {
        writer.string(name);
    }
}
