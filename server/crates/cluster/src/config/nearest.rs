//! Finds the name somebody probably meant.

/// Names further away than this share nothing but chance with what was typed.
const DISTANCE_MAX: usize = 8;

/// Longest name that is compared: the table below holds its square.
const NAME_BYTES_MAX: usize = 128;

/// Returns the name in `known` that takes the fewest edits to reach from `name`.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > NAME_BYTES_MAX {
        return None;
    }
    known
        .map(|other| (edit_distance(name.as_bytes(), other.as_bytes()), other))
        .min()
        .filter(|(distance, other)| *distance <= DISTANCE_MAX.min(other.len() / 2))
        .map(|(_, other)| other)
}

/// The insertions, deletions and replacements that turn `from` into `to`.
fn edit_distance(from: &[u8], to: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_single_edits() {
        for (from, to, distance) in
            [("", "abc", 3), ("kitten", "sitting", 3), ("same", "same", 0), ("a", "b", 1)]
        {
            assert_eq!(edit_distance(from.as_bytes(), to.as_bytes()), distance);
        }
    }

    #[test]
    fn a_typo_finds_its_name_and_nonsense_finds_none() {
        let known = ["retention.ms", "retention.bytes", "segment.ms"];
        assert_eq!(nearest("retension.ms", known.into_iter()), Some("retention.ms"));
        assert_eq!(nearest("qqqqqqqqqqqqqqqqqqqqqqq", known.into_iter()), None);
    }
}
