//! What the engine complains about, with what to do.

use freshet_app::model::number::Severity;
use freshet_app::model::overview::Problem;
use freshet_broker::Engine;
use freshet_storage::StoreState;

/// Why the data directory takes no writes, if so.
pub(super) fn of_store(engine: &Engine) -> Option<String> {
    match engine.store_state() {
        StoreState::Online => None,
        StoreState::ReadOnly { reason } | StoreState::Offline { reason } => Some(reason),
    }
}

/// Everything wrong with the embedded broker.
pub(super) fn of_engine(engine: &Engine) -> Vec<Problem> {
    let mut problems = Vec::new();
    match engine.store_state() {
        StoreState::Online => {}
        StoreState::ReadOnly { reason } => problems.push(Problem {
            severity: Severity::Danger,
            title: format!("No writes: {reason}"),
            remedy: "Free space on the volume; writing resumes by itself.".to_owned(),
        }),
        StoreState::Offline { reason } => problems.push(Problem {
            severity: Severity::Danger,
            title: format!("The data directory is offline: {reason}"),
            remedy: "Check the disk, then restart Freshet; it recovers what was acknowledged."
                .to_owned(),
        }),
    }
    problems
}
