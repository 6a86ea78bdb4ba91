//! freshet-coordinator
