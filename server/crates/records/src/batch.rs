//! A run of batches, as in a segment file or a fetch response.

use bytes::Bytes;

use crate::{BATCH_HEADER_SIZE_BYTES, BatchHeader, DecompressLimits, Error, Records, compression};

/// One whole batch: its decoded header and its bytes.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The decoded header.
    pub header: BatchHeader,
    bytes: Bytes,
}

impl Batch {
    /// The whole batch, header included.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Checks the CRC.
    ///
    /// # Errors
    /// [`Error::CrcMismatch`] when a byte changed.
    pub fn verify_crc(&self) -> Result<(), Error> {
        self.header.verify_crc(&self.bytes)
    }

    /// Iterates over the records, decompressing them first if need be. Does not check the CRC.
    ///
    /// # Errors
    /// [`Error::DecompressedTooLarge`] past `limits`, [`Error::Decompression`] for bad compressed
    /// data, [`Error::RecordCount`] for a count that the bytes cannot hold.
    pub fn records(&self, limits: &DecompressLimits) -> Result<Records, Error> {
        let payload = self.bytes.slice(BATCH_HEADER_SIZE_BYTES..);
        let plain = match self.header.compression()? {
            compression::Compression::None => payload,
            codec => {
                let mut out = Vec::new();
                compression::decompress(codec, &payload, limits, &mut out)?;
                Bytes::from(out)
            }
        };
        Records::new(&self.header, plain)
    }
}

/// Iterator over a run of batches.
///
/// A batch that is cut short ends it silently, because a fetch may return one at its end. Anything
/// else that is wrong is returned once and ends it.
#[derive(Debug, Clone)]
pub struct Batches {
    rest: Bytes,
}

impl Batches {
    /// Iterates over `bytes`, which starts at a batch boundary.
    #[must_use]
    pub fn new(bytes: Bytes) -> Batches {
        Batches { rest: bytes }
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        // Only the bytes up to the magic are needed to say what is wrong with an old message set.
        if self.rest.len() < 17 {
            return None;
        }
        let magic = self.rest[16] as i8;
        if magic != 2 {
            self.rest.clear();
            return Some(Err(Error::UnsupportedMagic { magic }));
        }
        if self.rest.len() < BATCH_HEADER_SIZE_BYTES {
            return None;
        }
        match BatchHeader::parse(&self.rest) {
            Ok(header) if header.size_bytes() > self.rest.len() => None,
            Ok(header) => {
                let bytes = self.rest.split_to(header.size_bytes());
                Some(Ok(Batch { header, bytes }))
            }
            Err(error) => {
                self.rest.clear();
                Some(Err(error))
            }
        }
    }
}

#[cfg(test)]
mod tests;
