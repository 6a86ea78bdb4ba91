//! OffsetDelete (key 47), DeleteGroups (key 42), and the offsets of deleted topics.

use freshet_wire::ErrorCode;
use freshet_wire::messages::delete_groups_response::DeletableGroupResult;
use freshet_wire::messages::offset_delete_response::{
    OffsetDeleteResponsePartition, OffsetDeleteResponseTopic,
};
use freshet_wire::messages::{
    DeleteGroupsRequest, DeleteGroupsResponse, OffsetDeleteRequest, OffsetDeleteResponse,
};

use crate::coordinator::Coordinator;
use crate::group::{Group, State};
use crate::message::{Output, Token};
use crate::schema;

impl Coordinator {
    pub(crate) fn delete_offsets(
        &self,
        token: Token,
        request: &OffsetDeleteRequest,
        out: &mut Output,
    ) {
        let group = match self.deletable_from(&request.group_id) {
            Ok(group) => group,
            Err(error_code) => {
                let response = OffsetDeleteResponse::default().with_error_code(error_code.code());
                out.reply(token, response);
                return;
            }
        };
        let mut topics = Vec::with_capacity(request.topics.len());
        for topic in &request.topics {
            let is_read = group.is_subscribed_to(&topic.name);
            let error_code =
                if is_read { ErrorCode::GroupSubscribedToTopic } else { ErrorCode::None };
            let mut partitions = Vec::with_capacity(topic.partitions.len());
            for index in topic.partitions.iter().map(|partition| partition.partition_index) {
                if !is_read && group.offset(&topic.name, index).is_some() {
                    out.records.push(schema::offset_record(&group.id, &topic.name, index, None));
                }
                let partition = OffsetDeleteResponsePartition::default();
                partitions
                    .push(partition.with_partition_index(index).with_error_code(error_code.code()));
            }
            let answer = OffsetDeleteResponseTopic::default().with_name(topic.name.clone());
            topics.push(answer.with_partitions(partitions));
        }
        out.reply(token, OffsetDeleteResponse::default().with_topics(topics));
    }

    fn deletable_from(&self, group_id: &str) -> Result<&Group, ErrorCode> {
        if group_id.is_empty() {
            return Err(ErrorCode::InvalidGroupId);
        }
        let group = self.groups.get(group_id).ok_or(ErrorCode::GroupIdNotFound)?;
        // What members of other kinds of groups read cannot be told from their bytes.
        if group.state != State::Empty && !group.is_consumer_group() {
            return Err(ErrorCode::NonEmptyGroup);
        }
        Ok(group)
    }

    pub(crate) fn delete_groups(
        &self,
        token: Token,
        request: &DeleteGroupsRequest,
        out: &mut Output,
    ) {
        let mut seen = std::collections::BTreeSet::new();
        let mut results = Vec::with_capacity(request.groups_names.len());
        for group_id in &request.groups_names {
            if !seen.insert(group_id.as_str()) {
                continue;
            }
            let error_code = self.delete_group(group_id, out).err().unwrap_or_default();
            let result = DeletableGroupResult::default().with_group_id(group_id.clone());
            results.push(result.with_error_code(error_code.code()));
        }
        out.reply(token, DeleteGroupsResponse::default().with_results(results));
    }

    fn delete_group(&self, group_id: &str, out: &mut Output) -> Result<(), ErrorCode> {
        let group = self.groups.get(group_id).ok_or(ErrorCode::GroupIdNotFound)?;
        if group.state != State::Empty {
            return Err(ErrorCode::NonEmptyGroup);
        }
        group.remove_offsets(out, |_, _| true);
        out.records.push(schema::group_record(&group.id, None));
        Ok(())
    }

    /// Removes every group's offsets of a topic that was deleted: one of the same name starts anew.
    #[must_use]
    pub fn topic_deleted(&self, topic: &str) -> Output {
        let mut out = Output::default();
        for group in self.groups.values() {
            group.remove_offsets(&mut out, |of_topic, _| of_topic == topic);
        }
        out
    }
}

impl Group {
    /// Emits the removal of the offsets that `is_wanted` picks by topic and partition.
    pub(crate) fn remove_offsets(
        &self,
        out: &mut Output,
        is_wanted: impl Fn(&str, &crate::schema::OffsetValue) -> bool,
    ) {
        for (topic, offsets) in &self.offsets {
            for (index, value) in offsets {
                if is_wanted(topic, value) {
                    out.records.push(schema::offset_record(&self.id, topic, *index, None));
                }
            }
        }
    }
}
