//! Topics.

#![expect(clippy::too_many_arguments, reason = "one argument for each field of a form")]

use super::{Read, Wanted};
use crate::error::AppError;
use crate::model::topic::{
    PartitionsView, TopicConfig, TopicDefaults, TopicGroups, TopicHead, TopicsPage, TopicsQuery,
};
use leptos::prelude::*;
use server_fn::codec::Postcard;

/// A window of the topic list.
#[must_use]
pub fn topics(query: TopicsQuery) -> Wanted<TopicsPage> {
    Wanted::new(Read::Topics(query))
}

/// What stands above the tabs of a topic.
#[must_use]
pub fn topic(topic: String) -> Wanted<TopicHead> {
    Wanted::new(Read::Topic(topic))
}

/// The Partitions tab.
#[must_use]
pub fn partitions(topic: String) -> Wanted<PartitionsView> {
    Wanted::new(Read::Partitions(topic))
}

/// The Consumers tab.
#[must_use]
pub fn topic_groups(topic: String) -> Wanted<TopicGroups> {
    Wanted::new(Read::TopicGroups(topic))
}

/// The Configuration tab.
#[must_use]
pub fn topic_config(topic: String) -> Wanted<TopicConfig> {
    Wanted::new(Read::TopicConfig(topic))
}

/// What a new topic gets when nothing is said.
#[must_use]
pub fn topic_defaults() -> Wanted<TopicDefaults> {
    Wanted::new(Read::TopicDefaults)
}

/// Creates a topic. Empty fields take the cluster's defaults; `configs` is one `name=value` a line.
#[server(prefix = "/api/ui", endpoint = "topics/create", output = Postcard)]
pub async fn create_topic(
    cluster: String,
    name: String,
    partitions: String,
    replication: String,
    retention_ms: String,
    retention_bytes: String,
    cleanup_policy: String,
    configs: String,
) -> Result<(), AppError> {
    use crate::form::{NewTopicFields, new_topic};
    let topic = new_topic(&NewTopicFields {
        name,
        partitions,
        replication,
        retention_ms,
        retention_bytes,
        cleanup_policy,
        configs,
    })?;
    let path = crate::routes::topic(&cluster, &topic.name, crate::routes::TopicTab::Messages);
    super::server::cluster(&cluster)?.create_topic(topic).await?;
    super::server::lead_to(&path);
    Ok(())
}

/// Deletes a topic whose name was typed as proof.
#[server(prefix = "/api/ui", endpoint = "topics/delete", output = Postcard)]
pub async fn delete_topic(cluster: String, topic: String, typed: String) -> Result<(), AppError> {
    crate::form::typed_name(&topic, &typed)?;
    super::server::cluster(&cluster)?.delete_topic(topic).await?;
    super::server::lead_to(&crate::routes::topics(&cluster, &TopicsQuery::default()));
    Ok(())
}

/// Grows a topic to so many partitions in total.
#[server(prefix = "/api/ui", endpoint = "topics/grow", output = Postcard)]
pub async fn create_partitions(
    cluster: String,
    topic: String,
    partitions: String,
) -> Result<(), AppError> {
    let total = crate::form::whole_number("partitions", &partitions)?;
    let path = crate::routes::topic(&cluster, &topic, crate::routes::TopicTab::Partitions);
    super::server::cluster(&cluster)?.create_partitions(topic, total).await?;
    super::server::lead_to(&path);
    Ok(())
}

/// Sets one configuration entry, or resets it when `reset` is `1`.
#[server(prefix = "/api/ui", endpoint = "topics/configure", output = Postcard)]
pub async fn edit_topic_config(
    cluster: String,
    topic: String,
    name: String,
    #[server(default)] value: String,
    #[server(default)] reset: String,
) -> Result<(), AppError> {
    let value = (reset != "1").then_some(value);
    let edits = vec![crate::model::config::ConfigEdit { name, value }];
    let path = crate::routes::topic(&cluster, &topic, crate::routes::TopicTab::Configuration);
    super::server::cluster(&cluster)?.edit_topic_config(topic, edits).await?;
    if super::server::is_plain_form() {
        super::server::lead_to(&path);
    }
    Ok(())
}

/// Deletes the records of a partition, or of all, below an offset; an empty offset means all there are.
#[server(prefix = "/api/ui", endpoint = "topics/delete-records", output = Postcard)]
pub async fn delete_records(
    cluster: String,
    topic: String,
    partition: String,
    offset: String,
    typed: String,
) -> Result<(), AppError> {
    crate::form::typed_name(&topic, &typed)?;
    let console = super::server::cluster(&cluster)?;
    let partitions = console.partitions(topic.clone()).await?;
    let all: Vec<i32> = partitions.rows.iter().map(|row| row.partition).collect();
    let before = crate::form::delete_before(&partition, &offset, &all)?;
    let path = crate::routes::topic(&cluster, &topic, crate::routes::TopicTab::Partitions);
    console.delete_records(topic, before).await?;
    super::server::lead_to(&path);
    Ok(())
}
