//! freshet-broker
