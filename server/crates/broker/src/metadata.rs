//! The metadata log: topics, configurations and producer ids of the cluster.
//!
//! One task owns it. A command looks at the image and answers records or a refusal; the records are
//! appended, made durable, and only then applied: what a client was told survives.

mod apply;

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use freshet_cluster::command::{CreateTopic, Creator, create_topic};
use freshet_cluster::config::{BrokerConfig, BrokerSettings};
use freshet_cluster::{Image, MetadataRecord, Refusal, TopicId};
use freshet_storage::{Clock, LogId, Store};
use freshet_wire::ErrorCode;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info, warn};
use uuid::Uuid;

use crate::broker::StartError;
use crate::group_shard::Groups;
use crate::identity::NODE_ID;
use crate::limits::METADATA_MAILBOX_MAX;
use crate::options::BrokerOptions;
use crate::state_log::{StateError, StateLog, StateRecord};
use crate::topics::Topics;
use apply::Applier;

/// The log's place in the data directory; Kafka reserves this id for its own metadata log.
pub(crate) const METADATA_LOG: LogId = LogId { topic_id: 1_u128.to_be_bytes(), partition: 0 };

/// Where groups keep their offsets, as in Kafka.
pub(crate) const OFFSETS_TOPIC: &str = "__consumer_offsets";

/// A command looks at the image and answers what shall change.
pub(crate) type Command = Box<dyn FnOnce(&Image) -> Result<Vec<MetadataRecord>, Refusal> + Send>;

struct Envelope {
    command: Command,
    done: oneshot::Sender<Result<(), Refusal>>,
}

/// The image, and what follows from it.
#[derive(Clone)]
pub(crate) struct Current {
    pub(crate) image: Arc<Image>,
    pub(crate) settings: Arc<BrokerSettings>,
}

/// Reads the image and submits commands. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Metadata {
    current: Arc<RwLock<Current>>,
    commands: mpsc::Sender<Envelope>,
}

impl Metadata {
    /// The cluster as it is now.
    pub(crate) fn image(&self) -> Arc<Image> {
        Arc::clone(&self.current.read().image)
    }

    /// The broker's settings as they are now.
    pub(crate) fn settings(&self) -> Arc<BrokerSettings> {
        Arc::clone(&self.current.read().settings)
    }

    /// Runs a command; when this returns, its outcome is durable and in service. Besides the
    /// records the command gives back whatever its caller wants to know.
    ///
    /// # Errors
    /// The command's own refusal, or KAFKA_STORAGE_ERROR when the log takes no writes.
    pub(crate) async fn submit<T: Send + 'static>(
        &self,
        command: impl FnOnce(&Image) -> Result<(Vec<MetadataRecord>, T), Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let told = Arc::new(Mutex::new(None));
        let tell = Arc::clone(&told);
        let command: Command = Box::new(move |image| {
            let (records, value) = command(image)?;
            *tell.lock() = Some(value);
            Ok(records)
        });
        let (done, outcome) = oneshot::channel();
        let stopped = || Refusal::new(ErrorCode::KafkaStorageError, "the broker is stopping");
        self.commands.send(Envelope { command, done }).await.map_err(|_| stopped())?;
        outcome.await.map_err(|_| stopped())??;
        let value = told.lock().take();
        value.ok_or_else(stopped)
    }
}

/// The metadata task before it runs: it needs the group coordinator, which needs the metadata.
pub(crate) struct Pending {
    task: Task,
    mailbox: mpsc::Receiver<Envelope>,
}

impl Pending {
    /// Serves commands until every [`Metadata`] is dropped.
    pub(crate) async fn run(self, groups: Groups) {
        self.task.run(self.mailbox, groups).await;
    }
}

/// Loads the image and puts every topic into service.
pub(crate) async fn load(
    store: &Arc<Store>,
    clock: &Arc<dyn Clock>,
    options: &BrokerOptions,
    topics: &Arc<Topics>,
) -> Result<(Metadata, Pending), StartError> {
    let failed = |reason: String| StartError::Load { what: "the metadata log", reason };
    let log = StateLog::open(store, METADATA_LOG).map_err(|error| failed(error.to_string()))?;
    let mut records = Vec::new();
    log.replay(|record| {
        let value = record.value.as_ref().ok_or("a record without a value")?;
        records.push(MetadataRecord::decode(value).map_err(|error| error.to_string())?);
        Ok(())
    })
    .map_err(|error| failed(error.to_string()))?;
    let mut image = Image::empty(NODE_ID).apply_all(&records);

    let now_ms = clock.wall_ms();
    let first = first_records(&image, &options.config, now_ms)
        .map_err(|refusal| failed(refusal.message))?;
    if !first.is_empty() {
        let end = append(&log, &first, now_ms).map_err(|error| failed(error.to_string()))?;
        log.durable(end).await.map_err(|error| failed(error.to_string()))?;
        image = image.apply_all(&first);
    }
    let applier = Applier::new(Arc::clone(store), Arc::clone(topics), options.config.clone());
    applier.put_all(&image).map_err(failed)?;
    claim(store, &records);

    let settings = Arc::new(applier.settings(&image));
    let current = Arc::new(RwLock::new(Current { image: Arc::new(image), settings }));
    let (commands, mailbox) = mpsc::channel(METADATA_MAILBOX_MAX);
    let metadata = Metadata { current: Arc::clone(&current), commands };
    let task = Task { log, current, applier, clock: Arc::clone(clock) };
    Ok((metadata, Pending { task, mailbox }))
}

