//! Watching the cluster: offsets, groups and lag, once a second, for every page at once.
//!
//! Pages read the newest [`Sample`] instead of asking the cluster each for themselves; what they show
//! beside each other is therefore from one moment. The same code samples the embedded broker and an
//! external cluster; the pace adapts to the cluster's size.

mod collect;
mod rates;
mod ring;
mod sample;

pub(crate) use rates::{GroupRates, Rates};
pub(crate) use ring::Ring;
pub(crate) use sample::{GroupSample, Sample, StandingSample, TopicSample};

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use freshet_broker::Engine;
use freshet_client::Client;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tracing::{debug, warn};

/// Distance between two samples of a small cluster.
const INTERVAL_MS: u64 = 1_000;
/// Partitions above which sampling slows down in proportion, so that its work stays bounded.
const PARTITIONS_AT_FULL_PACE: usize = 2_000;
/// Slowest pace.
const INTERVAL_MS_MAX: u64 = 15_000;
/// How often sizes on disk are asked for.
const SIZES_INTERVAL_MS: u64 = 5_000;
/// Samples waiting to be written to the history; a slow disk drops whole samples, with a warning.
const HISTORY_QUEUE_MAX: usize = 64;

/// Sizes of partitions on disk, by topic and partition.
pub(crate) type Sizes = HashMap<String, HashMap<i32, u64>>;

/// The newest sample and what has been seen before it.
pub(crate) struct Sampler {
    client: Arc<Client>,
    engine: Option<Engine>,
    newest: watch::Sender<Arc<Sample>>,
    sizes: RwLock<Arc<Sizes>>,
    rates: Mutex<Rates>,
    problem: RwLock<Option<String>>,
}

impl Sampler {
    /// A sampler that has seen nothing yet.
    pub(crate) fn new(client: Arc<Client>, engine: Option<Engine>) -> Arc<Sampler> {
        let (newest, _) = watch::channel(Arc::new(Sample::default()));
        Arc::new(Sampler {
            client,
            engine,
            newest,
            sizes: RwLock::default(),
            rates: Mutex::default(),
            problem: RwLock::default(),
        })
    }

    /// The newest sample; empty until the first one is taken.
    pub(crate) fn current(&self) -> Arc<Sample> {
        Arc::clone(&self.newest.borrow())
    }

    /// Waits for the first sample.
    ///
    /// # Errors
    /// Why the cluster can't be sampled, once that is known.
    pub(crate) async fn first(&self) -> Result<Arc<Sample>, String> {
        let mut newest = self.newest.subscribe();
        loop {
            let sample = Arc::clone(&newest.borrow_and_update());
            if sample.at_ms > 0 {
                return Ok(sample);
            }
            if let Some(problem) = self.problem.read().clone() {
                return Err(problem);
            }
            let _ = tokio::time::timeout(Duration::from_millis(50), newest.changed()).await;
        }
    }

    /// Why the last attempt failed, if it did.
    pub(crate) fn problem(&self) -> Option<String> {
        self.problem.read().clone()
    }

    /// Sizes on disk as last asked for.
    pub(crate) fn sizes(&self) -> Arc<Sizes> {
        Arc::clone(&self.sizes.read())
    }

    /// Reads what the samples add up to over time.
    pub(crate) fn with_rates<T>(&self, read: impl FnOnce(&Rates) -> T) -> T {
        read(&self.rates.lock())
    }

    /// Takes a sample now, so that a change made by the console is seen at once.
    pub(crate) async fn refresh(&self) {
        if let Ok(sample) = self.take().await {
            self.accept(Arc::new(sample), false);
        }
    }

    /// Samples until the task is dropped; every sample goes to `history` as well.
    pub(crate) async fn run(self: Arc<Self>, history: mpsc::Sender<Arc<Sample>>) {
        let mut ticks = interval(Duration::from_millis(INTERVAL_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut next_at = Instant::now();
        let mut sizes_at = Instant::now();
        loop {
            ticks.tick().await;
            if Instant::now() < next_at {
                continue;
            }
            if Instant::now() >= sizes_at {
                self.take_sizes().await;
                sizes_at = Instant::now() + Duration::from_millis(SIZES_INTERVAL_MS);
            }
            match self.take().await {
                Ok(sample) => {
                    next_at = Instant::now() + pace(sample.partitions_count());
                    let sample = Arc::new(sample);
                    if history.try_send(Arc::clone(&sample)).is_err() {
                        warn!("the lag history is behind, one sample is left out of it");
                    }
                    self.accept(sample, true);
                }
                Err(error) => {
                    debug!(%error, "cannot sample the cluster");
                    *self.problem.write() = Some(error);
                }
            }
        }
    }

    async fn take(&self) -> Result<Sample, String> {
        let before = self.current();
        collect::collect(&self.client, self.engine.as_ref(), &before)
            .await
            .map_err(|error| error.to_string())
    }

    fn accept(&self, sample: Arc<Sample>, is_regular: bool) {
        *self.problem.write() = None;
        if is_regular {
            self.rates.lock().add(&sample);
        }
        self.newest.send_replace(sample);
    }

    async fn take_sizes(&self) {
        let Ok(dirs) = self.client.log_dirs().await else { return };
        let mut sizes = Sizes::new();
        for replica in dirs.into_iter().flat_map(|dir| dir.replicas) {
            let size_bytes = u64::try_from(replica.size_bytes).unwrap_or(0);
            let of_topic = sizes.entry(replica.topic).or_default();
            // Of several replicas the largest counts: the others are catching up.
            let known = of_topic.entry(replica.partition).or_default();
            *known = (*known).max(size_bytes);
        }
        *self.sizes.write() = Arc::new(sizes);
    }
}

/// The queue between the sampler and the history.
pub(crate) fn history_queue() -> (mpsc::Sender<Arc<Sample>>, mpsc::Receiver<Arc<Sample>>) {
    mpsc::channel(HISTORY_QUEUE_MAX)
}

fn pace(partitions_count: usize) -> Duration {
    let factor = partitions_count.div_ceil(PARTITIONS_AT_FULL_PACE).max(1) as u64;
    // A hair less than the tick, so that a sample is due at its tick and not one later.
    Duration::from_millis((factor * INTERVAL_MS).min(INTERVAL_MS_MAX) - INTERVAL_MS / 2)
}
