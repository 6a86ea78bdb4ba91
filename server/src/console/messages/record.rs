//! One whole record, and further pieces of a large one.

use freshet_app::error::{Answer, AppError};
use freshet_app::model::record::{
    HEADERS_MAX, Origin, PAYLOAD_HEAD_BYTES, PAYLOAD_PIECE_BYTES_MAX, Part, Payload, PayloadPiece,
    Piece, RecordDetail, RecordHeader, RecordId, RecordReader, TimestampType,
};
use freshet_records as records;

use super::read::{Found, fetch};
use super::rows;
use crate::console::KafkaCluster;

/// Finds one record; `previous` and `next` are its neighbours' offsets, for stepping.
pub(super) async fn read(
    cluster: &KafkaCluster,
    topic: String,
    id: RecordId,
) -> Answer<RecordDetail> {
    let marks = cluster.marks(&topic, &[id.partition]).await?;
    let found = find(cluster, &topic, id).await?;
    let mark = marks.first();
    let record = &found.record;
    let engine = cluster.engine.as_ref();
    let appended_ms =
        engine.and_then(|engine| engine.append_time_ms(&topic, id.partition, id.offset));
    let origin = engine.and_then(|engine| engine.origin(&topic, id.partition, id.offset));
    let sample = cluster.sampler.current();
    let readers = sample
        .groups_of(&topic)
        .filter_map(|(name, group)| {
            let standing = group.standings.get(&(topic.clone(), id.partition))?;
            Some(RecordReader { group: name.clone(), has_passed: standing.committed > id.offset })
        })
        .collect();
    let start = mark.map_or(0, |mark| mark.start);
    let end = mark.map_or(0, |mark| mark.end);
    Ok(RecordDetail {
        now_ms: crate::clock::now_ms(),
        id,
        timestamp_ms: record.timestamp_ms,
        timestamp_type: timestamp_type(&found),
        key: payload(record.key.as_deref()),
        value: payload(record.value.as_deref()),
        headers: record.headers.iter().take(HEADERS_MAX).map(header).collect(),
        headers_count: u32::try_from(record.headers.len()).unwrap_or(u32::MAX),
        compression: found.batch.compression().map(|c| c.to_string()).unwrap_or_default(),
        batch_base_offset: found.batch.base_offset,
        batch_records_count: found.batch.record_count,
        batch_size_bytes: u32::try_from(found.batch.size_bytes()).unwrap_or(u32::MAX),
        leader_epoch: found.batch.partition_leader_epoch,
        producer_id: Some(found.batch.producer_id).filter(|id| *id >= 0),
        is_transactional: found.batch.is_transactional(),
        is_control: found.batch.is_control(),
        appended_ms,
        written_by: origin.map(|origin| Origin {
            client_id: origin.client_id().to_owned(),
            library: origin.library().to_owned(),
            library_version: origin.library_version().to_owned(),
            principal: origin.principal().to_owned(),
            address: origin.address().to_owned(),
        }),
        readers,
        previous_offset: Some(id.offset - 1).filter(|offset| *offset >= start),
        next_offset: Some(id.offset + 1).filter(|offset| *offset < end),
    })
}

/// A further piece of a key or value.
pub(super) async fn piece(
    cluster: &KafkaCluster,
    topic: String,
    id: RecordId,
    part: Part,
    from: u32,
) -> Answer<PayloadPiece> {
    let found = find(cluster, &topic, id).await?;
    let bytes = match part {
        Part::Key => found.record.key,
        Part::Value => found.record.value,
    }
    .unwrap_or_default();
    let start = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
    let rest = &bytes[start..];
    let wanted = rest.len().min(usize::try_from(PAYLOAD_PIECE_BYTES_MAX).unwrap_or(0));
    let cut = whole_characters(rest, wanted);
    Ok(PayloadPiece {
        from: u32::try_from(start).unwrap_or(u32::MAX),
        size_bytes: u32::try_from(cut).unwrap_or(u32::MAX),
        piece: Piece::from_bytes(&rest[..cut]),
        is_last: cut == rest.len(),
    })
}

async fn find(cluster: &KafkaCluster, topic: &str, id: RecordId) -> Answer<Found> {
    let missing = || AppError::NotFound {
        what: format!("record {} of partition {} in topic \"{topic}\"", id.offset, id.partition),
    };
    let stretches = fetch(&cluster.client, topic, &[(id.partition, id.offset)], 0).await?;
    let records = stretches.into_iter().flat_map(|stretch| stretch.records);
    records.into_iter().find(|found| found.record.offset == id.offset).ok_or_else(missing)
}

fn payload(bytes: Option<&[u8]>) -> Payload {
    let all = bytes.unwrap_or_default();
    let head = all.len().min(usize::try_from(PAYLOAD_HEAD_BYTES).unwrap_or(0));
    Payload {
        kind: freshet_codec::detect(bytes),
        size_bytes: u32::try_from(all.len()).unwrap_or(u32::MAX),
        head: Piece::from_bytes(&all[..whole_characters(all, head)]),
    }
}

/// Shortens a cut so that it does not split a character; bytes that are no text are cut as asked.
fn whole_characters(bytes: &[u8], cut: usize) -> usize {
    if cut == bytes.len() {
        return cut;
    }
    let is_inside = |at: usize| bytes.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    (cut.saturating_sub(3)..=cut).rev().find(|at| !is_inside(*at)).unwrap_or(cut)
}

fn header(found: &records::Header) -> RecordHeader {
    RecordHeader {
        key: String::from_utf8_lossy(&found.key).into_owned(),
        value: rows::preview(found.value.as_deref()),
    }
}

fn timestamp_type(found: &Found) -> TimestampType {
    if found.record.timestamp_ms < 0 {
        return TimestampType::None;
    }
    match found.batch.timestamp_type() {
        records::TimestampType::CreateTime => TimestampType::CreateTime,
        records::TimestampType::LogAppendTime => TimestampType::LogAppendTime,
    }
}
