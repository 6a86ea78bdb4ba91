//! Checked readers and writers of the protocol's primitive types, over chains of slices.
//!
//! Nothing is allocated from a number in the bytes: a count is first compared with the bytes left.

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use crate::chain::{Chain, INLINE_PIECE_BYTES_MAX};
use crate::error::DecodeError;

/// Tagged fields read from one struct before the bytes are refused: the protocol knows at most a
/// handful per struct, and each costs the reader time.
const TAGGED_FIELDS_MAX: u32 = 256;

/// Longest string, inclusive. Compact lengths could say more; Kafka refuses it all the same, and
/// records could not hold it.
pub(crate) const STRING_BYTES_MAX: usize = i16::MAX as usize;

/// Most array items one Produce, Fetch or ApiVersions message may hold over all its arrays.
///
/// A topic or partition takes a few bytes on the wire and up to two hundred once decoded, so a frame's
/// size alone would bound little. Five times the partitions a cluster may have.
pub const MESSAGE_ITEMS_MAX: usize = 500_000;

/// Reads one message front to back.
pub(crate) struct Reader {
    head: Bytes,
    rest: Chain,
    is_flexible: bool,
    items_left: usize,
}

impl Reader {
    pub(crate) fn new(message: Chain, is_flexible: bool) -> Self {
        let items_left = MESSAGE_ITEMS_MAX;
        let mut reader = Self { head: Bytes::new(), rest: message, is_flexible, items_left };
        reader.refill();
        reader
    }

    fn refill(&mut self) {
        if self.head.is_empty() {
            let first = self.rest.pieces().next().map_or(0, Bytes::len);
            if let Some(piece) = self.rest.split_to(first) {
                self.head = piece.into_bytes();
            }
        }
    }

    pub(crate) fn left_bytes(&self) -> usize {
        self.head.len() + self.rest.size_bytes()
    }

    /// What has not been read yet.
    pub(crate) fn into_rest(self) -> Chain {
        let mut rest = Chain::from(self.head);
        rest.append(self.rest);
        rest
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut out = [0; N];
        if self.head.len() >= N {
            out.copy_from_slice(&self.head[..N]);
            bytes::Buf::advance(&mut self.head, N);
            self.refill();
            return Ok(out);
        }
        let left_bytes = self.left_bytes();
        if left_bytes < N {
            return Err(DecodeError::Truncated { needed_bytes: N, left_bytes });
        }
        let from_head = self.head.len();
        out[..from_head].copy_from_slice(&self.head);
        self.head.clear();
        let filled = self.rest.copy_front(&mut out[from_head..]);
        debug_assert!(filled, "the length was checked above");
        self.refill();
        Ok(out)
    }

    pub(crate) fn take(&mut self, size_bytes: usize) -> Result<Chain, DecodeError> {
        let left_bytes = self.left_bytes();
        if size_bytes > left_bytes {
            return Err(DecodeError::Truncated { needed_bytes: size_bytes, left_bytes });
        }
        let from_head = size_bytes.min(self.head.len());
        let mut taken = Chain::from(self.head.split_to(from_head));
        if let Some(more) = self.rest.split_to(size_bytes - from_head) {
            taken.append(more);
        }
        self.refill();
        Ok(taken)
    }

    /// Takes the next bytes as one slice: a copy only where they lie across pieces.
    pub(crate) fn take_slice(&mut self, size_bytes: usize) -> Result<Bytes, DecodeError> {
        if size_bytes > self.head.len() {
            return Ok(self.take(size_bytes)?.into_bytes());
        }
        let taken = self.head.split_to(size_bytes);
        self.refill();
        Ok(taken)
    }

    pub(crate) fn i8(&mut self) -> Result<i8, DecodeError> {
        Ok(i8::from_be_bytes(self.array()?))
    }

    pub(crate) fn i16(&mut self) -> Result<i16, DecodeError> {
        Ok(i16::from_be_bytes(self.array()?))
    }

    pub(crate) fn i32(&mut self) -> Result<i32, DecodeError> {
        Ok(i32::from_be_bytes(self.array()?))
    }

    pub(crate) fn i64(&mut self) -> Result<i64, DecodeError> {
        Ok(i64::from_be_bytes(self.array()?))
    }

    pub(crate) fn uuid(&mut self) -> Result<Uuid, DecodeError> {
        Ok(Uuid::from_bytes(self.array()?))
    }

