//! Writing records.

use crate::error::AppError;
use crate::model::produce::{PartitionForKey, ProduceForm, ProduceRequest, ProduceResult};
use crate::model::record::RecordId;
use leptos::prelude::*;
use server_fn::codec::Json;

/// What the form starts from.
#[server(prefix = "/api/ui", endpoint = "produce-form", input = Json)]
pub async fn get_produce_form(
    cluster: String,
    topic: String,
    again: Option<RecordId>,
) -> Result<ProduceForm, AppError> {
    super::server::cluster(&cluster)?.produce_form(topic, again).await
}

/// Which partition a key would go to.
#[server(prefix = "/api/ui", endpoint = "partition-for-key", input = Json)]
pub async fn get_partition_for_key(
    cluster: String,
    request: ProduceRequest,
) -> Result<PartitionForKey, AppError> {
    super::server::cluster(&cluster)?.partition_for_key(request).await
}

/// Writes what the form says. Without JavaScript the answer is the record's own page.
#[server(prefix = "/api/ui", endpoint = "produce")]
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
