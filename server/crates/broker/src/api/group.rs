//! What the group APIs share: the way to the coordinator and back.

use freshet_coordinator::{Caller, Input};
use freshet_wire::Response;
use uuid::Uuid;

use crate::answer::Answer;
use crate::dispatch::Request;
use crate::group_shard::NotCoordinator;

/// Puts a request into the coordinator's mailbox at once and waits for its answer.
pub(super) async fn ask(request: &Request, input: Input) -> Answer {
    match response(request, input).await {
        Ok(response) => request.reply(response),
        Err(NotCoordinator) => cannot_answer(),
    }
}

/// As [`ask`], for handlers that add to the answer.
pub(super) async fn response(request: &Request, input: Input) -> Result<Response, NotCoordinator> {
    let peer = &request.session.connection.peer;
    let address = peer.rsplit_once(':').map_or(&**peer, |(address, _)| address);
    let caller = Caller {
        api_version: request.version(),
        client_id: request.header.client_id.as_deref().unwrap_or_default().to_owned(),
        client_host: format!("/{address}"),
        entropy: Uuid::new_v4().as_u128(),
    };
    request.shared().groups.ask(caller, input).await
}

/// A coordinator that can't answer (it is being loaded anew, or the broker stops) ends the
/// connection: the client then looks the coordinator up again, as after NOT_COORDINATOR, and no
/// answer in the shape of each API has to be made up.
pub(super) fn cannot_answer() -> Answer {
    Answer::Close("the group coordinator cannot answer".to_owned())
}
