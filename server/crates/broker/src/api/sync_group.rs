//! SyncGroup (key 14), versions 0-5. v3: static members. v5: protocol type and name are checked.

use freshet_coordinator::Input;
use freshet_wire::messages::SyncGroupRequest;
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::SyncGroup,
    served: VersionRange::new(0, 5),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: SyncGroupRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    group::ask(&request, Input::SyncGroup(body)).await
}
