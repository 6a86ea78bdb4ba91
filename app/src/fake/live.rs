//! The live side stands still: tails say nothing more, searches end at once.

use super::{FakeCluster, NOW_MS};
use crate::console::{Live, Pending, Scan, ScanEvent, Tail, TailBatch};
use crate::model::live::{DoneReason, Pulse};
use crate::model::message::{MessagesQuery, OffsetRange, Scanned};
use crate::model::number::Rate;

struct Silence;

impl Tail for Silence {
    fn next(&mut self, _rows_max: u32) -> Pending<'_, TailBatch> {
        Box::pin(std::future::pending())
    }
}

struct Nothing;

impl Scan for Nothing {
    fn next(&mut self, _rows_max: u32) -> Pending<'_, ScanEvent> {
        let done = ScanEvent::Done(DoneReason::Complete, Scanned::default());
        Box::pin(std::future::ready(Ok(done)))
    }
}

impl Live for FakeCluster {
    fn tail(
        &self,
        _topic: String,
        _query: MessagesQuery,
        _after: Vec<OffsetRange>,
    ) -> Pending<'_, Box<dyn Tail>> {
        self.answer(|_| Box::new(Silence) as Box<dyn Tail>)
    }

    fn scan(&self, _topic: String, _query: MessagesQuery) -> Pending<'_, Box<dyn Scan>> {
        self.answer(|_| Box::new(Nothing) as Box<dyn Scan>)
    }

    fn pulse(&self) -> Pending<'_, Pulse> {
        self.answer(|_| Pulse {
            now_ms: NOW_MS,
            messages_in: Rate::per_second(1_284),
            messages_out: Some(Rate::per_second(2_466)),
            bytes_in: Some(Rate::per_second(241_000)),
            bytes_out: Some(Rate::per_second(463_000)),
        })
    }
}
