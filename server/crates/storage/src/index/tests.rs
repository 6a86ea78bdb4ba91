use super::*;

fn sample() -> (SegmentMeta, Index) {
    let mut meta = SegmentMeta::empty(1000);
    let mut index = Index::default();
    // Ten batches of 100 bytes and ten offsets; timestamps rise and fall.
    for number in 0..10 {
        index.maybe_add(1000, 1000 + number * 10, &meta, 150);
        meta.add(1010 + number * 10, 500 + (number % 4) * 10, 100);
    }
    (meta, index)
}

#[test]
fn entries_lie_at_least_an_interval_apart() {
    let (_, index) = sample();
    let positions: Vec<u32> = index.entries.iter().map(|entry| entry.position).collect();
    assert_eq!(positions, [200, 400, 600, 800]);
}

#[test]
fn a_search_never_passes_what_it_looks_for() {
    let (_, index) = sample();
    for offset_delta in 0..100 {
        let point = index.find_offset(offset_delta);
        assert!(point.offset_delta <= offset_delta);
        assert!(offset_delta - point.offset_delta < 20);
    }
    assert_eq!(index.find_timestamp(500), Point::START);
    assert_eq!(index.find_timestamp(511).position, 200, "the third batch has 520");
    assert_eq!(index.find_timestamp(9999).position, 800);
}

#[test]
fn a_file_comes_back_whole_or_not_at_all() {
    let (meta, index) = sample();
    let bytes = index.encode(&meta);
    assert_eq!(Index::decode(&bytes), Some((meta, index)));
    assert_eq!(Index::decode_meta(&bytes[..META_SIZE_BYTES]), Some(meta));
    for size in 0..bytes.len() {
        assert_eq!(Index::decode(&bytes[..size]), None);
    }
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x20;
        assert_eq!(Index::decode(&flipped), None, "byte {at}");
    }
}
