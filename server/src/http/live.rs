//! The live websocket: several subscriptions on one connection, with credits.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use freshet_app::console::{Cluster, ScanEvent};
use freshet_app::error::AppError;
use freshet_app::model::live::{
    CREDIT_MAX, ClientFrame, FRAME_BYTES_MAX, FRAME_ROWS_MAX, SUBSCRIPTIONS_MAX, ServerFrame,
    Subscription,
};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::Door;

/// Frames between the subscriptions of a connection and its socket.
const FRAMES_MAX: usize = 32;
/// A connection must say hello within this time.
const HELLO_SECONDS_MAX: u64 = 10;
/// Pulse and proof of life.
const PULSE_MS: u64 = 1_000;

/// Opens the live connection.
pub(super) async fn connect(State(door): State<Door>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(FRAME_BYTES_MAX)
        .max_frame_size(FRAME_BYTES_MAX)
        .on_upgrade(move |socket| serve(door, socket))
}

async fn serve(door: Door, mut socket: WebSocket) {
    let hello = timeout(Duration::from_secs(HELLO_SECONDS_MAX), next_frame(&mut socket)).await;
    let Ok(Some(ClientFrame::Hello { build, cluster })) = hello else { return };
    let ours = door.build.clone();
    if build != ours {
        send(&mut socket, &ServerFrame::Outdated { build: ours }).await;
        return;
    }
    let Ok(cluster) = door.console.0.cluster(&cluster) else { return };
    let welcome = ServerFrame::Welcome { build: ours, now_ms: crate::clock::now_ms() };
    if !send(&mut socket, &welcome).await {
        return;
    }
    let (frames, mut outgoing) = mpsc::channel(FRAMES_MAX);
    let mut subscriptions = Subscriptions { cluster, frames, open: HashMap::new() };
    loop {
        tokio::select! {
            frame = outgoing.recv() => {
                let Some(frame) = frame else { return };
                if !send(&mut socket, &frame).await {
                    return;
                }
            }
            frame = next_frame(&mut socket) => {
                let Some(frame) = frame else { return };
                if !subscriptions.handle(frame) {
                    return;
                }
            }
        }
    }
}

/// The next frame; `None` when the connection ended or sent something else.
async fn next_frame(socket: &mut WebSocket) -> Option<ClientFrame> {
    loop {
        match socket.recv().await?.ok()? {
            Message::Binary(bytes) => return ClientFrame::decode(&bytes).ok(),
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Text(_) | Message::Close(_) => return None,
        }
    }
}

async fn send(socket: &mut WebSocket, frame: &ServerFrame) -> bool {
    socket.send(Message::Binary(frame.encode().into())).await.is_ok()
}

/// What one connection follows. Dropping it ends everything.
struct Subscriptions {
    cluster: Arc<dyn Cluster>,
    frames: mpsc::Sender<ServerFrame>,
    open: HashMap<u32, Open>,
}

