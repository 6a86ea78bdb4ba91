//! DescribeConfigs (key 32), versions 1-4.
//!
//! Every entry with value, source and synonyms; v3: type and documentation. A list of keys filters;
//! null asks for all.

use freshet_cluster::command::ConfigTarget;
use freshet_cluster::config::{ConfigEntry, describe_broker, describe_topic};
use freshet_cluster::{BrokerScope, Refusal};
use freshet_wire::messages::describe_configs_request::DescribeConfigsResource;
use freshet_wire::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult, DescribeConfigsSynonym,
};
use freshet_wire::messages::{DescribeConfigsRequest, DescribeConfigsResponse};
use freshet_wire::{ApiKey, ErrorCode, StrBytes, VersionRange};

use super::config_resource;
use crate::answer::Answer;
use crate::dispatch::{Api, Request};
use crate::identity::NODE_ID;

pub(super) const API: Api = Api {
    key: ApiKey::DescribeConfigs,
    served: VersionRange::new(1, 4),
    advertised_min: 1,
    handle: |request| Box::pin(handle(request)),
    notes: "topics and brokers",
};

async fn handle(mut request: Request) -> Answer {
    let body: DescribeConfigsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let version = request.version();
    let results = body
        .resources
        .iter()
        .map(|resource| {
            let answer = DescribeConfigsResult::default()
                .with_resource_type(resource.resource_type)
                .with_resource_name(resource.resource_name.clone());
            match entries(&request, resource) {
                Ok(entries) => {
                    let wanted = |entry: &ConfigEntry| match &resource.configuration_keys {
                        None => true,
                        Some(keys) => keys.iter().any(|key| key.as_str() == entry.name),
                    };
                    let configs = entries
                        .into_iter()
                        .filter(wanted)
                        .map(|entry| row(entry, version, &body))
                        .collect();
                    answer.with_configs(configs)
                }
                Err(refusal) => answer
                    .with_error_code(refusal.code.code())
                    .with_error_message(Some(StrBytes::from_string(refusal.message))),
            }
        })
        .collect();
    request.reply(DescribeConfigsResponse::default().with_results(results))
}

fn entries(
    request: &Request,
    resource: &DescribeConfigsResource,
) -> Result<Vec<ConfigEntry>, Refusal> {
    let image = request.shared().image();
    let config = &request.shared().options.config;
    match config_resource::target(resource.resource_type, &resource.resource_name)? {
        ConfigTarget::Topic(name) => {
            let topic = image.topic(&name).ok_or_else(|| {
                let message = format!("there is no topic {name}");
                Refusal::new(ErrorCode::UnknownTopicOrPartition, message)
            })?;
            Ok(describe_topic(&image, config, topic))
        }
        ConfigTarget::Broker(id) if id.is_empty() => {
            Ok(describe_broker(&image, config, BrokerScope::Default))
        }
        ConfigTarget::Broker(id) if id == NODE_ID.to_string() => {
            Ok(describe_broker(&image, config, BrokerScope::Broker))
        }
        ConfigTarget::Broker(id) => {
            let message = format!("there is no broker {id}, this one is {NODE_ID}");
            Err(Refusal::new(ErrorCode::InvalidRequest, message))
        }
    }
}

fn row(
    entry: ConfigEntry,
    version: i16,
    asked: &DescribeConfigsRequest,
) -> DescribeConfigsResourceResult {
    let mut row = DescribeConfigsResourceResult::default()
        .with_name(StrBytes::from_static_str(entry.name))
        .with_value(entry.value.map(StrBytes::from_string))
        .with_read_only(entry.is_read_only)
        .with_config_source(entry.source.code());
    if asked.include_synonyms {
        let synonyms = entry.synonyms.into_iter().map(|synonym| {
            DescribeConfigsSynonym::default()
                .with_name(StrBytes::from_static_str(synonym.name))
                .with_value(Some(StrBytes::from_string(synonym.value)))
                .with_source(synonym.source.code())
        });
        row = row.with_synonyms(synonyms.collect());
    }
    if version >= 3 {
        row = row.with_config_type(entry.kind.code());
        if asked.include_documentation {
            row = row.with_documentation(Some(StrBytes::from_static_str(entry.doc)));
        }
    }
    row
}
