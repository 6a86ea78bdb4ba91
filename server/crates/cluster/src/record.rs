//! What the metadata log holds: one record per change of the cluster.
//!
//! ```text
//!   [version u8 = 1][kind u8][fields …]
//!   integer   big-endian        string   length u32, UTF-8       optional   0 | 1 value
//! ```
//!
//! There is no checksum: the log's batches have one. A version or kind this code does not know is
//! an error and not skipped: a newer Freshet wrote it, and guessing would lose topics.

mod bytes;

use std::collections::BTreeMap;

use uuid::Uuid;

use self::bytes::{Input, put_optional, put_string};
use crate::topic::{TopicId, TopicName};

/// The version byte in front of every record.
pub const RECORD_VERSION: u8 = 1;

/// One change of the cluster, as it is persisted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetadataRecord {
    /// The cluster came into being: the first record of every metadata log.
    ClusterCreated {
        /// 22 characters, see [`base64url`](crate::base64url).
        cluster_id: String,
        /// When, in milliseconds since the epoch.
        created_ms: i64,
    },
    /// A topic was created.
    TopicCreated {
        /// Its id.
        id: TopicId,
        /// Its name.
        name: TopicName,
        /// The number of its partitions, at least 1.
        partition_count: i32,
        /// When, in milliseconds since the epoch.
        created_ms: i64,
        /// The configuration values set on it.
        configs: BTreeMap<String, String>,
    },
    /// A topic was deleted.
    TopicDeleted {
        /// Its id.
        id: TopicId,
    },
    /// A topic got more partitions.
    PartitionsAdded {
        /// Its id.
        id: TopicId,
        /// The number of partitions it has now.
        partition_count: i32,
    },
    /// A configuration value of a topic was set or removed.
    TopicConfigChanged {
        /// The topic's id.
        id: TopicId,
        /// The configuration's name.
        key: String,
        /// The new value; `None` removes it.
        value: Option<String>,
    },
    /// A dynamic configuration value of the broker was set or removed.
    BrokerConfigChanged {
        /// Whether it holds for this broker or is the cluster's default.
        scope: BrokerScope,
        /// The configuration's name.
        key: String,
        /// The new value; `None` removes it.
        value: Option<String>,
    },
    /// The broker started after an unclean stop: every partition's leader epoch grew by one.
    LeaderEpochsBumped,
    /// A partition's leader epoch was set: written only into snapshots of the metadata log.
    LeaderEpochSet {
        /// The topic's id.
        id: TopicId,
        /// The partition's index.
        partition: i32,
        /// Its leader epoch.
        leader_epoch: i32,
    },
    /// Producer ids below `next_producer_id` are given out or may be.
    ProducerIdsReserved {
        /// The first id that is certainly free.
        next_producer_id: i64,
    },
}

/// What a dynamic broker configuration value holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BrokerScope {
    /// All brokers: the resource name is empty.
    Default,
    /// This broker: the resource name is its id. Wins over the default.
    Broker,
}

/// Why a persisted record could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Written by a newer Freshet.
    #[error("metadata record has version {0}, this freshet reads version {RECORD_VERSION}")]
    Version(u8),
    /// Written by a newer Freshet.
    #[error("metadata record is of unknown kind {0}; a newer freshet may have written it")]
    Kind(u8),
    /// The bytes end inside a field, or go on after the last one.
    #[error("metadata record of kind {0} is cut or too long")]
    Length(u8),
    /// A field holds what it cannot hold.
    #[error("metadata record of kind {kind} has a bad {field}")]
    Field {
        /// The kind of record.
        kind: u8,
        /// The field.
        field: &'static str,
    },
}

