//! Where a partition's leader is: the tagged fields of Produce and Fetch answers (KIP-951).

use bytes::Bytes;
use kafka_protocol::protocol::StrBytes;

use crate::error::DecodeError;
use crate::primitive::{Reader, Writer};

/// The leader of a partition as the answering broker knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentLeader {
    /// The leader's broker id; -1 when there is none.
    pub leader_id: i32,
    /// The leader's epoch; -1 when unknown.
    pub leader_epoch: i32,
}

impl CurrentLeader {
    pub(crate) fn tagged(self, tag: u32) -> (u32, Bytes) {
        Writer::tagged(tag, |writer| {
            writer.i32(self.leader_id);
            writer.i32(self.leader_epoch);
            writer.no_tags();
        })
    }

    pub(crate) fn decode(reader: &mut Reader) -> Result<Self, DecodeError> {
        let leader_id = reader.i32()?;
        let leader_epoch = reader.i32()?;
        reader.skip_tags()?;
        Ok(Self { leader_id, leader_epoch })
    }
}

/// Where a broker listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeEndpoint {
    /// The broker's id.
    pub node_id: i32,
    /// Its host as it advertises it.
    pub host: StrBytes,
    /// Its port.
    pub port: i32,
    /// Its rack; `None` when it has none.
    pub rack: Option<StrBytes>,
}

impl NodeEndpoint {
    pub(crate) fn tagged(endpoints: &[NodeEndpoint]) -> (u32, Bytes) {
        Writer::tagged(0, |writer| {
            writer.array_of(endpoints, |writer, endpoint| {
                writer.i32(endpoint.node_id);
                writer.string(&endpoint.host);
                writer.i32(endpoint.port);
                writer.nullable_string(endpoint.rack.as_deref());
                writer.no_tags();
            });
        })
    }

    pub(crate) fn decode_all(reader: &mut Reader) -> Result<Vec<Self>, DecodeError> {
        reader.array_of(11, |reader| {
            let node_id = reader.i32()?;
            let host = reader.string()?;
            let port = reader.i32()?;
            let rack = reader.nullable_string()?;
            reader.skip_tags()?;
            Ok(Self { node_id, host, port, rack })
        })
    }
}
