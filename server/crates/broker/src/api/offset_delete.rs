//! OffsetDelete (key 47), version 0 (KIP-496). Subscribed topics answer GROUP_SUBSCRIBED_TO_TOPIC.

use freshet_coordinator::Input;
use freshet_wire::messages::OffsetDeleteRequest;
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::OffsetDelete,
    served: VersionRange::new(0, 0),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: OffsetDeleteRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    group::ask(&request, Input::OffsetDelete(body)).await
}
