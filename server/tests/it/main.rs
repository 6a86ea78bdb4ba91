//! Integration tests of the whole: one binary, many modules.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

mod boot;
mod hostile;
mod running;
mod tidy;
