//! Walking through a topic's records in the order of a query, page by page.
//!
//! Newest first, the walk takes windows from the end of each partition; otherwise it reads forward.
//! Either way it gathers from every partition, merges by time, gives out as many as are wanted and
//! remembers for each partition how far it got. What was found and not given out waits for the next
//! step of the same walk; another page, which has only the cursor, finds it again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use freshet_app::error::{Answer, AppError};
use freshet_app::model::message::{MessagesQuery, Scanned, Start};
use freshet_client::{Client, OffsetAsk, OffsetSpec};

use super::cursor::{self, Bound};
use super::read::{Found, Mark, fetch};
use super::rows::Filter;
use crate::console::errors;

/// Records of a window, newest first, when nothing is searched for: at least this many.
const WINDOW_MIN: i64 = 64;
/// Records of a window while searching backwards.
const SEARCH_WINDOW: i64 = 5_000;

/// A walk under way.
pub(super) struct Walk {
    client: Arc<Client>,
    topic: String,
    is_newest_first: bool,
    filter: Filter,
    bounds: Vec<Bound>,
    /// Found and not given out yet, with the index of its bound; the next step gives it out first.
    waiting: Vec<(usize, Found)>,
    records: u64,
    bytes: u64,
    failed: u64,
    records_total: u64,
}

/// What one step found.
pub(super) struct Taken {
    /// In the order of the query.
    pub(super) records: Vec<Found>,
    /// Time was up before enough was found or the end was reached.
    pub(super) is_cut_short: bool,
}

/// What a partition contributed, with how far its scan got.
struct Gathered {
    bound: usize,
    found: Vec<Found>,
    /// Where the scan of this partition stands.
    reached: i64,
}

impl Walk {
    /// Starts where the query says, or where its cursor left off.
    pub(super) async fn begin(
        client: &Arc<Client>,
        topic: &str,
        query: &MessagesQuery,
        marks: &[Mark],
    ) -> Answer<Walk> {
        let is_newest_first = query.start.is_newest_first();
        let bounds = match &query.cursor {
            Some(text) => cursor::read(text).ok_or_else(|| AppError::Invalid {
                field: "cursor".to_owned(),
                reason: "it does not come from an earlier page".to_owned(),
            })?,
            None => first_bounds(client, topic, query.start, marks).await?,
        };
        let walk = Walk {
            client: Arc::clone(client),
            topic: topic.to_owned(),
            is_newest_first,
            filter: Filter::new(query),
            records_total: bounds.iter().map(|bound| left(bound, is_newest_first)).sum(),
            bounds,
            waiting: Vec::new(),
            records: 0,
            bytes: 0,
            failed: 0,
        };
        Ok(walk)
    }

    /// Continues the walk; `None` at the end.
    pub(super) fn cursor(&self) -> Option<String> {
        let mut bounds = self.bounds.clone();
        for (bound, found) in &self.waiting {
            // Another page finds again what this one did not give out.
            let (bound, offset) = (&mut bounds[*bound], found.record.offset);
            bound.at =
                if self.is_newest_first { bound.at.max(offset + 1) } else { bound.at.min(offset) };
        }
        self.has_more().then(|| cursor::write(&bounds))
    }

    pub(super) fn has_more(&self) -> bool {
        !self.waiting.is_empty()
            || self.bounds.iter().any(|bound| left(bound, self.is_newest_first) > 0)
    }

