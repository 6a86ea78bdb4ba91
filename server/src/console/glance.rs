//! The frame, the overview, the cluster page and the palette.

use freshet_app::console::{Glance, Pending};
use freshet_app::error::Answer;
use freshet_app::model::cluster::{
    ApiVersions, Broker, Capabilities, ClusterDetail, Connection, Frame, Listener, LogDir,
    LogDirPartition,
};
use freshet_app::model::number::Severity;
use freshet_app::model::overview::{BusyTopic, Overview, Problem, Throughput};
use freshet_app::model::search::{HITS_MAX, Hit, HitKind};
use freshet_client as kafka;

use super::topics::count;
use super::{KafkaCluster, configs, deadline, errors};
use crate::sampler::Sample;

const FRAME_RATE_MS: i64 = 2 * 60_000;
const FRAME_SAMPLES_MAX: usize = 60;
const THROUGHPUT_MS: i64 = 15 * 60_000;
const THROUGHPUT_SAMPLES_MAX: usize = 300;
const GROUPS_MAX: usize = 12;
const BUSY_TOPICS_MAX: usize = 8;
const OVERVIEW_CONNECTIONS_MAX: usize = 50;
const CONNECTIONS_MAX: usize = 500;
const LOG_DIR_PARTITIONS_MAX: usize = 20;

impl Glance for KafkaCluster {
    fn frame(&self) -> Pending<'_, Frame> {
        deadline::read(async move {
            // The frame never waits for the cluster: it is around error pages as well.
            Ok(self.frame_of(&self.sampler.current()))
        })
    }

    fn overview(&self) -> Pending<'_, Overview> {
        deadline::read(async move {
            let sample = self.sample().await?;
            Ok(self.overview_of(&sample))
        })
    }

    fn cluster_detail(&self) -> Pending<'_, ClusterDetail> {
        deadline::read(self.detail())
    }

    fn connections(&self) -> Pending<'_, Vec<Connection>> {
        deadline::read(async move {
            let engine = self.engine.as_ref().ok_or_else(|| {
                let reason = "an external cluster does not tell who is connected".to_owned();
                freshet_app::error::AppError::Unavailable { reason }
            })?;
            let mut list = super::connections::list(engine, &self.activity);
            list.truncate(CONNECTIONS_MAX);
            Ok(list)
        })
    }

    fn search(&self, text: String) -> Pending<'_, Vec<Hit>> {
        deadline::read(async move {
            let sample = self.sample().await?;
            Ok(hits(&sample, &text))
        })
    }
}

impl KafkaCluster {
    fn frame_of(&self, sample: &Sample) -> Frame {
        let engine = self.engine.as_ref();
        let is_shown = |name: &&String| !sample.is_internal(name);
        Frame {
            now_ms: crate::clock::now_ms(),
            cluster: self.name.clone(),
            mode: self.mode(),
            colour: 0,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            build: self.build.clone(),
            topics_count: count(sample.topics.keys().filter(is_shown).count()),
            groups_count: count(sample.groups.len()),
            durability: self.durability,
            size_bytes: self.size_bytes(),
            uptime_ms: engine.map(|engine| uptime_ms(engine.started_at_ms())),
            messages_in: self
                .sampler
                .with_rates(|rates| rates.messages_in.series(FRAME_RATE_MS, FRAME_SAMPLES_MAX)),
            capabilities: capabilities(engine.is_some()),
            exposure_warning: self.exposure_warning.clone(),
            clusters: vec![self.name.clone()],
        }
    }

