//! Records as a download: JSON, NDJSON or CSV, streamed.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use freshet_app::console::{ExportRecord, RecordPull};
use freshet_app::error::AppError;
use freshet_app::model::message::ExportFormat;
use freshet_app::routes::{MessagesView, Query, parse_ranges};
use freshet_app::time::Zone;
use serde_json::{Value, json};

use super::{RestError, cluster};
use crate::http::Door;

/// Streams what the view in the query string shows, or exactly its `ranges`.
pub(super) async fn records(
    State(door): State<Door>,
    Path((name, topic)): Path<(String, String)>,
    RawQuery(text): RawQuery,
) -> Result<Response, RestError> {
    let cluster = cluster(&door, &name)?;
    let query = Query::parse(&text.unwrap_or_default());
    let format = match query.get("format") {
        None | Some("json") => ExportFormat::Json,
        Some("ndjson") => ExportFormat::Ndjson,
        Some("csv") => ExportFormat::Csv,
        Some(other) => {
            let reason = format!("`{other}` is not one of json, ndjson, csv");
            return Err(AppError::Invalid { field: "format".to_owned(), reason }.into());
        }
    };
    let ranges = parse_ranges(query.get("ranges").unwrap_or_default()).ok_or_else(|| {
        let reason = "write partition:first-last, joined with commas".to_owned();
        AppError::Invalid { field: "ranges".to_owned(), reason }
    })?;
    let view = MessagesView::parse(&query, &Zone::parse(query.get("zone").unwrap_or_default()));
    let pull = cluster.export(topic.clone(), view.query, ranges).await?;
    let file = format!("attachment; filename=\"{topic}.{}\"", format.name());
    let kind = match format {
        ExportFormat::Json => "application/json",
        ExportFormat::Ndjson => "application/x-ndjson",
        ExportFormat::Csv => "text/csv; charset=utf-8",
    };
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, Body::from_stream(stream(pull, format))).into_response())
}

fn stream(
    pull: Box<dyn RecordPull>,
    format: ExportFormat,
) -> impl futures::Stream<Item = Result<Bytes, AppError>> {
    enum Step {
        Begin,
        Middle { is_first: bool },
        Done,
    }
    futures::stream::unfold((pull, Step::Begin), move |(mut pull, step)| async move {
        let is_first = match step {
            Step::Begin => {
                let head = match format {
                    ExportFormat::Json => "[",
                    ExportFormat::Ndjson => "",
                    ExportFormat::Csv => "partition,offset,timestamp_ms,key,value,headers\r\n",
                };
                let begun = Step::Middle { is_first: true };
                return Some((Ok(Bytes::from_static(head.as_bytes())), (pull, begun)));
            }
            Step::Middle { is_first } => is_first,
            Step::Done => return None,
        };
        match pull.next().await {
            Ok(records) if records.is_empty() => {
                let tail = if format == ExportFormat::Json { "]\n" } else { "" };
                Some((Ok(Bytes::from_static(tail.as_bytes())), (pull, Step::Done)))
            }
            Ok(records) => {
                let text = write(&records, format, is_first);
                Some((Ok(Bytes::from(text)), (pull, Step::Middle { is_first: false })))
            }
            // The status is sent already: breaking off tells that the file is not whole.
            Err(error) => Some((Err(error), (pull, Step::Done))),
        }
    })
}

fn write(records: &[ExportRecord], format: ExportFormat, is_first: bool) -> String {
    let mut text = String::new();
    for (index, record) in records.iter().enumerate() {
        match format {
            ExportFormat::Json => {
                let is_very_first = is_first && index == 0;
                text.push_str(if is_very_first { "\n" } else { ",\n" });
                text.push_str(&object(record).to_string());
            }
            ExportFormat::Ndjson => {
                text.push_str(&object(record).to_string());
                text.push('\n');
            }
            ExportFormat::Csv => {
                text.push_str(&row(record));
                text.push_str("\r\n");
            }
        }
    }
    text
}

/// Payloads are text where they are text; other bytes come as `{"hex": "…"}`.
fn payload(bytes: Option<&[u8]>) -> Value {
    match bytes.map(|bytes| (std::str::from_utf8(bytes), bytes)) {
        None => Value::Null,
        Some((Ok(text), _)) => Value::String(text.to_owned()),
        Some((Err(_), bytes)) => json!({ "hex": freshet_codec::hex::encode(bytes) }),
    }
}

fn object(record: &ExportRecord) -> Value {
    let headers: Vec<Value> = record
        .headers
        .iter()
        .map(
            |(key, value)| json!({ "key": payload(Some(key)), "value": payload(value.as_deref()) }),
        )
        .collect();
    json!({
        "partition": record.id.partition,
        "offset": record.id.offset,
        "timestamp_ms": record.timestamp_ms,
        "key": payload(record.key.as_deref()),
        "value": payload(record.value.as_deref()),
        "headers": headers,
    })
}

fn row(record: &ExportRecord) -> String {
    let headers: Vec<Value> = object(record)["headers"].as_array().cloned().unwrap_or_default();
    let headers = if headers.is_empty() { String::new() } else { Value::from(headers).to_string() };
    [
        record.id.partition.to_string(),
        record.id.offset.to_string(),
        record.timestamp_ms.to_string(),
        cell(&text_of(record.key.as_deref())),
        cell(&text_of(record.value.as_deref())),
        cell(&headers),
    ]
    .join(",")
}

fn text_of(bytes: Option<&[u8]>) -> String {
    match payload(bytes) {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other["hex"].as_str().unwrap_or_default().to_owned(),
    }
}

/// Quotes a cell. One that a spreadsheet would take for a formula gets an apostrophe in front.
fn cell(text: &str) -> String {
    let is_formula =
        text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) || is_formula {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_cells_keep_commas_and_defuse_formulas() {
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("-12.5"), "-12.5");
        assert_eq!(cell("plain"), "plain");
    }
}
