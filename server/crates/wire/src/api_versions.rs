//! ApiVersions (key 18), versions 0 to 4: how a client learns what a broker speaks.
//!
//! It comes before authentication and from clients newer than us, so three rules are its own
//! (KIP-511): a version above [`VERSION_MAX`] is answered, not refused, with
//! [`ApiVersionsResponse::unsupported_version`] in version 0; the response header never has tagged
//! fields; and such a request's body is not decoded, since its layout is unknown.

use bytes::Bytes;
use kafka_protocol::protocol::StrBytes;

use crate::api_key::{ApiKey, VersionRange};
use crate::chain::Chain;
use crate::error::{DecodeError, EncodeError};
use crate::error_code::ErrorCode;
use crate::primitive::{Reader, Writer};
use crate::version;

/// The newest version understood.
pub const VERSION_MAX: i16 = ApiKey::ApiVersions.versions().max;

const CLIENT_FROM: i16 = 3;
const THROTTLE_FROM: i16 = 1;

/// A client's question for the broker's versions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiVersionsRequest {
    /// The client library, such as `apache-kafka-java`, from version 3 on; empty before.
    pub client_software_name: StrBytes,
    /// The library's version, from version 3 on; empty before.
    pub client_software_version: StrBytes,
}

impl ApiVersionsRequest {
    /// Decodes a body.
    ///
    /// # Errors
    /// [`DecodeError`] for a version outside 0 to 4 and for malformed bytes.
    pub fn decode(version: i16, body: Bytes) -> Result<Self, DecodeError> {
        version::check_decode(ApiKey::ApiVersions, version)?;
        if version < CLIENT_FROM {
            return Ok(Self::default());
        }
        let mut reader = Reader::new(body.into(), true);
        let client_software_name = reader.string()?;
        let client_software_version = reader.string()?;
        reader.skip_tags()?;
        Ok(Self { client_software_name, client_software_version })
    }

    /// Encodes a body.
    ///
    /// # Errors
    /// [`EncodeError::UnsupportedVersion`] for a version outside 0 to 4.
    pub fn encode(&self, version: i16) -> Result<Chain, EncodeError> {
        version::check_encode(ApiKey::ApiVersions, version)?;
        let mut writer = Writer::new(version >= CLIENT_FROM, 64);
        if version >= CLIENT_FROM {
            writer.string(&self.client_software_name);
            writer.string(&self.client_software_version);
            writer.no_tags();
        }
        Ok(writer.finish())
    }

    /// Says whether name and version are what Kafka accepts from version 3 on: letters, digits,
    /// `-` and `.`, beginning and ending with a letter or digit. If not, the answer is
    /// INVALID_REQUEST with an empty list.
    #[must_use]
    pub fn is_valid(&self, version: i16) -> bool {
        version < CLIENT_FROM
            || (is_software_word(&self.client_software_name)
                && is_software_word(&self.client_software_version))
    }
}

fn is_software_word(word: &str) -> bool {
    let bytes = word.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

/// The versions of one request kind that a broker serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiVersion {
    /// The number of the kind: a number and not [`ApiKey`], since other brokers know more kinds.
    pub api_key: i16,
    /// The versions served. Brokers advertise Produce from 0 though they serve it from 3
    /// (KAFKA-18659).
    pub versions: VersionRange,
}

/// A feature the cluster supports or has switched on (KIP-584).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// The feature's name, such as `transaction.version`.
    pub name: StrBytes,
    /// Its levels.
    pub versions: VersionRange,
}

/// A broker's answer with its versions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiVersionsResponse {
    /// [`ErrorCode::None`], [`ErrorCode::UnsupportedVersion`] or [`ErrorCode::InvalidRequest`].
    pub error_code: ErrorCode,
    /// The request kinds served.
    pub api_keys: Vec<ApiVersion>,
    /// How long the client is held back by a quota, in milliseconds, from version 1 on.
    pub throttle_time_ms: i32,
    /// Features the broker supports, from version 3 on.
    pub supported_features: Vec<Feature>,
    /// The epoch of the finalized features, from version 3 on; `None` when unknown.
    pub finalized_features_epoch: Option<i64>,
    /// Features switched on in the cluster, from version 3 on.
    pub finalized_features: Vec<Feature>,
}

