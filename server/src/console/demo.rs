//! The demo: a topic with a live generator and two groups that read it, one of them too slowly.
//!
//! Everything goes through the Kafka protocol, as a user's programs would: what the pages show of
//! the demo is what they would show of those.

use std::sync::Arc;
use std::time::Duration;

use freshet_app::console::{Demo, Pending};
use freshet_app::error::Answer;
use freshet_app::model::overview::DemoState;
use freshet_client::{
    Client, Error, FetchAsk, FetchOptions, NewTopic, OffsetAsk, OffsetSpec, OffsetToCommit,
};
use freshet_records::{BatchBuilder, Batches, Compression};
use freshet_wire::{ErrorCode, partitioner};
use parking_lot::Mutex;
use tokio::task::JoinSet;
use tracing::debug;

use super::{KafkaCluster, deadline, errors};
use crate::sampler::Sample;

const TOPIC: &str = "demo.orders";
const PARTITIONS: i32 = 4;
const FAST_GROUP: &str = "demo-billing";
const SLOW_GROUP: &str = "demo-archive";
/// Records per second of the generator, and of the slow group.
const WRITTEN_PER_SECOND: u64 = 24;
const SLOW_PER_SECOND: u64 = 15;
/// A rate's work is done in this many steps a second.
const STEPS_PER_SECOND: u64 = 4;
const CITIES: [&str; 8] =
    ["Auckland", "Lima", "Oslo", "Quito", "Nairobi", "Osaka", "London", "Reykjavik"];
const PRODUCTS: [&str; 6] = ["tea", "kettle", "lamp", "notebook", "bicycle", "raincoat"];

/// The running tasks; empty when the demo stands still.
#[derive(Default)]
pub(crate) struct DemoTasks(Mutex<Option<JoinSet<()>>>);

impl Demo for KafkaCluster {
    fn start_demo(&self) -> Pending<'_, DemoState> {
        deadline::action(async move {
            let topic = NewTopic {
                name: TOPIC.to_owned(),
                partitions_count: PARTITIONS,
                replication_factor: -1,
                // It may run for days on somebody's laptop.
                configs: vec![("retention.bytes".to_owned(), (64 << 20).to_string())],
            };
            match self.client.create_topic(&topic).await {
                Ok(()) => {}
                Err(error) if error.code() == Some(ErrorCode::TopicAlreadyExists) => {}
                Err(error) => return Err(errors::about(&errors::topic(TOPIC), &error)),
            }
            self.start_tasks();
            self.sampler.refresh().await;
            self.state().await
        })
    }

    fn stop_demo(&self) -> Pending<'_, DemoState> {
        deadline::action(async move {
            *self.demo.0.lock() = None;
            self.state().await
        })
    }
}

impl KafkaCluster {
    fn start_tasks(&self) {
        let mut running = self.demo.0.lock();
        if running.is_some() {
            return;
        }
        let mut tasks = JoinSet::new();
        tasks.spawn(generate(Arc::new(self.client.dedicated("demo-shop"))));
        for (group, client_id, rate) in
            [(FAST_GROUP, "billing-1", None), (SLOW_GROUP, "archive-1", Some(SLOW_PER_SECOND))]
        {
            tasks.spawn(consume(Arc::new(self.client.dedicated(client_id)), group, rate));
        }
        *running = Some(tasks);
    }

    /// What the overview shows; `None` where there is no demo.
    pub(super) fn demo_state(&self, sample: &Sample) -> Option<DemoState> {
        self.engine.as_ref()?;
        Some(DemoState {
            topic: TOPIC.to_owned(),
            is_running: self.demo.0.lock().is_some(),
            exists: sample.topics.contains_key(TOPIC),
        })
    }

    async fn state(&self) -> Answer<DemoState> {
        let sample = self.sample().await?;
        Ok(self.demo_state(&sample).unwrap_or(DemoState {
            topic: TOPIC.to_owned(),
            is_running: self.demo.0.lock().is_some(),
            exists: sample.topics.contains_key(TOPIC),
        }))
    }
}

/// Writes made-up orders until it is dropped.
async fn generate(client: Arc<Client>) {
    let mut ticks = tokio::time::interval(Duration::from_millis(1_000 / STEPS_PER_SECOND));
    let mut number = 0_u64;
    loop {
        ticks.tick().await;
        for _ in 0..WRITTEN_PER_SECOND / STEPS_PER_SECOND {
            number += 1;
            let (key, value) = order(number);
            let partition = partitioner::partition_for_key(key.as_bytes(), PARTITIONS);
            let mut builder = BatchBuilder::new(Compression::None);
            let now_ms = crate::clock::now_ms();
            let pushed = builder.push(now_ms, Some(key.as_bytes()), Some(value.as_bytes()), &[]);
            let Ok(batch) = pushed.and_then(|()| builder.build(0)) else { return };
            if let Err(error) = client.produce(TOPIC, partition, batch.into_bytes(), 1).await {
                debug!(%error, "the demo could not write");
            }
        }
    }
}

