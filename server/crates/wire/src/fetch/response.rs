use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::api_key::ApiKey;
use crate::chain::Chain;
use crate::error::{DecodeError, EncodeError};
use crate::error_code::ErrorCode;
use crate::leader::{CurrentLeader, NodeEndpoint};
use crate::primitive::{Reader, Writer};
use crate::version;

/// The records a [`FetchRequest`](super::FetchRequest) found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FetchResponse {
    /// How long the client was or is held back by a quota, in milliseconds.
    pub throttle_time_ms: i32,
    /// An error of the whole request, from version 7 on.
    pub error_code: ErrorCode,
    /// The fetch session; 0 for none.
    pub session_id: i32,
    /// The answers; in a session only what has something to tell.
    pub topics: Vec<FetchTopicResponse>,
    /// Where new leaders listen, from version 16 on; empty says nothing.
    pub node_endpoints: Vec<NodeEndpoint>,
}

/// The answers for one topic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FetchTopicResponse {
    /// The topic's name; not sent from version 13 on.
    pub name: StrBytes,
    /// The topic's id, sent from version 13 on.
    pub topic_id: Uuid,
    /// The answers by partition.
    pub partitions: Vec<FetchPartitionResponse>,
}

/// The answer for one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchPartitionResponse {
    /// The partition's index.
    pub index: i32,
    /// [`ErrorCode::None`] when the other fields hold.
    pub error_code: ErrorCode,
    /// One past the last offset consumers may see; -1 on errors.
    pub high_watermark: i64,
    /// One past the last offset of decided transactions; -1 on errors.
    pub last_stable_offset: i64,
    /// The partition's first offset, from version 5 on; -1 when unknown.
    pub log_start_offset: i64,
    /// Where the client's log left ours, from version 12 on (KIP-595).
    pub diverging_epoch: Option<EpochEndOffset>,
    /// The leader to turn to, from version 12 on.
    pub current_leader: Option<CurrentLeader>,
    /// Aborted transactions that touch the records; `None` for read_uncommitted.
    pub aborted_transactions: Option<Vec<AbortedTransaction>>,
    /// The replica to read from, from version 11 on; -1 for the leader.
    pub preferred_read_replica: i32,
    /// Batches as they lie in the log; the first may begin below the wanted offset and the last may
    /// be cut. Empty means nothing new.
    pub records: Chain,
}

impl FetchPartitionResponse {
    /// The answer for a partition that cannot be read.
    #[must_use]
    pub fn refused(index: i32, error_code: ErrorCode) -> Self {
        Self {
            index,
            error_code,
            high_watermark: -1,
            last_stable_offset: -1,
            log_start_offset: -1,
            diverging_epoch: None,
            current_leader: None,
            aborted_transactions: None,
            preferred_read_replica: -1,
            records: Chain::new(),
        }
    }
}

/// The end of an epoch in the leader's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EpochEndOffset {
    /// The epoch.
    pub epoch: i32,
    /// One past its last offset.
    pub end_offset: i64,
}

/// A transaction whose records the client must drop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AbortedTransaction {
    /// Who wrote it.
    pub producer_id: i64,
    /// Its first offset in this partition.
    pub first_offset: i64,
}

const LOG_START_FROM: i16 = 5;
const SESSION_FROM: i16 = 7;
const READ_REPLICA_FROM: i16 = 11;
const TOPIC_IDS_FROM: i16 = 13;
const ENDPOINTS_FROM: i16 = 16;

impl FetchResponse {
    /// Encodes a body as header bytes and log slices, which are not copied; fields that the version
    /// lacks are left out.
    ///
    /// # Errors
    /// [`EncodeError::UnsupportedVersion`] for a version outside 4 to 18.
    pub fn encode(&self, version: i16) -> Result<Chain, EncodeError> {
        version::check_encode(ApiKey::Fetch, version)?;
        let partition_count: usize = self.topics.iter().map(|topic| topic.partitions.len()).sum();
        let size_bytes_hint = 64 + self.topics.len() * 32 + partition_count * 64;
        let mut writer = Writer::new(ApiKey::Fetch.is_flexible(version), size_bytes_hint);
        writer.i32(self.throttle_time_ms);
        if version >= SESSION_FROM {
            writer.i16(self.error_code.code());
            writer.i32(self.session_id);
        }
        writer.array_of(&self.topics, |writer, topic| {
            version::put_topic(version >= TOPIC_IDS_FROM, &topic.name, topic.topic_id, writer);
            writer.array_of(&topic.partitions, |writer, each| each.encode(version, writer));
            writer.no_tags();
        });
        let with_endpoints = version >= ENDPOINTS_FROM && !self.node_endpoints.is_empty();
        let endpoints = with_endpoints.then(|| NodeEndpoint::tagged(&self.node_endpoints));
        writer.tags(endpoints.as_slice());
        Ok(writer.finish())
    }

