//! Creating, growing, configuring and deleting topics.

use freshet_app::console::{Pending, TopicActions};
use freshet_app::error::AppError;
use freshet_app::model::config::ConfigEdit;
use freshet_app::model::topic::{DeleteBefore, NewTopic};
use freshet_client as kafka;

use super::{KafkaCluster, deadline, errors};

impl TopicActions for KafkaCluster {
    fn create_topic(&self, topic: NewTopic) -> Pending<'_, ()> {
        deadline::action(async move {
            let name = topic.name.trim().to_owned();
            if name.is_empty() {
                let reason = "a topic needs a name".to_owned();
                return Err(AppError::Invalid { field: "name".to_owned(), reason });
            }
            let wanted = kafka::NewTopic {
                name: name.clone(),
                partitions_count: topic.partitions_count.unwrap_or(-1),
                replication_factor: topic.replication_factor.unwrap_or(-1),
                configs: topic.configs,
            };
            self.client
                .create_topic(&wanted)
                .await
                .map_err(|error| errors::about(&errors::topic(&name), &error))?;
            self.sampler.refresh().await;
            Ok(())
        })
    }

    fn delete_topic(&self, topic: String) -> Pending<'_, ()> {
        deadline::action(async move {
            self.client
                .delete_topic(&topic)
                .await
                .map_err(|error| errors::about(&errors::topic(&topic), &error))?;
            self.sampler.refresh().await;
            Ok(())
        })
    }

    fn create_partitions(&self, topic: String, partitions_count: i32) -> Pending<'_, ()> {
        deadline::action(async move {
            self.client
                .create_partitions(&topic, partitions_count)
                .await
                .map_err(|error| errors::about(&errors::topic(&topic), &error))?;
            self.sampler.refresh().await;
            Ok(())
        })
    }

    fn edit_topic_config(&self, topic: String, edits: Vec<ConfigEdit>) -> Pending<'_, ()> {
        deadline::action(async move {
            let changes: Vec<kafka::ConfigChange> = edits
                .into_iter()
                .map(|edit| kafka::ConfigChange { name: edit.name, value: edit.value })
                .collect();
            self.client
                .alter_configs(&kafka::ConfigResource::Topic(topic.clone()), &changes)
                .await
                .map_err(|error| errors::about(&errors::topic(&topic), &error))
        })
    }

    fn delete_records(&self, topic: String, before: Vec<DeleteBefore>) -> Pending<'_, ()> {
        deadline::action(async move {
            for each in before {
                self.client
                    .delete_records(&topic, each.partition, each.offset)
                    .await
                    .map_err(|error| errors::about(&errors::topic(&topic), &error))?;
            }
            self.sampler.refresh().await;
            Ok(())
        })
    }
}
