//! The form of ids that people see: 16 bytes as 22 characters of URL-safe base64, as Kafka prints.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes `bytes` as URL-safe base64 without padding: 22 characters for 16 bytes.
#[must_use]
pub fn base64url(bytes: &[u8; 16]) -> String {
    let mut text = String::with_capacity(22);
    for group in bytes.chunks(3) {
        let mut bits = 0_u32;
        for (index, byte) in group.iter().enumerate() {
            bits |= u32::from(*byte) << (16 - 8 * index);
        }
        for index in 0..=group.len() {
            let digit = (bits >> (18 - 6 * index)) & 0x3f;
            text.push(char::from(ALPHABET[digit as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bytes_become_twenty_two_characters() {
        assert_eq!(base64url(&[0; 16]), "AAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(base64url(&[0xff; 16]), "_____________________w");
        let counting = std::array::from_fn(|index| index as u8);
        assert_eq!(base64url(&counting), "AAECAwQFBgcICQoLDA0ODw");
    }
}
