//! Connections inside the process: the ordering, limits and principal of a socket without one.

use freshet_wire::Chain;
use tokio::sync::mpsc;

use super::{Closed, Frame, FrameSink, FrameSource};

/// Frames waiting in each direction of one in-process connection.
pub(crate) const LOCAL_FRAMES_MAX: usize = 16;

/// The client's end of an in-process connection. Dropping it hangs up.
pub struct LocalConnection {
    requests: mpsc::Sender<Chain>,
    answers: mpsc::Receiver<Chain>,
}

/// The two halves, for a client that reads and writes at the same time.
impl LocalConnection {
    pub(crate) fn pair() -> (LocalConnection, LocalSource, LocalSink) {
        let (requests, source) = mpsc::channel(LOCAL_FRAMES_MAX);
        let (sink, answers) = mpsc::channel(LOCAL_FRAMES_MAX);
        (LocalConnection { requests, answers }, LocalSource(source), LocalSink(sink))
    }

    /// Splits into the sender of request frames and the receiver of answer frames, both without
    /// length prefix.
    pub fn into_parts(self) -> (mpsc::Sender<Chain>, mpsc::Receiver<Chain>) {
        (self.requests, self.answers)
    }
}

pub(crate) struct LocalSource(mpsc::Receiver<Chain>);

impl FrameSource for LocalSource {
    async fn next(&mut self) -> Result<Option<Frame>, Closed> {
        Ok(self.0.recv().await.map(|bytes| Frame { bytes, hold: None }))
    }
}

pub(crate) struct LocalSink(mpsc::Sender<Chain>);

impl FrameSink for LocalSink {
    async fn send(&mut self, frame: Chain) -> Result<(), Closed> {
        self.0.send(frame).await.map_err(|_| Closed("the client hung up".to_owned()))
    }
}
