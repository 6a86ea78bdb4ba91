//! CreateTopics (key 19), versions 2-7.
//!
//! - v4: partitions and replication factor -1 mean the broker's default. v5: the answer carries the
//!   topic's shape and configuration (KIP-525). v7: topic ids.
//! - A replication factor above 1 is INVALID_REPLICATION_FACTOR on one broker, unless
//!   `clamp-replication` is set; then the answer says that one replica was made.

use freshet_cluster::command::{CreateTopic, CreatedTopic, Creator, create_topics};
use freshet_cluster::config::ConfigEntry;
use freshet_cluster::{Refusal, TopicId};
use freshet_wire::messages::create_topics_request::CreatableTopic;
use freshet_wire::messages::create_topics_response::{CreatableTopicConfigs, CreatableTopicResult};
use freshet_wire::messages::{CreateTopicsRequest, CreateTopicsResponse, TopicName};
use freshet_wire::{ApiKey, StrBytes, VersionRange};
use uuid::Uuid;

use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::CreateTopics,
    served: VersionRange::new(2, 7),
    advertised_min: 2,
    handle: |request| Box::pin(handle(request)),
    notes: "one broker: a replication factor above 1 is refused unless clamp-replication is set",
};

async fn handle(mut request: Request) -> Answer {
    let body: CreateTopicsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let names: Vec<TopicName> = body.topics.iter().map(|topic| topic.name.clone()).collect();
    let wishes: Vec<CreateTopic> = body.topics.iter().map(wish).collect();
    let is_dry_run = body.validate_only;
    let shared = request.shared();
    let config = shared.options.config.clone();
    let now_ms = shared.clock.wall_ms();
    let outcome = shared
        .metadata
        .submit(move |image| {
            let results = create_topics(image, &config, Creator::Client, now_ms, &wishes);
            let created = results.iter().filter_map(|result| result.as_ref().ok());
            let records = if is_dry_run {
                Vec::new()
            } else {
                created.map(|created| created.record.clone()).collect()
            };
            Ok((records, results))
        })
        .await;
    let version = request.version();
    let topics = match outcome {
        Ok(results) => names
            .into_iter()
            .zip(results)
            .map(|(name, result)| match result {
                Ok(created) => created_answer(name, &created, version),
                Err(refusal) => refused_answer(name, &refusal),
            })
            .collect(),
        Err(refusal) => names.into_iter().map(|name| refused_answer(name, &refusal)).collect(),
    };
    request.reply(CreateTopicsResponse::default().with_topics(topics))
}

fn wish(topic: &CreatableTopic) -> CreateTopic {
    let assignments = topic.assignments.iter().map(|assignment| {
        let brokers = assignment.broker_ids.iter().map(|id| id.0).collect();
        (assignment.partition_index, brokers)
    });
    let configs = topic.configs.iter().map(|config| {
        (config.name.to_string(), config.value.as_ref().map(|value| value.to_string()))
    });
    CreateTopic {
        name: topic.name.to_string(),
        id: TopicId(Uuid::new_v4()),
        partition_count: topic.num_partitions,
        replication_factor: topic.replication_factor,
        assignments: assignments.collect(),
        configs: configs.collect(),
    }
}

fn created_answer(name: TopicName, created: &CreatedTopic, version: i16) -> CreatableTopicResult {
    let mut answer = CreatableTopicResult::default().with_name(name);
    if version >= 5 {
        answer = answer
            .with_num_partitions(created.partition_count)
            .with_replication_factor(created.replication_factor)
            .with_configs(Some(created.configs.iter().map(config_answer).collect()));
    }
    if version >= 7 { answer.with_topic_id(created.id.0) } else { answer }
}

fn config_answer(entry: &ConfigEntry) -> CreatableTopicConfigs {
    CreatableTopicConfigs::default()
        .with_name(StrBytes::from_static_str(entry.name))
        .with_value(entry.value.clone().map(StrBytes::from_string))
        .with_read_only(entry.is_read_only)
        .with_config_source(entry.source.code())
}

fn refused_answer(name: TopicName, refusal: &Refusal) -> CreatableTopicResult {
    CreatableTopicResult::default()
        .with_name(name)
        .with_error_code(refusal.code.code())
        .with_error_message(Some(StrBytes::from_string(refusal.message.clone())))
}
