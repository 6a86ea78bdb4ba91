//! freshet-codec
