//! Messages of the scenarios.

use super::entries::TopicSeed;
use super::numbers::pick;
use super::topics::marks;
use super::{FakeCluster, NOW_MS, Scenario};
use crate::console::{Messages, Pending, RecordPull};
use crate::error::AppError;
use crate::model::message::{
    Histogram, MessageRow, MessagesPage, MessagesQuery, OffsetRange, PAGE_ROWS_MAX,
    PREVIEW_BYTES_MAX, PartitionMarks, Preview, Scanned,
};
use crate::model::record::{
    Origin, PAYLOAD_HEAD_BYTES, PAYLOAD_PIECE_BYTES_MAX, Part, Payload, PayloadPiece, Piece,
    RecordDetail, RecordHeader, RecordId, RecordReader, TimestampType,
};

const CITIES: [&str; 6] = ["Auckland", "Oslo", "Quito", "Nairobi", "Osaka", "London"];
/// Every record with this remainder of its offset is 5 MB large.
const LARGE_EVERY: i64 = 9_973;

/// The key of a record.
fn key(id: RecordId) -> Option<Vec<u8>> {
    let city = CITIES[usize::try_from(pick(seed(id), 6)).unwrap_or(0)];
    (id.offset % 29 != 0).then(|| city.as_bytes().to_vec())
}

fn seed(id: RecordId) -> u64 {
    id.offset.unsigned_abs() * 31 + u64::from(id.partition.unsigned_abs())
}