impl ApiVersionsResponse {
    /// The answer to a version above [`VERSION_MAX`]: one row, from which the client learns which
    /// version to ask with. To be encoded as version 0, under a version 0 header.
    #[must_use]
    pub fn unsupported_version() -> Self {
        let row = ApiVersion {
            api_key: ApiKey::ApiVersions.code(),
            versions: ApiKey::ApiVersions.versions(),
        };
        Self { error_code: ErrorCode::UnsupportedVersion, api_keys: vec![row], ..Self::default() }
    }

    /// The answer to a client name or version that Kafka does not accept.
    #[must_use]
    pub fn invalid_request() -> Self {
        Self { error_code: ErrorCode::InvalidRequest, ..Self::default() }
    }

    /// Encodes a body; fields that the version lacks are left out, and before version 4 also
    /// supported features from level 0, which older clients refuse (KAFKA-17011).
    ///
    /// # Errors
    /// [`EncodeError::UnsupportedVersion`] for a version outside 0 to 4.
    pub fn encode(&self, version: i16) -> Result<Chain, EncodeError> {
        version::check_encode(ApiKey::ApiVersions, version)?;
        let mut writer = Writer::new(version >= CLIENT_FROM, 32 + self.api_keys.len() * 7);
        writer.i16(self.error_code.code());
        writer.array_of(&self.api_keys, |writer, row| {
            writer.i16(row.api_key);
            writer.i16(row.versions.min);
            writer.i16(row.versions.max);
            writer.no_tags();
        });
        if version >= THROTTLE_FROM {
            writer.i32(self.throttle_time_ms);
        }
        let mut tags = Vec::new();
        let supported: Vec<_> = self
            .supported_features
            .iter()
            .filter(|feature| version >= 4 || feature.versions.min > 0)
            .collect();
        if !supported.is_empty() {
            tags.push(Writer::tagged(0, |writer| {
                writer.array_of(&supported, |writer, feature| {
                    put_feature(writer, feature, feature.versions.min, feature.versions.max);
                });
            }));
        }
        if let Some(epoch) = self.finalized_features_epoch {
            tags.push(Writer::tagged(1, |writer| writer.i64(epoch)));
        }
        if !self.finalized_features.is_empty() {
            tags.push(Writer::tagged(2, |writer| {
                writer.array_of(&self.finalized_features, |writer, feature| {
                    put_feature(writer, feature, feature.versions.max, feature.versions.min);
                });
            }));
        }
        writer.tags(&tags);
        Ok(writer.finish())
    }

    /// Decodes a body. A broker that answers [`ErrorCode::UnsupportedVersion`] writes version 0
    /// whatever was asked for, so on failure callers try 0.
    ///
    /// # Errors
    /// [`DecodeError`] for a version outside 0 to 4 and for malformed bytes.
    pub fn decode(version: i16, body: Bytes) -> Result<Self, DecodeError> {
        version::check_decode(ApiKey::ApiVersions, version)?;
        let mut reader = Reader::new(body.into(), version >= CLIENT_FROM);
        let error_code = ErrorCode::from(reader.i16()?);
        let api_keys = reader.array_of(6, |reader| {
            let api_key = reader.i16()?;
            let versions = VersionRange::new(reader.i16()?, reader.i16()?);
            reader.skip_tags()?;
            Ok(ApiVersion { api_key, versions })
        })?;
        let throttle_time_ms = if version >= THROTTLE_FROM { reader.i32()? } else { 0 };
        let mut response =
            Self { error_code, api_keys, throttle_time_ms, ..ApiVersionsResponse::default() };
        reader.tags(|tag, reader| {
            match tag {
                0 => response.supported_features = features(reader, VersionRange::new)?,
                1 => response.finalized_features_epoch = Some(reader.i64()?).filter(|e| *e >= 0),
                2 => {
                    let max_first = |max, min| VersionRange::new(min, max);
                    response.finalized_features = features(reader, max_first)?;
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(response)
    }
}

fn put_feature(writer: &mut Writer, feature: &Feature, first: i16, second: i16) {
    writer.string(&feature.name);
    writer.i16(first);
    writer.i16(second);
    writer.no_tags();
}

fn features(
    reader: &mut Reader,
    range: impl Fn(i16, i16) -> VersionRange,
) -> Result<Vec<Feature>, DecodeError> {
    reader.array_of(6, |reader| {
        let name = reader.string()?;
        let versions = range(reader.i16()?, reader.i16()?);
        reader.skip_tags()?;
        Ok(Feature { name, versions })
    })
}

#[cfg(test)]
mod tests;
