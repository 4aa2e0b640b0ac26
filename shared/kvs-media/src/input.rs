use std::collections::VecDeque;
use std::mem;

use bytes::{Buf, Bytes};

use crate::ebml::{Header, id};

/// The bytes that were pushed and not read yet.
///
/// Those of an element that is not complete are gathered in one allocation of its size, so that however small the
/// chunks are, no more than an element and the start of a header is held.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// Empty only if there is nothing else.
    front: Bytes,
    rest: VecDeque<Bytes>,
    partial: Vec<u8>,
    position: u64,
}

impl Input {
    pub(crate) fn push(&mut self, chunk: Bytes) {
        if self.front.is_empty() {
            self.front = chunk;
        } else if !chunk.is_empty() {
            self.rest.push_back(chunk);
        }
    }

    /// How many bytes of the stream have been read.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// How many bytes are held.
    pub(crate) fn held(&self) -> usize {
        self.partial.len() + self.front.len() + self.rest.iter().map(Bytes::len).sum::<usize>()
    }

    /// As many of the next bytes as a header may take, or all if there are fewer. `scratch` is for those that lie in
    /// several chunks.
    pub(crate) fn peek<'a>(&'a self, scratch: &'a mut [u8; Header::LONGEST]) -> &'a [u8] {
        if self.front.len() >= Header::LONGEST || self.rest.is_empty() {
            return &self.front;
        }
        let mut filled = 0;
        for chunk in std::iter::once(&self.front).chain(&self.rest) {
            let part = chunk.len().min(scratch.len() - filled);
            scratch[filled..filled + part].copy_from_slice(&chunk[..part]);
            filled += part;
        }
        &scratch[..filled]
    }

    /// Passes over up to `count` bytes; returns how many there were.
    pub(crate) fn skip(&mut self, count: u64) -> u64 {
        let mut left = count;
        while left > 0 && !self.front.is_empty() {
            // Fits: it is at most the length of a chunk.
            let part = left.min(self.front.len() as u64);
            self.front.advance(part as usize);
            left -= part;
            self.next_chunk();
        }
        self.position += count - left;
        count - left
    }

    /// The next `count` bytes, in one piece. `None` if they have not all been pushed; `count` must then be the same
    /// the next time.
    pub(crate) fn take(&mut self, count: usize) -> Option<Bytes> {
        if self.partial.is_empty() && count <= self.front.len() {
            self.position += count as u64;
            let whole = self.front.split_to(count);
            self.next_chunk();
            return Some(whole);
        }
        while self.partial.len() < count {
            if self.front.is_empty() {
                return None;
            }
            self.partial.reserve_exact(count - self.partial.len());
            let part = self.front.len().min(count - self.partial.len());
            self.partial.extend_from_slice(&self.front[..part]);
            self.front.advance(part);
            self.position += part as u64;
            self.next_chunk();
        }
        Some(mem::take(&mut self.partial).into())
    }

    /// Passes over bytes until reading can start again: at the id of an EBML header or a Cluster, which is returned
    /// and not passed over. With it, how many bytes were passed over.
    pub(crate) fn seek_start(&mut self) -> (u64, Option<u32>) {
        const FIRST_BYTES: [u8; 2] = [id::EBML.to_be_bytes()[0], id::CLUSTER.to_be_bytes()[0]];
        let before = self.position;
        while !self.front.is_empty() {
            let candidate = self.front.iter().position(|byte| FIRST_BYTES.contains(byte));
            self.skip(candidate.unwrap_or(self.front.len()) as u64);
            if candidate.is_none() {
                continue;
            }
            let Some(found) =
                self.peek(&mut [0; Header::LONGEST]).first_chunk().copied().map(u32::from_be_bytes)
            else {
                break;
            };
            if matches!(found, id::EBML | id::CLUSTER) {
                return (self.position - before, Some(found));
            }
            self.skip(1);
        }
        (self.position - before, None)
    }

    fn next_chunk(&mut self) {
        if self.front.is_empty() {
            self.front = self.rest.pop_front().unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests;
