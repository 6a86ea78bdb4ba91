//! Writing records from the form.

use std::collections::BTreeMap;
use std::time::Instant;

use bytes::Bytes;
use freshet_app::console::{Pending, Produce};
use freshet_app::error::{Answer, AppError};
use freshet_app::model::produce::{
    Acks, Encoding, PRODUCE_COUNT_MAX, PartitionForKey, ProduceForm, ProduceRequest, ProduceResult,
};
use freshet_app::model::record::{Piece, RecordId};
use freshet_records::{BatchBuilder, Compression, Header};
use freshet_wire::partitioner;

use super::{KafkaCluster, deadline, errors};

/// Bytes of one batch; a run of many records becomes several.
const BATCH_SIZE_BYTES_MAX: usize = 512 * 1024;

impl Produce for KafkaCluster {
    fn produce_form(&self, topic: String, again: Option<RecordId>) -> Pending<'_, ProduceForm> {
        deadline::read(self.form(topic, again))
    }

    fn partition_for_key(&self, request: ProduceRequest) -> Pending<'_, PartitionForKey> {
        deadline::read(async move {
            let partitions_count = self.partitions_count(&request.topic).await?;
            let key = bytes_of("key", &numbered(&request.key, 1), request.key_encoding)?;
            let partition = match (request.partition, &key) {
                (Some(partition), _) => Some(partition),
                (None, Some(key)) => Some(partitioner::partition_for_key(key, partitions_count)),
                (None, None) => None,
            };
            Ok(PartitionForKey { partition, partitions_count })
        })
    }

    fn produce(&self, request: ProduceRequest) -> Pending<'_, ProduceResult> {
        deadline::action(self.write(request))
    }
}

impl KafkaCluster {
    async fn partitions_count(&self, topic: &str) -> Answer<i32> {
        let sample = self.sample().await?;
        let known = self.known_topic(&sample, topic).await?;
        Ok(i32::try_from(known.metadata.partitions.len()).unwrap_or(i32::MAX))
    }

    async fn form(&self, topic: String, again: Option<RecordId>) -> Answer<ProduceForm> {
        let partitions_count = self.partitions_count(&topic).await?;
        let resource = freshet_client::ConfigResource::Topic(topic.clone());
        let entries = self.client.describe_configs(&resource).await.unwrap_or_default();
        let limit = entries.iter().find(|entry| entry.name == "max.message.bytes");
        let max_message_bytes = limit.and_then(|entry| entry.value.as_deref()?.parse::<u32>().ok());
        let mut draft = ProduceRequest {
            topic: topic.clone(),
            compression: "none".to_owned(),
            count: 1,
            ..ProduceRequest::default()
        };
        let mut draft_warning = None;
        if let Some(id) = again {
            draft_warning = self.fill_from(&mut draft, &topic, id).await?;
        }
        Ok(ProduceForm {
            now_ms: crate::clock::now_ms(),
            topic,
            partitions_count,
            max_message_bytes,
            draft,
            draft_warning,
        })
    }

    /// Takes a record over into the form; answers what could not be taken over exactly.
    async fn fill_from(
        &self,
        draft: &mut ProduceRequest,
        topic: &str,
        id: RecordId,
    ) -> Answer<Option<String>> {
        use freshet_app::console::Messages as _;
        let record = self.record(topic.to_owned(), id).await?;
        let is_whole = record.key.is_whole() && record.value.is_whole();
        let is_null = |kind| kind == freshet_codec::PayloadKind::Null;
        let is_json = |kind| kind == freshet_codec::PayloadKind::Json;
        let field = |payload: freshet_app::model::record::Payload| match payload.head {
            _ if is_null(payload.kind) => (String::new(), Encoding::Null),
            Piece::Text(text) if is_json(payload.kind) => (text, Encoding::Json),
            Piece::Text(text) => (text, Encoding::Text),
            Piece::Hex(hex) => (hex, Encoding::Hex),
        };
        (draft.key, draft.key_encoding) = field(record.key);
        (draft.value, draft.value_encoding) = field(record.value);
        draft.partition = Some(id.partition);
        draft.compression = record.compression;
        let headers_known = record.headers.len();
        draft.headers =
            record.headers.into_iter().map(|header| (header.key, header.value.text)).collect();
        let has_all_headers = u32::try_from(headers_known).ok() == Some(record.headers_count);
        Ok(if !is_whole {
            Some("The record is larger than the form can hold; only its beginning is here.".into())
        } else if !has_all_headers {
            Some("The record has more headers than the form can hold.".into())
        } else {
            None
        })
    }

