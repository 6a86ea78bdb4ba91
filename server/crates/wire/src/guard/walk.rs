//! The walk itself.

use super::DecodedSize;
use super::schema::{Field, Kind, Message, Struct};
use crate::error::DecodeError;
use crate::primitive::STRING_BYTES_MAX;

/// What the first unknown tagged field of a struct costs in memory: the leaf of a map.
const FIRST_UNKNOWN_TAG_BYTES: usize = 512;

/// What each further unknown tagged field of the same struct costs, leaves being half full.
const MORE_UNKNOWN_TAG_BYTES: usize = 128;

/// Walks `body` as `message` in `version`.
pub(super) fn walk(
    message: &Message,
    version: i16,
    body: &[u8],
    decoded_bytes_max: usize,
) -> Result<DecodedSize, DecodeError> {
    let is_flexible = message.is_flexible(version);
    let mut walk = Walk { left: body, version, is_flexible, decoded_bytes: 0, decoded_bytes_max };
    walk.charge(message.root.memory_bytes)?;
    walk.fields(message.root)?;
    let walked_bytes = body.len() - walk.left.len();
    Ok(DecodedSize { decoded_bytes: walk.decoded_bytes, walked_bytes })
}

struct Walk<'a> {
    left: &'a [u8],
    version: i16,
    is_flexible: bool,
    decoded_bytes: usize,
    decoded_bytes_max: usize,
}

impl<'a> Walk<'a> {
    fn charge(&mut self, memory_bytes: usize) -> Result<(), DecodeError> {
        self.decoded_bytes = self.decoded_bytes.saturating_add(memory_bytes);
        if self.decoded_bytes > self.decoded_bytes_max {
            return Err(DecodeError::TooLarge {
                decoded_bytes: self.decoded_bytes,
                decoded_bytes_max: self.decoded_bytes_max,
            });
        }
        Ok(())
    }

    fn take(&mut self, size_bytes: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, left) = self.left.split_at_checked(size_bytes).ok_or({
            DecodeError::Truncated { needed_bytes: size_bytes, left_bytes: self.left.len() }
        })?;
        self.left = left;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, DecodeError> {
        self.take(1).map(|taken| taken[0])
    }

