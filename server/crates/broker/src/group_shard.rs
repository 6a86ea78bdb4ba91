//! The group coordinator's task: it owns the mailbox, the log and the sleep of a pure state machine.
//!
//! ```text
//!  handler ─► mailbox ─► Coordinator::handle ─► records ─► __consumer_offsets ─► replay
//!                                          └─► replies, held until the newest record is durable
//! ```
//!
//! The next request is handled while earlier answers still wait for the disk, so that commits share
//! a sync. If an append fails, the state machine is thrown away and loaded anew: what was not
//! written did not happen.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use freshet_cluster::config::BrokerSettings;
use freshet_coordinator::{
    Caller, Config, Coordinator, GroupView, Input, Now, Output, Record, Token,
};
use freshet_storage::Clock;
use freshet_wire::Response;
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info};

use crate::broker::StartError;
use crate::limits::GROUP_MAILBOX_MAX;
use crate::metadata::{Metadata, OFFSETS_TOPIC};
use crate::state_log::{StateError, StateLog, StateRecord};
use crate::topics::Topics;

/// The coordinator did not answer: it is being loaded anew, or the broker stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotCoordinator;

enum Message {
    Ask { caller: Caller, input: Box<Input>, done: oneshot::Sender<Response> },
    View { group: String, done: oneshot::Sender<Option<GroupView>> },
    Grew { topic: String, partition_count: i32 },
    Deleted { topic: String },
}

/// Reaches the coordinator's task. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Groups {
    mailbox: mpsc::Sender<Message>,
}

impl Groups {
    /// Puts a request into the mailbox at once, in the caller's order; the answer comes when it is
    /// durable.
    pub(crate) fn ask(
        &self,
        caller: Caller,
        input: Input,
    ) -> impl Future<Output = Result<Response, NotCoordinator>> + Send + use<> {
        let (done, answer) = oneshot::channel();
        let sent = self.mailbox.try_send(Message::Ask { caller, input: Box::new(input), done });
        async move {
            sent.map_err(|_| NotCoordinator)?;
            answer.await.map_err(|_| NotCoordinator)
        }
    }

    /// One group as the console shows it.
    pub(crate) async fn view(&self, group: &str) -> Option<GroupView> {
        let (done, view) = oneshot::channel();
        self.mailbox.send(Message::View { group: group.to_owned(), done }).await.ok()?;
        view.await.ok()?
    }

    /// Tells that a topic got more partitions, so that a rebalance can name the reason.
    pub(crate) fn topic_grew(&self, topic: &str, partition_count: i32) {
        // Only the wording of a reason depends on it.
        let topic = topic.to_owned();
        let _ = self.mailbox.try_send(Message::Grew { topic, partition_count });
    }

    /// Forgets what groups have committed in a topic that is gone.
    pub(crate) async fn topic_deleted(&self, topic: &str) {
        // Without a coordinator the broker is stopping, and the next start finds no such topic.
        let _ = self.mailbox.send(Message::Deleted { topic: topic.to_owned() }).await;
    }
}

/// Loads the groups from `__consumer_offsets`.
pub(crate) fn load(
    clock: &Arc<dyn Clock>,
    metadata: &Metadata,
    topics: &Topics,
) -> Result<(Groups, impl Future<Output = ()> + Send + use<>), StartError> {
    let failed =
        |reason: String| StartError::Load { what: "the groups in __consumer_offsets", reason };
    let partition = topics
        .partition(OFFSETS_TOPIC, 0)
        .ok_or_else(|| failed("the topic is missing from the metadata log".to_owned()))?;
    let log = StateLog::new(Arc::clone(&partition.log), Arc::clone(&partition.progress));
    let mut shard = Shard {
        coordinator: Coordinator::new(config(&metadata.settings())),
        log,
        clock: Arc::clone(clock),
        metadata: metadata.clone(),
        waiting: HashMap::new(),
        held: VecDeque::new(),
        next_token: 0,
        is_loaded: false,
    };
    shard.load().map_err(|error| failed(error.to_string()))?;
    let (mailbox, receiver) = mpsc::channel(GROUP_MAILBOX_MAX);
    Ok((Groups { mailbox }, shard.run(receiver)))
}

/// Answers that wait until the log is durable up to an offset.
struct Held {
    until: i64,
    replies: Vec<(oneshot::Sender<Response>, Response)>,
}

struct Shard {
    coordinator: Coordinator,
    log: StateLog,
    clock: Arc<dyn Clock>,
    metadata: Metadata,
    /// Who waits for which request, among them members that wait for a rebalance.
    waiting: HashMap<Token, oneshot::Sender<Response>>,
    held: VecDeque<Held>,
    next_token: u64,
    /// The state machine holds everything that the log holds.
    is_loaded: bool,
}

impl Shard {
    fn now(&self) -> Now {
        Now { mono_ms: self.clock.mono_ms(), wall_ms: self.clock.wall_ms() }
    }

    fn load(&mut self) -> Result<(), StateError> {
        let output = self.replay()?;
        self.is_loaded = true;
        self.carry_out(output);
        Ok(())
    }

    /// Replays the log and arms timers; what that asks to be written is the caller's to append.
    fn replay(&mut self) -> Result<Output, StateError> {
        let coordinator = &mut self.coordinator;
        self.log.replay(|record| {
            let key = record.key.as_deref().ok_or("a record without a key")?;
            coordinator.replay(key, record.value.as_deref()).map_err(|error| error.to_string())
        })?;
        let now = self.now();
        Ok(self.coordinator.loaded(now))
    }

