//! The primitive fields of metadata records.

use super::RecordError;

pub(super) fn put_string(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u32).to_be_bytes());
    out.extend(text.as_bytes());
}

pub(super) fn put_optional(out: &mut Vec<u8>, text: Option<&str>) {
    out.push(u8::from(text.is_some()));
    if let Some(text) = text {
        put_string(out, text);
    }
}

/// The fields of one record, read front to back.
pub(super) struct Input<'a> {
    left: &'a [u8],
    kind: u8,
}

impl<'a> Input<'a> {
    pub(super) fn new(fields: &'a [u8], kind: u8) -> Self {
        Self { left: fields, kind }
    }

    pub(super) fn kind(&self) -> u8 {
        self.kind
    }

    pub(super) fn bad(&self, field: &'static str) -> RecordError {
        RecordError::Field { kind: self.kind, field }
    }

    pub(super) fn finish(self) -> Result<(), RecordError> {
        if self.left.is_empty() { Ok(()) } else { Err(RecordError::Length(self.kind)) }
    }

    fn take(&mut self, size_bytes: usize) -> Result<&'a [u8], RecordError> {
        let (taken, left) =
            self.left.split_at_checked(size_bytes).ok_or(RecordError::Length(self.kind))?;
        self.left = left;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], RecordError> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| RecordError::Length(self.kind))
    }

    pub(super) fn u8(&mut self) -> Result<u8, RecordError> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, RecordError> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, RecordError> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Result<i64, RecordError> {
        self.array().map(i64::from_be_bytes)
    }

    pub(super) fn string(&mut self) -> Result<String, RecordError> {
        let size_bytes = self.u32()? as usize;
        let taken = self.take(size_bytes)?;
        let text = std::str::from_utf8(taken).map_err(|_| self.bad("string"))?;
        Ok(text.to_owned())
    }

    pub(super) fn optional(&mut self) -> Result<Option<String>, RecordError> {
        match self.u8()? {
            0 => Ok(None),
            1 => self.string().map(Some),
            _ => Err(self.bad("optional string")),
        }
    }
}