    pub(crate) fn uvarint(&mut self) -> Result<u32, DecodeError> {
        let mut value: u32 = 0;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.array()?;
            let bits = u32::from(byte & 0x7f);
            if shift == 28 && byte > 0x0f {
                return Err(DecodeError::BadVarint);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(DecodeError::BadVarint)
    }

    /// Reads a length in the message's own form; `None` is null.
    fn length(&mut self, width: Width) -> Result<Option<usize>, DecodeError> {
        let length = match (self.is_flexible, width) {
            (true, _) => i64::from(self.uvarint()?) - 1,
            (false, Width::Two) => i64::from(self.i16()?),
            (false, Width::Four) => i64::from(self.i32()?),
        };
        let left_bytes = self.left_bytes();
        match usize::try_from(length) {
            Ok(length) if length <= left_bytes => Ok(Some(length)),
            Err(_) if length == -1 => Ok(None),
            _ => Err(DecodeError::BadLength { length, left_bytes }),
        }
    }

    pub(crate) fn nullable_string(&mut self) -> Result<Option<StrBytes>, DecodeError> {
        let Some(length) = self.length(Width::Two)? else { return Ok(None) };
        if length > STRING_BYTES_MAX {
            let left_bytes = self.left_bytes();
            return Err(DecodeError::BadLength { length: length as i64, left_bytes });
        }
        let bytes = self.take_slice(length)?;
        StrBytes::from_utf8(bytes).map(Some).map_err(|_| DecodeError::NotUtf8)
    }

    pub(crate) fn string(&mut self) -> Result<StrBytes, DecodeError> {
        self.nullable_string()?.ok_or(DecodeError::UnexpectedNull)
    }

    /// Reads a record set or byte string; `None` is null.
    pub(crate) fn nullable_bytes(&mut self) -> Result<Option<Chain>, DecodeError> {
        match self.length(Width::Four)? {
            Some(length) => self.take(length).map(Some),
            None => Ok(None),
        }
    }

    /// Reads a record set or byte string as one slice; `None` is null.
    pub(crate) fn nullable_slice(&mut self) -> Result<Option<Bytes>, DecodeError> {
        match self.length(Width::Four)? {
            Some(length) => self.take_slice(length).map(Some),
            None => Ok(None),
        }
    }

    /// Reads the count of an array whose items take at least `item_size_bytes_min` bytes each;
    /// `None` is null. The count fits the bytes left and the items a message may still have.
    pub(crate) fn count(
        &mut self,
        item_size_bytes_min: usize,
    ) -> Result<Option<usize>, DecodeError> {
        let Some(count) = self.length(Width::Four)? else { return Ok(None) };
        let left_bytes = self.left_bytes();
        if count > left_bytes / item_size_bytes_min.max(1) || count > self.items_left {
            return Err(DecodeError::BadLength { length: count as i64, left_bytes });
        }
        self.items_left -= count;
        Ok(Some(count))
    }

    /// Reads an array that may not be null, each item by `item`.
    pub(crate) fn array_of<T>(
        &mut self,
        item_size_bytes_min: usize,
        item: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        self.nullable_array_of(item_size_bytes_min, item)?.ok_or(DecodeError::UnexpectedNull)
    }

    /// Reads an array, each item by `item`; `None` is null.
    pub(crate) fn nullable_array_of<T>(
        &mut self,
        item_size_bytes_min: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<Vec<T>>, DecodeError> {
        let Some(count) = self.count(item_size_bytes_min)? else { return Ok(None) };
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(item(self)?);
        }
        Ok(Some(items))
    }

    /// Skips the tagged fields at the end of a struct; nothing to do in versions without them.
    pub(crate) fn skip_tags(&mut self) -> Result<(), DecodeError> {
        self.tags(|_, _| Ok(()))
    }

    /// Reads the tagged fields at the end of a struct: `known` gets each number with a reader over
    /// exactly its bytes, and leaves alone what it does not know.
    pub(crate) fn tags(
        &mut self,
        mut known: impl FnMut(u32, &mut Reader) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        if !self.is_flexible {
            return Ok(());
        }
        let count = self.uvarint()?;
        if count > TAGGED_FIELDS_MAX {
            let left_bytes = self.left_bytes();
            return Err(DecodeError::BadLength { length: i64::from(count), left_bytes });
        }
        let mut previous = None;
        for _ in 0..count {
            let tag = self.uvarint()?;
            if previous.is_some_and(|previous| previous >= tag) {
                return Err(DecodeError::BadTaggedField { tag });
            }
            previous = Some(tag);
            let size_bytes = self.uvarint()? as usize;
            let mut content = Reader::new(self.take(size_bytes)?, true);
            content.items_left = self.items_left;
            known(tag, &mut content)?;
            self.items_left = content.items_left;
            if content.left_bytes() != 0 && content.left_bytes() != size_bytes {
                return Err(DecodeError::BadTaggedField { tag });
            }
        }
        Ok(())
    }
}

/// How wide a length is in versions before compact ones.
#[derive(Clone, Copy)]
enum Width {
    Two,
    Four,
}

/// Writes one message front to back, as a chain: what it is given as `Bytes` is not copied unless
/// it is small.
pub(crate) struct Writer {
    head: BytesMut,
    chain: Chain,
    is_flexible: bool,
}

impl Writer {
    pub(crate) fn new(is_flexible: bool, size_bytes_hint: usize) -> Self {
        let head = BytesMut::with_capacity(size_bytes_hint);
        Self { head, chain: Chain::new(), is_flexible }
    }