    fn uvarint(&mut self) -> Result<u32, DecodeError> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            if shift == 28 && byte > 0x0f {
                return Err(DecodeError::BadVarint);
            }
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(DecodeError::BadVarint)
    }

    /// Reads a length or count; `None` is null.
    fn length(&mut self, is_string: bool, is_nullable: bool) -> Result<Option<usize>, DecodeError> {
        let length = if self.is_flexible {
            i64::from(self.uvarint()?) - 1
        } else if is_string {
            let taken = self.take(2)?;
            i64::from(i16::from_be_bytes([taken[0], taken[1]]))
        } else {
            let taken = self.take(4)?;
            i64::from(i32::from_be_bytes([taken[0], taken[1], taken[2], taken[3]]))
        };
        match usize::try_from(length) {
            Ok(length) if length <= self.left.len() => Ok(Some(length)),
            Err(_) if length == -1 && is_nullable => Ok(None),
            Err(_) if length == -1 => Err(DecodeError::UnexpectedNull),
            _ => Err(DecodeError::BadLength { length, left_bytes: self.left.len() }),
        }
    }

    fn fields(&mut self, of: &'static Struct) -> Result<(), DecodeError> {
        for field in of.fields {
            if field.tag.is_none() && field.versions.contains(self.version) {
                self.value(&field.kind, field.is_nullable(self.version))?;
            }
        }
        if self.is_flexible { self.tags(of) } else { Ok(()) }
    }

    fn value(&mut self, kind: &'static Kind, is_nullable: bool) -> Result<(), DecodeError> {
        match kind {
            Kind::String | Kind::Bytes | Kind::Records => {
                let is_string = matches!(kind, Kind::String);
                let Some(size_bytes) = self.length(is_string, is_nullable)? else { return Ok(()) };
                if is_string && size_bytes > STRING_BYTES_MAX {
                    let length = size_bytes as i64;
                    return Err(DecodeError::BadLength { length, left_bytes: self.left.len() });
                }
                self.take(size_bytes).map(drop)
            }
            Kind::Array(item) => self.array(item, is_nullable),
            Kind::Struct(inner) if is_nullable => match self.byte()? as i8 {
                -1 => Ok(()),
                1 => self.fields(inner),
                other => Err(DecodeError::BadLength {
                    length: i64::from(other),
                    left_bytes: self.left.len(),
                }),
            },
            Kind::Struct(inner) => self.fields(inner),
            fixed => self.take(fixed.fixed_size_bytes().unwrap_or(0)).map(drop),
        }
    }

    fn array(&mut self, item: &'static Kind, is_nullable: bool) -> Result<(), DecodeError> {
        let Some(count) = self.length(false, is_nullable)? else { return Ok(()) };
        // An item of no bytes would make any count pass; none of the tables has one in use.
        let item_size_bytes_min = self.size_bytes_min(item).max(1);
        if count > self.left.len() / item_size_bytes_min {
            let left_bytes = self.left.len();
            return Err(DecodeError::BadLength { length: count as i64, left_bytes });
        }
        self.charge(count.saturating_mul(item.memory_bytes()))?;
        if let Some(size_bytes) = item.fixed_size_bytes() {
            return self.take(count * size_bytes).map(drop);
        }
        for _ in 0..count {
            self.value(item, false)?;
        }
        Ok(())
    }

    /// The fewest bytes a value can take on the wire in this version.
    fn size_bytes_min(&self, kind: &'static Kind) -> usize {
        match kind {
            Kind::String if !self.is_flexible => 2,
            Kind::Bytes | Kind::Records | Kind::Array(_) if !self.is_flexible => 4,
            Kind::String | Kind::Bytes | Kind::Records | Kind::Array(_) => 1,
            Kind::Struct(inner) => {
                let fields = inner
                    .fields
                    .iter()
                    .filter(|field| field.tag.is_none() && field.versions.contains(self.version));
                let of_field = |field: &'static Field| match field.kind {
                    Kind::Struct(_) if field.is_nullable(self.version) => 1,
                    _ => self.size_bytes_min(&field.kind),
                };
                usize::from(self.is_flexible) + fields.map(of_field).sum::<usize>()
            }
            fixed => fixed.fixed_size_bytes().unwrap_or(0),
        }
    }

    fn tags(&mut self, of: &'static Struct) -> Result<(), DecodeError> {
        let count = self.uvarint()?;
        // Each takes at least its number and its size.
        if count as usize > self.left.len() / 2 {
            let left_bytes = self.left.len();
            return Err(DecodeError::BadLength { length: i64::from(count), left_bytes });
        }
        let mut previous = None;
        let mut unknown_count = 0_usize;
        for _ in 0..count {
            let tag = self.uvarint()?;
            if previous.is_some_and(|previous| previous >= tag) {
                return Err(DecodeError::BadTaggedField { tag });
            }
            previous = Some(tag);
            let size_bytes = self.uvarint()? as usize;
            let content = self.take(size_bytes)?;
            match of.fields.iter().find(|field| self.is_tagged(field, tag)) {
                Some(field) => self.tagged(field, tag, content)?,
                None => {
                    let is_first = unknown_count == 0;
                    unknown_count += 1;
                    self.charge(if is_first {
                        FIRST_UNKNOWN_TAG_BYTES
                    } else {
                        MORE_UNKNOWN_TAG_BYTES
                    })?;
                }
            }
        }
        Ok(())
    }

    fn is_tagged(&self, field: &Field, tag: u32) -> bool {
        field.tag == Some(tag) && field.versions.contains(self.version)
    }

    /// Walks a known tagged field, which must fill its announced size exactly: the decoder behind
    /// the guard does not look at that size.
    fn tagged(
        &mut self,
        field: &'static Field,
        tag: u32,
        content: &'a [u8],
    ) -> Result<(), DecodeError> {
        let after = std::mem::replace(&mut self.left, content);
        self.value(&field.kind, field.is_nullable(self.version))?;
        let is_filled = std::mem::replace(&mut self.left, after).is_empty();
        if is_filled { Ok(()) } else { Err(DecodeError::BadTaggedField { tag }) }
    }
}
