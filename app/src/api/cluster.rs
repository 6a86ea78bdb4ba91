//! The frame, the first page, the cluster page, the palette.

use super::{Read, Wanted};
use crate::model::cluster::{ClusterDetail, Frame};
use crate::model::overview::Overview;
use crate::model::search::Hit;

/// What the frame around every page shows.
#[must_use]
pub fn frame() -> Wanted<Frame> {
    Wanted::new(Read::Frame)
}

/// The first page.
#[must_use]
pub fn overview() -> Wanted<Overview> {
    Wanted::new(Read::Overview)
}

/// The cluster page.
#[must_use]
pub fn cluster_detail() -> Wanted<ClusterDetail> {
    Wanted::new(Read::ClusterDetail)
}

/// Topics and groups with that text in their names.
#[must_use]
pub fn search(text: String) -> Wanted<Vec<Hit>> {
    Wanted::new(Read::Search(text))
}
