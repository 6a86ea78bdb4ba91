//! /metrics in Prometheus' text format.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

use super::Door;

/// Topics and groups with a line of their own; beyond it the rest is left out and counted.
const SERIES_MAX: usize = 2_000;

/// Everything the newest sample knows.
pub(super) async fn metrics(State(door): State<Door>) -> impl IntoResponse {
    let mut page = String::new();
    if let Some(sampler) = &door.sampler {
        write_sample(&mut page, &sampler.current());
    }
    if let Some(bytes) = crate::memory::resident_bytes() {
        gauge(&mut page, "process_resident_memory_bytes", "Resident memory of freshet.");
        let _ = writeln!(page, "process_resident_memory_bytes {bytes}");
    }
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], page)
}

fn gauge(page: &mut String, name: &str, help: &str) {
    let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} gauge");
}

fn counter(page: &mut String, name: &str, help: &str, value: u64) {
    let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}");
}

fn escape(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn write_sample(page: &mut String, sample: &crate::sampler::Sample) {
    if let Some(totals) = sample.totals {
        counter(page, "freshet_records_in_total", "Records appended.", totals.records_in);
        counter(page, "freshet_bytes_in_total", "Bytes appended.", totals.bytes_in);
        counter(page, "freshet_records_out_total", "Records fetched.", totals.records_out);
        counter(page, "freshet_bytes_out_total", "Bytes fetched.", totals.bytes_out);
    }
    gauge(page, "freshet_topics", "Topics, internal ones included.");
    let _ = writeln!(page, "freshet_topics {}", sample.topics.len());
    gauge(page, "freshet_log_end_offset", "End of each partition.");
    for (name, topic) in sample.topics.iter().take(SERIES_MAX) {
        for (index, partition) in topic.partitions.iter().enumerate() {
            let topic = escape(name);
            let _ = writeln!(
                page,
                "freshet_log_end_offset{{topic=\"{topic}\",partition=\"{index}\"}} {}",
                partition.end
            );
        }
    }
    gauge(page, "freshet_group_lag", "Records between committed offset and end.");
    for (name, group) in sample.groups.iter().take(SERIES_MAX) {
        for ((topic, partition), standing) in &group.standings {
            let (group, topic) = (escape(name), escape(topic));
            let _ = writeln!(
                page,
                "freshet_group_lag{{group=\"{group}\",topic=\"{topic}\",partition=\"{partition}\"}} {}",
                standing.lag
            );
        }
    }
    gauge(page, "freshet_group_lag_seconds", "Age of the first unread record, worst partition.");
    for (name, group) in sample.groups.iter().take(SERIES_MAX) {
        if let Some(lag_ms) = group.lag_ms() {
            let group = escape(name);
            let seconds = lag_ms / 1_000;
            let millis = lag_ms % 1_000;
            let _ = writeln!(
                page,
                "freshet_group_lag_seconds{{group=\"{group}\"}} {seconds}.{millis:03}"
            );
        }
    }
}
