use super::SchemaError;
use super::bytes::{Input, put_i16, put_i32, put_i64, put_string};

/// A committed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OffsetValue {
    pub(crate) offset: i64,
    /// -1 when the client gave none.
    pub(crate) leader_epoch: i32,
    pub(crate) metadata: String,
    pub(crate) commit_timestamp_ms: i64,
    /// Only for clients that set a retention of their own (OffsetCommit up to version 4).
    pub(crate) expire_timestamp_ms: Option<i64>,
}

impl OffsetValue {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32 + self.metadata.len());
        let version: i16 = if self.expire_timestamp_ms.is_some() { 1 } else { 3 };
        put_i16(&mut out, version);
        put_i64(&mut out, self.offset);
        if version == 3 {
            put_i32(&mut out, self.leader_epoch);
        }
        put_string(&mut out, &self.metadata);
        put_i64(&mut out, self.commit_timestamp_ms);
        if let Some(expire_timestamp_ms) = self.expire_timestamp_ms {
            put_i64(&mut out, expire_timestamp_ms);
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, SchemaError> {
        let mut input = Input::new(bytes);
        let version = input.i16()?;
        if !(0..=4).contains(&version) {
            return Err(SchemaError::Version(version));
        }
        input.set_flexible(version >= 4);
        let offset = input.i64()?;
        let leader_epoch = if version >= 3 { input.i32()? } else { -1 };
        let metadata = input.string()?;
        let commit_timestamp_ms = input.i64()?;
        let expire_timestamp_ms = match version {
            1 => Some(input.i64()?).filter(|at| *at != -1),
            _ => None,
        };
        Ok(Self { offset, leader_epoch, metadata, commit_timestamp_ms, expire_timestamp_ms })
    }
}