    fn overview_of(&self, sample: &Sample) -> Overview {
        let engine = self.engine.as_ref();
        let usage = engine.and_then(freshet_broker::Engine::usage);
        let mut groups: Vec<_> =
            sample.groups.iter().map(|(name, group)| self.group_row(name, group)).collect();
        let is_behind = |row: &freshet_app::model::group::GroupRow| {
            row.lag.is_some_and(|lag| lag.severity() > Severity::Fine)
        };
        let groups_behind_count = count(groups.iter().filter(|row| is_behind(row)).count());
        groups.sort_by_key(|row| {
            let lag = row.lag.map(|lag| (lag.severity(), lag.messages));
            (std::cmp::Reverse(lag), row.group.clone())
        });
        groups.truncate(GROUPS_MAX);
        let connections = engine.map(|engine| super::connections::list(engine, &self.activity));
        let shown = sample.topics.iter().filter(|(name, _)| !sample.is_internal(name));
        Overview {
            now_ms: sample.at_ms,
            mode: self.mode(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            problems: self.problems(sample),
            brokers_count: count(sample.metadata.brokers.len()),
            topics_count: count(shown.clone().count()),
            partitions_count: count(shown.map(|(_, topic)| topic.partitions.len()).sum()),
            groups_count: count(sample.groups.len()),
            groups_behind_count,
            messages_in: sample.rate_in,
            bytes_in: sample.bytes_in,
            messages_out: sample.rate_out,
            bytes_out: sample.bytes_out,
            size_bytes: self.size_bytes(),
            disk_total_bytes: usage.as_ref().map(|usage| usage.total_bytes),
            disk_usable_bytes: usage.as_ref().map(|usage| usage.usable_bytes),
            memory_bytes: crate::memory::resident_bytes(),
            uptime_ms: engine.map(|engine| uptime_ms(engine.started_at_ms())),
            durability: self.durability,
            ack_p99_us: None,
            throughput: self.throughput(),
            groups,
            busy_topics: self.busy_topics(sample),
            connections_count: connections.as_ref().map(|list| count(list.len())),
            connections: connections.map(|mut list| {
                list.truncate(OVERVIEW_CONNECTIONS_MAX);
                list
            }),
            bootstrap: self.bootstrap(sample),
            demo: self.demo_state(sample),
        }
    }

    fn throughput(&self) -> Throughput {
        let is_embedded = self.engine.is_some();
        self.sampler.with_rates(|rates| {
            let series =
                |ring: &crate::sampler::Ring| ring.series(THROUGHPUT_MS, THROUGHPUT_SAMPLES_MAX);
            let of_engine = |ring| is_embedded.then(|| series(ring));
            let messages_in = series(&rates.messages_in);
            let mut throughput = Throughput {
                messages_out: of_engine(&rates.messages_out),
                bytes_in: of_engine(&rates.bytes_in),
                bytes_out: of_engine(&rates.bytes_out),
                messages_in,
            };
            align(&mut throughput);
            throughput
        })
    }

    fn busy_topics(&self, sample: &Sample) -> Vec<BusyTopic> {
        let sizes = self.sampler.sizes();
        let mut busy: Vec<BusyTopic> = sample
            .topics
            .iter()
            .filter(|(name, _)| !sample.is_internal(name))
            .map(|(name, topic)| BusyTopic {
                name: name.clone(),
                rate_in: topic.rate_in,
                history: freshet_app::model::number::Series::default(),
                size_bytes: sizes.get(name).map(|sizes| sizes.values().sum()),
            })
            .collect();
        busy.sort_by_key(|topic| {
            (std::cmp::Reverse((topic.rate_in, topic.size_bytes)), topic.name.clone())
        });
        busy.truncate(BUSY_TOPICS_MAX);
        self.sampler.with_rates(|rates| {
            for topic in &mut busy {
                if let Some(ring) = rates.topics.get(&topic.name) {
                    topic.history = ring.series(THROUGHPUT_MS, 90);
                }
            }
        });
        busy
    }

    fn size_bytes(&self) -> Option<u64> {
        let sizes = self.sampler.sizes();
        (!sizes.is_empty()).then(|| sizes.values().flat_map(|topic| topic.values()).sum())
    }

    fn problems(&self, sample: &Sample) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(reason) = self.sampler.problem() {
            problems.push(Problem {
                severity: Severity::Danger,
                title: format!("The cluster does not answer: {reason}"),
                remedy: "What you see is the last state. Check that the brokers run.".to_owned(),
            });
        }
        if let Some(engine) = &self.engine {
            problems.extend(super::problems::of_engine(engine));
        }
        let partitions = sample.metadata.topics.values().flat_map(|topic| &topic.partitions);
        let leaderless = partitions.filter(|partition| partition.leader < 0).count();
        if leaderless > 0 {
            problems.push(Problem {
                severity: Severity::Danger,
                title: format!("{leaderless} partitions have no leader"),
                remedy: "Start the brokers that hold their replicas.".to_owned(),
            });
        }
        problems
    }

    async fn detail(&self) -> Answer<ClusterDetail> {
        let sample = self.sample().await?;
        let about = |error: &kafka::Error| errors::about("the cluster", error);
        let dirs = self.client.log_dirs().await.map_err(|error| about(&error))?;
        let brokers = brokers(&sample, &dirs);
        let first = sample.metadata.brokers.first().map_or(0, |broker| broker.id);
        let resource = kafka::ConfigResource::Broker(first);
        let entries =
            self.client.describe_configs(&resource).await.map_err(|error| about(&error))?;
        let apis = self.client.api_versions().await.map_err(|error| about(&error))?;
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let engine = self.engine.as_ref();
        Ok(ClusterDetail {
            now_ms: sample.at_ms,
            cluster_id: sample.metadata.cluster_id.clone(),
            mode: self.mode(),
            broker_software: match engine {
                Some(_) => format!("Freshet {version}"),
                None => String::new(),
            },
            version,
            started_ms: engine.map(freshet_broker::Engine::started_at_ms),
            brokers,
            listeners: self.listeners(&sample),
            log_dirs: dirs.into_iter().map(|dir| self.log_dir(dir)).collect(),
            configs: entries.into_iter().map(configs::entry).collect(),
            apis: apis
                .into_iter()
                .map(|api| ApiVersions { key: api.key, name: api.name, min: api.min, max: api.max })
                .collect(),
        })
    }

