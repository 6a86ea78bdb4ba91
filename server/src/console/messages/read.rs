//! Reading records of one topic through the client.

use bytes::Bytes;
use freshet_app::error::{Answer, AppError};
use freshet_client::{Client, FetchAsk, FetchOptions, OffsetAsk, OffsetSpec};
use freshet_records::{Batch, BatchHeader, Batches, DecompressLimits, Record};
use freshet_wire::ErrorCode;

use crate::console::{KafkaCluster, errors};

/// Bytes asked of each partition at a time.
pub(super) const PARTITION_SIZE_BYTES: i32 = 512 * 1024;
/// Bytes asked of all partitions at a time.
pub(super) const FETCH_SIZE_BYTES: i32 = 8 * 1024 * 1024;

/// A record with where it lay.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) partition: i32,
    pub(super) record: Record,
    pub(super) batch: BatchHeader,
}

/// Start and end of a partition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) partition: i32,
    pub(super) start: i64,
    pub(super) end: i64,
}

/// What one fetch brought of a partition.
pub(super) struct Stretch {
    pub(super) partition: i32,
    /// Records at or after the offset asked for.
    pub(super) records: Vec<Found>,
    /// Where to read on; equal to the offset asked for when nothing came.
    pub(super) next: i64,
    pub(super) high_watermark: i64,
    pub(super) size_bytes: u64,
    /// Batches that could not be read; their records are skipped and counted.
    pub(super) failed: u64,
    /// The broker can't read it at the moment.
    pub(super) is_unavailable: bool,
}

impl KafkaCluster {
    /// Start and end of the wanted partitions (all when none is named), asked for now.
    pub(super) async fn marks(&self, topic: &str, partitions: &[i32]) -> Answer<Vec<Mark>> {
        let sample = self.sample().await?;
        let known = self.known_topic(&sample, topic).await?;
        let wanted: Vec<i32> = known
            .metadata
            .partitions
            .iter()
            .map(|partition| partition.index)
            .filter(|index| partitions.is_empty() || partitions.contains(index))
            .collect();
        if wanted.is_empty() {
            let reason = format!("topic \"{topic}\" has no such partition");
            return Err(AppError::Invalid { field: "partitions".to_owned(), reason });
        }
        let asks = |spec| -> Vec<OffsetAsk> {
            wanted
                .iter()
                .map(|partition| OffsetAsk { topic: topic.to_owned(), partition: *partition, spec })
                .collect()
        };
        let about = |error| errors::about(&errors::topic(topic), &error);
        let starts = self.client.list_offsets(&asks(OffsetSpec::Earliest)).await.map_err(about)?;
        let ends = self.client.list_offsets(&asks(OffsetSpec::Latest)).await.map_err(about)?;
        let offset = |found: &[freshet_client::OffsetFound], partition: i32| {
            found.iter().find(|found| found.partition == partition).and_then(|found| found.offset)
        };
        Ok(wanted
            .iter()
            .map(|partition| {
                let start = offset(&starts, *partition).unwrap_or(0);
                let end = offset(&ends, *partition).unwrap_or(start).max(start);
                Mark { partition: *partition, start, end }
            })
            .collect())
    }
}

/// Fetches from several positions at once.
///
/// # Errors
/// The topic is gone or nobody answers. A position outside the log is moved inside instead.
pub(super) async fn fetch(
    client: &Client,
    topic: &str,
    positions: &[(i32, i64)],
    wait_ms: i32,
) -> Answer<Vec<Stretch>> {
    let asks: Vec<FetchAsk> = positions
        .iter()
        .map(|(partition, offset)| FetchAsk {
            partition: *partition,
            offset: *offset,
            size_bytes_max: PARTITION_SIZE_BYTES,
        })
        .collect();
    let options = FetchOptions {
        wait_ms,
        size_bytes_min: 1,
        size_bytes_max: FETCH_SIZE_BYTES,
        is_read_committed: false,
    };
    let answers = client
        .fetch(topic, &asks, options)
        .await
        .map_err(|error| errors::about(&errors::topic(topic), &error))?;
    let mut stretches = Vec::with_capacity(answers.len());
    for answer in answers {
        let asked = positions.iter().find(|(partition, _)| *partition == answer.partition);
        let Some((_, asked)) = asked else { continue };
        let mut stretch = Stretch {
            partition: answer.partition,
            records: Vec::new(),
            next: *asked,
            high_watermark: answer.high_watermark,
            size_bytes: answer.records.size_bytes() as u64,
            failed: 0,
            is_unavailable: false,
        };
        match answer.error {
            ErrorCode::None => decode(&mut stretch, answer.records.into_bytes()),
            // Retention was faster, or the topic was made anew: read on inside the log.
            ErrorCode::OffsetOutOfRange => {
                let end = answer.high_watermark.max(answer.log_start_offset);
                stretch.next = (*asked).clamp(answer.log_start_offset, end);
            }
            // Damaged on disk: step over it, and count it.
            ErrorCode::CorruptMessage => {
                stretch.failed += 1;
                stretch.next += 1;
            }
            code if code.is_retriable() => stretch.is_unavailable = true,
            code => {
                let error =
                    freshet_client::Error::Kafka { code, message: code.meaning().to_owned() };
                return Err(errors::about(&errors::topic(topic), &error));
            }
        }
        stretches.push(stretch);
    }
    Ok(stretches)
}

fn decode(stretch: &mut Stretch, bytes: Bytes) {
    let asked = stretch.next;
    for batch in Batches::new(bytes) {
        let Ok(batch) = batch else {
            stretch.failed += 1;
            return;
        };
        stretch.next = batch.header.next_offset().max(stretch.next);
        if batch.header.is_control() {
            continue;
        }
        if decode_batch(stretch, &batch, asked).is_err() {
            stretch.failed += 1;
        }
    }
}

fn decode_batch(
    stretch: &mut Stretch,
    batch: &Batch,
    asked: i64,
) -> Result<(), freshet_records::Error> {
    for record in batch.records(&DecompressLimits::default())? {
        let record = record?;
        if record.offset >= asked {
            let (partition, batch) = (stretch.partition, batch.header.clone());
            stretch.records.push(Found { partition, record, batch });
        }
    }
    Ok(())
}
