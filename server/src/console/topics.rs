//! Reading about topics: the list, one topic, its partitions, readers and configuration.

use std::collections::HashMap;
use std::sync::Arc;

use freshet_app::console::{Pending, Topics};
use freshet_app::error::{Answer, AppError};
use freshet_app::model::cluster::Durability;
use freshet_app::model::number::{Count, Lag};
use freshet_app::model::topic::{
    LIST_ROWS_MAX, PartitionRow, PartitionsView, TopicConfig, TopicDefaults, TopicGroupRow,
    TopicGroups, TopicHead, TopicLag, TopicRow, TopicSort, TopicsPage, TopicsQuery,
};
use freshet_client as kafka;

use super::groups::{lag_of, state_of};
use super::{KafkaCluster, configs, deadline, errors};
use crate::sampler::{Sample, Sizes, TopicSample};

/// The rate strip of a topic looks this far back.
const RATE_HISTORY_MS: i64 = 15 * 60_000;
const RATE_HISTORY_SAMPLES_MAX: usize = 90;
/// The lag line of a group looks this far back.
pub(super) const LAG_HISTORY_MS: i64 = 60 * 60_000;
pub(super) const LAG_HISTORY_SAMPLES_MAX: usize = 120;

impl Topics for KafkaCluster {
    fn topics(&self, query: TopicsQuery) -> Pending<'_, TopicsPage> {
        deadline::read(async move {
            let sample = self.sample().await?;
            let mut page = self.topics_page(&sample, &query);
            self.add_policies(&mut page.rows).await;
            Ok(page)
        })
    }

    fn topic(&self, topic: String) -> Pending<'_, TopicHead> {
        deadline::read(self.topic_head(topic))
    }

    fn partitions(&self, topic: String) -> Pending<'_, PartitionsView> {
        deadline::read(async move {
            let sample = self.sample().await?;
            let found = self.known_topic(&sample, &topic).await?;
            let sizes = self.sampler.sizes();
            let is_exact = self.engine.is_some();
            let rows = partition_rows(&found, sizes.get(&topic), is_exact);
            Ok(PartitionsView { now_ms: sample.at_ms, rows })
        })
    }

    fn topic_groups(&self, topic: String) -> Pending<'_, TopicGroups> {
        deadline::read(async move {
            let sample = self.sample().await?;
            let found = self.known_topic(&sample, &topic).await?;
            let partitions_count = found.metadata.partitions.len();
            let rows = sample
                .groups_of(&topic)
                .map(|(name, group)| {
                    let lag = |index: usize| {
                        let index = i32::try_from(index).ok()?;
                        let standing = group.standings.get(&(topic.clone(), index))?;
                        Some(self.standing_lag(name, &topic, index, standing))
                    };
                    let partitions: Vec<Option<Lag>> = (0..partitions_count).map(lag).collect();
                    TopicGroupRow {
                        group: name.clone(),
                        state: state_of(&group.state),
                        members_count: count(group.members.len()),
                        lag: worst_sum(&partitions),
                        partitions,
                        history: self.sampler.with_rates(|rates| {
                            rates.groups.get(name).map(|group| {
                                group.hour.series(LAG_HISTORY_MS, LAG_HISTORY_SAMPLES_MAX)
                            })
                        }),
                    }
                })
                .collect();
            Ok(TopicGroups { now_ms: sample.at_ms, rows })
        })
    }

    fn topic_config(&self, topic: String) -> Pending<'_, TopicConfig> {
        deadline::read(async move {
            let resource = kafka::ConfigResource::Topic(topic.clone());
            let found = self
                .client
                .describe_configs(&resource)
                .await
                .map_err(|error| errors::about(&errors::topic(&topic), &error))?;
            let entries = found.into_iter().map(configs::entry).collect();
            Ok(TopicConfig { now_ms: crate::clock::now_ms(), topic, entries })
        })
    }

    fn topic_defaults(&self) -> Pending<'_, TopicDefaults> {
        deadline::read(async move {
            let sample = self.sample().await?;
            let brokers_count = i32::try_from(sample.metadata.brokers.len()).unwrap_or(i32::MAX);
            let broker = sample.metadata.brokers.first().map_or(0, |broker| broker.id);
            let found = self
                .client
                .describe_configs(&kafka::ConfigResource::Broker(broker))
                .await
                .map_err(|error| errors::about("the broker's configuration", &error))?;
            let number = |name: &str| {
                found.iter().find(|entry| entry.name == name)?.value.as_deref()?.parse::<i32>().ok()
            };
            let replication = number("default.replication.factor").unwrap_or(1);
            Ok(TopicDefaults {
                partitions_count: number("num.partitions").unwrap_or(1),
                replication_factor: i16::try_from(replication).unwrap_or(1),
                brokers_count,
                entries: self.topic_default_entries(&sample, &found).await,
            })
        })
    }
}

