use bytes::Bytes;
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::api_key::ApiKey;
use crate::chain::Chain;
use crate::error::{DecodeError, EncodeError};
use crate::primitive::{Reader, Writer};
use crate::version;

/// Records to append, by topic and partition.
///
/// Names and records are slices of the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProduceRequest {
    /// The transactional id; `None` outside transactions.
    pub transactional_id: Option<StrBytes>,
    /// When to answer: 0 never, 1 once the leader has the records, -1 once all in-sync replicas do.
    /// Any number as read; the broker refuses others.
    pub acks: i16,
    /// How long the broker may wait for `acks`, in milliseconds.
    pub timeout_ms: i32,
    /// The records, in the client's order.
    pub topics: Vec<ProduceTopic>,
}

/// The part of a [`ProduceRequest`] that goes to one topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProduceTopic {
    /// The topic's name; empty from version 13 on.
    pub name: StrBytes,
    /// The topic's id from version 13 on, else nil.
    pub topic_id: Uuid,
    /// The partitions, in the client's order.
    pub partitions: Vec<ProducePartition>,
}

/// The records for one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducePartition {
    /// The partition's index. Any number as read.
    pub index: i32,
    /// One record batch as the client built it, unchecked; `None` is null.
    pub records: Option<Bytes>,
}

const TOPIC_IDS_FROM: i16 = 13;

impl ProduceRequest {
    /// Decodes a body. Bytes after the last field are ignored, as Kafka ignores them.
    ///
    /// # Errors
    /// [`DecodeError`] for a version outside 3 to 13 and for malformed bytes.
    pub fn decode(version: i16, body: Chain) -> Result<Self, DecodeError> {
        version::check_decode(ApiKey::Produce, version)?;
        let mut reader = Reader::new(body, ApiKey::Produce.is_flexible(version));
        let transactional_id = reader.nullable_string()?;
        let acks = reader.i16()?;
        let timeout_ms = reader.i32()?;
        let topics = reader.array_of(2, |reader| ProduceTopic::decode(version, reader))?;
        reader.skip_tags()?;
        Ok(Self { transactional_id, acks, timeout_ms, topics })
    }

    /// Encodes a body; record slices are passed through.
    ///
    /// # Errors
    /// [`EncodeError::UnsupportedVersion`] for a version outside 3 to 13.
    pub fn encode(&self, version: i16) -> Result<Chain, EncodeError> {
        version::check_encode(ApiKey::Produce, version)?;
        let mut writer = Writer::new(ApiKey::Produce.is_flexible(version), 256);
        writer.nullable_string(self.transactional_id.as_deref());
        writer.i16(self.acks);
        writer.i32(self.timeout_ms);
        writer.array_of(&self.topics, |writer, topic| topic.encode(version, writer));
        writer.no_tags();
        Ok(writer.finish())
    }

    /// The bytes of records over all partitions.
    #[must_use]
    pub fn records_size_bytes(&self) -> usize {
        let partitions = self.topics.iter().flat_map(|topic| &topic.partitions);
        partitions.filter_map(|partition| partition.records.as_ref()).map(Bytes::len).sum()
    }
}

impl ProduceTopic {
    fn decode(version: i16, reader: &mut Reader) -> Result<Self, DecodeError> {
        let (name, topic_id) = version::topic(version >= TOPIC_IDS_FROM, reader)?;
        let partitions = reader.array_of(5, |reader| {
            let index = reader.i32()?;
            let records = reader.nullable_slice()?;
            reader.skip_tags()?;
            Ok(ProducePartition { index, records })
        })?;
        reader.skip_tags()?;
        Ok(Self { name, topic_id, partitions })
    }

    fn encode(&self, version: i16, writer: &mut Writer) {
        version::put_topic(version >= TOPIC_IDS_FROM, &self.name, self.topic_id, writer);
        writer.array_of(&self.partitions, |writer, partition| {
            writer.i32(partition.index);
            writer.nullable_slice(partition.records.as_ref());
            writer.no_tags();
        });
        writer.no_tags();
    }
}
