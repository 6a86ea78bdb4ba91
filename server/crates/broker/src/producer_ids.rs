//! Giving out producer ids from durable reservations (KIP-730).

use std::ops::Range;

use freshet_cluster::Refusal;
use freshet_cluster::command::reserve_producer_ids;
use tokio::sync::Mutex;

use crate::metadata::Metadata;

/// The block that ids are given out from; those left at a stop are lost, never reused.
#[derive(Default)]
pub(crate) struct ProducerIds {
    block: Mutex<Range<i64>>,
}

impl ProducerIds {
    /// A producer id that was never given out before.
    ///
    /// # Errors
    /// When the metadata log takes no writes.
    pub(crate) async fn next(&self, metadata: &Metadata) -> Result<i64, Refusal> {
        let mut block = self.block.lock().await;
        loop {
            if let Some(id) = block.next() {
                return Ok(id);
            }
            *block = metadata
                .submit(|image| {
                    let (reserved, record) = reserve_producer_ids(image)?;
                    Ok((vec![record], reserved))
                })
                .await?;
        }
    }
}