    pub(super) fn scanned(&self, started: Instant) -> Scanned {
        Scanned {
            records: self.records,
            bytes: self.bytes,
            elapsed_ms: u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX),
            records_total: self.records_total,
            failed: self.failed,
        }
    }

    /// Takes up to `limit` records, looking no longer than `until`.
    pub(super) async fn take(&mut self, limit: usize, until: Instant) -> Answer<Taken> {
        let mut gathered: Vec<Gathered> = (0..self.bounds.len())
            .map(|bound| Gathered { bound, found: Vec::new(), reached: self.bounds[bound].at })
            .collect();
        for (bound, found) in std::mem::take(&mut self.waiting) {
            gathered[bound].found.push(found);
        }
        let mut is_cut_short = false;
        loop {
            let open: Vec<usize> = (0..gathered.len())
                .filter(|index| {
                    self.is_open(&gathered[*index]) && gathered[*index].found.len() < limit
                })
                .collect();
            if open.is_empty() || self.is_enough(&gathered, limit) {
                break;
            }
            if Instant::now() >= until {
                is_cut_short = true;
                break;
            }
            if self.is_newest_first {
                self.step_back(&mut gathered, &open, limit).await?;
            } else {
                self.step_forward(&mut gathered, &open).await?;
            }
        }
        Ok(Taken { records: self.give_out(gathered, limit), is_cut_short })
    }

    fn is_open(&self, gathered: &Gathered) -> bool {
        let limit = self.bounds[gathered.bound].limit;
        if self.is_newest_first { gathered.reached > limit } else { gathered.reached < limit }
    }

    /// While searching, the first `limit` matches will do: looking for the exact order over all
    /// partitions could mean to read them whole.
    fn is_enough(&self, gathered: &[Gathered], limit: usize) -> bool {
        let found: usize = gathered.iter().map(|partition| partition.found.len()).sum();
        !self.filter.is_open() && found >= limit
    }

    async fn step_forward(&mut self, gathered: &mut [Gathered], open: &[usize]) -> Answer<()> {
        let positions: Vec<(i32, i64)> = open
            .iter()
            .map(|index| (self.bounds[gathered[*index].bound].partition, gathered[*index].reached))
            .collect();
        let stretches = fetch(&self.client, &self.topic, &positions, 0).await?;
        let mut has_moved = false;
        for stretch in stretches {
            self.bytes += stretch.size_bytes;
            self.failed += stretch.failed;
            let place = gathered
                .iter_mut()
                .find(|each| self.bounds[each.bound].partition == stretch.partition);
            let Some(place) = place else { continue };
            let limit = self.bounds[place.bound].limit;
            has_moved |= stretch.next > place.reached;
            place.reached = stretch.next.min(limit);
            for found in stretch.records.into_iter().take_while(|f| f.record.offset < limit) {
                self.records += 1;
                if self.filter.matches(&found) {
                    place.found.push(found);
                }
            }
        }
        if !has_moved {
            // Nothing there although the log says so: the end moved back or is not readable.
            for index in open {
                gathered[*index].reached = self.bounds[gathered[*index].bound].limit;
            }
        }
        Ok(())
    }

    /// Reads one window before what was reached in each open partition.
    async fn step_back(
        &mut self,
        gathered: &mut [Gathered],
        open: &[usize],
        limit: usize,
    ) -> Answer<()> {
        let wanted = if self.filter.is_open() {
            i64::try_from(limit).unwrap_or(i64::MAX).max(WINDOW_MIN)
        } else {
            SEARCH_WINDOW
        };
        let mut windows: Vec<(usize, i64, i64)> = open
            .iter()
            .map(|index| {
                let end = gathered[*index].reached;
                let start = (end - wanted).max(self.bounds[gathered[*index].bound].limit);
                (*index, start, end)
            })
            .collect();
        let starts: Vec<(usize, i64)> = windows.iter().map(|(i, start, _)| (*i, *start)).collect();
        while !windows.is_empty() {
            let positions: Vec<(i32, i64)> = windows
                .iter()
                .map(|(index, at, _)| (self.bounds[gathered[*index].bound].partition, *at))
                .collect();
            let stretches = fetch(&self.client, &self.topic, &positions, 0).await?;
            let mut going_on = Vec::new();
            for (index, at, end) in windows {
                let partition = self.bounds[gathered[index].bound].partition;
                let stretch = stretches.iter().find(|each| each.partition == partition);
                let Some(stretch) = stretch.filter(|stretch| stretch.next > at) else { continue };
                self.bytes += stretch.size_bytes;
                self.failed += stretch.failed;
                for found in stretch.records.iter().take_while(|f| f.record.offset < end) {
                    self.records += 1;
                    if self.filter.matches(found) {
                        gathered[index].found.push(found.clone());
                    }
                }
                if stretch.next < end {
                    going_on.push((index, stretch.next, end));
                }
            }
            windows = going_on;
        }
        for (index, start) in starts {
            gathered[index].reached = start;
        }
        Ok(())
    }

    /// Merges by time and keeps `limit`; the rest waits.
    fn give_out(&mut self, gathered: Vec<Gathered>, limit: usize) -> Vec<Found> {
        let mut all: Vec<(usize, Found)> = Vec::new();
        for partition in gathered {
            self.bounds[partition.bound].at = partition.reached;
            all.extend(partition.found.into_iter().map(|found| (partition.bound, found)));
        }
        let order =
            |found: &Found| (found.record.timestamp_ms, found.partition, found.record.offset);
        all.sort_by_key(|(_, found)| order(found));
        restore_offset_order(&mut all);
        if self.is_newest_first {
            all.reverse();
        }
        self.waiting = all.split_off(limit.min(all.len()));
        all.into_iter().map(|(_, found)| found).collect()
    }
}

