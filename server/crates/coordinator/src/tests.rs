//! The coordinator as its clients see it: requests in, answers out, time moved by hand.

mod admin;
mod join;
mod leave;
mod offset;
mod random;
mod rebalance;
mod restart;
mod rig;
mod static_member;
mod timeout;
