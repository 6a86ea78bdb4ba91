//! Freshet: Kafka and a console for it, in one binary.

fn main() {}
