//! JoinGroup (key 11), versions 0-9.
//!
//! v4: a member without an id gets one and asks again (KIP-394). v5: static members (KIP-345).
//! v7: protocol type. v8: reason (KIP-800). v9: the leader may skip the assignment (KIP-814).

use freshet_coordinator::Input;
use freshet_wire::messages::JoinGroupRequest;
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::JoinGroup,
    served: VersionRange::new(0, 9),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: JoinGroupRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    group::ask(&request, Input::JoinGroup(body)).await
}
