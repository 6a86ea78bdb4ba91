//! freshet-wire
