//! LeaveGroup (key 13), versions 0-5. v3: several members at once, static ones too. v5: reason.

use freshet_coordinator::Input;
use freshet_wire::messages::LeaveGroupRequest;
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::LeaveGroup,
    served: VersionRange::new(0, 5),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: LeaveGroupRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    group::ask(&request, Input::LeaveGroup(body)).await
}
