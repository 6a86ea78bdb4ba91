//! CreatePartitions (key 37), versions 0-3 (KIP-195). A topic only grows.

use freshet_cluster::command::{CreatePartitions, create_partitions};
use freshet_wire::messages::create_partitions_response::CreatePartitionsTopicResult;
use freshet_wire::messages::{CreatePartitionsRequest, CreatePartitionsResponse};
use freshet_wire::{ApiKey, StrBytes, VersionRange};

use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::CreatePartitions,
    served: VersionRange::new(0, 3),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: CreatePartitionsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let is_dry_run = body.validate_only;
    let mut results = Vec::with_capacity(body.topics.len());
    for topic in body.topics {
        let assignments = topic.assignments.map(|list| {
            list.into_iter().map(|each| each.broker_ids.iter().map(|id| id.0).collect()).collect()
        });
        let wish = CreatePartitions {
            topic: topic.name.to_string(),
            partition_count: topic.count,
            assignments,
        };
        let config = request.shared().options.config.clone();
        let outcome = request
            .shared()
            .metadata
            .submit(move |image| {
                let record = create_partitions(image, &config, &wish)?;
                Ok((if is_dry_run { Vec::new() } else { vec![record] }, ()))
            })
            .await;
        let mut result = CreatePartitionsTopicResult::default().with_name(topic.name);
        if let Err(refusal) = outcome {
            result = result
                .with_error_code(refusal.code.code())
                .with_error_message(Some(StrBytes::from_string(refusal.message)));
        }
        results.push(result);
    }
    request.reply(CreatePartitionsResponse::default().with_results(results))
}
