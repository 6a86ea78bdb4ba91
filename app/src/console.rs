//! How the pages reach the server side: small traits, one per noun, and the handle that carries them.
//!
//! The server implements them over the Kafka client; the fake implements them with made-up data. Pages and server
//! functions know nothing else. Every method answers within the server's deadline (1.5 s for reads), then with
//! [`AppError::Unavailable`]; implementations check authorisation, not the callers.

use crate::error::{Answer, AppError};
use crate::model::cluster::{ClusterDetail, Connection, Frame};
use crate::model::config::ConfigEdit;
use crate::model::group::{GroupDetail, GroupsPage, GroupsQuery, LagHistory, Span};
use crate::model::live::{DoneReason, Pulse};
use crate::model::message::{
    Histogram, MessageRow, MessagesPage, MessagesQuery, OffsetRange, Scanned,
};
use crate::model::offsets::{OffsetEdit, OffsetPreview};
use crate::model::overview::{DemoState, Overview};
use crate::model::produce::{PartitionForKey, ProduceForm, ProduceRequest, ProduceResult};
use crate::model::record::{Part, PayloadPiece, RecordDetail, RecordId};
use crate::model::search::Hit;
use crate::model::topic::{
    DeleteBefore, NewTopic, PartitionsView, TopicConfig, TopicDefaults, TopicGroups, TopicHead,
    TopicsPage, TopicsQuery,
};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// An answer that is still under way. Dropping it cancels the work.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Answer<T>> + Send + 'a>>;

/// The handle that the server puts into Leptos' context for each request.
#[derive(Clone)]
pub struct ConsoleContext(pub Arc<dyn Console>);

/// All clusters of this console.
pub trait Console: Send + Sync + 'static {
    /// The cluster under this URL name.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    fn cluster(&self, name: &str) -> Result<Arc<dyn Cluster>, AppError>;

    /// Where `/` leads.
    fn default_cluster(&self) -> String;
}

/// Everything about one cluster.
pub trait Cluster:
    Glance + Topics + TopicActions + Messages + Produce + Groups + GroupActions + Live + Demo
{
}

impl<T> Cluster for T where
    T: Glance + Topics + TopicActions + Messages + Produce + Groups + GroupActions + Live + Demo
{
}

/// The frame, the first page, the cluster page and the palette.
pub trait Glance: Send + Sync + 'static {
    fn frame(&self) -> Pending<'_, Frame>;
    fn overview(&self) -> Pending<'_, Overview>;
    fn cluster_detail(&self) -> Pending<'_, ClusterDetail>;
    /// All connections, busiest first, at most 500.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when attached.
    fn connections(&self) -> Pending<'_, Vec<Connection>>;
    /// Topics and groups whose name contains `text`, best first, at most [`crate::model::search::HITS_MAX`].
    fn search(&self, text: String) -> Pending<'_, Vec<Hit>>;
}

/// Reading about topics.
pub trait Topics: Send + Sync + 'static {
    fn topics(&self, query: TopicsQuery) -> Pending<'_, TopicsPage>;
    fn topic(&self, topic: String) -> Pending<'_, TopicHead>;
    fn partitions(&self, topic: String) -> Pending<'_, PartitionsView>;
    fn topic_groups(&self, topic: String) -> Pending<'_, TopicGroups>;
    fn topic_config(&self, topic: String) -> Pending<'_, TopicConfig>;
    fn topic_defaults(&self) -> Pending<'_, TopicDefaults>;
}

/// Changing topics. Refusals come as [`AppError::Refused`] with Kafka's code, or [`AppError::Invalid`].
pub trait TopicActions: Send + Sync + 'static {
    fn create_topic(&self, topic: NewTopic) -> Pending<'_, ()>;
    fn delete_topic(&self, topic: String) -> Pending<'_, ()>;
    /// Grows the topic to `partitions_count` partitions in total.
    fn create_partitions(&self, topic: String, partitions_count: i32) -> Pending<'_, ()>;
    fn edit_topic_config(&self, topic: String, edits: Vec<ConfigEdit>) -> Pending<'_, ()>;
    fn delete_records(&self, topic: String, before: Vec<DeleteBefore>) -> Pending<'_, ()>;
}

