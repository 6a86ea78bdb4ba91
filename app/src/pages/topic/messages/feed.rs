//! The rows that the browser holds: a bounded window that grows at either end.

use crate::model::message::{MessageRow, OffsetRange};
use std::collections::VecDeque;
use std::sync::Arc;

/// Most rows in the browser. Older ones leave at the far end, which is not a skip: they are still in the topic.
pub const ROWS_MAX: usize = 50_000;

/// Rows in the order of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    rows: VecDeque<Arc<MessageRow>>,
    /// Rows that left because the window was full.
    pub trimmed_count: u64,
}

impl Feed {
    /// The rows that came with the page.
    #[must_use]
    pub fn new(rows: Vec<MessageRow>) -> Self {
        Self { rows: rows.into_iter().map(Arc::new).collect(), trimmed_count: 0 }
    }

    /// Number of rows.
    #[must_use]
    pub fn row_count(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// The row at that place.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<&Arc<MessageRow>> {
        self.rows.get(index as usize)
    }

    /// Puts new rows on top, newest first; `rows` come in the order of reading.
    pub fn put_on_top(&mut self, rows: impl IntoIterator<Item = MessageRow>) {
        for row in rows {
            self.rows.push_front(Arc::new(row));
        }
        let surplus = self.rows.len().saturating_sub(ROWS_MAX);
        self.rows.truncate(ROWS_MAX);
        self.trimmed_count += surplus as u64;
    }

    /// Adds rows at the end, as many as fit. Says whether all did.
    pub fn append(&mut self, rows: Vec<MessageRow>) -> bool {
        let room = ROWS_MAX - self.rows.len().min(ROWS_MAX);
        let fits = rows.len() <= room;
        self.rows.extend(rows.into_iter().take(room).map(Arc::new));
        fits
    }

    /// Where a record stands.
    #[must_use]
    pub fn position(&self, partition: i32, offset: i64) -> Option<u32> {
        let is_it = |row: &Arc<MessageRow>| row.partition == partition && row.offset == offset;
        self.rows.iter().position(is_it).and_then(|at| u32::try_from(at).ok())
    }

    /// First and last offset held per partition, by partition.
    #[must_use]
    pub fn ranges(&self) -> Vec<OffsetRange> {
        let mut ranges: Vec<OffsetRange> = Vec::new();
        for row in &self.rows {
            match ranges.iter_mut().find(|range| range.partition == row.partition) {
                Some(range) => {
                    range.first = range.first.min(row.offset);
                    range.last = range.last.max(row.offset);
                }
                None => ranges.push(OffsetRange {
                    partition: row.partition,
                    first: row.offset,
                    last: row.offset,
                }),
            }
        }
        ranges.sort_by_key(|range| range.partition);
        ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::message::Preview;
    use freshet_codec::PayloadKind;

    fn row(partition: i32, offset: i64) -> MessageRow {
        let nothing =
            Preview { kind: PayloadKind::Null, text: String::new(), size_bytes: 0, is_cut: false };
        MessageRow {
            partition,
            offset,
            timestamp_ms: 0,
            key: nothing.clone(),
            value: nothing,
            headers_count: 0,
            size_bytes: 0,
            is_transactional: false,
        }
    }

    #[test]
    fn new_rows_stand_on_top_newest_first() {
        let mut feed = Feed::new(vec![row(0, 2), row(0, 1)]);
        feed.put_on_top([row(0, 3), row(1, 7), row(0, 4)]);
        let offsets: Vec<i64> =
            (0..feed.row_count()).map(|at| feed.get(at).expect("held").offset).collect();
        assert_eq!(offsets, [4, 7, 3, 2, 1]);
        assert_eq!(feed.position(1, 7), Some(1));
        assert_eq!(
            feed.ranges(),
            [
                OffsetRange { partition: 0, first: 1, last: 4 },
                OffsetRange { partition: 1, first: 7, last: 7 }
            ]
        );
    }

    #[test]
    fn the_window_is_bounded_and_says_what_left() {
        let mut feed = Feed::default();
        feed.put_on_top((0..60_000).map(|offset| row(0, offset)));
        assert_eq!(feed.row_count(), 50_000);
        assert_eq!(feed.trimmed_count, 10_000);
        assert_eq!(feed.get(0).expect("held").offset, 59_999);
        assert!(!feed.append(vec![row(0, 0)]));
    }
}
