//! Heartbeat (key 12), versions 0-4. v3: static members.

use freshet_coordinator::Input;
use freshet_wire::messages::HeartbeatRequest;
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::Heartbeat,
    served: VersionRange::new(0, 4),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: HeartbeatRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    group::ask(&request, Input::Heartbeat(body)).await
}
