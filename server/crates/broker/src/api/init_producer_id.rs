//! InitProducerId (key 22), versions 0-5.
//!
//! Idempotent producers only: each call gives out a fresh id with epoch 0, and a producer that names
//! its id (v3, KIP-360) gets the next epoch. A transactional id is refused until transactions are
//! served; FindCoordinator refuses it before that.

use freshet_wire::messages::{InitProducerIdRequest, InitProducerIdResponse};
use freshet_wire::{ApiKey, ErrorCode, VersionRange};

use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::InitProducerId,
    served: VersionRange::new(0, 5),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "idempotent producers only, no transactional ids yet",
};

async fn handle(mut request: Request) -> Answer {
    let body: InitProducerIdRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let result = if body.transactional_id.is_some() {
        Err(ErrorCode::NotCoordinator)
    } else {
        next(&request, &body).await
    };
    let response = InitProducerIdResponse::default();
    request.reply(match result {
        Ok((id, epoch)) => response.with_producer_id(id.into()).with_producer_epoch(epoch),
        Err(code) => response
            .with_error_code(code.code())
            .with_producer_id((-1).into())
            .with_producer_epoch(-1),
    })
}

async fn next(request: &Request, body: &InitProducerIdRequest) -> Result<(i64, i16), ErrorCode> {
    if body.producer_id.0 >= 0 && (0..i16::MAX - 1).contains(&body.producer_epoch) {
        return Ok((body.producer_id.0, body.producer_epoch + 1));
    }
    let shared = request.shared();
    match shared.producer_ids.next(&shared.metadata).await {
        Ok(id) => Ok((id, 0)),
        Err(refusal) => Err(refusal.code),
    }
}
