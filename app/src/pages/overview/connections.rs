//! Who is connected and what they do now.

use crate::format;
use crate::model::cluster::Connection;
use crate::model::overview::Overview;
use crate::ui::empty::empty;
use crate::ui::pane::{pane, table_pane};
use crate::ui::table::{Head, table};
use leptos::prelude::*;

/// The connections pane; attached, it says why it is not there.
#[must_use]
pub fn connections(overview: &Overview) -> AnyView {
    let Some(connections) = &overview.connections else {
        let text = "Kafka does not tell who is connected. The embedded broker does.";
        return pane(
            "Connections",
            (),
            empty("Not known for an attached cluster", text, ().into_any()),
        );
    };
    if connections.is_empty() {
        let text = "Use one of the snippets above; the client shows here as soon as it connects.";
        return pane("Connections", (), empty("Nobody is connected", text, ().into_any()));
    }
    let shown = connections.len() as u64;
    let all = overview.connections_count.map_or(shown, u64::from);
    let note = if all > shown {
        format!("busiest {shown} of {}", format::integer(all.into()))
    } else {
        "what each client does now".to_owned()
    };
    let rows = connections.iter().map(|connection| row(overview.now_ms, connection));
    let columns = vec![
        Head::text("Client"),
        Head::text("Library"),
        Head::text("Address").classed("hide-narrow"),
        Head::text("Doing"),
        Head::text("Connected").classed("hide-narrow"),
        Head::number("Records"),
    ];
    table_pane("Connections", note, table("Connections", columns, rows.collect_view().into_any()))
}

fn row(now_ms: i64, connection: &Connection) -> AnyView {
    let library = match (connection.library.as_str(), connection.library_version.as_str()) {
        ("", _) => "unknown".to_owned(),
        (name, version) => format!("{name} {version}"),
    };
    let doing = if connection.is_idle { "idle".to_owned() } else { connection.doing.join(", ") };
    view! {
        <tr>
            <td class="mono name">{connection.client_id.clone()}</td>
            <td class="text-muted">{library}</td>
            <td class="mono text-muted hide-narrow">{connection.address.clone()}</td>
            <td class="text-muted">{doing}</td>
            <td class="text-muted hide-narrow">{format::ago(now_ms, connection.connected_ms)}</td>
            <td class="num mono">{format::rate(connection.records)} " /s"</td>
        </tr>
    }
    .into_any()
}
