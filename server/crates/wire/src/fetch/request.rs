use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::api_key::ApiKey;
use crate::chain::Chain;
use crate::error::{DecodeError, EncodeError};
use crate::primitive::{Reader, Writer};
use crate::version;

/// Which records a consumer may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IsolationLevel {
    /// Everything below the high watermark.
    #[default]
    ReadUncommitted,
    /// Everything below the last stable offset; aborted transactions are listed for the client to
    /// drop.
    ReadCommitted,
}

impl IsolationLevel {
    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> i8 {
        match self {
            Self::ReadUncommitted => 0,
            Self::ReadCommitted => 1,
        }
    }

    /// Finds the level with this number; any unknown number reads as the safer
    /// [`IsolationLevel::ReadCommitted`], as in Kafka.
    #[must_use]
    pub const fn from_code(code: i8) -> Self {
        match code {
            0 => Self::ReadUncommitted,
            _ => Self::ReadCommitted,
        }
    }
}

/// A wish for records, by topic and partition.
///
/// Names are slices of the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchRequest {
    /// The broker id of a follower; -1 from consumers.
    pub replica_id: i32,
    /// How long to wait for `min_bytes`, in milliseconds; 0 answers at once.
    pub max_wait_ms: i32,
    /// Bytes to wait for.
    pub min_bytes: i32,
    /// Bytes to return at most, over all partitions; the first batch may pass it.
    pub max_bytes: i32,
    /// Which records may be seen.
    pub isolation_level: IsolationLevel,
    /// The fetch session; 0 for none (KIP-227, from version 7 on).
    pub session_id: i32,
    /// The session's epoch; -1 closes it or asks for none, 0 asks for a new one.
    pub session_epoch: i32,
    /// The partitions, in the order they are to be served.
    pub topics: Vec<FetchTopic>,
    /// Partitions to take out of the session, from version 7 on.
    pub forgotten_topics: Vec<ForgottenTopic>,
    /// The consumer's rack, from version 11 on; empty for none.
    pub rack_id: StrBytes,
}

/// The part of a [`FetchRequest`] about one topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchTopic {
    /// The topic's name; empty from version 13 on.
    pub name: StrBytes,
    /// The topic's id from version 13 on, else nil.
    pub topic_id: Uuid,
    /// The partitions, in order.
    pub partitions: Vec<FetchPartition>,
}

/// The wish for one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchPartition {
    /// The partition's index. Any number as read.
    pub index: i32,
    /// The leader epoch the client believes in; -1 when it has none.
    pub current_leader_epoch: i32,
    /// The first offset wanted, inclusive. Any number as read.
    pub fetch_offset: i64,
    /// The epoch of the last record the client has; -1 when it has none (from version 12 on).
    pub last_fetched_epoch: i32,
    /// A follower's first offset; -1 from consumers.
    pub log_start_offset: i64,
    /// Bytes to return at most for this partition.
    pub max_bytes: i32,
}

/// Partitions to take out of a fetch session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgottenTopic {
    /// The topic's name; empty from version 13 on.
    pub name: StrBytes,
    /// The topic's id from version 13 on, else nil.
    pub topic_id: Uuid,
    /// The indexes of the partitions.
    pub partitions: Vec<i32>,
}

const LOG_START_FROM: i16 = 5;
const SESSION_FROM: i16 = 7;
const LEADER_EPOCH_FROM: i16 = 9;
const RACK_FROM: i16 = 11;
const FETCHED_EPOCH_FROM: i16 = 12;
const TOPIC_IDS_FROM: i16 = 13;
const REPLICA_STATE_FROM: i16 = 15;

impl FetchRequest {
    /// Decodes a body. Bytes after the last field are ignored, as Kafka ignores them.
    ///
    /// # Errors
    /// [`DecodeError`] for a version outside 4 to 18 and for malformed bytes.
    pub fn decode(version: i16, body: Chain) -> Result<Self, DecodeError> {
        version::check_decode(ApiKey::Fetch, version)?;
        let mut reader = Reader::new(body, ApiKey::Fetch.is_flexible(version));
        let reader = &mut reader;
        let mut request = Self {
            replica_id: if version < REPLICA_STATE_FROM { reader.i32()? } else { -1 },
            max_wait_ms: reader.i32()?,
            min_bytes: reader.i32()?,
            max_bytes: reader.i32()?,
            isolation_level: IsolationLevel::from_code(reader.i8()?),
            session_id: if version >= SESSION_FROM { reader.i32()? } else { 0 },
            session_epoch: if version >= SESSION_FROM { reader.i32()? } else { -1 },
            topics: reader.array_of(2, |reader| FetchTopic::decode(version, reader))?,
            forgotten_topics: if version >= SESSION_FROM {
                reader.array_of(2, |reader| ForgottenTopic::decode(version, reader))?
            } else {
                Vec::new()
            },
            rack_id: if version >= RACK_FROM { reader.string()? } else { StrBytes::new() },
        };
        reader.tags(|tag, reader| {
            if tag == 1 && version >= REPLICA_STATE_FROM {
                request.replica_id = reader.i32()?;
                let _replica_epoch = reader.i64()?;
                reader.skip_tags()?;
            }
            Ok(())
        })?;
        Ok(request)
    }

