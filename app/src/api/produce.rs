//! Writing records.

#![expect(clippy::too_many_arguments, reason = "one argument for each field of a form")]

use super::{Read, Wanted};
use crate::error::AppError;
use crate::model::produce::{PartitionForKey, ProduceForm, ProduceRequest, ProduceResult};
use crate::model::record::RecordId;
use leptos::prelude::*;
use server_fn::codec::Postcard;

/// What the form starts from.
#[must_use]
pub fn produce_form(topic: String, again: Option<RecordId>) -> Wanted<ProduceForm> {
    Wanted::new(Read::ProduceForm(topic, again))
}

/// Which partition a key would go to.
#[must_use]
pub fn partition_for_key(request: ProduceRequest) -> Wanted<PartitionForKey> {
    Wanted::new(Read::PartitionForKey(request))
}

/// Writes what the form says. Without JavaScript the answer is the record's own page.
#[server(prefix = "/api/ui", endpoint = "produce", output = Postcard)]
pub async fn produce_record(
    cluster: String,
    topic: String,
    #[server(default)] key: String,
    #[server(default)] key_encoding: String,
    #[server(default)] value: String,
    #[server(default)] value_encoding: String,
    #[server(default)] headers: String,
    #[server(default)] partition: String,
    #[server(default)] compression: String,
    #[server(default)] acks: String,
    #[server(default)] count: String,
) -> Result<ProduceResult, AppError> {
    use crate::form::{ProduceFields, produce_request};
    let request = produce_request(&ProduceFields {
        topic: topic.clone(),
        key,
        key_encoding,
        value,
        value_encoding,
        headers,
        partition,
        compression,
        acks,
        count,
    })?;
    let result = super::server::cluster(&cluster)?.produce(request).await?;
    if super::server::is_plain_form() {
        let id = RecordId { partition: result.partition, offset: result.offset };
        super::server::lead_to(&crate::routes::record(&cluster, &topic, id));
    }
    Ok(result)
}
