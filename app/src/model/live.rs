//! The live connection: one websocket a tab, frames in `postcard`, several subscriptions on it.
//!
//! Flow control is by credits: the browser grants rows, the server spends one per row and, without credit, counts
//! what it leaves out instead of queueing. Nothing is dropped silently: [`ServerFrame::Rows::skipped`] names every
//! gap exactly.

use super::message::{MessageRow, MessagesQuery, OffsetRange, Scanned};
use super::number::Rate;
use crate::error::AppError;
use serde::{Deserialize, Serialize};

/// Most bytes of one frame in either direction.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;
/// Most subscriptions on one connection.
pub const SUBSCRIPTIONS_MAX: usize = 8;
/// Most rows in one frame.
pub const FRAME_ROWS_MAX: u32 = 500;
/// Credit that a browser may have outstanding.
pub const CREDIT_MAX: u32 = 5_000;

/// What the browser sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientFrame {
    /// Always first: which build the page is, and which cluster it looks at.
    Hello { build: String, cluster: String },
    /// Opens a subscription under a number of the browser's choice, unused on this connection.
    Open { id: u32, subscription: Subscription, credit: u32 },
    /// Grants further rows.
    Credit { id: u32, rows: u32 },
    /// Ends a subscription; frames already under way may still arrive.
    Close { id: u32 },
}

/// What can be followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subscription {
    /// Records of a topic as they become readable, newest last in each frame. `after` continues exactly behind rows
    /// that the page already has (last offset seen per partition); partitions not named start at the end.
    Tail { topic: String, query: MessagesQuery, after: Vec<OffsetRange> },
    /// A scan on the server; ends with [`ServerFrame::Done`].
    Search { topic: String, query: MessagesQuery },
    /// The cluster's figures, once a second. Needs no credit.
    Pulse,
}

/// Why a subscription ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DoneReason {
    /// Everything was scanned.
    Complete,
    /// As many rows as asked for were found.
    Limit,
}

/// The cluster in this second.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    pub now_ms: i64,
    pub messages_in: Rate,
    pub messages_out: Option<Rate>,
    pub bytes_in: Option<Rate>,
    pub bytes_out: Option<Rate>,
}

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerFrame {
    /// Answers `Hello` when the builds agree.
    Welcome {
        build: String,
        now_ms: i64,
    },
    /// Answers `Hello` when they do not: "Freshet was updated, reload". The connection then closes.
    Outdated {
        build: String,
    },
    /// Rows in order of reading, with the exact gaps in front of them.
    Rows {
        id: u32,
        rows: Vec<MessageRow>,
        /// Records left out for want of credit since the last frame, by offset range.
        skipped: Vec<OffsetRange>,
        /// How many records those ranges hold.
        skipped_count: u64,
        /// The server's clock when the newest row became readable.
        readable_ms: i64,
    },
    /// How far a search is.
    Progress {
        id: u32,
        scanned: Scanned,
    },
    Done {
        id: u32,
        reason: DoneReason,
        scanned: Scanned,
    },
    Failed {
        id: u32,
        error: AppError,
    },
    Pulse {
        id: u32,
        pulse: Pulse,
    },
}

/// Why bytes are not a frame.
#[derive(Debug, PartialEq, Eq)]
pub struct BadFrame;

impl std::fmt::Display for BadFrame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("bytes on the live connection are not a frame of this build")
    }
}

impl std::error::Error for BadFrame {}

impl ClientFrame {
    /// The frame's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("frames hold nothing that postcard cannot write")
    }

    /// Reads a frame.
    ///
    /// # Errors
    /// [`BadFrame`] for anything that is not exactly one frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadFrame> {
        decode(bytes)
    }
}

impl ServerFrame {
    /// The frame's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("frames hold nothing that postcard cannot write")
    }

    /// Reads a frame.
    ///
    /// # Errors
    /// [`BadFrame`] for anything that is not exactly one frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadFrame> {
        decode(bytes)
    }
}

fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, BadFrame> {
    if bytes.len() > FRAME_BYTES_MAX {
        return Err(BadFrame);
    }
    match postcard::take_from_bytes(bytes) {
        Ok((frame, [])) => Ok(frame),
        _ => Err(BadFrame),
    }
}
