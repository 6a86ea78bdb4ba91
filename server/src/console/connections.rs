//! Who is connected and what they do: differences between two looks at the engine's counters.

use std::collections::HashMap;

use freshet_app::model::cluster::Connection;
use freshet_app::model::number::Rate;
use freshet_broker::{ConnectionSnapshot, Engine};
use freshet_wire::ApiKey;
use parking_lot::Mutex;

/// A look older than this is compared with; a younger one would make jumpy rates.
const LOOK_MS_MIN: i64 = 900;

/// The last look, and the rates that came of it.
#[derive(Default)]
pub(crate) struct Activity {
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    at_ms: i64,
    counters: HashMap<u64, Counters>,
}

#[derive(Clone, Default)]
struct Counters {
    requests: u64,
    records: u64,
    bytes: u64,
    rates: (Rate, Rate),
    is_idle: bool,
}

/// Everybody connected over a socket, busiest first.
pub(super) fn list(engine: &Engine, activity: &Activity) -> Vec<Connection> {
    let now_ms = crate::clock::now_ms();
    let snapshots = engine.connections();
    let mut seen = activity.seen.lock();
    let elapsed_ms = now_ms - seen.at_ms;
    if elapsed_ms >= LOOK_MS_MIN {
        let elapsed_ms = u64::try_from(elapsed_ms).unwrap_or(1);
        seen.counters = snapshots
            .iter()
            .map(|snapshot| {
                let known = seen.counters.get(&snapshot.id);
                (snapshot.id, counters(snapshot, known, elapsed_ms))
            })
            .collect();
        seen.at_ms = now_ms;
    }
    let mut list: Vec<Connection> = snapshots
        .into_iter()
        // The console's own connections are not news.
        .filter(|snapshot| !snapshot.listener.is_empty())
        .map(|snapshot| {
            let known = seen.counters.get(&snapshot.id).cloned().unwrap_or_default();
            connection(snapshot, &known)
        })
        .collect();
    list.sort_by(|a, b| b.records.cmp(&a.records).then_with(|| a.client_id.cmp(&b.client_id)));
    list
}

fn counters(snapshot: &ConnectionSnapshot, known: Option<&Counters>, elapsed_ms: u64) -> Counters {
    let traffic = snapshot.traffic;
    let records = traffic.records_in + traffic.records_out;
    let bytes = traffic.bytes_in + traffic.bytes_out;
    let known = known.cloned().unwrap_or_default();
    let rate = |now: u64, before: u64| Rate(now.saturating_sub(before) * 1_000_000 / elapsed_ms);
    Counters {
        requests: snapshot.requests,
        records,
        bytes,
        rates: (rate(records, known.records), rate(bytes, known.bytes)),
        is_idle: snapshot.requests == known.requests || records == known.records,
    }
}

fn connection(snapshot: ConnectionSnapshot, known: &Counters) -> Connection {
    let doing = snapshot.last_api_key.and_then(ApiKey::from_code);
    Connection {
        client_id: snapshot.client_id,
        library: snapshot.software_name,
        library_version: snapshot.software_version,
        address: snapshot.peer,
        principal: "User:ANONYMOUS".to_owned(),
        listener: snapshot.listener,
        connected_ms: snapshot.connected_at_ms,
        doing: doing.map(|api| api.name().to_owned()).into_iter().collect(),
        records: known.rates.0,
        bytes: known.rates.1,
        is_idle: known.is_idle,
    }
}