/// A topic that exists, with its newest offsets.
pub(super) struct KnownTopic {
    pub(super) metadata: kafka::TopicMetadata,
    pub(super) sample: TopicSample,
}

impl KafkaCluster {
    /// The newest sample, or why there is none.
    pub(super) async fn sample(&self) -> Answer<Arc<Sample>> {
        self.sampler.first().await.map_err(|reason| AppError::Unavailable { reason })
    }

    /// A topic of the sample; one created since is looked up.
    pub(super) async fn known_topic(&self, sample: &Sample, topic: &str) -> Answer<KnownTopic> {
        let from = |sample: &Sample| {
            let metadata = sample.metadata.topics.get(topic)?.clone();
            Some(KnownTopic { metadata, sample: sample.topics.get(topic)?.clone() })
        };
        if let Some(found) = from(sample) {
            return Ok(found);
        }
        self.client
            .topic_metadata(topic)
            .await
            .map_err(|error| errors::about(&errors::topic(topic), &error))?;
        self.sampler.refresh().await;
        from(&self.sampler.current())
            .ok_or_else(|| AppError::NotFound { what: errors::topic(topic) })
    }

    fn topics_page(&self, sample: &Sample, query: &TopicsQuery) -> TopicsPage {
        let filter = query.filter.to_lowercase();
        let sizes = self.sampler.sizes();
        let shown = |name: &String| query.with_internal || !sample.is_internal(name);
        let matching = sample
            .topics
            .keys()
            .filter(|name| shown(name) && name.to_lowercase().contains(&filter));
        let mut rows: Vec<TopicRow> =
            matching.map(|name| self.topic_row(sample, &sizes, name)).collect();
        sort_rows(&mut rows, query);
        let total_count = sample.topics.keys().filter(|name| shown(name)).count();
        let all_sizes: Vec<u64> = rows.iter().filter_map(|row| row.size_bytes).collect();
        let page = TopicsPage {
            now_ms: sample.at_ms,
            total_count: count(total_count),
            matched_count: count(rows.len()),
            matched_partitions_count: rows.iter().map(|row| row.partitions_count).sum(),
            matched_size_bytes: Some(all_sizes.iter().sum()).filter(|_| !all_sizes.is_empty()),
            hidden_count: count(sample.topics.len() - total_count),
            start: query.start,
            rows: Vec::new(),
        };
        let start = usize::try_from(query.start).unwrap_or(usize::MAX);
        let limit = usize::try_from(query.limit.min(LIST_ROWS_MAX)).unwrap_or(0);
        let mut rows: Vec<TopicRow> = rows.into_iter().skip(start).take(limit).collect();
        self.add_histories(&mut rows);
        TopicsPage { rows, ..page }
    }

    /// A row without what would be looked up for rows that are then not shown.
    fn topic_row(&self, sample: &Sample, sizes: &Sizes, name: &str) -> TopicRow {
        let topic = &sample.topics[name];
        let metadata = sample.metadata.topics.get(name);
        let partitions = metadata.map_or(&[][..], |topic| &topic.partitions);
        let worst = self.worst_reader(sample, name);
        TopicRow {
            name: name.to_owned(),
            is_internal: sample.is_internal(name),
            partitions_count: count(topic.partitions.len()),
            cleanup_policy: String::new(),
            size_bytes: size_of(sizes.get(name), topic.partitions.len()),
            messages: self.count_of(topic),
            rate_in: Some(topic.rate_in),
            rate_history: None,
            groups_count: count(sample.groups_of(name).count()),
            worst_lag: worst.map(|worst| worst.lag),
            offline_count: count(partitions.iter().filter(|each| each.leader < 0).count()),
        }
    }

    fn add_histories(&self, rows: &mut [TopicRow]) {
        self.sampler.with_rates(|rates| {
            for row in rows {
                let ring = rates.topics.get(&row.name);
                row.rate_history =
                    ring.map(|ring| ring.series(RATE_HISTORY_MS, RATE_HISTORY_SAMPLES_MAX));
            }
        });
    }

    /// Cleanup policies of the rows that are shown, in one request; unknown ones stay empty.
    async fn add_policies(&self, rows: &mut [TopicRow]) {
        let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
        let Ok(found) = self.client.topic_config_values(&names, "cleanup.policy").await else {
            return;
        };
        let found: HashMap<String, String> = found.into_iter().collect();
        for row in rows {
            row.cleanup_policy = found.get(&row.name).cloned().unwrap_or_default();
        }
    }