/// The first records of a new data directory: the cluster and its internal topic.
fn first_records(
    image: &Image,
    config: &BrokerConfig,
    now_ms: i64,
) -> Result<Vec<MetadataRecord>, Refusal> {
    if !image.cluster_id().is_empty() {
        return Ok(Vec::new());
    }
    let cluster_id = freshet_cluster::base64url(Uuid::new_v4().as_bytes());
    let wish = CreateTopic {
        name: OFFSETS_TOPIC.to_owned(),
        id: TopicId(Uuid::new_v4()),
        partition_count: 1,
        replication_factor: 1,
        assignments: Vec::new(),
        configs: vec![("cleanup.policy".to_owned(), Some("compact".to_owned()))],
    };
    let offsets = create_topic(image, config, Creator::Broker, now_ms, &wish)?;
    Ok(vec![MetadataRecord::ClusterCreated { cluster_id, created_ms: now_ms }, offsets.record])
}

/// Deletes logs whose topic was deleted before a crash; any other log that the metadata does not
/// know is kept and named, for metadata that forgot a log must not destroy it.
fn claim(store: &Store, records: &[MetadataRecord]) {
    let deleted: HashSet<[u8; 16]> = records
        .iter()
        .filter_map(|record| match record {
            MetadataRecord::TopicDeleted { id } => Some(id.0.into_bytes()),
            _ => None,
        })
        .collect();
    for log in store.unclaimed() {
        if !deleted.contains(&log.topic_id) {
            warn!(%log, "a log belongs to no topic of the metadata; it is kept on disk");
        } else if let Err(error) = store.delete_log(log) {
            warn!(%log, %error, "cannot delete the log of a deleted topic; the next start tries again");
        }
    }
}

fn append(log: &StateLog, records: &[MetadataRecord], now_ms: i64) -> Result<i64, StateError> {
    let encoded: Vec<StateRecord> =
        records.iter().map(|record| (None, Some(Bytes::from(record.encode())))).collect();
    log.append(&encoded, now_ms)
}

/// Tells the group coordinator what became of topics.
async fn tell(groups: &Groups, before: &Image, records: &[MetadataRecord]) {
    for record in records {
        match record {
            MetadataRecord::TopicDeleted { id } => {
                if let Some(topic) = before.topic_by_id(*id) {
                    groups.topic_deleted(topic.name.as_str()).await;
                }
            }
            MetadataRecord::PartitionsAdded { id, partition_count } => {
                if let Some(topic) = before.topic_by_id(*id) {
                    groups.topic_grew(topic.name.as_str(), *partition_count);
                }
            }
            _ => {}
        }
    }
}

struct Task {
    log: StateLog,
    current: Arc<RwLock<Current>>,
    applier: Applier,
    clock: Arc<dyn Clock>,
}

impl Task {
    async fn run(self, mut mailbox: mpsc::Receiver<Envelope>, groups: Groups) {
        while let Some(Envelope { command, done }) = mailbox.recv().await {
            let outcome = self.carry_out(command, &groups).await;
            // The client may have gone; its command is carried out all the same.
            let _ = done.send(outcome);
            self.bound().await;
        }
    }

    async fn carry_out(&self, command: Command, groups: &Groups) -> Result<(), Refusal> {
        let current = Arc::clone(&self.current.read().image);
        let records = command(&current)?;
        if records.is_empty() {
            return Ok(());
        }
        let unwritten = |error: StateError| {
            error!(%error, "the metadata log takes no writes");
            Refusal::new(ErrorCode::KafkaStorageError, error.to_string())
        };
        let end = append(&self.log, &records, self.clock.wall_ms()).map_err(unwritten)?;
        self.log.durable(end).await.map_err(unwritten)?;
        let next = Arc::new(current.apply_all(&records));
        // Logs are in service before anybody can see the topic, and out of sight before they go.
        self.applier.before(&next, &records)?;
        let settings = Arc::new(self.applier.settings(&next));
        *self.current.write() = Current { image: Arc::clone(&next), settings };
        self.applier.after(&records);
        tell(groups, &current, &records).await;
        Ok(())
    }

    /// Keeps the log from growing for ever.
    async fn bound(&self) {
        if !self.log.is_long() {
            return;
        }
        let live: Vec<StateRecord> = self
            .current
            .read()
            .image
            .records()
            .iter()
            .map(|record| (None, Some(Bytes::from(record.encode()))))
            .collect();
        match self.log.rewrite(&live, self.clock.wall_ms()).await {
            Ok(()) => info!(size_bytes = self.log.size_bytes(), "rewrote the metadata log"),
            Err(error) => error!(%error, "cannot rewrite the metadata log"),
        }
    }
}
