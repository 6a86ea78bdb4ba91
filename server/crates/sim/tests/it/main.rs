//! The storage engine on a disk that forgets, tears, fails and fills up.

mod damage;
mod faults;
mod fixture;
mod model;
mod power_cut;
mod world;
