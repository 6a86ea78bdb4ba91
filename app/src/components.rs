//! Pieces that know Kafka and are used by two or more pages. They import neither `api` nor `pages`.

pub mod config_table;
pub mod confirm;
pub mod connect;
pub mod groups;
pub mod lag;
pub mod loaded;
pub mod paged;
pub mod payload;
pub mod record;
pub mod state;
