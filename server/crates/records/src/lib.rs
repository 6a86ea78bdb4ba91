//! freshet-records