    pub(crate) fn finish(mut self) -> Chain {
        self.flush();
        self.chain
    }

    fn flush(&mut self) {
        if !self.head.is_empty() {
            self.chain.push(self.head.split().freeze());
        }
    }

    pub(crate) fn i8(&mut self, value: i8) {
        self.head.put_i8(value);
    }

    pub(crate) fn i16(&mut self, value: i16) {
        self.head.put_i16(value);
    }

    pub(crate) fn i32(&mut self, value: i32) {
        self.head.put_i32(value);
    }

    pub(crate) fn i64(&mut self, value: i64) {
        self.head.put_i64(value);
    }

    pub(crate) fn uuid(&mut self, value: Uuid) {
        self.head.put_slice(value.as_bytes());
    }

    pub(crate) fn uvarint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.head.put_u8((value as u8 & 0x7f) | 0x80);
            value >>= 7;
        }
        self.head.put_u8(value as u8);
    }

    /// Writes a length in the message's own form. Lengths come from memory held in this process and
    /// are bounded by the frame limit long before they outgrow 31 bits; strings are cut by their
    /// writer.
    fn length(&mut self, width: Width, length: Option<usize>) {
        match (self.is_flexible, width, length) {
            (true, _, None) => self.uvarint(0),
            (true, _, Some(length)) => self.uvarint(length as u32 + 1),
            (false, Width::Two, None) => self.i16(-1),
            (false, Width::Two, Some(length)) => self.i16(length as i16),
            (false, Width::Four, None) => self.i32(-1),
            (false, Width::Four, Some(length)) => self.i32(length as i32),
        }
    }

    pub(crate) fn nullable_string(&mut self, value: Option<&str>) {
        let Some(value) = value else { return self.length(Width::Two, None) };
        let value = &value[..value.floor_char_boundary(STRING_BYTES_MAX)];
        self.length(Width::Two, Some(value.len()));
        self.head.put_slice(value.as_bytes());
    }

    pub(crate) fn string(&mut self, value: &str) {
        self.nullable_string(Some(value));
    }

    /// Writes a record set without copying it; `None` is null.
    pub(crate) fn nullable_bytes(&mut self, value: Option<&Chain>) {
        self.length(Width::Four, value.map(Chain::size_bytes));
        for piece in value.into_iter().flat_map(Chain::pieces) {
            self.piece(piece);
        }
    }

    /// Writes a record set of one slice without copying it unless it is small; `None` is null.
    pub(crate) fn nullable_slice(&mut self, value: Option<&Bytes>) {
        self.length(Width::Four, value.map(Bytes::len));
        if let Some(piece) = value {
            self.piece(piece);
        }
    }

    fn piece(&mut self, piece: &Bytes) {
        if piece.len() <= INLINE_PIECE_BYTES_MAX {
            self.head.put_slice(piece);
        } else {
            self.flush();
            self.chain.push(piece.clone());
        }
    }

    pub(crate) fn count(&mut self, count: Option<usize>) {
        self.length(Width::Four, count);
    }

    pub(crate) fn array_of<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.count(Some(items.len()));
        for each in items {
            item(self, each);
        }
    }

    /// Ends a struct that has no tagged field to write.
    pub(crate) fn no_tags(&mut self) {
        self.tags(&[]);
    }

    /// Ends a struct with tagged fields, by ascending number; nothing in versions without them.
    pub(crate) fn tags(&mut self, fields: &[(u32, Bytes)]) {
        if !self.is_flexible {
            return;
        }
        self.uvarint(fields.len() as u32);
        for (tag, content) in fields {
            self.uvarint(*tag);
            self.uvarint(content.len() as u32);
            self.head.put_slice(content);
        }
    }

    /// Encodes the content of one tagged field.
    pub(crate) fn tagged(tag: u32, write: impl FnOnce(&mut Writer)) -> (u32, Bytes) {
        let mut writer = Writer::new(true, 16);
        write(&mut writer);
        (tag, writer.finish().into_bytes())
    }
}