    /// Decodes a body; records are slices of it. Fields that the version lacks have their defaults.
    ///
    /// # Errors
    /// [`DecodeError`] for a version outside 4 to 18 and for malformed bytes.
    pub fn decode(version: i16, body: Chain) -> Result<Self, DecodeError> {
        version::check_decode(ApiKey::Fetch, version)?;
        let mut reader = Reader::new(body, ApiKey::Fetch.is_flexible(version));
        let throttle_time_ms = reader.i32()?;
        let (error_code, session_id) = if version >= SESSION_FROM {
            (ErrorCode::from(reader.i16()?), reader.i32()?)
        } else {
            (ErrorCode::None, 0)
        };
        let topics = reader.array_of(2, |reader| {
            let (name, topic_id) = version::topic(version >= TOPIC_IDS_FROM, reader)?;
            let partitions =
                reader.array_of(24, |reader| FetchPartitionResponse::decode(version, reader))?;
            reader.skip_tags()?;
            Ok(FetchTopicResponse { name, topic_id, partitions })
        })?;
        let mut node_endpoints = Vec::new();
        reader.tags(|tag, reader| {
            if tag == 0 {
                node_endpoints = NodeEndpoint::decode_all(reader)?;
            }
            Ok(())
        })?;
        Ok(Self { throttle_time_ms, error_code, session_id, topics, node_endpoints })
    }

    /// The bytes of records over all partitions.
    #[must_use]
    pub fn records_size_bytes(&self) -> usize {
        let partitions = self.topics.iter().flat_map(|topic| &topic.partitions);
        partitions.map(|partition| partition.records.size_bytes()).sum()
    }
}

impl FetchPartitionResponse {
    fn encode(&self, version: i16, writer: &mut Writer) {
        writer.i32(self.index);
        writer.i16(self.error_code.code());
        writer.i64(self.high_watermark);
        writer.i64(self.last_stable_offset);
        if version >= LOG_START_FROM {
            writer.i64(self.log_start_offset);
        }
        match &self.aborted_transactions {
            None => writer.count(None),
            Some(aborted) => writer.array_of(aborted, |writer, aborted| {
                writer.i64(aborted.producer_id);
                writer.i64(aborted.first_offset);
                writer.no_tags();
            }),
        }
        if version >= READ_REPLICA_FROM {
            writer.i32(self.preferred_read_replica);
        }
        // Never null: some clients read a null record set as an error.
        writer.nullable_bytes(Some(&self.records));
        let diverging = self.diverging_epoch.map(EpochEndOffset::tagged);
        let leader = self.current_leader.map(|leader| leader.tagged(1));
        let tags: Vec<_> = diverging.into_iter().chain(leader).collect();
        writer.tags(&tags);
    }

    fn decode(version: i16, reader: &mut Reader) -> Result<Self, DecodeError> {
        let mut read = Self {
            index: reader.i32()?,
            error_code: ErrorCode::from(reader.i16()?),
            high_watermark: reader.i64()?,
            last_stable_offset: reader.i64()?,
            log_start_offset: if version >= LOG_START_FROM { reader.i64()? } else { -1 },
            diverging_epoch: None,
            current_leader: None,
            aborted_transactions: reader.nullable_array_of(16, |reader| {
                let producer_id = reader.i64()?;
                let first_offset = reader.i64()?;
                reader.skip_tags()?;
                Ok(AbortedTransaction { producer_id, first_offset })
            })?,
            preferred_read_replica: if version >= READ_REPLICA_FROM { reader.i32()? } else { -1 },
            records: reader.nullable_bytes()?.unwrap_or_default(),
        };
        reader.tags(|tag, reader| {
            match tag {
                0 => read.diverging_epoch = Some(EpochEndOffset::decode(reader)?),
                1 => read.current_leader = Some(CurrentLeader::decode(reader)?),
                _ => {}
            }
            Ok(())
        })?;
        Ok(read)
    }
}

impl EpochEndOffset {
    fn tagged(self) -> (u32, bytes::Bytes) {
        Writer::tagged(0, |writer| {
            writer.i32(self.epoch);
            writer.i64(self.end_offset);
            writer.no_tags();
        })
    }

    fn decode(reader: &mut Reader) -> Result<Self, DecodeError> {
        let epoch = reader.i32()?;
        let end_offset = reader.i64()?;
        reader.skip_tags()?;
        Ok(Self { epoch, end_offset })
    }
}
