//! Everything that pages read, through one server function.

use crate::error::AppError;
use crate::model::group::{GroupsQuery, Span};
use crate::model::message::MessagesQuery;
use crate::model::offsets::OffsetEdit;
use crate::model::produce::ProduceRequest;
use crate::model::record::{Part, RecordId};
use crate::model::topic::TopicsQuery;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use server_fn::codec::Postcard;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

/// What can be read. Names are Kafka's: a `String` is a topic, in the group reads a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Read {
    Frame,
    Overview,
    ClusterDetail,
    Search(String),
    Topics(TopicsQuery),
    Topic(String),
    Partitions(String),
    TopicGroups(String),
    TopicConfig(String),
    TopicDefaults,
    Messages(String, MessagesQuery),
    Record(String, RecordId),
    PayloadPiece(String, RecordId, Part, u32),
    Histogram(String),
    ProduceForm(String, Option<RecordId>),
    PartitionForKey(ProduceRequest),
    Groups(GroupsQuery),
    Group(String),
    LagHistory(String, Span),
    PreviewOffsets(OffsetEdit),
}

/// A read together with the type of its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted<T> {
    pub(crate) read: Read,
    answer: PhantomData<fn() -> T>,
}

impl<T> Wanted<T> {
    /// Only the files of this folder pair reads and answers.
    pub(super) fn new(read: Read) -> Self {
        Self { read, answer: PhantomData }
    }
}

/// An answer in its encoded form: the one type that travels, waits in resources and is written into pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Packed {
    /// Nothing was asked.
    Nothing,
    Answer(Arc<[u8]>),
    Failed(AppError),
}

impl Packed {
    /// The answer again. `None` when nothing was asked.
    #[must_use]
    pub fn unpack<T: DeserializeOwned>(&self) -> Option<Result<T, AppError>> {
        match self {
            Self::Nothing => None,
            Self::Answer(bytes) => Some(postcard::from_bytes(bytes).map_err(|_| outdated())),
            Self::Failed(error) => Some(Err(error.clone())),
        }
    }
}

/// Two builds that talk to each other do not agree on what an answer looks like.
fn outdated() -> AppError {
    AppError::Unavailable {
        reason: "the server’s answer is from another version of Freshet; reload the page"
            .to_owned(),
    }
}

impl From<Result<Vec<u8>, AppError>> for Packed {
    fn from(answer: Result<Vec<u8>, AppError>) -> Self {
        match answer {
            Ok(bytes) => Self::Answer(bytes.into()),
            Err(error) => Self::Failed(error),
        }
    }
}

impl std::fmt::Display for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = postcard::to_stdvec(self).map_err(|_| std::fmt::Error)?;
        f.write_str(&freshet_codec::base64::encode(&bytes))
    }
}

impl std::str::FromStr for Packed {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        let bytes = freshet_codec::base64::decode(text).ok_or_else(outdated)?;
        postcard::from_bytes(&bytes).map_err(|_| outdated())
    }
}

/// Reads anything; the answer is `postcard` of the type that belongs to the read.
#[server(prefix = "/api/ui", endpoint = "read", input = Postcard, output = Postcard)]
pub async fn read_anything(cluster: String, read: Read) -> Result<Vec<u8>, AppError> {
    let cluster = super::server::cluster(&cluster)?;
    answer(&*cluster, read).await
}

#[cfg(feature = "ssr")]
async fn answer(cluster: &dyn crate::console::Cluster, read: Read) -> Result<Vec<u8>, AppError> {
    match read {
        Read::Frame => pack(&cluster.frame().await?),
        Read::Overview => pack(&cluster.overview().await?),
        Read::ClusterDetail => pack(&cluster.cluster_detail().await?),
        Read::Search(text) => pack(&cluster.search(text).await?),
        Read::Topics(query) => pack(&cluster.topics(query).await?),
        Read::Topic(topic) => pack(&cluster.topic(topic).await?),
        Read::Partitions(topic) => pack(&cluster.partitions(topic).await?),
        Read::TopicGroups(topic) => pack(&cluster.topic_groups(topic).await?),
        Read::TopicConfig(topic) => pack(&cluster.topic_config(topic).await?),
        Read::TopicDefaults => pack(&cluster.topic_defaults().await?),
        Read::Messages(topic, query) => pack(&cluster.messages(topic, query).await?),
        Read::Record(topic, id) => pack(&cluster.record(topic, id).await?),
        Read::PayloadPiece(topic, id, part, from) => {
            pack(&cluster.payload_piece(topic, id, part, from).await?)
        }
        Read::Histogram(topic) => pack(&cluster.histogram(topic).await?),
        Read::ProduceForm(topic, again) => pack(&cluster.produce_form(topic, again).await?),
        Read::PartitionForKey(request) => pack(&cluster.partition_for_key(request).await?),
        Read::Groups(query) => pack(&cluster.groups(query).await?),
        Read::Group(group) => pack(&cluster.group(group).await?),
        Read::LagHistory(group, span) => pack(&cluster.lag_history(group, span).await?),
        Read::PreviewOffsets(edit) => pack(&cluster.preview_offsets(edit).await?),
    }
}

#[cfg(feature = "ssr")]
fn pack<T: Serialize>(answer: &T) -> Result<Vec<u8>, AppError> {
    postcard::to_stdvec(answer)
        .map_err(|error| AppError::Internal { request_id: error.to_string() })
}

/// An answer under way.
pub(crate) type Asking = Pin<Box<dyn Future<Output = Packed> + Send>>;

/// Reads on this side of the wire.
#[cfg(feature = "ssr")]
pub(crate) fn read_packed(cluster: String, read: Read) -> Asking {
    Box::pin(async move { Packed::from(read_anything(cluster, read).await) })
}

/// Reads on the other side of the wire.
#[cfg(not(feature = "ssr"))]
pub(crate) fn read_packed(cluster: String, read: Read) -> Asking {
    Box::pin(send_wrapper::SendWrapper::new(async move {
        let request = ReadAnything { cluster, read };
        let Ok(body) = postcard::to_stdvec(&request) else { return Packed::Failed(outdated()) };
        let post = super::action::Post {
            path: <ReadAnything as server_fn::ServerFn>::PATH,
            content_type: "application/x-postcard",
            body: js_sys::Uint8Array::from(body.as_slice()).into(),
        };
        let sent = super::action::post(&post);
        let answer = sent.await.and_then(|answer| {
            postcard::from_bytes::<Vec<u8>>(&answer.bytes).map_err(|_| outdated())
        });
        Packed::from(answer)
    }))
}

/// Reads once.
pub async fn ask<T: DeserializeOwned>(cluster: String, wanted: Wanted<T>) -> Result<T, AppError> {
    read_packed(cluster, wanted.read).await.unpack().unwrap_or_else(|| Err(outdated()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_survive_their_text_in_a_page() {
        for packed in [
            Packed::Nothing,
            Packed::Answer(vec![0, 255, 7].into()),
            Packed::Failed(AppError::NotFound { what: "topic “ō”".into() }),
        ] {
            assert_eq!(packed.to_string().parse(), Ok(packed));
        }
    }

    #[test]
    fn an_answer_of_another_build_is_an_error_and_no_panic() {
        let packed = Packed::Answer(vec![1, 2, 3].into());
        assert!(matches!(packed.unpack::<Vec<String>>(), Some(Err(AppError::Unavailable { .. }))));
    }
}