    async fn run(mut self, mut mailbox: mpsc::Receiver<Message>) {
        loop {
            let until = self.held.front().map(|held| held.until);
            let log = self.log.clone();
            let durable = async {
                match until {
                    Some(until) => log.durable(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                durable = durable => match durable {
                    Ok(()) => self.release(),
                    Err(error) => self.unload(&error),
                },
                message = mailbox.recv() => match message {
                    Some(message) => self.receive(message),
                    None => return,
                },
                () = sleep_until(self.coordinator.next_deadline(), self.clock.mono_ms()) => {
                    let now = self.now();
                    let output = self.coordinator.on_time(now);
                    self.carry_out(output);
                }
            }
            self.bound().await;
        }
    }

    fn receive(&mut self, message: Message) {
        if !self.is_loaded {
            self.reload();
        }
        if !self.is_loaded {
            // Dropping the message tells whoever asked that there is no coordinator.
            return;
        }
        match message {
            Message::Ask { caller, input, done } => {
                let token = Token(self.next_token);
                self.next_token += 1;
                self.waiting.insert(token, done);
                let settings = config(&self.metadata.settings());
                if *self.coordinator.config() != settings {
                    self.coordinator.set_config(settings);
                }
                let now = self.now();
                let output = self.coordinator.handle(now, token, &caller, *input);
                self.carry_out(output);
            }
            Message::View { group, done } => {
                let now = self.now();
                // The console may have stopped waiting.
                let _ = done.send(self.coordinator.view(&group, now));
            }
            Message::Grew { topic, partition_count } => {
                self.coordinator.topic_grew(&topic, partition_count);
            }
            Message::Deleted { topic } => {
                let output = self.coordinator.topic_deleted(&topic);
                self.carry_out(output);
            }
        }
    }

    /// Appends and replays the records, then holds the replies until what they saw is durable.
    fn carry_out(&mut self, output: Output) {
        if !output.records.is_empty()
            && let Err(error) = self.append(&output.records)
        {
            self.unload(&error);
            return;
        }
        let replies: Vec<_> = output
            .replies
            .into_iter()
            .filter_map(|reply| Some((self.waiting.remove(&reply.token)?, reply.response)))
            .collect();
        if !replies.is_empty() {
            self.held.push_back(Held { until: self.log.end(), replies });
        }
    }

    fn append(&mut self, records: &[Record]) -> Result<(), StateError> {
        let encoded: Vec<StateRecord> =
            records.iter().map(|record| (Some(record.key.clone()), record.value.clone())).collect();
        self.log.append(&encoded, self.clock.wall_ms())?;
        for record in records {
            self.coordinator
                .replay(&record.key, record.value.as_deref())
                .map_err(|error| StateError::Append(error.to_string()))?;
        }
        Ok(())
    }

    fn release(&mut self) {
        while let Some(held) = self.held.front() {
            if !self.log.is_durable(held.until) {
                return;
            }
            let Some(held) = self.held.pop_front() else { return };
            for (done, response) in held.replies {
                // A client that hung up does not need its answer.
                let _ = done.send(response);
            }
        }
    }

    /// What was not written did not happen: everybody who waits is told to ask again, and the state
    /// is loaded from what the log really holds, now or, if that fails, by the next request.
    fn unload(&mut self, reason: &StateError) {
        error!(%reason, "the group coordinator cannot write, loading its state anew");
        self.waiting.clear();
        self.held.clear();
        self.is_loaded = false;
        self.reload();
    }

    fn reload(&mut self) {
        self.coordinator = Coordinator::new(config(&self.metadata.settings()));
        match self.replay() {
            // Records that loading itself asks for wait for the next start: the log takes none now.
            Ok(_) => self.is_loaded = true,
            Err(error) => error!(%error, "the group coordinator cannot read its log"),
        }
    }

    /// Keeps the log from growing for ever until compaction does.
    async fn bound(&mut self) {
        if !self.log.is_long() {
            return;
        }
        let live: Vec<StateRecord> = self
            .coordinator
            .snapshot()
            .into_iter()
            .map(|record| (Some(record.key), record.value))
            .collect();
        match self.log.rewrite(&live, self.clock.wall_ms()).await {
            Ok(()) => info!(size_bytes = self.log.size_bytes(), "rewrote __consumer_offsets"),
            Err(error) => self.unload(&error),
        }
    }
}

async fn sleep_until(deadline_mono_ms: Option<u64>, now_mono_ms: u64) {
    match deadline_mono_ms {
        Some(at_ms) => {
            tokio::time::sleep(Duration::from_millis(at_ms.saturating_sub(now_mono_ms))).await;
        }
        None => std::future::pending().await,
    }
}

fn config(settings: &BrokerSettings) -> Config {
    let unsigned = |value: i64| u64::try_from(value).unwrap_or(0);
    Config {
        session_timeout_min_ms: settings.group_min_session_timeout_ms,
        session_timeout_max_ms: settings.group_max_session_timeout_ms,
        group_size_max: usize::try_from(settings.group_max_size).unwrap_or(usize::MAX),
        initial_rebalance_delay_ms: unsigned(settings.group_initial_rebalance_delay_ms.into()),
        offset_metadata_bytes_max: usize::try_from(settings.offset_metadata_max_bytes).unwrap_or(0),
        offsets_retention_ms: settings.offsets_retention_ms,
        offsets_retention_check_interval_ms: unsigned(settings.offsets_retention_check_interval_ms),
    }
}