impl MetadataRecord {
    /// Writes the record as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![RECORD_VERSION, self.kind()];
        match self {
            Self::ClusterCreated { cluster_id, created_ms } => {
                put_string(&mut out, cluster_id);
                out.extend(created_ms.to_be_bytes());
            }
            Self::TopicCreated { id, name, partition_count, created_ms, configs } => {
                out.extend(id.0.as_bytes());
                put_string(&mut out, name.as_str());
                out.extend(partition_count.to_be_bytes());
                out.extend(created_ms.to_be_bytes());
                out.extend((configs.len() as u32).to_be_bytes());
                for (key, value) in configs {
                    put_string(&mut out, key);
                    put_string(&mut out, value);
                }
            }
            Self::TopicDeleted { id } => out.extend(id.0.as_bytes()),
            Self::PartitionsAdded { id, partition_count } => {
                out.extend(id.0.as_bytes());
                out.extend(partition_count.to_be_bytes());
            }
            Self::TopicConfigChanged { id, key, value } => {
                out.extend(id.0.as_bytes());
                put_string(&mut out, key);
                put_optional(&mut out, value.as_deref());
            }
            Self::BrokerConfigChanged { scope, key, value } => {
                out.push(u8::from(*scope == BrokerScope::Broker));
                put_string(&mut out, key);
                put_optional(&mut out, value.as_deref());
            }
            Self::LeaderEpochsBumped => {}
            Self::LeaderEpochSet { id, partition, leader_epoch } => {
                out.extend(id.0.as_bytes());
                out.extend(partition.to_be_bytes());
                out.extend(leader_epoch.to_be_bytes());
            }
            Self::ProducerIdsReserved { next_producer_id } => {
                out.extend(next_producer_id.to_be_bytes());
            }
        }
        out
    }

    /// Reads a record written by [`MetadataRecord::encode`].
    ///
    /// # Errors
    /// [`RecordError`] for bytes that this version of Freshet did not write.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let [version, kind, fields @ ..] = bytes else { return Err(RecordError::Length(0)) };
        if *version != RECORD_VERSION {
            return Err(RecordError::Version(*version));
        }
        let mut input = Input::new(fields, *kind);
        let record = Self::decode_fields(&mut input)?;
        input.finish()?;
        Ok(record)
    }

    fn kind(&self) -> u8 {
        match self {
            Self::ClusterCreated { .. } => 0,
            Self::TopicCreated { .. } => 1,
            Self::TopicDeleted { .. } => 2,
            Self::PartitionsAdded { .. } => 3,
            Self::TopicConfigChanged { .. } => 4,
            Self::BrokerConfigChanged { .. } => 5,
            Self::LeaderEpochsBumped => 6,
            Self::LeaderEpochSet { .. } => 7,
            Self::ProducerIdsReserved { .. } => 8,
        }
    }

    fn decode_fields(input: &mut Input<'_>) -> Result<Self, RecordError> {
        Ok(match input.kind() {
            0 => Self::ClusterCreated { cluster_id: input.string()?, created_ms: input.i64()? },
            1 => Self::decode_topic_created(input)?,
            2 => Self::TopicDeleted { id: topic_id(input)? },
            3 => Self::PartitionsAdded { id: topic_id(input)?, partition_count: input.i32()? },
            4 => Self::TopicConfigChanged {
                id: topic_id(input)?,
                key: input.string()?,
                value: input.optional()?,
            },
            5 => Self::BrokerConfigChanged {
                scope: match input.u8()? {
                    0 => BrokerScope::Default,
                    1 => BrokerScope::Broker,
                    _ => return Err(input.bad("scope")),
                },
                key: input.string()?,
                value: input.optional()?,
            },
            6 => Self::LeaderEpochsBumped,
            7 => Self::LeaderEpochSet {
                id: topic_id(input)?,
                partition: input.i32()?,
                leader_epoch: input.i32()?,
            },
            8 => Self::ProducerIdsReserved { next_producer_id: input.i64()? },
            kind => return Err(RecordError::Kind(kind)),
        })
    }

    fn decode_topic_created(input: &mut Input<'_>) -> Result<Self, RecordError> {
        let id = topic_id(input)?;
        let name = TopicName::new(&input.string()?).map_err(|_| input.bad("name"))?;
        let partition_count = input.i32()?;
        if partition_count < 1 {
            return Err(input.bad("partition count"));
        }
        let created_ms = input.i64()?;
        let mut configs = BTreeMap::new();
        for _ in 0..input.u32()? {
            let key = input.string()?;
            configs.insert(key, input.string()?);
        }
        Ok(Self::TopicCreated { id, name, partition_count, created_ms, configs })
    }
}

fn topic_id(input: &mut Input<'_>) -> Result<TopicId, RecordError> {
    Ok(TopicId(Uuid::from_bytes(input.array()?)))
}

#[cfg(test)]
mod tests;
