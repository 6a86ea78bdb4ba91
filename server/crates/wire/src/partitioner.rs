//! Which partition a keyed record goes to: Kafka's default partitioner.

/// Hashes `bytes` as Kafka's Java client does: murmur2, 32 bits, seed 0x9747b28c.
#[must_use]
pub fn murmur2(bytes: &[u8]) -> i32 {
    const SEED: u32 = 0x9747_b28c;
    const MULTIPLIER: u32 = 0x5bd1_e995;
    const SHIFT: u32 = 24;

    let mut hash = SEED ^ bytes.len() as u32;
    let mut words = bytes.chunks_exact(4);
    for word in &mut words {
        let mut mixed = u32::from_le_bytes(word.try_into().expect("chunks are of four bytes"));
        mixed = mixed.wrapping_mul(MULTIPLIER);
        mixed ^= mixed >> SHIFT;
        hash = hash.wrapping_mul(MULTIPLIER) ^ mixed.wrapping_mul(MULTIPLIER);
    }
    let tail = words.remainder();
    if !tail.is_empty() {
        for (index, byte) in tail.iter().enumerate() {
            hash ^= u32::from(*byte) << (8 * index);
        }
        hash = hash.wrapping_mul(MULTIPLIER);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(MULTIPLIER);
    hash ^= hash >> 15;
    hash as i32
}

/// Returns the partition, from 0, that Kafka's default partitioner chooses for a record with `key`.
///
/// `partition_count` below 1 is read as 1. Records without a key have no such partition: producers
/// spread them as they like.
#[must_use]
pub fn partition_for_key(key: &[u8], partition_count: i32) -> i32 {
    let positive = murmur2(key) & i32::MAX;
    positive % partition_count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of Kafka's own test of its murmur2.
    #[test]
    fn hashes_equal_those_of_the_java_client() {
        for (input, hash) in [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ] {
            assert_eq!(murmur2(input.as_bytes()), hash, "{input}");
        }
    }

    #[test]
    fn partitions_are_never_negative_and_never_past_the_last() {
        for partition_count in [-1, 0, 1, 3, 128] {
            for key in ["", "21", "foobar", "abc"] {
                let partition = partition_for_key(key.as_bytes(), partition_count);
                assert!((0..partition_count.max(1)).contains(&partition));
            }
        }
    }
}
