//! Connections that can be reset at any moment, and counted.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// All connections of one org.
#[derive(Default)]
pub(crate) struct Wires {
    accepted: AtomicUsize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    closed: bool,
    cuts: Vec<Weak<Cut>>,
}

impl Wires {
    pub(crate) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Resets every connection, and those still to come.
    pub(crate) fn cut_all(&self) {
        let mut open = self.lock();
        open.closed = true;
        open.cuts.drain(..).filter_map(|cut| cut.upgrade()).for_each(|cut| cut.now());
    }

    fn accept(&self) -> Arc<Cut> {
        self.accepted.fetch_add(1, Ordering::Relaxed);
        let cut = Arc::new(Cut::default());
        let mut open = self.lock();
        if open.closed {
            cut.now();
        }
        open.cuts.retain(|cut| cut.strong_count() > 0);
        open.cuts.push(Arc::downgrade(&cut));
        cut
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The switch that resets one connection.
#[derive(Default)]
pub(crate) struct Cut {
    done: AtomicBool,
    waiting: Mutex<Option<Waker>>,
}

impl Cut {
    pub(crate) fn now(&self) {
        self.done.store(true, Ordering::SeqCst);
        if let Some(waker) = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take() {
            waker.wake();
        }
    }

    /// Fails once the switch is thrown; until then the task is woken when it is.
    fn check(&self, context: &Context<'_>) -> io::Result<()> {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.waker().clone());
        if self.done.load(Ordering::SeqCst) { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

/// A handler's hold on the connection that its request came over.
#[derive(Clone)]
pub(crate) struct Connection(Arc<Cut>);

impl Connection {
    pub(crate) fn reset(&self) {
        self.0.now();
    }
}

impl Connected<IncomingStream<'_, Accepting>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Accepting>) -> Self {
        Self(Arc::clone(&stream.io().cut))
    }
}

/// The listening socket.
pub(crate) struct Accepting {
    pub(crate) socket: TcpListener,
    pub(crate) wires: Arc<Wires>,
}

impl Listener for Accepting {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.socket).await;
        // Replies are small and each is awaited: Nagle's algorithm would only add its delay.
        let _ = stream.set_nodelay(true);
        (Wire { stream, cut: self.wires.accept() }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }
}

/// One accepted connection.
pub(crate) struct Wire {
    stream: TcpStream,
    cut: Arc<Cut>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.cut.done.load(Ordering::SeqCst) {
            // With no time to linger the kernel closes by RST, which is what a client sees when a server dies.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.cut.check(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, to)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.cut.check(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cut.check(cx)?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cut.check(cx)?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