    async fn write(&self, request: ProduceRequest) -> Answer<ProduceResult> {
        let started = Instant::now();
        let invalid =
            |field: &str, reason: String| AppError::Invalid { field: field.to_owned(), reason };
        if !(1..=PRODUCE_COUNT_MAX).contains(&request.count) {
            let reason = format!("between 1 and {PRODUCE_COUNT_MAX}");
            return Err(invalid("count", reason));
        }
        let compression: Compression = request
            .compression
            .parse()
            .map_err(|_| invalid("compression", format!("unknown: {}", request.compression)))?;
        let partitions_count = self.partitions_count(&request.topic).await?;
        if let Some(partition) = request.partition
            && !(0..partitions_count).contains(&partition)
        {
            return Err(invalid("partition", format!("between 0 and {}", partitions_count - 1)));
        }
        let batches = batches(&request, partitions_count, compression)?;
        let acks = match request.acks {
            Acks::None => 0,
            Acks::Leader => 1,
            Acks::All => -1,
        };
        let mut first = None;
        let mut partitions = std::collections::BTreeSet::new();
        for (partition, batch) in batches {
            let produced = self
                .client
                .produce(&request.topic, partition, batch, acks)
                .await
                .map_err(|error| errors::about(&errors::topic(&request.topic), &error))?;
            partitions.insert(partition);
            first.get_or_insert(produced);
        }
        let Some(first) = first else {
            return Err(invalid("count", "nothing to write".to_owned()));
        };
        Ok(ProduceResult {
            topic: request.topic,
            partition: first.partition,
            offset: first.base_offset,
            timestamp_ms: crate::clock::now_ms(),
            count: request.count,
            elapsed_ms: u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX),
            partitions_count: u32::try_from(partitions.len()).unwrap_or(u32::MAX),
        })
    }
}

/// The records of a run as encoded batches with their partitions, in order.
fn batches(
    request: &ProduceRequest,
    partitions_count: i32,
    compression: Compression,
) -> Answer<Vec<(i32, Bytes)>> {
    let headers: Vec<Header> = request
        .headers
        .iter()
        .map(|(key, value)| Header {
            key: Bytes::from(key.clone().into_bytes()),
            value: Some(Bytes::from(value.clone().into_bytes())),
        })
        .collect();
    let now_ms = crate::clock::now_ms();
    // Without a key any partition will do; a run stays together, as with a sticky partitioner.
    let without_key = i32::try_from(now_ms.rem_euclid(i64::from(partitions_count.max(1))));
    let mut open: BTreeMap<i32, BatchBuilder> = BTreeMap::new();
    let mut done = Vec::new();
    for number in 1..=request.count {
        let key = bytes_of("key", &numbered(&request.key, number), request.key_encoding)?;
        let value = bytes_of("value", &numbered(&request.value, number), request.value_encoding)?;
        let partition = match (request.partition, &key) {
            (Some(partition), _) => partition,
            (None, Some(key)) => partitioner::partition_for_key(key, partitions_count),
            (None, None) => without_key.unwrap_or(0),
        };
        let builder = open.entry(partition).or_insert_with(|| BatchBuilder::new(compression));
        builder
            .push(now_ms, key.as_deref(), value.as_deref(), &headers)
            .map_err(|error| too_large(&error))?;
        if builder.size_bytes() >= BATCH_SIZE_BYTES_MAX
            && let Some(full) = open.remove(&partition)
        {
            done.push((partition, full));
        }
    }
    done.extend(open);
    done.into_iter()
        .map(|(partition, builder)| {
            let batch = builder.build(0).map_err(|error| too_large(&error))?;
            Ok((partition, batch.into_bytes()))
        })
        .collect()
}

fn too_large(error: &freshet_records::Error) -> AppError {
    AppError::Invalid { field: "value".to_owned(), reason: error.to_string() }
}

/// `{{n}}` becomes the running number.
fn numbered(text: &str, number: u32) -> String {
    text.replace("{{n}}", &number.to_string())
}

fn bytes_of(field: &str, text: &str, encoding: Encoding) -> Answer<Option<Vec<u8>>> {
    let invalid = |reason: String| AppError::Invalid { field: field.to_owned(), reason };
    match encoding {
        Encoding::Null => Ok(None),
        Encoding::Text => Ok(Some(text.as_bytes().to_vec())),
        Encoding::Json => match freshet_codec::json::parse(text) {
            Ok(_) => Ok(Some(text.as_bytes().to_vec())),
            Err(error) => Err(invalid(error.to_string())),
        },
        Encoding::Hex => {
            freshet_codec::hex::decode(text).map(Some).map_err(|error| invalid(error.to_string()))
        }
    }
}
