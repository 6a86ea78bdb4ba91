//! DescribeGroups (key 15) and ListGroups (key 16).

use freshet_wire::ErrorCode;
use freshet_wire::messages::describe_groups_response::{DescribedGroup, DescribedGroupMember};
use freshet_wire::messages::list_groups_response::ListedGroup;
use freshet_wire::messages::{
    DescribeGroupsRequest, DescribeGroupsResponse, GroupId, ListGroupsRequest, ListGroupsResponse,
};

use crate::coordinator::Coordinator;
use crate::group::{Group, State};
use crate::join::text;

/// DescribeGroups: from here on an unknown group is an error (KIP-1043).
const NOT_FOUND_FROM: i16 = 6;
/// DescribeGroups: from here on members have instance ids.
const INSTANCE_FROM: i16 = 4;
/// ListGroups: from here on groups have states (KIP-518).
const STATE_FROM: i16 = 4;
/// ListGroups: from here on groups have types (KIP-848).
const TYPE_FROM: i16 = 5;

/// The type of every group here, as ListGroups calls it.
const CLASSIC: &str = "classic";

impl Coordinator {
    pub(crate) fn describe_groups(
        &self,
        api_version: i16,
        request: &DescribeGroupsRequest,
    ) -> DescribeGroupsResponse {
        let groups =
            request.groups.iter().map(|group_id| match self.groups.get(group_id.as_str()) {
                Some(group) => group.describe(api_version),
                None => unknown(group_id, api_version),
            });
        DescribeGroupsResponse::default().with_groups(groups.collect())
    }

    pub(crate) fn list_groups(
        &self,
        api_version: i16,
        request: &ListGroupsRequest,
    ) -> ListGroupsResponse {
        let is_wanted = |filter: &[freshet_wire::StrBytes], value: &str| {
            filter.is_empty() || filter.iter().any(|wanted| wanted.eq_ignore_ascii_case(value))
        };
        let listed = self
            .groups
            .values()
            .filter(|group| is_wanted(&request.states_filter, group.state.name()))
            .filter(|_| is_wanted(&request.types_filter, CLASSIC))
            .map(|group| {
                let listed = ListedGroup::default()
                    .with_group_id(GroupId(text(&group.id)))
                    .with_protocol_type(text(group.protocol_type.as_deref().unwrap_or_default()));
                let listed = if api_version >= STATE_FROM {
                    listed.with_group_state(text(group.state.name()))
                } else {
                    listed
                };
                if api_version >= TYPE_FROM {
                    listed.with_group_type(text(CLASSIC))
                } else {
                    listed
                }
            });
        ListGroupsResponse::default().with_groups(listed.collect())
    }
}

impl Group {
    fn describe(&self, api_version: i16) -> DescribedGroup {
        // Metadata and assignments mean something only together, in a stable group.
        let protocol_name = self.protocol_name.as_deref().filter(|_| self.state == State::Stable);
        let members = self.members.values().map(|member| {
            let instance_id =
                member.instance_id.as_deref().filter(|_| api_version >= INSTANCE_FROM);
            let described = DescribedGroupMember::default()
                .with_member_id(text(&member.id))
                .with_group_instance_id(instance_id.map(text))
                .with_client_id(text(&member.client_id))
                .with_client_host(text(&member.client_host));
            match protocol_name {
                Some(protocol_name) => described
                    .with_member_metadata(member.metadata(protocol_name))
                    .with_member_assignment(member.assignment.clone()),
                None => described,
            }
        });
        DescribedGroup::default()
            .with_group_id(GroupId(text(&self.id)))
            .with_group_state(text(self.state.name()))
            .with_protocol_type(text(self.protocol_type.as_deref().unwrap_or_default()))
            .with_protocol_data(text(protocol_name.unwrap_or_default()))
            .with_members(members.collect())
    }
}

fn unknown(group_id: &GroupId, api_version: i16) -> DescribedGroup {
    let dead =
        DescribedGroup::default().with_group_id(group_id.clone()).with_group_state(text("Dead"));
    if api_version < NOT_FOUND_FROM {
        return dead;
    }
    dead.with_error_code(ErrorCode::GroupIdNotFound.code())
        .with_error_message(Some(text(&format!("group {} not found", group_id.as_str()))))
}
