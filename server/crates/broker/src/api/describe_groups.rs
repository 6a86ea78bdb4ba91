//! DescribeGroups (key 15), versions 0-6. v3: authorized operations. v4: static members. v6: unknown
//! groups answer GROUP_ID_NOT_FOUND.

use freshet_coordinator::Input;
use freshet_wire::messages::{DescribeGroupsRequest, DescribeGroupsResponse};
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};
use crate::identity::GROUP_OPERATIONS;

pub(super) const API: Api = Api {
    key: ApiKey::DescribeGroups,
    served: VersionRange::new(0, 6),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: DescribeGroupsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let wants_operations = body.include_authorized_operations;
    let asked = group::response(&request, Input::DescribeGroups(body)).await;
    match asked.map(DescribeGroupsResponse::try_from) {
        Ok(Ok(mut response)) => {
            if wants_operations {
                for group in &mut response.groups {
                    group.authorized_operations = GROUP_OPERATIONS;
                }
            }
            request.reply(response)
        }
        _ => group::cannot_answer(),
    }
}