    async fn topic_head(&self, topic: String) -> Answer<TopicHead> {
        let sample = self.sample().await?;
        let found = self.known_topic(&sample, &topic).await?;
        let resource = kafka::ConfigResource::Topic(topic.clone());
        let entries = self.client.describe_configs(&resource).await.unwrap_or_default();
        let value = |name: &str| {
            entries.iter().find(|entry| entry.name == name).and_then(|entry| entry.value.clone())
        };
        let number = |name: &str| value(name).and_then(|text| text.parse().ok());
        let is_set = |entry: &&kafka::ConfigEntry| entry.source == kafka::ConfigSource::Topic;
        let sizes = self.sampler.sizes();
        let replicas = found.metadata.partitions.first().map_or(0, |each| each.replicas.len());
        let history = self.sampler.with_rates(|rates| {
            let ring = rates.topics.get(&topic);
            ring.map(|ring| ring.series(RATE_HISTORY_MS, RATE_HISTORY_SAMPLES_MAX))
        });
        Ok(TopicHead {
            now_ms: sample.at_ms,
            topic_id: self
                .engine
                .as_ref()
                .and_then(|engine| engine.topic_id(&topic))
                .unwrap_or_default(),
            is_internal: found.metadata.is_internal,
            partitions_count: count(found.metadata.partitions.len()),
            replication_factor: i16::try_from(replicas).unwrap_or(i16::MAX),
            cleanup_policy: value("cleanup.policy").unwrap_or_default(),
            retention_ms: number("retention.ms"),
            retention_bytes: number("retention.bytes"),
            durability: value("freshet.durability").and_then(|name| durability_of(&name)),
            size_bytes: size_of(sizes.get(&topic), found.metadata.partitions.len()),
            messages: self.count_of(&found.sample),
            rate_in: Some(found.sample.rate_in),
            bytes_in: None,
            rate_out: None,
            rate_history: history,
            groups_count: count(sample.groups_of(&topic).count()),
            worst_lag: self.worst_reader(&sample, &topic),
            configs_set_count: count(entries.iter().filter(is_set).count()),
            bootstrap: self.bootstrap(&sample),
            name: topic,
        })
    }

    /// What a new topic would get: the entries of any topic, as they would be without its own.
    async fn topic_default_entries(
        &self,
        sample: &Sample,
        broker: &[kafka::ConfigEntry],
    ) -> Vec<freshet_app::model::config::ConfigEntry> {
        let Some(example) = sample.topics.keys().next() else { return Vec::new() };
        let resource = kafka::ConfigResource::Topic(example.clone());
        let entries = self.client.describe_configs(&resource).await.unwrap_or_default();
        let default_of = |entry: &kafka::ConfigEntry| {
            let own = kafka::ConfigSource::Topic;
            let below = entry.synonyms.iter().find(|synonym| synonym.source != own);
            let of_broker = || {
                let name = below.map_or(entry.name.as_str(), |synonym| synonym.name.as_str());
                broker.iter().find(|known| known.name == name)?.value.clone()
            };
            match entry.source == own {
                true => below.and_then(|synonym| synonym.value.clone()).or_else(of_broker),
                false => entry.value.clone(),
            }
        };
        entries
            .into_iter()
            .map(|entry| {
                let value = default_of(&entry);
                let source = kafka::ConfigSource::Default;
                configs::entry(kafka::ConfigEntry { value, source, ..entry })
            })
            .collect()
    }

    /// The group that is furthest behind on a topic, by time where known.
    fn worst_reader(&self, sample: &Sample, topic: &str) -> Option<TopicLag> {
        sample
            .groups_of(topic)
            .filter_map(|(name, group)| {
                let standings = group.standings.iter().filter(|((of, _), _)| of.as_str() == topic);
                let lags: Vec<Option<Lag>> = standings
                    .map(|((_, index), standing)| {
                        Some(self.standing_lag(name, topic, *index, standing))
                    })
                    .collect();
                Some(TopicLag { group: name.clone(), lag: worst_sum(&lags)? })
            })
            .max_by_key(|worst| (worst.lag.severity(), worst.lag.messages))
    }

    /// Exact where we know that offsets have no gaps: on our own broker, which has neither
    /// compaction nor transactions yet.
    fn count_of(&self, topic: &TopicSample) -> Count {
        let records = topic.records_count();
        if self.engine.is_some() { Count::Exact(records) } else { Count::AtMost(records) }
    }