struct Open {
    credit: Arc<Semaphore>,
    task: JoinHandle<()>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Subscriptions {
    /// Answers whether the connection may go on.
    fn handle(&mut self, frame: ClientFrame) -> bool {
        self.open.retain(|_, open| !open.task.is_finished());
        match frame {
            ClientFrame::Hello { .. } => false,
            ClientFrame::Open { id, subscription, credit } => {
                if self.open.len() >= SUBSCRIPTIONS_MAX || self.open.contains_key(&id) {
                    return false;
                }
                let credit = Arc::new(Semaphore::new(credit.min(CREDIT_MAX) as usize));
                let cluster = Arc::clone(&self.cluster);
                let feed = Feed { id, frames: self.frames.clone(), credit: Arc::clone(&credit) };
                let task = tokio::spawn(feed.run(cluster, subscription));
                self.open.insert(id, Open { credit, task });
                true
            }
            ClientFrame::Credit { id, rows } => {
                if let Some(open) = self.open.get(&id) {
                    let room =
                        (CREDIT_MAX as usize).saturating_sub(open.credit.available_permits());
                    open.credit.add_permits(room.min(rows as usize));
                }
                true
            }
            ClientFrame::Close { id } => {
                self.open.remove(&id);
                true
            }
        }
    }
}

/// One subscription at work.
struct Feed {
    id: u32,
    frames: mpsc::Sender<ServerFrame>,
    credit: Arc<Semaphore>,
}

/// The connection is gone.
struct Gone;

impl Feed {
    async fn run(self, cluster: Arc<dyn Cluster>, subscription: Subscription) {
        let outcome = match subscription {
            Subscription::Tail { topic, query, after } => {
                match cluster.tail(topic, query, after).await {
                    Ok(tail) => self.tail(tail).await,
                    Err(error) => self.fail(error).await,
                }
            }
            Subscription::Search { topic, query } => match cluster.scan(topic, query).await {
                Ok(scan) => self.scan(scan).await,
                Err(error) => self.fail(error).await,
            },
            Subscription::Pulse => self.pulse(&*cluster).await,
        };
        // A connection that is gone has nobody to tell.
        let _ = outcome;
    }

    async fn send(&self, frame: ServerFrame) -> Result<(), Gone> {
        self.frames.send(frame).await.map_err(|_| Gone)
    }

    async fn fail(&self, error: AppError) -> Result<(), Gone> {
        self.send(ServerFrame::Failed { id: self.id, error }).await
    }

    /// Waits for credit; answers how many rows the next frame may have.
    async fn allowance(&self) -> Result<u32, Gone> {
        self.credit.acquire().await.map_err(|_| Gone)?.forget();
        self.credit.add_permits(1);
        let rows = u32::try_from(self.credit.available_permits()).unwrap_or(u32::MAX);
        Ok(rows.clamp(1, FRAME_ROWS_MAX))
    }

    fn spend(&self, rows: usize) {
        self.credit.forget_permits(rows);
    }

    async fn tail(&self, mut tail: Box<dyn freshet_app::console::Tail>) -> Result<(), Gone> {
        loop {
            let rows_max = self.allowance().await?;
            match tail.next(rows_max).await {
                Ok(batch) => {
                    self.spend(batch.rows.len());
                    self.send(ServerFrame::Rows {
                        id: self.id,
                        rows: batch.rows,
                        skipped: batch.skipped,
                        skipped_count: batch.skipped_count,
                        readable_ms: batch.readable_ms,
                    })
                    .await?;
                }
                Err(error) => return self.fail(error).await,
            }
        }
    }

    async fn scan(&self, mut scan: Box<dyn freshet_app::console::Scan>) -> Result<(), Gone> {
        let id = self.id;
        loop {
            let rows_max = self.allowance().await?;
            match scan.next(rows_max).await {
                Ok(ScanEvent::Rows(rows)) => {
                    self.spend(rows.len());
                    let frame = ServerFrame::Rows {
                        id,
                        rows,
                        skipped: Vec::new(),
                        skipped_count: 0,
                        readable_ms: crate::clock::now_ms(),
                    };
                    self.send(frame).await?;
                }
                Ok(ScanEvent::Progress(scanned)) => {
                    self.send(ServerFrame::Progress { id, scanned }).await?;
                }
                Ok(ScanEvent::Done(reason, scanned)) => {
                    return self.send(ServerFrame::Done { id, reason, scanned }).await;
                }
                Err(error) => return self.fail(error).await,
            }
        }
    }

    async fn pulse(&self, cluster: &dyn Cluster) -> Result<(), Gone> {
        let mut ticks = tokio::time::interval(Duration::from_millis(PULSE_MS));
        loop {
            ticks.tick().await;
            match cluster.pulse().await {
                Ok(pulse) => self.send(ServerFrame::Pulse { id: self.id, pulse }).await?,
                Err(error) => return self.fail(error).await,
            }
        }
    }
}
