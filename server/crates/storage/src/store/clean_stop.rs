//! The file that a clean stop leaves: the state of every log, so that a start reads one file.

use std::collections::HashMap;

use crate::LogId;
use crate::encoding::{Fields, seal, unseal};
use crate::epochs::Epochs;
use crate::index::SegmentMeta;
use crate::log::{LogImage, SegmentImage};
use crate::producers::Producers;
use crate::segment::Damage;

const MAGIC: [u8; 4] = *b"FSgC";
const VERSION: u32 = 1;

/// Content of the file.
pub(super) fn encode(logs: &[(LogId, LogImage)]) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend_from_slice(&(logs.len() as u32).to_be_bytes());
    for (id, image) in logs {
        body.extend_from_slice(&id.topic_id);
        body.extend_from_slice(&id.partition.to_be_bytes());
        body.extend_from_slice(&image.log_start_offset.to_be_bytes());
        body.push(u8::from(image.has_files));
        image.epochs.encode(&mut body);
        image.producers.encode(&mut body);
        body.extend_from_slice(&(image.segments.len() as u32).to_be_bytes());
        for segment in &image.segments {
            encode_segment(&mut body, segment);
        }
    }
    seal(MAGIC, VERSION, &body)
}

fn encode_segment(body: &mut Vec<u8>, segment: &SegmentImage) {
    let meta = &segment.meta;
    body.extend_from_slice(&segment.base_offset.to_be_bytes());
    body.extend_from_slice(&meta.size_bytes.to_be_bytes());
    body.extend_from_slice(&meta.next_offset.to_be_bytes());
    body.extend_from_slice(&meta.first_timestamp.to_be_bytes());
    body.extend_from_slice(&meta.max_timestamp.to_be_bytes());
    body.extend_from_slice(&(segment.damaged.len() as u32).to_be_bytes());
    for damage in &segment.damaged {
        body.extend_from_slice(&damage.from_position.to_be_bytes());
        body.extend_from_slice(&damage.to_position.to_be_bytes());
        body.extend_from_slice(&damage.first_offset.to_be_bytes());
        body.extend_from_slice(&damage.next_offset.to_be_bytes());
    }
}

/// The logs in the file; `None` unless every byte of it is sound.
pub(super) fn decode(bytes: &[u8]) -> Option<HashMap<LogId, LogImage>> {
    const LOG_SIZE_BYTES_MIN: usize = 41;
    const SEGMENT_SIZE_BYTES_MIN: usize = 44;
    let mut fields = Fields::new(unseal(MAGIC, VERSION, bytes)?);
    let mut logs = HashMap::new();
    for _ in 0..fields.count(LOG_SIZE_BYTES_MIN)? {
        let id = LogId { topic_id: fields.array()?, partition: fields.i32()? };
        let log_start_offset = fields.i64()?;
        let has_files = fields.u8()? != 0;
        let epochs = Epochs::decode(&mut fields)?;
        let producers = Producers::decode(&mut fields)?;
        let mut segments = Vec::new();
        for _ in 0..fields.count(SEGMENT_SIZE_BYTES_MIN)? {
            segments.push(decode_segment(&mut fields)?);
        }
        logs.insert(id, LogImage { segments, log_start_offset, epochs, producers, has_files });
    }
    fields.is_empty().then_some(logs)
}

fn decode_segment(fields: &mut Fields<'_>) -> Option<SegmentImage> {
    const DAMAGE_SIZE_BYTES: usize = 32;
    let base_offset = fields.i64()?;
    let meta = SegmentMeta {
        size_bytes: fields.u64()?,
        next_offset: fields.i64()?,
        first_timestamp: fields.i64()?,
        max_timestamp: fields.i64()?,
    };
    let mut damaged = Vec::new();
    for _ in 0..fields.count(DAMAGE_SIZE_BYTES)? {
        damaged.push(Damage {
            from_position: fields.u64()?,
            to_position: fields.u64()?,
            first_offset: fields.i64()?,
            next_offset: fields.i64()?,
        });
    }
    Some(SegmentImage { base_offset, meta, damaged })
}
