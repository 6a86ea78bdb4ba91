//! DeleteTopics (key 20), versions 1-6.
//!
//! v5: error messages. v6: topics may be named by id. Internal topics are refused.

use freshet_cluster::TopicId;
use freshet_cluster::command::{TopicRef, delete_topic};
use freshet_wire::messages::delete_topics_response::DeletableTopicResult;
use freshet_wire::messages::{DeleteTopicsRequest, DeleteTopicsResponse, TopicName};
use freshet_wire::{ApiKey, ErrorCode, StrBytes, VersionRange};
use uuid::Uuid;

use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::DeleteTopics,
    served: VersionRange::new(1, 6),
    advertised_min: 1,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: DeleteTopicsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let version = request.version();
    let mut responses = Vec::new();
    for name in body.topic_names {
        responses.push(delete(&request, Some(name), Uuid::nil(), version).await);
    }
    for topic in body.topics {
        responses.push(delete(&request, topic.name, topic.topic_id, version).await);
    }
    request.reply(DeleteTopicsResponse::default().with_responses(responses))
}

async fn delete(
    request: &Request,
    name: Option<TopicName>,
    id: Uuid,
    version: i16,
) -> DeletableTopicResult {
    let shared = request.shared();
    let image = shared.image();
    let target = match &name {
        Some(name) => TopicRef::Name(name.to_string()),
        None => TopicRef::Id(TopicId(id)),
    };
    let found = match &target {
        TopicRef::Name(name) => image.topic(name),
        TopicRef::Id(id) => image.topic_by_id(*id),
    };
    let (known_name, known_id) = match found {
        Some(topic) => {
            let name = StrBytes::from_string(topic.name.as_str().to_owned());
            (Some(TopicName(name)), topic.id.0)
        }
        None => (name.clone(), id),
    };
    let config = shared.options.config.clone();
    let outcome = shared
        .metadata
        .submit(move |image| Ok((vec![delete_topic(image, &config, &target)?], ())))
        .await;
    let mut answer = DeletableTopicResult::default().with_name(known_name);
    if version >= 6 {
        answer = answer.with_topic_id(known_id);
    }
    let Err(refusal) = outcome else { return answer };
    debug_assert!(refusal.code != ErrorCode::None, "a refusal has a code");
    answer = answer.with_error_code(refusal.code.code());
    if version >= 5 {
        answer = answer.with_error_message(Some(StrBytes::from_string(refusal.message)));
    }
    answer
}
