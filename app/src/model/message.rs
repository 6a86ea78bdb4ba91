//! Browsing messages: what to read, and rows with bounded previews. One whole record is in `record`.

use freshet_codec::PayloadKind;
use serde::{Deserialize, Serialize};

/// Most bytes of a key or value that a row carries.
pub const PREVIEW_BYTES_MAX: usize = 512;
/// Rows of the first answer and of each page.
pub const PAGE_ROWS: u32 = 50;
/// Most rows that one answer carries.
pub const PAGE_ROWS_MAX: u32 = 500;

/// Where reading starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Start {
    /// The newest N by time, newest first; new ones follow at the top where JavaScript runs.
    #[default]
    Newest,
    /// From the log start, oldest first.
    Oldest,
    /// From this offset in each chosen partition, ascending.
    Offset(i64),
    /// From the first record at or after this time, ascending.
    Time(i64),
    /// Records of `from_ms` (inclusive) to `to_ms` (exclusive), ascending.
    Range { from_ms: i64, to_ms: i64 },
}

impl Start {
    /// Whether the newest row comes first.
    #[must_use]
    pub fn is_newest_first(self) -> bool {
        matches!(self, Self::Newest)
    }
}

/// Where a search looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SearchIn {
    #[default]
    Everywhere,
    Key,
    Value,
    Headers,
}

/// Which messages are wanted. The same value drives paging, live mode, search and export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MessagesQuery {
    pub start: Start,
    /// Empty for all.
    pub partitions: Vec<i32>,
    /// Case-insensitive substring; empty for none.
    pub search: String,
    pub search_in: SearchIn,
    /// Continues an earlier answer; opaque to the console's pages.
    pub cursor: Option<String>,
    /// At most [`PAGE_ROWS_MAX`].
    pub limit: u32,
}

/// One key, value or header value, cut to a bounded length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    pub kind: PayloadKind,
    /// One line, at most [`PREVIEW_BYTES_MAX`] bytes. Binary payloads come as hex pairs.
    pub text: String,
    /// Of the whole payload; 0 for null and for empty ones.
    pub size_bytes: u32,
    /// `text` is not all of it.
    pub is_cut: bool,
}

/// One message in the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    pub partition: i32,
    pub offset: i64,
    /// The record's own timestamp; -1 when it has none.
    pub timestamp_ms: i64,
    pub key: Preview,
    pub value: Preview,
    pub headers_count: u16,
    /// Key, value and headers together, uncompressed.
    pub size_bytes: u32,
    pub is_transactional: bool,
}

/// What a partition offered when the answer was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionMarks {
    pub partition: i32,
    pub log_start_offset: i64,
    pub high_watermark: i64,
}

/// How much work a read or a search did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
    pub records: u64,
    pub bytes: u64,
    pub elapsed_ms: u32,
    /// Records between the start and the end of the scan: the whole of the progress bar.
    pub records_total: u64,
    /// Records that could not be read (decompression or format), counted, never hidden.
    pub failed: u64,
}

/// One page of messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagesPage {
    pub now_ms: i64,
    pub rows: Vec<MessageRow>,
    /// Continues in reading order; `None` at the end.
    pub next: Option<String>,
    pub scanned: Scanned,
    /// The deadline came first: there may be more matches before `next`.
    pub is_cut_short: bool,
    pub marks: Vec<PartitionMarks>,
}

/// Written records over the whole life of a topic, for the strip above the messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    pub now_ms: i64,
    /// Start of the first bucket.
    pub start_ms: i64,
    pub bucket_ms: u64,
    /// Records per bucket, oldest first, at most 120.
    pub counts: Vec<u64>,
    /// False when counts come from offsets by time and gaps are included.
    pub is_exact: bool,
}

/// What an export should look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ExportFormat {
    Json,
    Ndjson,
    Csv,
}

impl ExportFormat {
    /// The word in the URL and the file's ending.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }
}

/// Offsets of one partition, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OffsetRange {
    pub partition: i32,
    pub first: i64,
    pub last: i64,
}