/// The value of a record: JSON mostly, sometimes a tombstone, text, binary or something very large.
fn value(id: RecordId) -> Option<Vec<u8>> {
    let seed = seed(id);
    if id.offset % LARGE_EVERY == 0 {
        let item = format!(r#"{{"city": "Oslo", "n": {seed}}},"#);
        let items = item.repeat(5_000_000 / item.len());
        return Some(format!("[{}]", items.trim_end_matches(',')).into_bytes());
    }
    match id.offset % 41 {
        7 => None,
        13 => Some(b"plain text, not JSON".to_vec()),
        19 => Some((0..64_u64).map(|n| u8::try_from(pick(seed + n, 256)).unwrap_or(0)).collect()),
        _ => {
            let city = CITIES[usize::try_from(pick(seed, 6)).unwrap_or(0)];
            let (t, w) = (pick(seed, 330), pick(seed + 3, 400));
            let text = format!(
                r#"{{"city": "{city}", "current": {{"temperature_2m": {}.{}, "wind_speed_10m": {}.{}}}, "sensor": {}, "ok": true}}"#,
                t / 10,
                t % 10,
                w / 10,
                w % 10,
                9_007_199_254_740_993 + seed
            );
            Some(text.into_bytes())
        }
    }
}

fn preview(payload: Option<&[u8]>) -> Preview {
    let line = freshet_codec::preview(payload, PREVIEW_BYTES_MAX);
    Preview {
        kind: line.kind,
        text: line.text,
        size_bytes: u32::try_from(payload.map_or(0, <[u8]>::len)).unwrap_or(u32::MAX),
        is_cut: line.is_cut,
    }
}

/// One row.
pub(super) fn row(id: RecordId, timestamp_ms: i64) -> MessageRow {
    let (key, value) = (key(id), value(id));
    let size = key.as_ref().map_or(0, Vec::len) + value.as_ref().map_or(0, Vec::len) + 24;
    MessageRow {
        partition: id.partition,
        offset: id.offset,
        timestamp_ms,
        key: preview(key.as_deref()),
        value: preview(value.as_deref()),
        headers_count: 2,
        size_bytes: u32::try_from(size).unwrap_or(u32::MAX),
        is_transactional: false,
    }
}

/// When a record that stands so far from the end was written.
fn written_ms(back: i64) -> i64 {
    NOW_MS - 230 - back * 3 - back % 7 * 11
}

fn newest(topic: &TopicSeed, query: &MessagesQuery, skip: i64) -> Vec<MessageRow> {
    let partitions = i64::from(topic.partitions);
    let limit = i64::from(query.limit.clamp(1, PAGE_ROWS_MAX));
    let wanted =
        |partition: i32| query.partitions.is_empty() || query.partitions.contains(&partition);
    let rows = (skip..skip + limit * partitions).filter_map(|back| {
        let partition = i32::try_from(back % partitions).ok()?;
        let (start, end) = marks(topic, u32::try_from(partition).ok()?);
        let offset = end - 1 - back / partitions;
        let is_there = offset >= start && wanted(partition);
        is_there.then(|| row(RecordId { partition, offset }, written_ms(back)))
    });
    let wanted = query.search.to_lowercase();
    let matches = |row: &MessageRow| {
        wanted.is_empty()
            || row.value.text.to_lowercase().contains(&wanted)
            || row.key.text.to_lowercase().contains(&wanted)
    };
    rows.filter(matches).take(usize::try_from(limit).unwrap_or(0)).collect()
}

fn page(topic: &TopicSeed, query: &MessagesQuery) -> MessagesPage {
    let skip: i64 = query.cursor.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut rows = newest(topic, query, skip);
    let next = (rows.len() as u64 == u64::from(query.limit))
        .then(|| (skip + i64::from(query.limit)).to_string());
    if !query.start.is_newest_first() {
        rows.reverse();
    }
    let marks = (0..topic.partitions).map(|partition| {
        let (log_start_offset, high_watermark) = marks(topic, partition);
        let partition = i32::try_from(partition).unwrap_or(0);
        PartitionMarks { partition, log_start_offset, high_watermark }
    });
    MessagesPage {
        now_ms: NOW_MS,
        scanned: Scanned {
            records: rows.len() as u64,
            bytes: rows.len() as u64 * 187,
            elapsed_ms: 3,
            records_total: topic.messages,
            failed: 0,
        },
        rows,
        next,
        is_cut_short: false,
        marks: marks.collect(),
    }
}

fn payload(bytes: Option<Vec<u8>>) -> Payload {
    let kind = freshet_codec::detect(bytes.as_deref());
    let bytes = bytes.unwrap_or_default();
    let head = &bytes[..bytes.len().min(PAYLOAD_HEAD_BYTES as usize)];
    Payload {
        kind,
        size_bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        head: Piece::from_bytes(head),
    }
}

fn detail(id: RecordId) -> RecordDetail {
    let header = |key: &str, value: &str| RecordHeader {
        key: key.to_owned(),
        value: preview(Some(value.as_bytes())),
    };
    let origin = Origin {
        client_id: "weather-station-3".to_owned(),
        library: "librdkafka".to_owned(),
        library_version: "2.11.1".to_owned(),
        principal: "User:ANONYMOUS".to_owned(),
        address: "127.0.0.1:50412".to_owned(),
    };
    let reader = |group: &str, has_passed| RecordReader { group: group.to_owned(), has_passed };
    RecordDetail {
        now_ms: NOW_MS,
        id,
        timestamp_ms: NOW_MS - 1_000,
        timestamp_type: TimestampType::CreateTime,
        key: payload(key(id)),
        value: payload(value(id)),
        headers: vec![header("trace-id", "4bf92f3577b34da6"), header("source", "open-meteo")],
        headers_count: 2,
        compression: "zstd".to_owned(),
        batch_base_offset: id.offset - id.offset % 12,
        batch_records_count: 12,
        batch_size_bytes: 1_204,
        leader_epoch: 4,
        producer_id: Some(7_001),
        is_transactional: false,
        is_control: false,
        appended_ms: Some(NOW_MS - 998),
        written_by: Some(origin),
        readers: vec![reader("weather_reader", true), reader("weather_processor", false)],
        previous_offset: (id.offset > 0).then(|| id.offset - 1),
        next_offset: Some(id.offset + 1),
    }
}

/// An export of nothing: scenarios are for looking at.
struct NoRecords;

impl RecordPull for NoRecords {
    fn next(&mut self) -> Pending<'_, Vec<crate::console::ExportRecord>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }
}

impl Messages for FakeCluster {
    fn messages(&self, topic: String, query: MessagesQuery) -> Pending<'_, MessagesPage> {
        self.about_topic(&topic, |_, seed| page(&seed, &query))
    }

    fn record(&self, topic: String, id: RecordId) -> Pending<'_, RecordDetail> {
        if id.partition < 0 || id.offset < 0 {
            let what = format!("record {} / {}", id.partition, id.offset);
            return Box::pin(std::future::ready(Err(AppError::NotFound { what })));
        }
        self.about_topic(&topic, |_, _| detail(id))
    }

    fn payload_piece(
        &self,
        topic: String,
        id: RecordId,
        part: Part,
        from: u32,
    ) -> Pending<'_, PayloadPiece> {
        self.about_topic(&topic, |_, _| {
            let bytes = match part {
                Part::Key => key(id),
                Part::Value => value(id),
            };
            let bytes = bytes.unwrap_or_default();
            let start = (from as usize).min(bytes.len());
            let end = (start + PAYLOAD_PIECE_BYTES_MAX as usize).min(bytes.len());
            PayloadPiece {
                from,
                size_bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
                piece: Piece::from_bytes(&bytes[start..end]),
                is_last: end == bytes.len(),
            }
        })
    }

    fn histogram(&self, topic: String) -> Pending<'_, Histogram> {
        self.about_topic(&topic, |scenario, seed| Histogram {
            now_ms: NOW_MS,
            start_ms: NOW_MS - 120 * 8_000,
            bucket_ms: 8_000,
            counts: match (scenario, seed.rate) {
                (Scenario::Empty, _) | (_, 0) => Vec::new(),
                (_, rate) => (0..120).map(|n| rate * 4 + pick(n, rate * 4 + 1)).collect(),
            },
            is_exact: true,
        })
    }

    fn export(
        &self,
        topic: String,
        _query: MessagesQuery,
        _ranges: Vec<OffsetRange>,
    ) -> Pending<'_, Box<dyn RecordPull>> {
        self.about_topic(&topic, |_, _| Box::new(NoRecords) as Box<dyn RecordPull>)
    }
}
