//! A GetMedia connection: the body of its reply.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use futures_util::Stream;

use super::document::write_error;
use super::interruption::{After, Ending, Interruption};
use super::stream::{Next, Shared};

/// A reply comes in pieces of at most this many bytes, which no fragment is aligned with.
const PIECE: usize = 5000;

/// What was sent before a break is given this time to leave.
const BEFORE_A_BREAK: Duration = Duration::from_millis(50);

/// The pieces of a reply.
pub(super) type Chunks = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// Where a connection has come to.
pub(super) struct Reader {
    stream: Arc<Shared>,
    /// The place in the stream of the next fragment.
    next: u64,
    /// How many ends of all connections there had been when this one began.
    cuts: u64,
    interruption: Option<Interruption>,
    ending: Option<Ending>,
    /// What is left of a document that is being sent.
    pending: Bytes,
    /// What was handed out so far.
    fragments: u64,
    bytes: u64,
    began: Option<DateTime<Utc>>,
}

impl Reader {
    /// A connection that starts there. With an `ending`, it ends in this way at once.
    pub(super) fn new(
        stream: Arc<Shared>,
        next: u64,
        cuts: u64,
        interruption: Option<Interruption>,
        ending: Option<Ending>,
    ) -> Reader {
        let pending = Bytes::new();
        Reader { stream, next, cuts, interruption, ending, pending, fragments: 0, bytes: 0, began: None }
    }

    pub(super) fn chunks(self) -> Chunks {
        Box::pin(futures_util::stream::unfold(self, async |mut reader| {
            let piece = reader.piece().await?;
            Some((piece, reader))
        }))
    }

    /// The next piece of the reply; `None` at its end.
    async fn piece(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            if let Some(piece) = self.pending_piece() {
                return Some(Ok(piece));
            }
            match self.ending.take() {
                Some(Ending::Closed) => {
                    self.ending = Some(Ending::Closed);
                    return None;
                }
                Some(Ending::Broken) => {
                    self.ending = Some(Ending::Closed);
                    tokio::time::sleep(BEFORE_A_BREAK).await;
                    return Some(Err(io::Error::other("this disconnect was asked for")));
                }
                Some(Ending::Error(error)) => {
                    self.ending = Some(Ending::Closed);
                    self.pending = write_error(&error).into();
                    self.interruption = None;
                    continue;
                }
                None => {}
            }
            // Registered before the look into the stream: what changes in between is not missed.
            let stream = Arc::clone(&self.stream);
            let changed = stream.changed.notified();
            if let Some(ending) = self.stream.cut(self.cuts) {
                self.ending = Some(ending);
                continue;
            }
            match self.stream.next(self.next) {
                Next::Document { document, begins, sequence } => self.take(document, begins, sequence),
                Next::Ended => self.ending = Some(Ending::Closed),
                Next::Wait => changed.await,
            }
        }
    }

    /// Goes on with this fragment, unless the connection is to end before it.
    fn take(&mut self, document: Vec<u8>, begins: DateTime<Utc>, sequence: u64) {
        let began = *self.began.get_or_insert(begins);
        let sent = (begins - began).to_std().unwrap_or_default();
        let ending = match &self.interruption {
            Some(Interruption { after: After::Fragments(most), ending }) if self.fragments >= *most => {
                Some(ending)
            }
            Some(Interruption { after: After::StreamTime(most), ending }) if sent >= *most => Some(ending),
            _ => None,
        };
        if let Some(ending) = ending {
            self.ending = Some(ending.clone());
        } else if self.stream.longest_connection().is_some_and(|most| sent >= most) {
            self.ending = Some(Ending::Closed);
        } else {
            self.pending = document.into();
            self.next = sequence + 1;
            self.fragments += 1;
        }
    }

    fn pending_piece(&mut self) -> Option<Bytes> {
        let mut most = PIECE;
        if let Some(Interruption { after: After::Bytes(limit), ending }) = &self.interruption {
            most = most.min((limit - self.bytes) as usize);
            if most == 0 {
                self.pending.clear();
                self.ending = Some(ending.clone());
                self.interruption = None;
                return None;
            }
        }
        if self.stream.cut(self.cuts) == Some(Ending::Broken) {
            self.pending.clear();
        }
        if self.pending.is_empty() {
            return None;
        }
        let piece = self.pending.split_to(most.min(self.pending.len()));
        self.bytes += piece.len() as u64;
        Some(piece)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stream.closed();
    }
}
