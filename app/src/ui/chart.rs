//! Charts as inline SVG: stretched drawings without text; labels and figures are HTML beside them.

pub mod bars;
pub mod heat;
pub mod scale;
pub mod spark;
pub mod time;