/// Reading messages.
pub trait Messages: Send + Sync + 'static {
    /// One page. With a search text it scans until the deadline, then answers what it has and where to go on.
    fn messages(&self, topic: String, query: MessagesQuery) -> Pending<'_, MessagesPage>;
    fn record(&self, topic: String, id: RecordId) -> Pending<'_, RecordDetail>;
    /// At most [`crate::model::record::PAYLOAD_PIECE_BYTES_MAX`] bytes from `from`.
    fn payload_piece(
        &self,
        topic: String,
        id: RecordId,
        part: Part,
        from: u32,
    ) -> Pending<'_, PayloadPiece>;
    fn histogram(&self, topic: String) -> Pending<'_, Histogram>;
    /// Whole records for an export, pulled in chunks: what `query` finds, or, when `ranges` is not empty, the records
    /// in those ranges that match the query's search.
    fn export(
        &self,
        topic: String,
        query: MessagesQuery,
        ranges: Vec<OffsetRange>,
    ) -> Pending<'_, Box<dyn RecordPull>>;
}

/// A record with all its bytes, on its way into an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRecord {
    pub id: RecordId,
    pub timestamp_ms: i64,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

/// A stream of whole records. Dropping it stops the read.
pub trait RecordPull: Send {
    /// The next few records; empty at the end.
    fn next(&mut self) -> Pending<'_, Vec<ExportRecord>>;
}

/// Writing records.
pub trait Produce: Send + Sync + 'static {
    /// The form; with `again` it starts from that record.
    fn produce_form(&self, topic: String, again: Option<RecordId>) -> Pending<'_, ProduceForm>;
    fn partition_for_key(&self, request: ProduceRequest) -> Pending<'_, PartitionForKey>;
    fn produce(&self, request: ProduceRequest) -> Pending<'_, ProduceResult>;
}

/// Reading about groups.
pub trait Groups: Send + Sync + 'static {
    fn groups(&self, query: GroupsQuery) -> Pending<'_, GroupsPage>;
    fn group(&self, group: String) -> Pending<'_, GroupDetail>;
    fn lag_history(&self, group: String, span: Span) -> Pending<'_, LagHistory>;
    /// What an edit would do, without doing it.
    fn preview_offsets(&self, edit: OffsetEdit) -> Pending<'_, OffsetPreview>;
}

/// Changing groups.
pub trait GroupActions: Send + Sync + 'static {
    /// Applies exactly the moves that a preview showed.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when the group got members, or a partition moved so that an `after` left the log.
    fn apply_offsets(&self, preview: OffsetPreview) -> Pending<'_, ()>;
    fn delete_group(&self, group: String) -> Pending<'_, ()>;
    /// Forgets the group's committed offsets of one topic.
    fn delete_group_offsets(&self, group: String, topic: String) -> Pending<'_, ()>;
}

/// Following things.
pub trait Live: Send + Sync + 'static {
    /// Opens a tail; see [`crate::model::live::Subscription::Tail`] for `after`.
    fn tail(
        &self,
        topic: String,
        query: MessagesQuery,
        after: Vec<OffsetRange>,
    ) -> Pending<'_, Box<dyn Tail>>;
    /// Opens a scan.
    fn scan(&self, topic: String, query: MessagesQuery) -> Pending<'_, Box<dyn Scan>>;
    /// The newest figures; called once a second and connection.
    fn pulse(&self) -> Pending<'_, Pulse>;
}

/// What a tail has to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TailBatch {
    pub rows: Vec<MessageRow>,
    pub skipped: Vec<OffsetRange>,
    pub skipped_count: u64,
    pub readable_ms: i64,
}

/// A live tail. Dropping it ends it.
pub trait Tail: Send {
    /// Waits until there is at least one row or gap, then takes at most `rows_max` rows. While nobody calls, it holds
    /// a bounded number of records and counts the rest as skipped.
    fn next(&mut self, rows_max: u32) -> Pending<'_, TailBatch>;
}

/// What a scan has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanEvent {
    Rows(Vec<MessageRow>),
    /// At least every 250 ms.
    Progress(Scanned),
    Done(DoneReason, Scanned),
}

/// A scan on the server. Dropping it stops it.
pub trait Scan: Send {
    /// The next event; at most `rows_max` rows in it.
    fn next(&mut self, rows_max: u32) -> Pending<'_, ScanEvent>;
}

/// The demo topic with its generator and two groups, one of them slow.
pub trait Demo: Send + Sync + 'static {
    fn start_demo(&self) -> Pending<'_, DemoState>;
    /// Stops the generator and the groups; the topic stays.
    fn stop_demo(&self) -> Pending<'_, DemoState>;
}
