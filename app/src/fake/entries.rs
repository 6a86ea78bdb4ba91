//! Names, sizes and behaviours of the made-up topics and groups.

use super::Scenario;
use super::numbers::pick;

/// A made-up topic.
#[derive(Clone)]
pub(super) struct TopicSeed {
    pub(super) name: String,
    pub(super) seed: u64,
    pub(super) partitions: u32,
    /// Written records per second.
    pub(super) rate: u64,
    pub(super) messages: u64,
    pub(super) size_bytes: u64,
    pub(super) is_internal: bool,
    pub(super) cleanup: &'static str,
}

const NAMED: [(&str, u32, u64, u64, u64); 6] = [
    ("clicks", 12, 640, 48_120_044, 8_100_000_000),
    ("weather_data_demo", 4, 312, 729_761, 138_200_000),
    ("weather_i18n", 4, 308, 728_120, 96_000_000),
    ("orders", 6, 22, 3_904_112, 3_900_000_000),
    ("payments", 3, 2, 411_207, 41_000_000),
    ("empty_topic", 1, 0, 0, 0),
];

/// The topics of a scenario, internal ones last.
pub(super) fn topics(scenario: Scenario) -> Vec<TopicSeed> {
    let named =
        NAMED.iter().enumerate().map(|(index, (name, partitions, rate, messages, size))| {
            TopicSeed {
                name: (*name).to_owned(),
                seed: index as u64,
                partitions: *partitions,
                rate: *rate,
                messages: *messages,
                size_bytes: *size,
                is_internal: false,
                cleanup: if *name == "payments" { "compact" } else { "delete" },
            }
        });
    let mut topics: Vec<TopicSeed> = match scenario {
        Scenario::Empty | Scenario::Error | Scenario::Loading => return Vec::new(),
        Scenario::Filled => named.collect(),
        Scenario::Many => named.chain((0..10_000 - 6).map(numbered)).collect(),
    };
    topics.push(TopicSeed {
        name: "__consumer_offsets".to_owned(),
        seed: 77,
        partitions: 50,
        rate: 12,
        messages: 120_411,
        size_bytes: 12_000_000,
        is_internal: true,
        cleanup: "compact",
    });
    topics
}

fn numbered(n: u64) -> TopicSeed {
    const AREAS: [&str; 6] = ["billing", "fleet", "search", "audit", "ads", "telemetry"];
    let area = AREAS[usize::try_from(pick(n, 6)).unwrap_or(0)];
    let rate = if n.is_multiple_of(3) { pick(n + 5, 900) } else { 0 };
    let messages = pick(n + 9, 90_000_000);
    TopicSeed {
        name: format!("{area}.events.{n:05}"),
        seed: n + 100,
        partitions: 1 + u32::try_from(pick(n, 24)).unwrap_or(0),
        rate,
        messages,
        size_bytes: messages * 187,
        is_internal: false,
        cleanup: "delete",
    }
}

/// The topic of that name.
pub(super) fn topic(scenario: Scenario, name: &str) -> Option<TopicSeed> {
    topics(scenario).into_iter().find(|topic| topic.name == name)
}

/// A made-up group.
#[derive(Clone)]
pub(super) struct GroupSeed {
    pub(super) name: String,
    pub(super) seed: u64,
    pub(super) topic: &'static str,
    pub(super) partitions: u32,
    pub(super) members: u32,
    /// Messages behind in its worst partition.
    pub(super) lag: u64,
    /// Milliseconds behind in its worst partition.
    pub(super) behind_ms: u64,
    /// All partitions are behind, not one.
    pub(super) is_all: bool,
}

/// The groups of a scenario.
pub(super) fn groups(scenario: Scenario) -> Vec<GroupSeed> {
    let seed = |name: &str, seed, topic, partitions, members, lag, behind_ms, is_all| GroupSeed {
        name: name.to_owned(),
        seed,
        topic,
        partitions,
        members,
        lag,
        behind_ms,
        is_all,
    };
    let named = vec![
        seed("weather_processor", 1, "weather_data_demo", 4, 2, 9_486, 4_200, false),
        seed("nightly_archive", 2, "orders", 6, 0, 12_030, 32_400_000, true),
        seed("weather_reader", 3, "weather_data_demo", 4, 1, 60, 200, false),
        seed("orders_billing", 4, "orders", 6, 3, 82, 300, false),
        seed("clicks_ml", 5, "clicks", 12, 4, 0, 0, false),
    ];
    match scenario {
        Scenario::Empty | Scenario::Error | Scenario::Loading => Vec::new(),
        Scenario::Filled => named,
        Scenario::Many => {
            let numbered = (0..9_995_u64).map(|n| {
                let is_slow = n.is_multiple_of(97);
                let lag = if is_slow { 50_000 + pick(n, 900_000) } else { pick(n, 300) };
                let behind = if is_slow { 5_000 + pick(n, 9_000_000) } else { pick(n, 900) };
                GroupSeed {
                    name: format!("consumer-{n:05}"),
                    seed: n + 10,
                    topic: "clicks",
                    partitions: 12,
                    members: u32::try_from(pick(n, 6)).unwrap_or(0),
                    lag,
                    behind_ms: behind,
                    is_all: false,
                }
            });
            named.into_iter().chain(numbered).collect()
        }
    }
}
