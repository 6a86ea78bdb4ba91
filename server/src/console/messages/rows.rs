//! Records as the table and an export show them.

use freshet_app::console::ExportRecord;
use freshet_app::model::message::{
    MessageRow, MessagesQuery, PREVIEW_BYTES_MAX, Preview, SearchIn,
};
use freshet_app::model::record::RecordId;

use super::read::Found;

/// A bounded view of a payload.
pub(super) fn preview(payload: Option<&[u8]>) -> Preview {
    let line = freshet_codec::preview(payload, PREVIEW_BYTES_MAX);
    Preview {
        kind: line.kind,
        text: line.text,
        size_bytes: size(payload.map_or(0, <[u8]>::len)),
        is_cut: line.is_cut,
    }
}

fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// A record as a row.
pub(super) fn row(found: &Found) -> MessageRow {
    let record = &found.record;
    let headers: usize = record
        .headers
        .iter()
        .map(|header| header.key.len() + header.value.as_ref().map_or(0, bytes::Bytes::len))
        .sum();
    let payload = |payload: &Option<bytes::Bytes>| payload.as_ref().map_or(0, bytes::Bytes::len);
    MessageRow {
        partition: found.partition,
        offset: record.offset,
        timestamp_ms: record.timestamp_ms,
        key: preview(record.key.as_deref()),
        value: preview(record.value.as_deref()),
        headers_count: u16::try_from(record.headers.len()).unwrap_or(u16::MAX),
        size_bytes: size(headers + payload(&record.key) + payload(&record.value)),
        is_transactional: found.batch.is_transactional(),
    }
}

/// A record with all its bytes.
pub(super) fn export(found: &Found) -> ExportRecord {
    let record = &found.record;
    let headers = record
        .headers
        .iter()
        .map(|header| (header.key.to_vec(), header.value.as_ref().map(|value| value.to_vec())));
    ExportRecord {
        id: RecordId { partition: found.partition, offset: record.offset },
        timestamp_ms: record.timestamp_ms,
        key: record.key.as_ref().map(|key| key.to_vec()),
        value: record.value.as_ref().map(|value| value.to_vec()),
        headers: headers.collect(),
    }
}

/// Decides which records a query wants, apart from where they lie.
pub(super) struct Filter {
    needle: Vec<u8>,
    place: SearchIn,
    from_ms: i64,
    to_ms: i64,
}

impl Filter {
    pub(super) fn new(query: &MessagesQuery) -> Filter {
        let (from_ms, to_ms) = match query.start {
            freshet_app::model::message::Start::Range { from_ms, to_ms } => (from_ms, to_ms),
            freshet_app::model::message::Start::Time(from_ms) => (from_ms, i64::MAX),
            _ => (i64::MIN, i64::MAX),
        };
        let needle = query.search.to_lowercase().into_bytes();
        Filter { needle, place: query.search_in, from_ms, to_ms }
    }

    /// Every record of the walk is wanted.
    pub(super) fn is_open(&self) -> bool {
        self.needle.is_empty() && self.from_ms == i64::MIN
    }

    pub(super) fn matches(&self, found: &Found) -> bool {
        let record = &found.record;
        if !(self.from_ms..self.to_ms).contains(&record.timestamp_ms) {
            return false;
        }
        if self.needle.is_empty() {
            return true;
        }
        let holds = |bytes: Option<&[u8]>| bytes.is_some_and(|bytes| contains(bytes, &self.needle));
        let key = || holds(record.key.as_deref());
        let value = || holds(record.value.as_deref());
        let headers = || {
            record
                .headers
                .iter()
                .any(|header| holds(Some(&header.key)) || holds(header.value.as_deref()))
        };
        match self.place {
            SearchIn::Everywhere => key() || value() || headers(),
            SearchIn::Key => key(),
            SearchIn::Value => value(),
            SearchIn::Headers => headers(),
        }
    }
}

/// Whether `bytes` hold the lower-case `needle` in any case. ASCII is folded in place; text with
/// other letters is folded as a whole.
fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    if needle.is_ascii() {
        let first = needle[0];
        return bytes.len() >= needle.len()
            && bytes.windows(needle.len()).any(|window| {
                window[0].to_ascii_lowercase() == first && window.eq_ignore_ascii_case(needle)
            });
    }
    let folded = String::from_utf8_lossy(bytes).to_lowercase();
    std::str::from_utf8(needle).is_ok_and(|needle| folded.contains(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_ignores_case_in_any_script() {
        assert!(contains(b"hello WORLD", b"world"));
        assert!(contains("GRÜSSE".as_bytes(), "grüsse".as_bytes()));
        assert!(contains(&[0xff, b'A', b'b'], b"ab"));
        assert!(!contains(b"hell", b"hello"));
    }
}
