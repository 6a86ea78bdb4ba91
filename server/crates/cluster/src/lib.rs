//! freshet-cluster
