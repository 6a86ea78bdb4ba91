//! OffsetFetch (key 9), versions 1-9.
//!
//! v2: null topics ask for all. v7: only stable offsets (KIP-447). v8: several groups at once.

use freshet_coordinator::Input;
use freshet_wire::messages::OffsetFetchRequest;
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::OffsetFetch,
    served: VersionRange::new(1, 9),
    advertised_min: 1,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: OffsetFetchRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    group::ask(&request, Input::OffsetFetch(body)).await
}
