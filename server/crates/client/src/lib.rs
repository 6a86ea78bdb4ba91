//! freshet-client
