//! FindCoordinator (key 10), versions 0-6.
//!
//! - v1: key type (0 group, 1 transaction, 2 share group in v6). v4: several keys at once.
//! - This broker coordinates every group. There is no transaction coordinator and no share
//!   coordinator yet: COORDINATOR_NOT_AVAILABLE with a message that says so.

use freshet_wire::messages::find_coordinator_response::Coordinator;
use freshet_wire::messages::{FindCoordinatorRequest, FindCoordinatorResponse};
use freshet_wire::{ApiKey, ErrorCode, StrBytes, VersionRange};

use crate::answer::Answer;
use crate::dispatch::{Api, Request};
use crate::identity::NODE_ID;

pub(super) const API: Api = Api {
    key: ApiKey::FindCoordinator,
    served: VersionRange::new(0, 6),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "groups only; transaction and share coordinators are refused with a message",
};

const GROUP: i8 = 0;

async fn handle(mut request: Request) -> Answer {
    let body: FindCoordinatorRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let version = request.version();
    let refusal = (body.key_type != GROUP).then(|| {
        let what = if body.key_type == 1 { "transactions" } else { "share groups" };
        StrBytes::from_string(format!("{what} are not supported by this broker yet"))
    });
    let code = match refusal {
        Some(_) => ErrorCode::CoordinatorNotAvailable,
        None => ErrorCode::None,
    };
    let (host, port) = request.session.advertised();
    let (node, host, port) = match refusal {
        Some(_) => (-1, String::new(), -1),
        None => (NODE_ID, host, i32::from(port)),
    };
    let host = StrBytes::from_string(host);
    let response = FindCoordinatorResponse::default();
    if version >= 4 {
        let coordinators = body
            .coordinator_keys
            .into_iter()
            .map(|key| {
                Coordinator::default()
                    .with_key(key)
                    .with_error_code(code.code())
                    .with_error_message(refusal.clone())
                    .with_node_id(node.into())
                    .with_host(host.clone())
                    .with_port(port)
            })
            .collect();
        return request.reply(response.with_coordinators(coordinators));
    }
    let response = response
        .with_error_code(code.code())
        .with_node_id(node.into())
        .with_host(host)
        .with_port(port);
    let response = if version >= 1 { response.with_error_message(refusal) } else { response };
    request.reply(response)
}
