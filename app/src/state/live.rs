//! The browser's end of the live connection: one websocket a tab, opened by the first subscription.

use super::browser;
use crate::model::live::{ClientFrame, ServerFrame, Subscription};
use crate::routes::LIVE_SOCKET;
use leptos::prelude::{GetUntracked, RwSignal, Set};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BinaryType, MessageEvent, WebSocket};

/// How the connection is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LiveStatus {
    /// Nobody follows anything.
    #[default]
    Closed,
    Connecting,
    Open,
    /// Lost; another try is under way.
    Lost,
    /// The server runs another build: this page must be loaded again.
    Outdated,
}

type Handler = Rc<dyn Fn(ServerFrame)>;
type Opener = Rc<dyn Fn() -> (Subscription, u32)>;

struct Follower {
    id: u32,
    /// Says at each (re)connect what to ask for and with how much credit: a tail goes on behind its last row.
    open: Opener,
    handle: Handler,
}

#[derive(Default)]
struct Connection {
    socket: Option<WebSocket>,
    status: Option<RwSignal<LiveStatus>>,
    build: String,
    cluster: String,
    followers: Vec<Follower>,
    next_id: u32,
    failures: u32,
    is_welcome: bool,
}

thread_local! {
    static CONNECTION: RefCell<Connection> = RefCell::default();
}

/// Tells the connection which page it serves. Another cluster or build means another socket.
pub fn configure(build: &str, cluster: &str, status: RwSignal<LiveStatus>) {
    let is_other = CONNECTION.with_borrow_mut(|connection| {
        connection.status = Some(status);
        let is_other = connection.cluster != cluster;
        build.clone_into(&mut connection.build);
        cluster.clone_into(&mut connection.cluster);
        is_other && connection.socket.is_some()
    });
    if is_other {
        disconnect();
        connect();
    }
}

/// Follows something until [`unfollow`]. `open` is called at each connect.
pub fn follow(
    open: impl Fn() -> (Subscription, u32) + 'static,
    handle: impl Fn(ServerFrame) + 'static,
) -> u32 {
    let (id, first, is_welcome) = CONNECTION.with_borrow_mut(|connection| {
        connection.next_id = connection.next_id.wrapping_add(1);
        let id = connection.next_id;
        let open: Opener = Rc::new(open);
        connection.followers.push(Follower { id, open: open.clone(), handle: Rc::new(handle) });
        (id, open, connection.is_welcome)
    });
    if is_welcome {
        let (subscription, credit) = first();
        send(&ClientFrame::Open { id, subscription, credit });
    } else {
        connect();
    }
    id
}

/// Grants further rows.
pub fn grant(id: u32, rows: u32) {
    send(&ClientFrame::Credit { id, rows });
}

/// Stops following; the last one closes the socket.
pub fn unfollow(id: u32) {
    let is_last = CONNECTION.with_borrow_mut(|connection| {
        connection.followers.retain(|follower| follower.id != id);
        connection.followers.is_empty()
    });
    if is_last {
        disconnect();
        set_status(LiveStatus::Closed);
    } else {
        send(&ClientFrame::Close { id });
    }
}

fn send(frame: &ClientFrame) {
    CONNECTION.with_borrow(|connection| {
        if let Some(socket) = connection.socket.as_ref()
            && socket.ready_state() == WebSocket::OPEN
        {
            // A socket that closed in between is found out by its close event.
            drop(socket.send_with_u8_array(&frame.encode()));
        }
    });
}

fn set_status(status: LiveStatus) {
    if let Some(signal) = CONNECTION.with_borrow(|connection| connection.status) {
        signal.set(status);
    }
}

fn disconnect() {
    let socket = CONNECTION.with_borrow_mut(|connection| {
        connection.is_welcome = false;
        connection.socket.take()
    });
    if let Some(socket) = socket {
        socket.set_onclose(None);
        socket.set_onmessage(None);
        drop(socket.close());
    }
}

fn connect() {
    let is_connected = CONNECTION.with_borrow(|connection| connection.socket.is_some());
    if is_connected {
        return;
    }
    let url = browser::absolute(LIVE_SOCKET).replacen("http", "ws", 1);
    let Ok(socket) = WebSocket::new(&url) else { return };
    socket.set_binary_type(BinaryType::Arraybuffer);
    set_status(LiveStatus::Connecting);
    listen(&socket);
    CONNECTION.with_borrow_mut(|connection| connection.socket = Some(socket));
}

/// The closures belong to the socket's whole life, so they are handed over to the browser's collector.
fn listen(socket: &WebSocket) {
    let on_open = Closure::<dyn FnMut()>::new(|| {
        let hello = CONNECTION.with_borrow(|connection| ClientFrame::Hello {
            build: connection.build.clone(),
            cluster: connection.cluster.clone(),
        });
        send(&hello);
    });
    socket.set_onopen(Some(on_open.into_js_value().unchecked_ref()));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        if let Ok(buffer) = event.data().dyn_into::<js_sys::ArrayBuffer>() {
            receive(&js_sys::Uint8Array::new(&buffer).to_vec());
        }
    });
    socket.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
    let on_close = Closure::<dyn FnMut()>::new(lost);
    socket.set_onclose(Some(on_close.into_js_value().unchecked_ref()));
}

fn receive(bytes: &[u8]) {
    let Ok(frame) = ServerFrame::decode(bytes) else {
        return outdated();
    };
    match &frame {
        ServerFrame::Welcome { .. } => welcome(),
        ServerFrame::Outdated { .. } => outdated(),
        ServerFrame::Rows { id, .. }
        | ServerFrame::Progress { id, .. }
        | ServerFrame::Done { id, .. }
        | ServerFrame::Failed { id, .. }
        | ServerFrame::Pulse { id, .. } => {
            let handler = CONNECTION.with_borrow(|connection| {
                let follower = connection.followers.iter().find(|follower| follower.id == *id);
                follower.map(|follower| follower.handle.clone())
            });
            if let Some(handler) = handler {
                handler(frame);
            }
        }
    }
}

fn welcome() {
    let openers: Vec<(u32, Opener)> = CONNECTION.with_borrow_mut(|connection| {
        connection.is_welcome = true;
        connection.failures = 0;
        connection.followers.iter().map(|follower| (follower.id, follower.open.clone())).collect()
    });
    set_status(LiveStatus::Open);
    for (id, open) in openers {
        let (subscription, credit) = open();
        send(&ClientFrame::Open { id, subscription, credit });
    }
}

fn outdated() {
    disconnect();
    set_status(LiveStatus::Outdated);
}

/// Tries again after 0.25 s, 0.5 s, … at most 8 s.
fn lost() {
    let failures = CONNECTION.with_borrow_mut(|connection| {
        connection.socket = None;
        connection.is_welcome = false;
        connection.failures = (connection.failures + 1).min(6);
        connection.failures
    });
    set_status(LiveStatus::Lost);
    let delay = Duration::from_millis(125 << failures);
    leptos::prelude::set_timeout(
        || {
            let is_wanted = CONNECTION.with_borrow(|connection| {
                let is_outdated = connection
                    .status
                    .is_some_and(|status| status.get_untracked() == LiveStatus::Outdated);
                !connection.followers.is_empty() && !is_outdated
            });
            if is_wanted {
                connect();
            }
        },
        delay,
    );
}
