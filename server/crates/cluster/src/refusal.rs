use freshet_wire::ErrorCode;

/// A command that was not carried out: nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The code for the response.
    pub code: ErrorCode,
    /// What stands in the way and what to do about it, for `error_message`: tools print it.
    pub message: String,
}

impl Refusal {
    /// Builds a refusal.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}
