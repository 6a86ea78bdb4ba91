//! Browsing messages: pages, one record, histogram, export, tail and scan, all over [`walk`].

mod cursor;
mod export;
mod histogram;
mod read;
mod record;
mod rows;
mod scan;
mod tail;
mod walk;

use std::time::{Duration, Instant};

use freshet_app::console::{Live, Messages, Pending, RecordPull, Scan, Tail};
use freshet_app::error::Answer;
use freshet_app::model::live::Pulse;
use freshet_app::model::message::{
    Histogram, MessagesPage, MessagesQuery, OffsetRange, PAGE_ROWS_MAX, PartitionMarks,
};
use freshet_app::model::record::{Part, PayloadPiece, RecordDetail, RecordId};

use super::{KafkaCluster, deadline};
use walk::Walk;

/// A page with a search stops looking after this long and says so.
const PAGE_SEARCH_MS: u64 = 1_000;

impl Messages for KafkaCluster {
    fn messages(&self, topic: String, query: MessagesQuery) -> Pending<'_, MessagesPage> {
        deadline::read(self.page(topic, query))
    }

    fn record(&self, topic: String, id: RecordId) -> Pending<'_, RecordDetail> {
        deadline::read(record::read(self, topic, id))
    }

    fn payload_piece(
        &self,
        topic: String,
        id: RecordId,
        part: Part,
        from: u32,
    ) -> Pending<'_, PayloadPiece> {
        deadline::read(record::piece(self, topic, id, part, from))
    }

    fn histogram(&self, topic: String) -> Pending<'_, Histogram> {
        deadline::read(histogram::read(self, topic))
    }

    fn export(
        &self,
        topic: String,
        query: MessagesQuery,
        ranges: Vec<OffsetRange>,
    ) -> Pending<'_, Box<dyn RecordPull>> {
        deadline::read(export::open(self, topic, query, ranges))
    }
}

impl Live for KafkaCluster {
    fn tail(
        &self,
        topic: String,
        query: MessagesQuery,
        after: Vec<OffsetRange>,
    ) -> Pending<'_, Box<dyn Tail>> {
        deadline::read(tail::open(self, topic, query, after))
    }

    fn scan(&self, topic: String, query: MessagesQuery) -> Pending<'_, Box<dyn Scan>> {
        deadline::read(scan::open(self, topic, query))
    }

    fn pulse(&self) -> Pending<'_, Pulse> {
        Box::pin(async move {
            let sample = self.sampler.current();
            Ok(Pulse {
                now_ms: sample.at_ms,
                messages_in: sample.rate_in,
                messages_out: sample.rate_out,
                bytes_in: sample.bytes_in,
                bytes_out: sample.bytes_out,
            })
        })
    }
}

impl KafkaCluster {
    async fn page(&self, topic: String, query: MessagesQuery) -> Answer<MessagesPage> {
        let started = Instant::now();
        let marks = self.marks(&topic, &query.partitions).await?;
        let mut walk = Walk::begin(&self.client, &topic, &query, &marks).await?;
        let limit = usize::try_from(query.limit.clamp(1, PAGE_ROWS_MAX)).unwrap_or(1);
        let until = started + Duration::from_millis(PAGE_SEARCH_MS);
        let found = walk.take(limit, until).await?;
        Ok(MessagesPage {
            now_ms: crate::clock::now_ms(),
            rows: found.records.iter().map(rows::row).collect(),
            next: walk.cursor(),
            scanned: walk.scanned(started),
            is_cut_short: found.is_cut_short,
            marks: marks
                .iter()
                .map(|mark| PartitionMarks {
                    partition: mark.partition,
                    log_start_offset: mark.start,
                    high_watermark: mark.end,
                })
                .collect(),
        })
    }
}
