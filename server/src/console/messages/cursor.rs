//! Where a page ended, as opaque text: one bound per partition.

/// One partition's bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) partition: i32,
    /// Ascending: the next offset to read. Descending: the end of what is not read yet, exclusive.
    pub(super) at: i64,
    /// The other end of the walk; it stays where it was when the walk began.
    pub(super) limit: i64,
}

/// Most partitions that a cursor names.
const BOUNDS_MAX: usize = 10_000;

/// Writes bounds as `partition:at:limit`, joined with commas.
pub(super) fn write(bounds: &[Bound]) -> String {
    let parts: Vec<String> = bounds
        .iter()
        .map(|bound| format!("{}:{}:{}", bound.partition, bound.at, bound.limit))
        .collect();
    parts.join(",")
}

/// Reads what [`write`] wrote; `None` for anything else.
pub(super) fn read(text: &str) -> Option<Vec<Bound>> {
    let parts = text.split(',').take(BOUNDS_MAX);
    parts
        .map(|part| {
            let mut numbers = part.split(':');
            let bound = Bound {
                partition: numbers.next()?.parse().ok()?,
                at: numbers.next()?.parse().ok()?,
                limit: numbers.next()?.parse().ok()?,
            };
            numbers.next().is_none().then_some(bound)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_and_nothing_else_is_one() {
        let bounds = [
            Bound { partition: 0, at: 17, limit: 0 },
            Bound { partition: 11, at: i64::MAX, limit: 3 },
        ];
        assert_eq!(read(&write(&bounds)).unwrap(), bounds);
        for text in ["", "0:1", "0:1:2:3", "a:1:2", "0:1:2,"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
