//! DescribeGroups (key 15), versions 0-6. v3: authorized operations. v4: static members. v6: unknown
//! groups answer GROUP_ID_NOT_FOUND.

use freshet_coordinator::Input;
use freshet_wire::messages::DescribeGroupsRequest;
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

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
    group::ask(&request, Input::DescribeGroups(body)).await
}
