//! Fetch (key 1), versions 4 to 18, without copying record data.
//!
//! Versions up to 12 name topics; 13 and later carry topic ids (KIP-516), and the one that is not
//! sent stays empty. The follower's fields of versions 15 to 18 are skipped: nothing replicates
//! from this broker.

mod request;
mod response;

pub use request::{FetchPartition, FetchRequest, FetchTopic, ForgottenTopic, IsolationLevel};
pub use response::{
    AbortedTransaction, EpochEndOffset, FetchPartitionResponse, FetchResponse, FetchTopicResponse,
};

#[cfg(test)]
mod tests;
