//! OffsetCommit (key 8), versions 2-9.
//!
//! v5: no retention time of its own. v6: leader epoch. v7: static members. v9: the bytes of KIP-848,
//! whose groups are not served. Topics that do not exist answer UNKNOWN_TOPIC_OR_PARTITION.

use freshet_coordinator::Input;
use freshet_wire::messages::OffsetCommitRequest;
use freshet_wire::{ApiKey, VersionRange};

use super::group;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::OffsetCommit,
    served: VersionRange::new(2, 9),
    advertised_min: 2,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: OffsetCommitRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    group::ask(&request, Input::OffsetCommit(body)).await
}
