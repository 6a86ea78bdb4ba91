//! Random work with random crashes, and proof that the checker sees what it should.

use freshet_sim::{Misbehaviour, SyncHonesty};

use crate::world::World;

const STEPS: usize = 150;

/// Five hundred seeds; `FRESHET_SIM_SEEDS=from..to` asks for others.
fn seeds() -> std::ops::Range<u64> {
    let asked = std::env::var("FRESHET_SIM_SEEDS").ok();
    let parsed = asked.as_deref().and_then(|asked| {
        let (from, to) = asked.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    parsed.unwrap_or(0..500)
}

#[test]
fn five_hundred_seeds_lose_nothing_that_was_promised() {
    for seed in seeds() {
        let misbehaviour = Misbehaviour { short_percent: seed % 30, ..Misbehaviour::default() };
        if let Err(broken) = World::new(seed, misbehaviour).run(STEPS) {
            panic!("seed {seed}: {broken}");
        }
    }
}

#[test]
fn a_disk_that_lies_about_syncs_is_found_out() {
    let lying = Misbehaviour { sync_honesty: SyncHonesty::Lying, ..Misbehaviour::default() };
    let caught =
        (0..20).filter(|&seed| World::new(seed, lying.clone()).run(STEPS).is_err()).count();
    assert!(caught >= 18, "the checker noticed only {caught} of 20 runs without syncs");
}
