//! AlterConfigs (key 33), versions 0-2: replaces all values of a resource.
//!
//! Deprecated by Kafka in favour of IncrementalAlterConfigs, and still sent.

use freshet_cluster::Refusal;
use freshet_cluster::command::alter_configs;
use freshet_wire::messages::alter_configs_request::AlterConfigsResource;
use freshet_wire::messages::alter_configs_response::AlterConfigsResourceResponse;
use freshet_wire::messages::{AlterConfigsRequest, AlterConfigsResponse};
use freshet_wire::{ApiKey, StrBytes, VersionRange};

use super::config_resource;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::AlterConfigs,
    served: VersionRange::new(0, 2),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "topics and brokers",
};

async fn handle(mut request: Request) -> Answer {
    let body: AlterConfigsRequest = match request.decode() {
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
    request.reply(AlterConfigsResponse::default().with_responses(responses))
}

async fn alter(
    request: &Request,
    resource: &AlterConfigsResource,
    is_dry_run: bool,
) -> Result<(), Refusal> {
    let target = config_resource::target(resource.resource_type, &resource.resource_name)?;
    let values: Vec<(String, Option<String>)> = resource
        .configs
        .iter()
        .map(|config| {
            (config.name.to_string(), config.value.as_ref().map(|value| value.to_string()))
        })
        .collect();
    request
        .shared()
        .metadata
        .submit(move |image| {
            let records = alter_configs(image, &target, &values)?;
            Ok((if is_dry_run { Vec::new() } else { records }, ()))
        })
        .await
}