    /// Encodes a consumer's body; fields that the version lacks are left out.
    ///
    /// # Errors
    /// [`EncodeError::UnsupportedVersion`] for a version outside 4 to 18.
    pub fn encode(&self, version: i16) -> Result<Chain, EncodeError> {
        version::check_encode(ApiKey::Fetch, version)?;
        let mut writer = Writer::new(ApiKey::Fetch.is_flexible(version), 256);
        if version < REPLICA_STATE_FROM {
            writer.i32(self.replica_id);
        }
        writer.i32(self.max_wait_ms);
        writer.i32(self.min_bytes);
        writer.i32(self.max_bytes);
        writer.i8(self.isolation_level.code());
        if version >= SESSION_FROM {
            writer.i32(self.session_id);
            writer.i32(self.session_epoch);
        }
        writer.array_of(&self.topics, |writer, topic| topic.encode(version, writer));
        if version >= SESSION_FROM {
            writer.array_of(&self.forgotten_topics, |writer, topic| topic.encode(version, writer));
        }
        if version >= RACK_FROM {
            writer.string(&self.rack_id);
        }
        writer.no_tags();
        Ok(writer.finish())
    }
}

impl FetchTopic {
    fn decode(version: i16, reader: &mut Reader) -> Result<Self, DecodeError> {
        let (name, topic_id) = version::topic(version >= TOPIC_IDS_FROM, reader)?;
        let partitions = reader.array_of(16, |reader| FetchPartition::decode(version, reader))?;
        reader.skip_tags()?;
        Ok(Self { name, topic_id, partitions })
    }

    fn encode(&self, version: i16, writer: &mut Writer) {
        version::put_topic(version >= TOPIC_IDS_FROM, &self.name, self.topic_id, writer);
        writer.array_of(&self.partitions, |writer, each| each.encode(version, writer));
        writer.no_tags();
    }
}

impl FetchPartition {
    fn decode(version: i16, reader: &mut Reader) -> Result<Self, DecodeError> {
        let partition = Self {
            index: reader.i32()?,
            current_leader_epoch: if version >= LEADER_EPOCH_FROM { reader.i32()? } else { -1 },
            fetch_offset: reader.i64()?,
            last_fetched_epoch: if version >= FETCHED_EPOCH_FROM { reader.i32()? } else { -1 },
            log_start_offset: if version >= LOG_START_FROM { reader.i64()? } else { -1 },
            max_bytes: reader.i32()?,
        };
        reader.skip_tags()?;
        Ok(partition)
    }

    fn encode(&self, version: i16, writer: &mut Writer) {
        writer.i32(self.index);
        if version >= LEADER_EPOCH_FROM {
            writer.i32(self.current_leader_epoch);
        }
        writer.i64(self.fetch_offset);
        if version >= FETCHED_EPOCH_FROM {
            writer.i32(self.last_fetched_epoch);
        }
        if version >= LOG_START_FROM {
            writer.i64(self.log_start_offset);
        }
        writer.i32(self.max_bytes);
        writer.no_tags();
    }
}

impl ForgottenTopic {
    fn decode(version: i16, reader: &mut Reader) -> Result<Self, DecodeError> {
        let (name, topic_id) = version::topic(version >= TOPIC_IDS_FROM, reader)?;
        let partitions = reader.array_of(4, Reader::i32)?;
        reader.skip_tags()?;
        Ok(Self { name, topic_id, partitions })
    }

    fn encode(&self, version: i16, writer: &mut Writer) {
        version::put_topic(version >= TOPIC_IDS_FROM, &self.name, self.topic_id, writer);
        writer.array_of(&self.partitions, |writer, index| writer.i32(*index));
        writer.no_tags();
    }
}
