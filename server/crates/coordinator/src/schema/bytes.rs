//! The primitive fields of records: big-endian numbers, lengths of two or four bytes, or compact.

use super::SchemaError;

pub(crate) fn put_i16(out: &mut Vec<u8>, value: i16) {
    out.extend(value.to_be_bytes());
}

pub(crate) fn put_i32(out: &mut Vec<u8>, value: i32) {
    out.extend(value.to_be_bytes());
}

pub(crate) fn put_i64(out: &mut Vec<u8>, value: i64) {
    out.extend(value.to_be_bytes());
}

/// Writes a string. Every string here came in a request, whose strings of more than 32767 bytes are
/// refused before they are stored.
pub(crate) fn put_string(out: &mut Vec<u8>, text: &str) {
    put_i16(out, text.len() as i16);
    out.extend(text.as_bytes());
}

pub(crate) fn put_nullable_string(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => put_string(out, text),
        None => put_i16(out, -1),
    }
}

pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_i32(out, bytes.len() as i32);
    out.extend(bytes);
}

/// Fields read front to back.
pub(crate) struct Input<'a> {
    left: &'a [u8],
    is_flexible: bool,
}

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { left: bytes, is_flexible: false }
    }

    /// From here on lengths are compact.
    pub(crate) fn set_flexible(&mut self, is_flexible: bool) {
        self.is_flexible = is_flexible;
    }

    fn take(&mut self, size_bytes: usize) -> Result<&'a [u8], SchemaError> {
        let (taken, left) = self.left.split_at_checked(size_bytes).ok_or(SchemaError::Truncated)?;
        self.left = left;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SchemaError> {
        self.take(N)?.try_into().map_err(|_| SchemaError::Truncated)
    }

    pub(crate) fn i16(&mut self) -> Result<i16, SchemaError> {
        self.array().map(i16::from_be_bytes)
    }

    pub(crate) fn i32(&mut self) -> Result<i32, SchemaError> {
        self.array().map(i32::from_be_bytes)
    }

    pub(crate) fn i64(&mut self) -> Result<i64, SchemaError> {
        self.array().map(i64::from_be_bytes)
    }

    fn uvarint(&mut self) -> Result<u32, SchemaError> {
        let mut value = 0_u32;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.array()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(SchemaError::Length(i64::from(value)))
    }

    fn length(&mut self, is_string: bool) -> Result<Option<usize>, SchemaError> {
        let length = match (self.is_flexible, is_string) {
            (true, _) => i64::from(self.uvarint()?) - 1,
            (false, true) => i64::from(self.i16()?),
            (false, false) => i64::from(self.i32()?),
        };
        match usize::try_from(length) {
            Ok(length) if length <= self.left.len() => Ok(Some(length)),
            Err(_) if length == -1 => Ok(None),
            _ => Err(SchemaError::Length(length)),
        }
    }

    pub(crate) fn nullable_string(&mut self) -> Result<Option<String>, SchemaError> {
        let Some(length) = self.length(true)? else { return Ok(None) };
        let text = std::str::from_utf8(self.take(length)?).map_err(|_| SchemaError::NotUtf8)?;
        Ok(Some(text.to_owned()))
    }

    pub(crate) fn string(&mut self) -> Result<String, SchemaError> {
        self.nullable_string()?.ok_or(SchemaError::Length(-1))
    }

    pub(crate) fn nullable_bytes(&mut self) -> Result<Option<&'a [u8]>, SchemaError> {
        match self.length(false)? {
            Some(length) => self.take(length).map(Some),
            None => Ok(None),
        }
    }

    /// Reads a count of items that take at least `item_size_bytes_min` bytes each.
    pub(crate) fn count(&mut self, item_size_bytes_min: usize) -> Result<usize, SchemaError> {
        let count = self.length(false)?.ok_or(SchemaError::Length(-1))?;
        if count > self.left.len() / item_size_bytes_min.max(1) {
            return Err(SchemaError::Length(count as i64));
        }
        Ok(count)
    }

    /// Skips the tagged fields at the end of a struct of a flexible version.
    pub(crate) fn skip_tags(&mut self) -> Result<(), SchemaError> {
        if !self.is_flexible {
            return Ok(());
        }
        for _ in 0..self.uvarint()? {
            self.uvarint()?;
            let size_bytes = self.uvarint()? as usize;
            self.take(size_bytes)?;
        }
        Ok(())
    }
}
