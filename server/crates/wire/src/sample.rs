//! Random well-formed messages, written by the same tables as the guard reads: for fuzzers, for the
//! simulation, and to hold the tables against `kafka-protocol`.

use bytes::Bytes;

use crate::api_key::ApiKey;
use crate::guard::schema::{Kind, Message, Struct};
use crate::guard::tables;

/// Most items of an array, exclusive.
const ITEMS_MAX: u64 = 4;

/// Longest string or byte field, exclusive.
const FIELD_BYTES_MAX: u64 = 24;

/// Writes a request body of this kind and version; the same for the same `seed`. `None` when there
/// is no table for it.
#[must_use]
pub fn sample_request(api_key: ApiKey, version: i16, seed: u64) -> Option<Bytes> {
    sample(tables::request(api_key)?, version, seed)
}

/// Writes a response body of this kind and version; the same for the same `seed`. `None` when there
/// is no table for it.
#[must_use]
pub fn sample_response(api_key: ApiKey, version: i16, seed: u64) -> Option<Bytes> {
    sample(tables::response(api_key)?, version, seed)
}

fn sample(message: &Message, version: i16, seed: u64) -> Option<Bytes> {
    if !message.versions.contains(version) {
        return None;
    }
    let is_flexible = message.is_flexible(version);
    let mut writer = Writer { out: Vec::new(), dice: Dice(seed), version, is_flexible };
    writer.fields(message.root);
    Some(writer.out.into())
}

/// Deterministic dice: the SplitMix64 sequence.
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    /// The next 64 bits.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which must not be 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound.max(1)
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

struct Writer {
    out: Vec<u8>,
    dice: Dice,
    version: i16,
    is_flexible: bool,
}

impl Writer {
    fn fields(&mut self, of: &'static Struct) {
        for field in of.fields {
            if field.tag.is_none() && field.versions.contains(self.version) {
                self.value(&field.kind, field.is_nullable(self.version));
            }
        }
        if self.is_flexible {
            self.tags(of);
        }
    }

    fn value(&mut self, kind: &'static Kind, is_nullable: bool) {
        let is_null = is_nullable && self.dice.once_in(4);
        match kind {
            Kind::String => {
                let text: Vec<u8> =
                    (0..self.dice.below(FIELD_BYTES_MAX)).map(|_| self.letter()).collect();
                self.sized(Some(text).filter(|_| !is_null), true);
            }
            Kind::Bytes | Kind::Records => {
                let count = self.dice.below(FIELD_BYTES_MAX);
                let bytes: Vec<u8> = (0..count).map(|_| self.dice.roll() as u8).collect();
                self.sized(Some(bytes).filter(|_| !is_null), false);
            }
            Kind::Array(_) if is_null => self.length(None, false),
            Kind::Array(item) => {
                let count = self.dice.below(ITEMS_MAX);
                self.length(Some(count as usize), false);
                for _ in 0..count {
                    self.value(item, false);
                }
            }
            Kind::Struct(_) if is_null => self.out.push(0xff),
            Kind::Struct(inner) => {
                if is_nullable {
                    self.out.push(1);
                }
                self.fields(inner);
            }
            Kind::Bool => self.out.push(self.dice.below(2) as u8),
            fixed => {
                let size_bytes = fixed.fixed_size_bytes().unwrap_or(0);
                self.out.extend((0..size_bytes).map(|_| self.dice.roll() as u8));
            }
        }
    }

    fn letter(&mut self) -> u8 {
        b'a' + self.dice.below(26) as u8
    }

    fn sized(&mut self, bytes: Option<Vec<u8>>, is_string: bool) {
        self.length(bytes.as_ref().map(Vec::len), is_string);
        self.out.extend(bytes.unwrap_or_default());
    }

    fn length(&mut self, length: Option<usize>, is_string: bool) {
        if self.is_flexible {
            self.uvarint(length.map_or(0, |length| length as u32 + 1));
        } else if is_string {
            let length = length.map_or(-1, |length| length as i16);
            self.out.extend(length.to_be_bytes());
        } else {
            let length = length.map_or(-1, |length| length as i32);
            self.out.extend(length.to_be_bytes());
        }
    }

    fn uvarint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.out.push((value as u8 & 0x7f) | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }

    fn tags(&mut self, of: &'static Struct) {
        let mut tags: Vec<(u32, Vec<u8>)> = Vec::new();
        for field in of.fields {
            if let Some(tag) = field.tag
                && field.versions.contains(self.version)
                && self.dice.once_in(2)
            {
                let before = std::mem::take(&mut self.out);
                self.value(&field.kind, field.is_nullable(self.version));
                tags.push((tag, std::mem::replace(&mut self.out, before)));
            }
        }
        tags.sort_by_key(|(tag, _)| *tag);
        if self.dice.once_in(8) {
            let unknown = 100 + self.dice.below(1000) as u32;
            tags.push((unknown, vec![7; self.dice.below(5) as usize]));
        }
        self.uvarint(tags.len() as u32);
        for (tag, content) in tags {
            self.uvarint(tag);
            self.uvarint(content.len() as u32);
            self.out.extend(content);
        }
    }
}
