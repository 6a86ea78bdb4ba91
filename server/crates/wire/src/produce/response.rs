use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::api_key::ApiKey;
use crate::chain::Chain;
use crate::error::{DecodeError, EncodeError};
use crate::error_code::ErrorCode;
use crate::leader::{CurrentLeader, NodeEndpoint};
use crate::primitive::{Reader, Writer};
use crate::version;

/// What became of the records of a [`ProduceRequest`](super::ProduceRequest).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProduceResponse {
    /// One entry per topic of the request.
    pub topics: Vec<ProduceTopicResponse>,
    /// How long the client was or is held back by a quota, in milliseconds.
    pub throttle_time_ms: i32,
    /// Where new leaders listen, from version 10 on; empty says nothing.
    pub node_endpoints: Vec<NodeEndpoint>,
}

/// The outcomes for one topic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProduceTopicResponse {
    /// The topic's name; not sent from version 13 on.
    pub name: StrBytes,
    /// The topic's id, sent from version 13 on.
    pub topic_id: Uuid,
    /// One entry per partition of the request.
    pub partitions: Vec<ProducePartitionResponse>,
}

/// The outcome for one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducePartitionResponse {
    /// The partition's index.
    pub index: i32,
    /// [`ErrorCode::None`] when the records are appended.
    pub error_code: ErrorCode,
    /// The offset of the first record; -1 on errors.
    pub base_offset: i64,
    /// When the broker appended, in milliseconds since the epoch; -1 unless the topic uses
    /// LogAppendTime.
    pub log_append_time_ms: i64,
    /// The partition's first offset, from version 5 on; -1 when unknown.
    pub log_start_offset: i64,
    /// Which records made the whole batch fail, from version 8 on (KIP-467).
    pub record_errors: Vec<RecordError>,
    /// What went wrong in words, from version 8 on.
    pub error_message: Option<StrBytes>,
    /// The leader to turn to, from version 10 on (KIP-951).
    pub current_leader: Option<CurrentLeader>,
}

impl ProducePartitionResponse {
    /// The answer for a partition whose records were refused.
    #[must_use]
    pub fn refused(index: i32, error_code: ErrorCode, error_message: Option<String>) -> Self {
        Self {
            index,
            error_code,
            base_offset: -1,
            log_append_time_ms: -1,
            log_start_offset: -1,
            record_errors: Vec::new(),
            error_message: error_message.map(StrBytes::from_string),
            current_leader: None,
        }
    }
}

/// One record that made its batch fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordError {
    /// The record's index in its batch, from 0.
    pub batch_index: i32,
    /// What is wrong with it.
    pub message: Option<StrBytes>,
}

const LOG_START_FROM: i16 = 5;
const RECORD_ERRORS_FROM: i16 = 8;
const LEADER_FROM: i16 = 10;
const TOPIC_IDS_FROM: i16 = 13;

impl ProduceResponse {
    /// Encodes a body; fields that the version lacks are left out.
    ///
    /// # Errors
    /// [`EncodeError::UnsupportedVersion`] for a version outside 3 to 13.
    pub fn encode(&self, version: i16) -> Result<Chain, EncodeError> {
        version::check_encode(ApiKey::Produce, version)?;
        let mut writer = Writer::new(ApiKey::Produce.is_flexible(version), 256);
        writer.array_of(&self.topics, |writer, topic| {
            version::put_topic(version >= TOPIC_IDS_FROM, &topic.name, topic.topic_id, writer);
            writer.array_of(&topic.partitions, |writer, each| each.encode(version, writer));
            writer.no_tags();
        });
        writer.i32(self.throttle_time_ms);
        let with_endpoints = version >= LEADER_FROM && !self.node_endpoints.is_empty();
        let endpoints = with_endpoints.then(|| NodeEndpoint::tagged(&self.node_endpoints));
        writer.tags(endpoints.as_slice());
        Ok(writer.finish())
    }

    /// Decodes a body; fields that the version lacks have their defaults.
    ///
    /// # Errors
    /// [`DecodeError`] for a version outside 3 to 13 and for malformed bytes.
    pub fn decode(version: i16, body: Chain) -> Result<Self, DecodeError> {
        version::check_decode(ApiKey::Produce, version)?;
        let mut reader = Reader::new(body, ApiKey::Produce.is_flexible(version));
        let topics = reader.array_of(2, |reader| {
            let (name, topic_id) = version::topic(version >= TOPIC_IDS_FROM, reader)?;
            let partitions =
                reader.array_of(22, |reader| ProducePartitionResponse::decode(version, reader))?;
            reader.skip_tags()?;
            Ok(ProduceTopicResponse { name, topic_id, partitions })
        })?;
        let throttle_time_ms = reader.i32()?;
        let mut node_endpoints = Vec::new();
        reader.tags(|tag, reader| {
            if tag == 0 {
                node_endpoints = NodeEndpoint::decode_all(reader)?;
            }
            Ok(())
        })?;
        Ok(Self { topics, throttle_time_ms, node_endpoints })
    }
}

impl ProducePartitionResponse {
    fn encode(&self, version: i16, writer: &mut Writer) {
        writer.i32(self.index);
        writer.i16(self.error_code.code());
        writer.i64(self.base_offset);
        writer.i64(self.log_append_time_ms);
        if version >= LOG_START_FROM {
            writer.i64(self.log_start_offset);
        }
        if version >= RECORD_ERRORS_FROM {
            writer.array_of(&self.record_errors, |writer, error| {
                writer.i32(error.batch_index);
                writer.nullable_string(error.message.as_deref());
                writer.no_tags();
            });
            writer.nullable_string(self.error_message.as_deref());
        }
        let leader = self.current_leader.filter(|_| version >= LEADER_FROM);
        writer.tags(leader.map(|leader| leader.tagged(0)).as_slice());
    }

    fn decode(version: i16, reader: &mut Reader) -> Result<Self, DecodeError> {
        let index = reader.i32()?;
        let error_code = ErrorCode::from(reader.i16()?);
        let base_offset = reader.i64()?;
        let log_append_time_ms = reader.i64()?;
        let log_start_offset = if version >= LOG_START_FROM { reader.i64()? } else { -1 };
        let mut read = Self {
            base_offset,
            log_append_time_ms,
            log_start_offset,
            ..Self::refused(index, error_code, None)
        };
        if version >= RECORD_ERRORS_FROM {
            read.record_errors = reader.array_of(5, |reader| {
                let batch_index = reader.i32()?;
                let message = reader.nullable_string()?;
                reader.skip_tags()?;
                Ok(RecordError { batch_index, message })
            })?;
            read.error_message = reader.nullable_string()?;
        }
        reader.tags(|tag, reader| {
            if tag == 0 {
                read.current_leader = Some(CurrentLeader::decode(reader)?);
            }
            Ok(())
        })?;
        Ok(read)
    }
}
