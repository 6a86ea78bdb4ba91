//! The cluster: its topics, their configurations, and the rules for changing them.
//!
//! ```text
//!   command(&Image, wish) ──► records ──► metadata log ──► Image::apply ──► next Image
//!                        └──► Refusal                        (same at recovery)
//! ```
//!
//! Everything here is a pure function over an immutable [`Image`]: no I/O, no clock, no randomness.
//! Times and ids are arguments. What is persisted is a [`MetadataRecord`]; recovery applies the
//! same records as live traffic.

mod authorize;
mod cluster_id;
pub mod command;
pub mod config;
mod image;
mod record;
mod refusal;
mod topic;

pub use authorize::{
    Authorized, ClusterResource, Denied, GroupResource, Operation, Principal, Resource,
    TopicResource, TransactionalIdResource, authorize,
};
pub use cluster_id::base64url;
pub use image::Image;
pub use record::{BrokerScope, MetadataRecord, RECORD_VERSION, RecordError};
pub use refusal::Refusal;
pub use topic::{INTERNAL_TOPICS, Partition, TOPIC_NAME_BYTES_MAX, Topic, TopicId, TopicName};
