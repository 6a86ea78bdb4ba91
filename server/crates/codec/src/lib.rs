//! Payload bytes and what people see of them: detection, previews, an exact JSON tree, hex.
//!
//! Pure functions over bytes, the same in the server and in the browser. Nothing here allocates more than a small
//! multiple of its input, recurses, or trusts a payload: every limit is a named constant or an argument.
//!
//! Numbers keep their text. A 64-bit integer never passes through a floating point value.

pub mod base64;
pub mod hex;
pub mod json;
mod payload;
mod preview;
mod tokens;

pub use payload::{DETECT_BYTES_MAX, PayloadKind, detect, text_prefix};
pub use preview::{Line, preview};
pub use tokens::{Class, tokens};
