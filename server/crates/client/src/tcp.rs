//! Plaintext TCP.

use std::collections::VecDeque;
use std::future::Future;
use std::io::IoSlice;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use freshet_wire::Chain;
use freshet_wire::framing::{self, RESPONSE_BYTES_MAX};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::{Address, Error, Pipe, Transport};

/// How long a connection may take to be established.
const CONNECT_SECONDS_MAX: u64 = 5;
/// Frames queued in each direction of one connection.
const FRAMES_MAX: usize = 16;
/// An answer's buffer grows in steps of this, so that a lying length prefix costs nothing.
const GROWTH_SIZE_BYTES: usize = 1024 * 1024;

/// Connects over TCP without encryption.
#[derive(Debug, Clone, Copy, Default)]
pub struct TcpTransport;

impl Transport for TcpTransport {
    fn connect<'a>(
        &'a self,
        address: &'a Address,
    ) -> Pin<Box<dyn Future<Output = Result<Pipe, Error>> + Send + 'a>> {
        Box::pin(async move {
            let refused = |reason: String| Error::Connect { address: address.to_string(), reason };
            let connect = TcpStream::connect((address.host.as_str(), address.port));
            let stream = timeout(Duration::from_secs(CONNECT_SECONDS_MAX), connect)
                .await
                .map_err(|_| refused("no answer".to_owned()))?
                .map_err(|error| refused(error.to_string()))?;
            // Small requests must not wait for a full segment.
            let _ = stream.set_nodelay(true);
            let (reader, writer) = stream.into_split();
            let (requests, outgoing) = mpsc::channel(FRAMES_MAX);
            let (incoming, answers) = mpsc::channel(FRAMES_MAX);
            tokio::spawn(write_frames(writer, outgoing));
            tokio::spawn(read_frames(reader, incoming));
            Ok(Pipe { requests, answers })
        })
    }
}

async fn write_frames(mut writer: OwnedWriteHalf, mut frames: mpsc::Receiver<Chain>) {
    while let Some(frame) = frames.recv().await {
        let mut pieces: VecDeque<Bytes> = framing::with_length(frame).into_pieces().into();
        while !pieces.is_empty() {
            let slices: Vec<IoSlice<'_>> =
                pieces.iter().take(64).map(|piece| IoSlice::new(piece)).collect();
            let Ok(mut written) = writer.write_vectored(&slices).await else { return };
            if written == 0 {
                return;
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
    }
}

async fn read_frames(mut reader: OwnedReadHalf, frames: mpsc::Sender<Chain>) {
    let mut buffer = BytesMut::new();
    loop {
        let Some(length) = fill(&mut reader, &mut buffer, 4).await.map(|()| buffer.get_i32())
        else {
            return;
        };
        let Ok(size_bytes) = framing::check_frame_length(length, RESPONSE_BYTES_MAX) else {
            return;
        };
        if fill(&mut reader, &mut buffer, size_bytes).await.is_none() {
            return;
        }
        let frame = buffer.split_to(size_bytes).freeze();
        if frames.send(frame.into()).await.is_err() {
            return;
        }
    }
}

/// Reads until `wanted` bytes are buffered; `None` when the stream ends first.
async fn fill(reader: &mut OwnedReadHalf, buffer: &mut BytesMut, wanted: usize) -> Option<()> {
    while buffer.len() < wanted {
        buffer.reserve((wanted - buffer.len()).clamp(1, GROWTH_SIZE_BYTES));
        if reader.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    Some(())
}
