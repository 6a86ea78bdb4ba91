//! ListGroups (key 16), versions 0-5. v4: filter by state. v5: by type.

use freshet_coordinator::Input;
use freshet_wire::messages::ListGroupsRequest;
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::ListGroups,
    served: VersionRange::new(0, 5),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: ListGroupsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    group::ask(&request, Input::ListGroups(body)).await
}
