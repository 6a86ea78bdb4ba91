//! One file per route: read the URL, read the data, lay out components.

pub mod cluster;
pub mod create_topic;
pub mod delete_group;
pub mod delete_topic;
pub mod design;
pub mod group;
pub mod groups;
pub mod home;
pub mod not_found;
pub mod offsets;
pub mod overview;
pub mod produce;
pub mod record;
pub mod topic;
pub mod topics;
