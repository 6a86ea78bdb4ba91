//! Connections over TCP.

use std::io::IoSlice;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use freshet_wire::{Chain, framing};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::time::timeout;

use super::frames::FrameReader;
use super::{Closed, FrameSink, Session, serve};
use crate::limits::WRITE_SECONDS_MAX;

/// Pieces handed to one vectored write.
const PIECES_PER_WRITE_MAX: usize = 64;

/// Serves a client until it leaves.
pub(crate) async fn serve_socket(stream: TcpStream, session: Arc<Session>) {
    // Small answers must not wait for a full segment.
    let _ = stream.set_nodelay(true);
    let (reader, writer) = stream.into_split();
    let shared = &session.shared;
    let frames =
        FrameReader::new(reader, shared.frame_size_bytes_max(), Arc::clone(&shared.request_memory));
    serve(session, frames, SocketSink(writer)).await;
}

struct SocketSink(OwnedWriteHalf);

impl FrameSink for SocketSink {
    async fn send(&mut self, frame: Chain) -> Result<(), Closed> {
        let mut pieces: std::collections::VecDeque<Bytes> =
            framing::with_length(frame).into_pieces().into();
        while !pieces.is_empty() {
            let slices: Vec<IoSlice<'_>> =
                pieces.iter().take(PIECES_PER_WRITE_MAX).map(|piece| IoSlice::new(piece)).collect();
            let write = self.0.write_vectored(&slices);
            let mut written = timeout(Duration::from_secs(WRITE_SECONDS_MAX), write)
                .await
                .map_err(|_| Closed("the client does not read its answers".to_owned()))??;
            if written == 0 {
                return Err(Closed("the client hung up".to_owned()));
            }
            while let Some(piece) = pieces.front_mut() {
                if written < piece.len() {
                    piece.advance(written);
                    break;
                }
                written -= piece.len();
                pieces.pop_front();
            }
        }
        Ok(())
    }
}
