//! Made-up clusters that drive every page through its states: for screenshots and tests, never for users.
//!
//! Each scenario is a cluster of its own: `/filled`, `/many` (10,000 topics and groups, 50,000 messages), `/empty`,
//! `/error`, `/loading`. Everything is a pure function of the scenario: two runs draw the same pixels.

mod actions;
mod cluster;
mod entries;
mod groups;
mod live;
mod messages;
mod numbers;
mod overview;
mod topics;

use crate::console::{Cluster, Console, Pending};
use crate::error::{AppError, KafkaError};
use std::sync::Arc;

/// The moment at which every scenario stands still: 2025-11-23 09:14:42 UTC.
pub const NOW_MS: i64 = 1_763_889_282_000;

/// What the live connection must call its build for these clusters.
pub const BUILD: &str = "fake";

/// What a cluster is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    Filled,
    Many,
    Empty,
    Error,
    Loading,
}

impl Scenario {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Filled, Self::Many, Self::Empty, Self::Error, Self::Loading];

    /// The cluster's name in URLs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Filled => "filled",
            Self::Many => "many",
            Self::Empty => "empty",
            Self::Error => "error",
            Self::Loading => "loading",
        }
    }
}

/// A console whose clusters are the scenarios.
pub struct FakeConsole;

impl Console for FakeConsole {
    fn cluster(&self, name: &str) -> Result<Arc<dyn Cluster>, AppError> {
        let scenario = Scenario::ALL.into_iter().find(|scenario| scenario.name() == name);
        match scenario {
            Some(scenario) => Ok(Arc::new(FakeCluster { scenario })),
            None => Err(AppError::NotFound { what: format!("cluster “{name}”") }),
        }
    }

    fn default_cluster(&self) -> String {
        Scenario::Filled.name().to_owned()
    }
}

/// One scenario.
struct FakeCluster {
    scenario: Scenario,
}

impl FakeCluster {
    /// Answers at once, or as the scenario has it.
    fn answer<'a, T: Send + 'a>(&self, make: impl FnOnce(Scenario) -> T) -> Pending<'a, T> {
        let answer = match self.scenario {
            Scenario::Error => Err(refused()),
            Scenario::Loading => Err(AppError::Starting { what: "the cluster".to_owned() }),
            scenario => Ok(make(scenario)),
        };
        Box::pin(std::future::ready(answer))
    }
}

fn refused() -> AppError {
    AppError::Refused {
        reason: "broker 1 did not answer: the listener it names can’t be reached".to_owned(),
        kafka: KafkaError {
            code: 7,
            name: "REQUEST_TIMED_OUT".to_owned(),
            message: "The request timed out.".to_owned(),
        },
    }
}