    /// An address for snippets.
    pub(super) fn bootstrap(&self, sample: &Sample) -> String {
        let of_engine = self.engine.as_ref().and_then(|engine| {
            let listener = engine.listeners().into_iter().next()?;
            Some(format!("{}:{}", listener.advertised.0, listener.advertised.1))
        });
        of_engine
            .or_else(|| Some(sample.metadata.brokers.first()?.address.to_string()))
            .unwrap_or_default()
    }

    fn standing_lag(
        &self,
        group: &str,
        topic: &str,
        partition: i32,
        standing: &crate::sampler::StandingSample,
    ) -> Lag {
        let key = (topic.to_owned(), partition);
        let trend = self.sampler.with_rates(|rates| {
            rates.groups.get(group).map(|rates| rates.trend_of(&key)).unwrap_or_default()
        });
        lag_of(standing, trend)
    }
}

/// Lags of several partitions as one: messages add up, the worst time counts.
pub(super) fn worst_sum(lags: &[Option<Lag>]) -> Option<Lag> {
    let mut known = lags.iter().flatten();
    let first = *known.next()?;
    Some(known.fold(first, |sum, lag| Lag {
        messages: sum.messages + lag.messages,
        time_ms: sum.time_ms.max(lag.time_ms),
        trend: if lag.messages > sum.messages { lag.trend } else { sum.trend },
    }))
}

/// A count for the page; nothing here comes near the bound.
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn durability_of(name: &str) -> Option<Durability> {
    [Durability::Acked, Durability::Strict, Durability::PageCache]
        .into_iter()
        .find(|durability| durability.name() == name)
}

fn size_of(sizes: Option<&HashMap<i32, u64>>, partitions_count: usize) -> Option<u64> {
    let sizes = sizes?;
    // A partition that the last look at the disks has not seen is new and empty.
    (partitions_count > 0).then(|| sizes.values().sum())
}

fn sort_rows(rows: &mut [TopicRow], query: &TopicsQuery) {
    let bound = |count: Count| count.bound().unwrap_or(0);
    match query.sort {
        TopicSort::Name => rows.sort_by(|a, b| a.name.cmp(&b.name)),
        TopicSort::Partitions => rows.sort_by_key(|row| row.partitions_count),
        TopicSort::Size => rows.sort_by_key(|row| row.size_bytes.unwrap_or(0)),
        TopicSort::Messages => rows.sort_by_key(|row| bound(row.messages)),
        TopicSort::Rate => rows.sort_by_key(|row| row.rate_in.unwrap_or_default()),
        TopicSort::Lag => rows.sort_by_key(|row| row.worst_lag.map_or(0, |lag| lag.messages)),
    }
    if query.descending {
        rows.reverse();
    }
}

fn partition_rows(
    found: &KnownTopic,
    sizes: Option<&HashMap<i32, u64>>,
    is_exact: bool,
) -> Vec<PartitionRow> {
    let KnownTopic { metadata, sample } = found;
    let total_rate = sample.rate_in.0;
    let total_records = sample.records_count().max(1);
    metadata
        .partitions
        .iter()
        .map(|partition| {
            let index = usize::try_from(partition.index).unwrap_or(usize::MAX);
            let marks = sample.partitions.get(index).copied().unwrap_or_default();
            let records = u64::try_from(marks.end - marks.start).unwrap_or(0);
            let by_rate = (marks.rate_in.0 * 1_000).checked_div(total_rate);
            let share = by_rate.unwrap_or(records * 1_000 / total_records);
            let is_behind = partition.in_sync.len() < partition.replicas.len();
            let problem = if partition.leader < 0 {
                Some("no leader: nobody can read or write it".to_owned())
            } else if is_behind {
                Some("a replica is not in sync".to_owned())
            } else {
                None
            };
            PartitionRow {
                partition: partition.index,
                leader: Some(partition.leader).filter(|id| *id >= 0),
                leader_epoch: partition.leader_epoch,
                replicas: partition.replicas.clone(),
                in_sync: partition.in_sync.clone(),
                log_start_offset: marks.start,
                high_watermark: marks.end,
                last_stable_offset: None,
                messages: if is_exact { Count::Exact(records) } else { Count::AtMost(records) },
                size_bytes: sizes.map(|sizes| sizes.get(&partition.index).copied().unwrap_or(0)),
                rate_in: Some(marks.rate_in),
                share_permille: u16::try_from(share).unwrap_or(1_000),
                problem,
            }
        })
        .collect()
}