/// Timestamps may run backwards inside a partition; offsets never do in what is shown: the places of
/// one partition get its records in the order of their offsets. Ascending.
fn restore_offset_order(all: &mut [(usize, Found)]) {
    let mut by_bound: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, (bound, _)) in all.iter().enumerate() {
        by_bound.entry(*bound).or_default().push(place);
    }
    for places in by_bound.into_values() {
        let mut records: Vec<(usize, Found)> =
            places.iter().map(|place| all[*place].clone()).collect();
        records.sort_by_key(|(_, found)| found.record.offset);
        for (place, record) in places.into_iter().zip(records) {
            all[place] = record;
        }
    }
}

/// Offsets between where a bound stands and where it ends.
fn left(bound: &Bound, is_newest_first: bool) -> u64 {
    let distance = if is_newest_first { bound.at - bound.limit } else { bound.limit - bound.at };
    u64::try_from(distance).unwrap_or(0)
}

async fn first_bounds(
    client: &Client,
    topic: &str,
    start: Start,
    marks: &[Mark],
) -> Answer<Vec<Bound>> {
    let from = |choose: &dyn Fn(&Mark) -> (i64, i64)| -> Vec<Bound> {
        marks
            .iter()
            .map(|mark| {
                let (at, limit) = choose(mark);
                Bound { partition: mark.partition, at, limit }
            })
            .collect()
    };
    match start {
        Start::Newest => Ok(from(&|mark| (mark.end, mark.start))),
        Start::Oldest => Ok(from(&|mark| (mark.start, mark.end))),
        Start::Offset(offset) => Ok(from(&|mark| (offset.clamp(mark.start, mark.end), mark.end))),
        Start::Time(from_ms) => by_time(client, topic, marks, from_ms).await,
        Start::Range { from_ms, to_ms } => {
            let mut bounds = by_time(client, topic, marks, from_ms).await?;
            let ends = by_time(client, topic, marks, to_ms).await?;
            // Records are not always in the order of their time: the filter decides in the end,
            // and the range only says where looking can stop.
            for (bound, end) in bounds.iter_mut().zip(ends) {
                bound.limit = end.at.max(bound.at);
            }
            Ok(bounds)
        }
    }
}

async fn by_time(client: &Client, topic: &str, marks: &[Mark], at_ms: i64) -> Answer<Vec<Bound>> {
    let asks: Vec<OffsetAsk> = marks
        .iter()
        .map(|mark| OffsetAsk {
            topic: topic.to_owned(),
            partition: mark.partition,
            spec: OffsetSpec::At(at_ms.max(0)),
        })
        .collect();
    let found = client
        .list_offsets(&asks)
        .await
        .map_err(|error| errors::about(&errors::topic(topic), &error))?;
    Ok(marks
        .iter()
        .map(|mark| {
            let answer = found.iter().find(|found| found.partition == mark.partition);
            let offset = answer.and_then(|found| found.offset);
            let at = offset.unwrap_or(mark.end).clamp(mark.start, mark.end);
            Bound { partition: mark.partition, at, limit: mark.end }
        })
        .collect())
}
