//! A machine that misbehaves on purpose, the same way each time: for tests only.
//!
//! Everything random comes from one seed. A test prints it in every failure, and the same seed
//! brings the same failure back.

mod clock;
mod disk;
mod random;

pub use clock::ManualClock;
pub use disk::{ForgetfulDisk, Misbehaviour, SyncHonesty};
pub use random::Random;
