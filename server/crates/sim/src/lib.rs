//! freshet-sim
