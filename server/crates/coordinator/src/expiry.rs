//! When committed offsets, and groups, are forgotten.
//!
//! | group | its offsets are kept for the retention after |
//! |---|---|
//! | without members, once had some | it became empty |
//! | only ever committed offsets | the commit |
//! | stable, of consumers | the commit, if nobody reads the topic any more; for ever otherwise |
//! | anything else | for ever |
//!
//! A retention that a client set itself (OffsetCommit up to version 4) goes first.

use crate::coordinator::Coordinator;
use crate::group::{Group, State};
use crate::message::{Now, Output};
use crate::schema::{self, OffsetValue};

impl Coordinator {
    /// Emits the removal of everything that has expired.
    pub(crate) fn expire_offsets(&self, now: Now, out: &mut Output) {
        let retention_ms = self.config.offsets_retention_ms;
        for group in self.groups.values() {
            let is_expired = |topic: &str, value: &OffsetValue| {
                group.is_expired(topic, value, now, retention_ms)
            };
            let before = out.records.len();
            group.remove_offsets(out, is_expired);
            let removed = out.records.len() - before;
            let is_over = group.state == State::Empty
                && group.pending_members.is_empty()
                && removed == group.offset_count;
            if is_over && group.persisted.is_some() {
                out.records.push(schema::group_record(&group.id, None));
            }
        }
    }
}

impl Group {
    fn is_expired(&self, topic: &str, value: &OffsetValue, now: Now, retention_ms: i64) -> bool {
        let Some(since_ms) = self.kept_since_ms(topic, value) else { return false };
        match value.expire_timestamp_ms {
            Some(expire_timestamp_ms) => now.wall_ms >= expire_timestamp_ms,
            None => now.wall_ms.saturating_sub(since_ms) >= retention_ms,
        }
    }

    /// From when on the retention of an offset counts; `None` while it does not.
    fn kept_since_ms(&self, topic: &str, value: &OffsetValue) -> Option<i64> {
        if self.protocol_type.is_none() {
            return Some(value.commit_timestamp_ms);
        }
        match self.state {
            // Groups written by old Kafkas do not tell when they became empty.
            State::Empty if self.state_timestamp_ms == 0 => Some(value.commit_timestamp_ms),
            State::Empty => Some(self.state_timestamp_ms),
            State::Stable if self.is_consumer_group() && !self.is_subscribed_to(topic) => {
                Some(value.commit_timestamp_ms)
            }
            State::Stable | State::PreparingRebalance | State::CompletingRebalance => None,
        }
    }
}
