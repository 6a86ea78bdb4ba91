//! IncrementalAlterConfigs (key 44), versions 0-1 (KIP-339).
//!
//! Operations: 0 set, 1 delete, 2 append, 3 subtract. All changes of one resource happen or none.

use freshet_cluster::Refusal;
use freshet_cluster::command::{AlterOp, ConfigChange, incremental_alter_configs};
use freshet_wire::messages::incremental_alter_configs_request::AlterConfigsResource;
use freshet_wire::messages::incremental_alter_configs_response::AlterConfigsResourceResponse;
use freshet_wire::messages::{IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse};
use freshet_wire::{ApiKey, ErrorCode, StrBytes, VersionRange};

use super::config_resource;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::IncrementalAlterConfigs,
    served: VersionRange::new(0, 1),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "topics and brokers",
};

async fn handle(mut request: Request) -> Answer {
    let body: IncrementalAlterConfigsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let mut responses = Vec::with_capacity(body.resources.len());
    for resource in body.resources {
        let outcome = alter(&request, &resource, body.validate_only).await;
        let mut answer = AlterConfigsResourceResponse::default()
            .with_resource_type(resource.resource_type)
            .with_resource_name(resource.resource_name);
        if let Err(refusal) = outcome {
            answer = answer
                .with_error_code(refusal.code.code())
                .with_error_message(Some(StrBytes::from_string(refusal.message)));
        }
        responses.push(answer);
    }
    request.reply(IncrementalAlterConfigsResponse::default().with_responses(responses))
}

async fn alter(
    request: &Request,
    resource: &AlterConfigsResource,
    is_dry_run: bool,
) -> Result<(), Refusal> {
    let target = config_resource::target(resource.resource_type, &resource.resource_name)?;
    let mut changes = Vec::with_capacity(resource.configs.len());
    for change in &resource.configs {
        let op = AlterOp::from_code(change.config_operation).ok_or_else(|| {
            let operation = change.config_operation;
            Refusal::new(ErrorCode::InvalidRequest, format!("unknown operation {operation}"))
        })?;
        let value = change.value.as_ref().map(|value| value.to_string());
        changes.push(ConfigChange { name: change.name.to_string(), op, value });
    }
    let config = request.shared().options.config.clone();
    request
        .shared()
        .metadata
        .submit(move |image| {
            let records = incremental_alter_configs(image, &config, &target, &changes)?;
            Ok((if is_dry_run { Vec::new() } else { records }, ()))
        })
        .await
}
