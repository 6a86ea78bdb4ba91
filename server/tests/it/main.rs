//! Integration tests of the whole: one binary, many modules.

mod boot;
mod hostile;
mod running;
mod tidy;
