//! Produce (key 0), versions 3 to 13, without copying record data.
//!
//! Versions 0 to 2 are advertised by brokers for the sake of old librdkafka (KAFKA-18659) but have
//! no messages here; version 13 names topics by id (KIP-516).

mod request;
mod response;

pub use request::{ProducePartition, ProduceRequest, ProduceTopic};
pub use response::{ProducePartitionResponse, ProduceResponse, ProduceTopicResponse, RecordError};

#[cfg(test)]
mod tests;
