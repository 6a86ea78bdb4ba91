//! Integration tests of the whole: one binary, many modules.

mod boot;
mod tidy;
