//! Zigzag variable-length integers, as in Protocol Buffers and Kafka records.

/// Reads an `int32` varint at `*at` and moves `*at` behind it.
///
/// `None` when the bytes end inside it or it is longer than five bytes.
#[inline]
pub(crate) fn read_i32(bytes: &[u8], at: &mut usize) -> Option<i32> {
    // Most lengths and deltas fit one byte.
    let first = *bytes.get(*at)?;
    if first < 0x80 {
        *at += 1;
        return Some(((first >> 1) as i32) ^ -((first & 1) as i32));
    }
    let mut value = 0u32;
    for shift in [0, 7, 14, 21, 28] {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= ((byte & 0x7f) as u32) << shift;
        if byte < 0x80 {
            return Some(((value >> 1) as i32) ^ -((value & 1) as i32));
        }
    }
    None
}

/// Reads an `int64` varint at `*at` and moves `*at` behind it.
///
/// `None` when the bytes end inside it or it is longer than ten bytes.
#[inline]
pub(crate) fn read_i64(bytes: &[u8], at: &mut usize) -> Option<i64> {
    let mut value = 0u64;
    let mut shift = 0;
    while shift < 70 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= ((byte & 0x7f) as u64) << shift;
        if byte < 0x80 {
            return Some(((value >> 1) as i64) ^ -((value & 1) as i64));
        }
        shift += 7;
    }
    None
}

/// Appends `value` as a varint.
#[inline]
pub(crate) fn write_i64(out: &mut Vec<u8>, value: i64) {
    let mut rest = ((value << 1) ^ (value >> 63)) as u64;
    while rest >= 0x80 {
        out.push((rest as u8) | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Appends `value` as a varint; the encoding of a 32-bit value equals that of the same 64-bit one.
#[inline]
pub(crate) fn write_i32(out: &mut Vec<u8>, value: i32) {
    write_i64(out, value as i64);
}

/// Bytes that [`write_i64`] would append.
#[inline]
pub(crate) fn size_of_i64(value: i64) -> usize {
    let zigzag = ((value << 1) ^ (value >> 63)) as u64;
    (64 - (zigzag | 1).leading_zeros() as usize).div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_and_its_size_is_known() {
        let values = [0, 1, -1, 63, 64, -64, -65, 8191, 1 << 31, i64::MAX, i64::MIN];
        for value in values {
            let mut out = Vec::new();
            write_i64(&mut out, value);
            assert_eq!(out.len(), size_of_i64(value));
            let mut at = 0;
            assert_eq!(read_i64(&out, &mut at), Some(value));
            assert_eq!(at, out.len());
            if let Ok(small) = i32::try_from(value) {
                let mut at = 0;
                assert_eq!(read_i32(&out, &mut at), Some(small));
                assert_eq!(at, out.len());
            }
        }
    }

    #[test]
    fn a_cut_or_endless_varint_is_refused() {
        assert_eq!(read_i32(&[], &mut 0), None);
        assert_eq!(read_i32(&[0x80], &mut 0), None);
        assert_eq!(read_i32(&[0xff; 9], &mut 0), None);
        assert_eq!(read_i64(&[0x80, 0x80], &mut 0), None);
        assert_eq!(read_i64(&[0xff; 16], &mut 0), None);
        assert_eq!(read_i32(&[1], &mut 7), None);
    }
}
