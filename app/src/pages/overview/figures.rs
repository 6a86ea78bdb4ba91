//! The strip of figures on the overview.

use crate::format;
use crate::model::group::GroupsQuery;
use crate::model::number::Rate;
use crate::model::overview::Overview;
use crate::model::topic::TopicsQuery;
use crate::routes;
use crate::ui::badge::Tone;
use crate::ui::stat::{Stat, strip};
use leptos::prelude::*;

fn traffic(label: &'static str, messages: Rate, bytes: Option<Rate>) -> Stat {
    let note = match bytes {
        Some(bytes) => format!("msg/s · {}", format::byte_rate(bytes)),
        None => "msg/s".to_owned(),
    };
    Stat::new(label, format::rate(messages), note)
}

/// Topics, groups, traffic, disk, memory, durability, uptime: what is known of them.
#[must_use]
pub fn figures(cluster: &str, overview: &Overview) -> AnyView {
    let behind = overview.groups_behind_count;
    let (note, tone) = if behind == 0 {
        ("all caught up".to_owned(), Tone::Neutral)
    } else {
        (format!("{behind} behind"), Tone::Warning)
    };
    let note = if overview.groups_count == 0 { String::new() } else { note };
    let partitions = format::plural(overview.partitions_count.into(), "partition", "partitions");
    let mut stats = vec![
        Stat::new("Topics", format::integer(overview.topics_count.into()), partitions)
            .leading_to(routes::topics(cluster, &TopicsQuery::default())),
        Stat::new("Groups", format::integer(overview.groups_count.into()), note)
            .toned(tone)
            .leading_to(routes::groups(cluster, &GroupsQuery::default())),
        traffic("In", overview.messages_in, overview.bytes_in),
    ];
    stats.extend(overview.messages_out.map(|rate| traffic("Out", rate, overview.bytes_out)));
    stats.extend(overview.size_bytes.map(|size| disk(size, overview)));
    if let Some(memory) = overview.memory_bytes {
        let memory = format::bytes(memory);
        stats.push(Stat::new("Memory", memory.number, memory.unit));
    }
    if let Some(us) = overview.ack_p99_us {
        let number = format!("{}.{}", us / 1000, us % 1000 / 100);
        stats.push(
            Stat::new("Acked and durable", number, "ms p99")
                .titled("append to acknowledgement, last minute"),
        );
    } else if let Some(durability) = overview.durability {
        stats.push(Stat::new("Durability", durability.name(), "").titled(durability.promise()));
    }
    if let Some(uptime) = overview.uptime_ms {
        stats.push(Stat::new("Up", format::long_duration(uptime), ""));
    }
    strip(stats, None)
}

fn disk(size: u64, overview: &Overview) -> Stat {
    let shown = format::bytes(size);
    let note = match overview.disk_total_bytes {
        Some(total) => format!("{} of {}", shown.unit, format::bytes(total).text()),
        None => shown.unit.to_owned(),
    };
    let stat = Stat::new("On disk", shown.number, note).titled(format!("{size} bytes"));
    let usable = overview.disk_usable_bytes.zip(overview.disk_total_bytes);
    match usable {
        Some((usable, total)) if usable < total / 20 => stat.toned(Tone::Danger),
        Some((usable, total)) if usable < total / 10 => stat.toned(Tone::Warning),
        _ => stat,
    }
}