/// A made-up order: the same number always makes the same one.
fn order(number: u64) -> (String, String) {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17);
    let pick = |many: usize, shift: u32| {
        usize::try_from(mixed.rotate_right(shift) % many as u64).unwrap_or(0)
    };
    let city = CITIES[pick(CITIES.len(), 3)];
    let product = PRODUCTS[pick(PRODUCTS.len(), 29)];
    let quantity = pick(4, 11) + 1;
    let cents = pick(9_000, 41) + 500;
    let value = format!(
        "{{\"order\":{},\"city\":\"{city}\",\"product\":\"{product}\",\"quantity\":{quantity},\
         \"total\":{}.{:02},\"paid\":{}}}",
        9_007_199_254_740_992 + number,
        cents / 100,
        cents % 100,
        pick(7, 7) != 0,
    );
    (city.to_owned(), value)
}

/// Reads and commits as a member of `group`, at most `per_second` records a second.
async fn consume(client: Arc<Client>, group: &'static str, per_second: Option<u64>) {
    loop {
        if let Err(error) = consume_one_session(&client, group, per_second).await {
            debug!(group, %error, "a demo group starts over");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

async fn consume_one_session(
    client: &Client,
    group: &str,
    per_second: Option<u64>,
) -> Result<(), Error> {
    let membership = client.join_alone(group, TOPIC, PARTITIONS).await?;
    let mut positions = start_positions(client, group).await?;
    let mut ticks = tokio::time::interval(Duration::from_millis(1_000 / STEPS_PER_SECOND));
    loop {
        ticks.tick().await;
        client.heartbeat(&membership).await?;
        let mut left = per_second.map_or(u64::MAX, |rate| rate / STEPS_PER_SECOND);
        let moved = read_some(client, &mut positions, &mut left).await?;
        if !moved.is_empty() {
            client.commit_as(&membership, &moved).await?;
        }
    }
}

async fn start_positions(client: &Client, group: &str) -> Result<Vec<i64>, Error> {
    let committed = client.committed_offsets(group).await?;
    let asks: Vec<OffsetAsk> = (0..PARTITIONS)
        .map(|partition| OffsetAsk {
            topic: TOPIC.to_owned(),
            partition,
            spec: OffsetSpec::Earliest,
        })
        .collect();
    let earliest = client.list_offsets(&asks).await?;
    Ok((0..PARTITIONS)
        .map(|partition| {
            let of_group = committed
                .iter()
                .find(|known| known.topic == TOPIC && known.partition == partition)
                .map(|known| known.offset);
            let first = earliest.iter().find(|found| found.partition == partition);
            let first = first.and_then(|found| found.offset).unwrap_or(0);
            of_group.map_or(first, |offset| offset.max(first))
        })
        .collect())
}

/// Advances positions over at most `left` records; answers what to commit.
async fn read_some(
    client: &Client,
    positions: &mut [i64],
    left: &mut u64,
) -> Result<Vec<OffsetToCommit>, Error> {
    let asks: Vec<FetchAsk> = (0..PARTITIONS)
        .zip(positions.iter())
        .map(|(partition, offset)| FetchAsk {
            partition,
            offset: *offset,
            size_bytes_max: 64 * 1024,
        })
        .collect();
    let options = FetchOptions {
        wait_ms: 0,
        size_bytes_min: 1,
        size_bytes_max: 1 << 20,
        is_read_committed: false,
    };
    let answers = client.fetch(TOPIC, &asks, options).await?;
    let mut moved = Vec::new();
    for answer in answers {
        let index = usize::try_from(answer.partition).unwrap_or(usize::MAX);
        let Some(position) = positions.get_mut(index) else { continue };
        let before = *position;
        if answer.error == ErrorCode::OffsetOutOfRange {
            *position = answer.log_start_offset;
        }
        for batch in Batches::new(answer.records.into_bytes()).flatten() {
            let end = batch.header.next_offset();
            let step = u64::try_from(end - *position).unwrap_or(0).min(*left);
            *position += i64::try_from(step).unwrap_or(0);
            *left -= step;
        }
        if *position != before {
            moved.push(OffsetToCommit {
                topic: TOPIC.to_owned(),
                partition: answer.partition,
                offset: *position,
            });
        }
    }
    Ok(moved)
}
