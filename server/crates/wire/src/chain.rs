//! A frame as a chain of byte slices: record data travels through requests and responses without
//! being copied.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

/// Bytes below this size are copied into the piece before them instead of becoming a piece of
/// their own: a vectored write pays more per piece than a copy of this size costs.
pub const INLINE_PIECE_BYTES_MAX: usize = 512;

/// An ordered list of byte slices that together are one stretch of bytes.
///
/// No piece is empty. Cloning clones reference counts, not bytes.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    pieces: VecDeque<Bytes>,
    size_bytes: usize,
}

impl Chain {
    /// Builds an empty chain.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends `piece` at the end; an empty piece is dropped.
    pub fn push(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.size_bytes += piece.len();
            self.pieces.push_back(piece);
        }
    }

    /// Appends all pieces of `other` at the end.
    pub fn append(&mut self, other: Chain) {
        self.size_bytes += other.size_bytes;
        self.pieces.extend(other.pieces);
    }

    /// The number of bytes over all pieces.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// Says whether there is no byte in the chain.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size_bytes == 0
    }

    /// The pieces in order.
    pub fn pieces(&self) -> impl ExactSizeIterator<Item = &Bytes> + DoubleEndedIterator {
        self.pieces.iter()
    }

    /// Gives up the chain for its pieces, in order: what a vectored write takes.
    #[must_use]
    pub fn into_pieces(self) -> Vec<Bytes> {
        self.pieces.into()
    }

    /// The chain as one slice: free for a chain of one piece, one copy otherwise.
    #[must_use]
    pub fn into_bytes(mut self) -> Bytes {
        if self.pieces.len() <= 1 {
            return self.pieces.pop_front().unwrap_or_default();
        }
        let mut joined = BytesMut::with_capacity(self.size_bytes);
        for piece in &self.pieces {
            joined.extend_from_slice(piece);
        }
        joined.freeze()
    }

    /// Splits `size_bytes` off the front without copying; `None`, and no change, when the chain is
    /// shorter.
    #[must_use]
    pub fn split_to(&mut self, size_bytes: usize) -> Option<Chain> {
        if size_bytes > self.size_bytes {
            return None;
        }
        let mut front = Chain::new();
        while front.size_bytes < size_bytes {
            let mut piece = self.pieces.pop_front()?;
            let wanted = size_bytes - front.size_bytes;
            if piece.len() > wanted {
                let head = piece.split_to(wanted);
                self.pieces.push_front(piece);
                piece = head;
            }
            self.size_bytes -= piece.len();
            front.push(piece);
        }
        Some(front)
    }

    /// Copies the next `out.len()` bytes out and removes them; `false`, and no change, when the
    /// chain is shorter.
    #[must_use]
    pub(crate) fn copy_front(&mut self, out: &mut [u8]) -> bool {
        if out.len() > self.size_bytes {
            return false;
        }
        let mut filled = 0;
        while filled < out.len() {
            let Some(piece) = self.pieces.front_mut() else { return false };
            let count = piece.len().min(out.len() - filled);
            out[filled..filled + count].copy_from_slice(&piece[..count]);
            piece.advance(count);
            if piece.is_empty() {
                self.pieces.pop_front();
            }
            self.size_bytes -= count;
            filled += count;
        }
        true
    }
}

impl From<Bytes> for Chain {
    fn from(piece: Bytes) -> Self {
        let mut chain = Chain::new();
        chain.push(piece);
        chain
    }
}

impl FromIterator<Bytes> for Chain {
    fn from_iter<I: IntoIterator<Item = Bytes>>(pieces: I) -> Self {
        let mut chain = Chain::new();
        for piece in pieces {
            chain.push(piece);
        }
        chain
    }
}

/// Two chains are equal when their bytes are, however they are cut.
impl PartialEq for Chain {
    fn eq(&self, other: &Self) -> bool {
        self.size_bytes == other.size_bytes
            && self
                .pieces()
                .flat_map(|piece| piece.iter())
                .eq(other.pieces().flat_map(|p| p.iter()))
    }
}

impl Eq for Chain {}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(parts: &[&'static str]) -> Chain {
        parts.iter().map(|part| Bytes::from_static(part.as_bytes())).collect()
    }

    #[test]
    fn splitting_inside_a_piece_keeps_every_byte_in_order() {
        for cut in 0..=6 {
            let mut rest = chain(&["ab", "", "cde", "f"]);
            let front = rest.split_to(cut).unwrap();
            assert_eq!(front.size_bytes(), cut);
            assert_eq!(&front.into_bytes()[..], &b"abcdef"[..cut]);
            assert_eq!(&rest.into_bytes()[..], &b"abcdef"[cut..]);
        }
    }

    #[test]
    fn splitting_past_the_end_changes_nothing() {
        let mut whole = chain(&["abc"]);
        assert!(whole.split_to(4).is_none());
        assert_eq!(whole.size_bytes(), 3);
    }

    #[test]
    fn equality_ignores_the_cuts() {
        assert_eq!(chain(&["ab", "c"]), chain(&["a", "bc"]));
        assert_ne!(chain(&["ab", "c"]), chain(&["a", "bd"]));
    }

    #[test]
    fn copying_across_pieces_advances_the_chain() {
        let mut whole = chain(&["ab", "cde"]);
        let mut out = [0; 4];
        assert!(whole.copy_front(&mut out));
        assert_eq!(&out, b"abcd");
        assert!(!whole.copy_front(&mut out));
        assert_eq!(&whole.into_bytes()[..], b"e");
    }
}
