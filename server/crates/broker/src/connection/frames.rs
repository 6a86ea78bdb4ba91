//! Cutting a byte stream into request frames.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use freshet_wire::framing;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::{Closed, Frame, FrameSource};
use crate::limits::{CONNECTION_IDLE_SECONDS_MAX, FRAME_SECONDS_MAX};

/// Read at least this much at a time; also the largest buffer an idle connection keeps.
const READ_SIZE_BYTES: usize = 4 * 1024;
/// A frame's buffer grows in steps of this, so that a lying length prefix costs nothing.
const GROWTH_SIZE_BYTES: usize = 1024 * 1024;
/// Frames up to this size are not charged to the shared budget.
const UNCHARGED_SIZE_BYTES: usize = 16 * 1024;

/// Reads length-prefixed frames.
pub(super) struct FrameReader<R> {
    reader: R,
    buffer: BytesMut,
    /// Size of the frame whose prefix was read, and its charge.
    pending: Option<(usize, Option<OwnedSemaphorePermit>)>,
    deadline: Instant,
    frame_size_bytes_max: usize,
    budget: Arc<Semaphore>,
}

impl<R: AsyncRead + Unpin + Send> FrameReader<R> {
    pub(super) fn new(reader: R, frame_size_bytes_max: usize, budget: Arc<Semaphore>) -> Self {
        FrameReader {
            reader,
            buffer: BytesMut::new(),
            pending: None,
            deadline: idle_deadline(),
            frame_size_bytes_max,
            budget,
        }
    }

    /// Takes a whole frame out of the buffer if there is one.
    fn take(&mut self) -> Option<Frame> {
        let (size_bytes, _) = self.pending.as_ref()?;
        let size_bytes = *size_bytes;
        if self.buffer.len() < size_bytes {
            return None;
        }
        let (_, hold) = self.pending.take()?;
        self.deadline = idle_deadline();
        Some(Frame { bytes: self.buffer.split_to(size_bytes).freeze().into(), hold })
    }

    fn read_prefix(&mut self) -> Result<(), Closed> {
        if self.pending.is_some() || self.buffer.len() < 4 {
            return Ok(());
        }
        let size =
            i32::from_be_bytes([self.buffer[0], self.buffer[1], self.buffer[2], self.buffer[3]]);
        let size_bytes = framing::check_frame_length(size, self.frame_size_bytes_max)
            .map_err(|error| Closed(error.to_string()))?;
        self.buffer.advance(4);
        self.pending = Some((size_bytes, None));
        self.deadline = Instant::now() + Duration::from_secs(FRAME_SECONDS_MAX);
        Ok(())
    }

    /// Only Produce may be large: refused as soon as the kind of request is known.
    fn check_kind(&self) -> Result<(), Closed> {
        let (Some((size_bytes, _)), Some(peek)) = (&self.pending, self.buffer.first_chunk()) else {
            return Ok(());
        };
        framing::check_request_size(*peek, *size_bytes).map_err(|error| Closed(error.to_string()))
    }

    /// Charges the shared budget for what is about to be read: an announced length alone holds
    /// nothing, so lying prefixes keep nobody else out.
    async fn charge(&mut self) -> Result<(), Closed> {
        let Some((size_bytes, hold)) = &mut self.pending else { return Ok(()) };
        if *size_bytes <= UNCHARGED_SIZE_BYTES {
            return Ok(());
        }
        let wanted = (*size_bytes).min(self.buffer.len() + GROWTH_SIZE_BYTES).div_ceil(1024);
        let held = hold.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        if wanted <= held {
            return Ok(());
        }
        let missing = u32::try_from(wanted - held).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.budget).acquire_many_owned(missing);
        let permit = timeout_at(self.deadline, permit)
            .await
            .map_err(|_| Closed("too many request bytes are under way".to_owned()))?
            .map_err(|error| Closed(error.to_string()))?;
        match hold {
            Some(hold) => hold.merge(permit),
            None => *hold = Some(permit),
        }
        Ok(())
    }

    /// Room for what is missing of the pending frame, in bounded steps.
    fn reserve(&mut self) {
        let wanted = match &self.pending {
            Some((size_bytes, _)) => (size_bytes - self.buffer.len()).clamp(1, GROWTH_SIZE_BYTES),
            None => READ_SIZE_BYTES,
        };
        if self.buffer.capacity() - self.buffer.len() < wanted {
            self.buffer.reserve(wanted);
        }
    }
}

fn idle_deadline() -> Instant {
    Instant::now() + Duration::from_secs(CONNECTION_IDLE_SECONDS_MAX)
}

impl<R: AsyncRead + Unpin + Send> FrameSource for FrameReader<R> {
    /// Cancel safe: all progress is kept in `self`.
    async fn next(&mut self) -> Result<Option<Frame>, Closed> {
        loop {
            self.read_prefix()?;
            self.check_kind()?;
            if let Some(frame) = self.take() {
                return Ok(Some(frame));
            }
            self.charge().await?;
            self.reserve();
            let read = timeout_at(self.deadline, self.reader.read_buf(&mut self.buffer)).await;
            match read {
                Err(_) if self.pending.is_some() => {
                    return Err(Closed("a frame took too long to arrive".to_owned()));
                }
                Err(_) => return Err(Closed("idle for too long".to_owned())),
                Ok(Err(error)) => return Err(error.into()),
                Ok(Ok(0)) => return Ok(None),
                Ok(Ok(_)) if self.pending.is_some() => {
                    // Progress: a slow but honest upload is not cut.
                    self.deadline = Instant::now() + Duration::from_secs(FRAME_SECONDS_MAX);
                }
                Ok(Ok(_)) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(bytes: &'static [u8]) -> FrameReader<&'static [u8]> {
        FrameReader::new(bytes, 100, Arc::new(Semaphore::new(10)))
    }

    #[tokio::test]
    async fn frames_are_cut_by_their_length_prefix() {
        let mut reader = reader(b"\0\0\0\x02hi\0\0\0\x01x\0\0");
        assert_eq!(&reader.next().await.unwrap().unwrap().bytes.into_bytes()[..], b"hi");
        assert_eq!(&reader.next().await.unwrap().unwrap().bytes.into_bytes()[..], b"x");
        assert!(reader.next().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn impossible_lengths_close_the_connection_without_allocating() {
        for prefix in [&b"\0\0\0\0"[..], b"\xff\xff\xff\xfb", b"\x7f\xff\xff\xff", b"\0\0\0\x65"] {
            let mut reader = reader(prefix);
            assert!(reader.next().await.is_err());
            assert!(reader.buffer.capacity() <= 2 * READ_SIZE_BYTES);
        }
    }

    #[tokio::test]
    async fn a_large_announcement_allocates_only_what_has_come() {
        let budget = Arc::new(Semaphore::new(200 * 1024));
        // 100 MiB of Produce version 3 are announced.
        let bytes: &[u8] = b"\x06\x40\0\0\0\0\0\x03only this";
        let mut reader = FrameReader::new(bytes, 200 << 20, budget);
        assert!(reader.next().await.unwrap().is_none());
        assert!(reader.buffer.capacity() <= 2 * GROWTH_SIZE_BYTES);
    }
}
