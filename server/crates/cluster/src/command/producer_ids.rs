use std::ops::Range;

use freshet_wire::ErrorCode;

use crate::image::Image;
use crate::record::MetadataRecord;
use crate::refusal::Refusal;

/// Producer ids reserved at a time, as in Kafka: those not given out before a stop are lost.
pub const PRODUCER_ID_BLOCK: i64 = 1000;

/// Reserves the next [`PRODUCER_ID_BLOCK`] producer ids. They may be given out once the record is
/// durable.
///
/// # Errors
/// UNKNOWN_SERVER_ERROR when all ids are used up.
pub fn reserve_producer_ids(image: &Image) -> Result<(Range<i64>, MetadataRecord), Refusal> {
    let first = image.next_producer_id();
    let Some(next_producer_id) = first.checked_add(PRODUCER_ID_BLOCK) else {
        let message = "all producer ids are used up";
        return Err(Refusal::new(ErrorCode::UnknownServerError, message));
    };
    let record = MetadataRecord::ProducerIdsReserved { next_producer_id };
    Ok((first..next_producer_id, record))
}