    fn listeners(&self, sample: &Sample) -> Vec<Listener> {
        match &self.engine {
            Some(engine) => engine
                .listeners()
                .into_iter()
                .map(|listener| Listener {
                    name: listener.name,
                    bound: Some(listener.bound),
                    advertised: format!("{}:{}", listener.advertised.0, listener.advertised.1),
                    security: "PLAINTEXT".to_owned(),
                })
                .collect(),
            None => sample
                .metadata
                .brokers
                .iter()
                .map(|broker| Listener {
                    name: format!("broker {}", broker.id),
                    bound: None,
                    advertised: broker.address.to_string(),
                    security: "PLAINTEXT".to_owned(),
                })
                .collect(),
        }
    }

    fn log_dir(&self, dir: kafka::LogDir) -> LogDir {
        let bytes = |value: i64| u64::try_from(value).unwrap_or(0);
        let mut partitions: Vec<LogDirPartition> = dir
            .replicas
            .into_iter()
            .map(|replica| LogDirPartition {
                topic: replica.topic,
                partition: replica.partition,
                size_bytes: bytes(replica.size_bytes),
            })
            .collect();
        let size_bytes = partitions.iter().map(|partition| partition.size_bytes).sum();
        let partitions_count = count(partitions.len());
        partitions.sort_by_key(|partition| std::cmp::Reverse(partition.size_bytes));
        partitions.truncate(LOG_DIR_PARTITIONS_MAX);
        LogDir {
            broker: dir.broker,
            path: dir.path,
            size_bytes,
            total_bytes: dir.total_bytes.map(bytes),
            usable_bytes: dir.usable_bytes.map(bytes),
            problem: self.engine.as_ref().and_then(super::problems::of_store),
            partitions,
            partitions_count,
        }
    }
}

fn uptime_ms(started_at_ms: i64) -> u64 {
    u64::try_from(crate::clock::now_ms() - started_at_ms).unwrap_or(0)
}

fn capabilities(is_embedded: bool) -> Capabilities {
    Capabilities {
        time_lag: is_embedded,
        origins: is_embedded,
        connections: is_embedded,
        exact_rates: is_embedded,
        group_events: is_embedded,
        durability: is_embedded,
        demo: is_embedded,
        delete_records: true,
    }
}

/// All four lines start together: what began later starts with holes.
fn align(throughput: &mut Throughput) {
    let axis = throughput.messages_in.clone();
    let others =
        [&mut throughput.messages_out, &mut throughput.bytes_in, &mut throughput.bytes_out];
    for series in others.into_iter().flatten() {
        let missing = axis.values.len().saturating_sub(series.values.len());
        let holes = std::iter::repeat_n(None, missing);
        series.values = holes.chain(series.values.drain(..)).collect();
        series.values.truncate(axis.values.len());
        series.start_ms = axis.start_ms;
        series.step_ms = axis.step_ms;
    }
}

fn brokers(sample: &Sample, dirs: &[kafka::LogDir]) -> Vec<Broker> {
    let partitions = || sample.metadata.topics.values().flat_map(|topic| topic.partitions.iter());
    sample
        .metadata
        .brokers
        .iter()
        .map(|broker| {
            let of_broker = dirs.iter().filter(|dir| dir.broker == broker.id);
            let replicas = of_broker.flat_map(|dir| &dir.replicas);
            let size = replicas.map(|replica| u64::try_from(replica.size_bytes).unwrap_or(0));
            Broker {
                id: broker.id,
                host: broker.address.host.clone(),
                port: i32::from(broker.address.port),
                rack: broker.rack.clone(),
                is_controller: broker.id == sample.metadata.controller_id,
                leaders_count: count(partitions().filter(|p| p.leader == broker.id).count()),
                replicas_count: count(
                    partitions().filter(|p| p.replicas.contains(&broker.id)).count(),
                ),
                size_bytes: Some(size.sum()),
            }
        })
        .collect()
}

fn hits(sample: &Sample, text: &str) -> Vec<Hit> {
    let wanted = text.to_lowercase();
    let topics = sample.topics.iter().map(|(name, topic)| {
        let number = topic.partitions.len();
        let noun = if number == 1 { "partition" } else { "partitions" };
        Hit { kind: HitKind::Topic, name: name.clone(), note: format!("{number} {noun}") }
    });
    let groups = sample.groups.iter().map(|(name, group)| Hit {
        kind: HitKind::Group,
        name: name.clone(),
        note: group.state.clone(),
    });
    let mut found: Vec<Hit> =
        topics.chain(groups).filter(|hit| hit.name.to_lowercase().contains(&wanted)).collect();
    // A name that starts with the text comes first, then short names.
    found.sort_by_key(|hit| {
        let name = hit.name.to_lowercase();
        (!name.starts_with(&wanted), name.len(), name)
    });
    found.truncate(usize::try_from(HITS_MAX).unwrap_or(0));
    found
}
