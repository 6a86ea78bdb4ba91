//! A Kafka client over any transport: what the console and the services reach a cluster with.
//!
//! The same code talks to the embedded broker (frames handed over in process) and to an external
//! cluster (TCP). It asks each broker for its versions first and never sends what a broker did not
//! advertise.
//!
//! **Boundary**: answers are in Kafka's own terms; what a page shows is decided above.

mod client;
mod connection;
mod error;
mod fetch;
mod groups;
mod member;
mod metadata;
mod offsets;
mod produce;
mod tcp;
mod topics;
mod transport;

pub use client::{AdvertisedApi, Client, ClientOptions};
pub use error::Error;
pub use fetch::{FetchAnswer, FetchAsk, FetchOptions};
pub use groups::{
    CommittedOffset, GroupDescription, GroupListing, MemberDescription, OffsetToCommit,
};
pub use member::Membership;
pub use metadata::{Broker, ClusterMetadata, PartitionMetadata, TopicMetadata};
pub use offsets::{OffsetAsk, OffsetFound, OffsetSpec};
pub use produce::Produced;
pub use tcp::TcpTransport;
pub use topics::{
    ConfigChange, ConfigEntry, ConfigResource, ConfigSource, ConfigSynonym, LogDir, LogDirReplica,
    NewTopic,
};
pub use transport::{Address, Pipe, Transport};
