use freshet_records::{BatchBuilder, Compression};

use super::*;

fn header(id: i64, epoch: i16, sequence: i32, count: i32, base_offset: i64) -> BatchHeader {
    let mut builder = BatchBuilder::new(Compression::None).with_producer(id, epoch, sequence);
    for _ in 0..count {
        builder.push(1, None, None, &[]).expect("small");
    }
    builder.build(base_offset).expect("records").header().clone()
}

fn known(batches: &[(i32, i32)]) -> Producers {
    let mut producers = Producers::default();
    let mut offset = 0;
    for &(sequence, count) in batches {
        producers.record(&header(1, 0, sequence, count, offset), 100);
        offset += count as i64;
    }
    producers
}

#[test]
fn a_producer_without_state_may_begin_anywhere() {
    let producers = Producers::default();
    assert_eq!(producers.check(&header(1, 5, 77, 1, 0)), Ok(Verdict::Append));
}

#[test]
fn the_next_sequence_is_taken_and_any_other_is_out_of_order() {
    let producers = known(&[(0, 3)]);
    assert_eq!(producers.check(&header(1, 0, 3, 1, 0)), Ok(Verdict::Append));
    for wrong in [1, 2, 4, 100] {
        let refused = producers.check(&header(1, 0, wrong, 1, 0));
        assert_eq!(
            refused,
            Err(AppendError::OutOfOrderSequence {
                producer_id: 1,
                base_sequence: wrong,
                expected_sequence: 3
            })
        );
    }
}

#[test]
fn sequences_wrap_to_zero_behind_the_largest() {
    let producers = known(&[(i32::MAX - 1, 2)]);
    assert_eq!(producers.check(&header(1, 0, 0, 1, 0)), Ok(Verdict::Append));
    let inside = known(&[(i32::MAX, 3)]);
    assert_eq!(inside.check(&header(1, 0, 2, 1, 0)), Ok(Verdict::Append));
}

#[test]
fn exact_repeats_of_the_last_five_batches_are_duplicates() {
    let batches: Vec<(i32, i32)> = (0..7).map(|number| (number * 2, 2)).collect();
    let producers = known(&batches);
    for number in 2..7 {
        let Ok(Verdict::Duplicate(batch)) = producers.check(&header(1, 0, number * 2, 2, 0)) else {
            panic!("batch {number} is not known any more");
        };
        assert_eq!(batch.base_offset, i64::from(number) * 2);
    }
    assert!(producers.check(&header(1, 0, 2, 2, 0)).is_err(), "too old");
    assert!(producers.check(&header(1, 0, 4, 1, 0)).is_err(), "another size");
}

#[test]
fn a_new_epoch_begins_at_zero_and_fences_the_old_one() {
    let mut producers = known(&[(0, 3)]);
    assert!(producers.check(&header(1, 1, 3, 1, 0)).is_err());
    let first = header(1, 1, 0, 1, 3);
    assert_eq!(producers.check(&first), Ok(Verdict::Append));
    producers.record(&first, 100);
    let refused = producers.check(&header(1, 0, 3, 1, 0));
    assert!(matches!(refused, Err(AppendError::InvalidProducerEpoch { current_epoch: 1, .. })));
}

#[test]
fn idle_producers_expire_and_open_transactions_do_not() {
    let mut producers = known(&[(0, 3)]);
    let mut open = header(2, 0, 0, 1, 10);
    open.attributes |= 0x10;
    producers.record(&open, 100);
    producers.expire(1100, 1000);
    assert_eq!(producers.summaries().len(), 2);
    producers.expire(1101, 1000);
    assert_eq!(producers.summaries().len(), 1);
    assert_eq!(producers.summaries()[0].transaction_first_offset, Some(10));
}

#[test]
fn the_last_stable_offset_waits_for_the_end_of_a_transaction() {
    let mut producers = Producers::default();
    let mut open = header(2, 0, 0, 1, 10);
    open.attributes |= 0x10;
    producers.record(&open, 1);
    assert_eq!(producers.last_stable_offset(5), 5);
    assert_eq!(producers.last_stable_offset(20), 10);
    let mut marker = header(2, 0, 0, 1, 15);
    marker.attributes |= 0x30;
    producers.record(&marker, 1);
    assert_eq!(producers.last_stable_offset(15), 10, "the marker itself is not durable yet");
    assert_eq!(producers.last_stable_offset(16), 16);
}

#[test]
fn a_snapshot_brings_everything_back() {
    let mut producers = known(&[(0, 3), (3, 1)]);
    let mut open = header(2, 4, 9, 1, 10);
    open.attributes |= 0x10;
    producers.record(&open, 55);
    let mut bytes = Vec::new();
    producers.encode(&mut bytes);
    let back = Producers::decode(&mut Fields::new(&bytes)).expect("decoded");
    assert_eq!(back.by_id, producers.by_id);
    assert_eq!(back.open, producers.open);
    for size in 0..bytes.len() {
        assert!(Producers::decode(&mut Fields::new(&bytes[..size])).is_none());
    }
}

#[test]
fn a_flood_of_producers_forgets_the_idle_ones() {
    let mut producers = Producers::default();
    let mut one = header(0, 0, 0, 1, 0);
    for id in 0..PRODUCERS_PER_LOG_MAX as i64 + 10 {
        one.producer_id = id;
        producers.record(&one, id);
    }
    assert!(producers.by_id.len() <= PRODUCERS_PER_LOG_MAX);
    assert!(producers.by_id.contains_key(&(PRODUCERS_PER_LOG_MAX as i64 + 9)));
    assert!(!producers.by_id.contains_key(&0));
}
