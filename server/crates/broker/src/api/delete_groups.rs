//! DeleteGroups (key 42), versions 0-2. A group with members answers NON_EMPTY_GROUP.

use freshet_coordinator::Input;
use freshet_wire::messages::DeleteGroupsRequest;
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::DeleteGroups,
    served: VersionRange::new(0, 2),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: DeleteGroupsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    group::ask(&request, Input::DeleteGroups(body)).await
}
