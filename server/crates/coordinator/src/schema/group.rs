use super::SchemaError;
use super::bytes::{Input, put_bytes, put_i16, put_i32, put_i64, put_nullable_string, put_string};

/// A group as it is persisted: after a rebalance, or when its last member has gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupValue {
    pub(crate) protocol_type: String,
    pub(crate) generation: i32,
    pub(crate) protocol_name: Option<String>,
    pub(crate) leader: Option<String>,
    /// Milliseconds since the epoch; `None` in records of old Kafkas.
    pub(crate) state_timestamp_ms: Option<i64>,
    pub(crate) members: Vec<MemberValue>,
}

/// A member as it is persisted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MemberValue {
    pub(crate) member_id: String,
    pub(crate) instance_id: Option<String>,
    pub(crate) client_id: String,
    pub(crate) client_host: String,
    pub(crate) rebalance_timeout_ms: i32,
    pub(crate) session_timeout_ms: i32,
    pub(crate) subscription: Vec<u8>,
    pub(crate) assignment: Vec<u8>,
}

const VERSION: i16 = 3;

/// The fewest bytes a member takes in any version.
const MEMBER_SIZE_BYTES_MIN: usize = 9;

impl GroupValue {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.members.len() * 128);
        put_i16(&mut out, VERSION);
        put_string(&mut out, &self.protocol_type);
        put_i32(&mut out, self.generation);
        put_nullable_string(&mut out, self.protocol_name.as_deref());
        put_nullable_string(&mut out, self.leader.as_deref());
        put_i64(&mut out, self.state_timestamp_ms.unwrap_or(-1));
        put_i32(&mut out, self.members.len() as i32);
        for member in &self.members {
            put_string(&mut out, &member.member_id);
            put_nullable_string(&mut out, member.instance_id.as_deref());
            put_string(&mut out, &member.client_id);
            put_string(&mut out, &member.client_host);
            put_i32(&mut out, member.rebalance_timeout_ms);
            put_i32(&mut out, member.session_timeout_ms);
            put_bytes(&mut out, &member.subscription);
            put_bytes(&mut out, &member.assignment);
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
        let protocol_type = input.string()?;
        let generation = input.i32()?;
        let protocol_name = input.nullable_string()?;
        let leader = input.nullable_string()?;
        let state_timestamp_ms =
            if version >= 2 { Some(input.i64()?).filter(|at| *at != -1) } else { None };
        let count = input.count(MEMBER_SIZE_BYTES_MIN)?;
        let mut members = Vec::with_capacity(count);
        for _ in 0..count {
            members.push(MemberValue::decode(version, &mut input)?);
        }
        Ok(Self { protocol_type, generation, protocol_name, leader, state_timestamp_ms, members })
    }
}

impl MemberValue {
    fn decode(version: i16, input: &mut Input<'_>) -> Result<Self, SchemaError> {
        let member_id = input.string()?;
        let instance_id = if version >= 3 { input.nullable_string()? } else { None };
        let client_id = input.string()?;
        let client_host = input.string()?;
        let rebalance_timeout_ms = if version >= 1 { input.i32()? } else { -1 };
        let session_timeout_ms = input.i32()?;
        let subscription = input.nullable_bytes()?.unwrap_or_default().to_vec();
        let assignment = input.nullable_bytes()?.unwrap_or_default().to_vec();
        input.skip_tags()?;
        let rebalance_timeout_ms =
            if rebalance_timeout_ms == -1 { session_timeout_ms } else { rebalance_timeout_ms };
        Ok(Self {
            member_id,
            instance_id,
            client_id,
            client_host,
            rebalance_timeout_ms,
            session_timeout_ms,
            subscription,
            assignment,
        })
    }
}
