//! Metadata (key 3), versions 0-13.
//!
//! - Null topics (v1 and later; an empty list in v0) asks for all. v4: the request may forbid
//!   auto-creation. v7: leader epochs. v8-10: authorized operations. v10: topic ids; v12: topics may
//!   be asked for by id.
//! - A topic is created at once when both the broker and the request allow it, so the first answer
//!   already names its leader.
//! - The address is that of the listener on which the request came.

use std::sync::Arc;

use freshet_cluster::command::{CreateTopic, Creator, create_topics};
use freshet_cluster::{Topic, TopicId};
use freshet_wire::messages::metadata_request::MetadataRequestTopic;
use freshet_wire::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use freshet_wire::messages::{BrokerId, MetadataRequest, MetadataResponse, TopicName};
use freshet_wire::{ApiKey, ErrorCode, StrBytes, VersionRange};
use uuid::Uuid;

use crate::answer::Answer;
use crate::dispatch::{Api, Request};
use crate::identity::{CLUSTER_OPERATIONS, NODE_ID, OPERATIONS_NOT_ASKED, TOPIC_OPERATIONS};
use crate::topics::Topics;

pub(super) const API: Api = Api {
    key: ApiKey::Metadata,
    served: VersionRange::new(0, 13),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: MetadataRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let version = request.version();
    let operations = if version >= 8 && body.include_topic_authorized_operations {
        TOPIC_OPERATIONS
    } else {
        OPERATIONS_NOT_ASKED
    };
    let topics = match &body.topics {
        None => all(&request, version, operations),
        Some(topics) if version == 0 && topics.is_empty() => all(&request, version, operations),
        Some(topics) => {
            // Before version 4 there is no flag, and asking always creates.
            let may_create = version < 4 || body.allow_auto_topic_creation;
            if may_create {
                create_missing(&request, topics).await;
            }
            named(&request, topics, version, operations)
        }
    };
    request.reply(response(&request, &body, version, topics))
}

fn response(
    request: &Request,
    body: &MetadataRequest,
    version: i16,
    topics: Vec<MetadataResponseTopic>,
) -> MetadataResponse {
    let (host, port) = request.session.advertised();
    let broker = MetadataResponseBroker::default()
        .with_node_id(NODE_ID.into())
        .with_host(StrBytes::from_string(host))
        .with_port(i32::from(port));
    let mut response = MetadataResponse::default().with_brokers(vec![broker]).with_topics(topics);
    if version >= 1 {
        response = response.with_controller_id(NODE_ID.into());
    }
    if version >= 2 {
        let id = request.shared().image().cluster_id().to_owned();
        response = response.with_cluster_id(Some(StrBytes::from_string(id)));
    }
    if (8..=10).contains(&version) && body.include_cluster_authorized_operations {
        response = response.with_cluster_authorized_operations(CLUSTER_OPERATIONS);
    }
    response
}

fn all(request: &Request, version: i16, operations: i32) -> Vec<MetadataResponseTopic> {
    let image = request.shared().image();
    let topics = &request.shared().topics;
    image.topics().map(|topic| topic_answer(topics, topic, version, operations)).collect()
}

fn named(
    request: &Request,
    asked: &[MetadataRequestTopic],
    version: i16,
    operations: i32,
) -> Vec<MetadataResponseTopic> {
    let image = request.shared().image();
    asked
        .iter()
        .map(|asked| {
            let found = match &asked.name {
                Some(name) => image.topic(name).ok_or_else(|| unknown_name(name)),
                None => {
                    let id = TopicId(asked.topic_id);
                    image.topic_by_id(id).ok_or(ErrorCode::UnknownTopicId)
                }
            };
            match found {
                Ok(topic) => topic_answer(&request.shared().topics, topic, version, operations),
                Err(code) => unknown_answer(asked, code, version),
            }
        })
        .collect()
}

fn unknown_name(name: &str) -> ErrorCode {
    match freshet_cluster::TopicName::new(name) {
        Ok(_) => ErrorCode::UnknownTopicOrPartition,
        Err(refusal) => refusal.code,
    }
}

fn unknown_answer(
    asked: &MetadataRequestTopic,
    code: ErrorCode,
    version: i16,
) -> MetadataResponseTopic {
    let mut answer = MetadataResponseTopic::default().with_error_code(code.code());
    answer = match &asked.name {
        Some(name) => answer.with_name(Some(name.clone())),
        // Before version 12 the name can't be null.
        None if version < 12 => answer.with_name(Some(TopicName(StrBytes::new()))),
        None => answer.with_name(None),
    };
    if version >= 10 { answer.with_topic_id(asked.topic_id) } else { answer }
}

async fn create_missing(request: &Request, asked: &[MetadataRequestTopic]) {
    let shared = request.shared();
    if !shared.metadata.settings().is_auto_create_enabled {
        return;
    }
    let image = shared.image();
    let names = asked.iter().filter_map(|asked| asked.name.as_ref());
    let mut wishes: Vec<CreateTopic> = names
        .filter(|name| image.topic(name).is_none())
        .map(|name| CreateTopic {
            name: name.to_string(),
            id: TopicId(Uuid::new_v4()),
            partition_count: -1,
            replication_factor: -1,
            assignments: Vec::new(),
            configs: Vec::new(),
        })
        .collect();
    wishes.sort_by(|a, b| a.name.cmp(&b.name));
    wishes.dedup_by(|a, b| a.name == b.name);
    if wishes.is_empty() {
        return;
    }
    let config = shared.options.config.clone();
    let now_ms = shared.clock.wall_ms();
    // A refusal shows in the answer: the topic is still unknown, or its name is invalid.
    let _ = shared
        .metadata
        .submit(move |image| {
            let results = create_topics(image, &config, Creator::Client, now_ms, &wishes);
            let created = results.into_iter().filter_map(Result::ok);
            Ok((created.map(|created| created.record).collect(), ()))
        })
        .await;
}

fn topic_answer(
    topics: &Topics,
    topic: &Arc<Topic>,
    version: i16,
    operations: i32,
) -> MetadataResponseTopic {
    let in_service = topics.by_id(topic.id.0);
    let partitions = (0..topic.partition_count()).map(|index| {
        let us = vec![BrokerId(NODE_ID)];
        let answer = MetadataResponsePartition::default()
            .with_partition_index(index)
            .with_leader_id(NODE_ID.into())
            .with_replica_nodes(us.clone())
            .with_isr_nodes(us);
        let log = in_service.as_ref().and_then(|topic| topic.partition(index));
        let epoch = log.map_or(0, |partition| partition.log.leader_epoch());
        if version >= 7 { answer.with_leader_epoch(epoch) } else { answer }
    });
    let name = TopicName(StrBytes::from_string(topic.name.as_str().to_owned()));
    let mut answer = MetadataResponseTopic::default()
        .with_name(Some(name))
        .with_partitions(partitions.collect());
    if version >= 1 {
        answer = answer.with_is_internal(topic.is_internal());
    }
    if version >= 8 {
        answer = answer.with_topic_authorized_operations(operations);
    }
    if version >= 10 { answer.with_topic_id(topic.id.0) } else { answer }
}
