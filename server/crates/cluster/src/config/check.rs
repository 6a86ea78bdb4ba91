/// Which texts are a value of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Anything.
    Any,
    /// `true` or `false`, in any case.
    Boolean,
    /// A whole number, both bounds included.
    Integer {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// A number from 0 to 1.
    Fraction,
    /// The default of gzip, -1, or 1 to 9.
    GzipLevel,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Any number of these words, separated by commas.
    ListOf(&'static [&'static str]),
    /// `*`, or `partition:broker` pairs separated by commas.
    ReplicaList,
}

impl Check {
    /// Says whether `value` is allowed; if not, what is.
    pub(super) fn accepts(self, value: &str) -> Result<(), String> {
        let trimmed = value.trim();
        let is_allowed = match self {
            Self::Any => true,
            Self::Boolean => ["true", "false"].iter().any(|b| b.eq_ignore_ascii_case(trimmed)),
            Self::Integer { min, max } => {
                trimmed.parse::<i64>().is_ok_and(|number| (min..=max).contains(&number))
            }
            Self::Fraction => {
                trimmed.parse::<f64>().is_ok_and(|number| (0.0..=1.0).contains(&number))
            }
            Self::GzipLevel => {
                trimmed.parse::<i32>().is_ok_and(|level| level == -1 || (1..=9).contains(&level))
            }
            Self::OneOf(words) => words.contains(&trimmed),
            Self::ListOf(words) => list_items(value).all(|item| words.contains(&item)),
            Self::ReplicaList => trimmed == "*" || list_items(value).all(is_replica),
        };
        if is_allowed { Ok(()) } else { Err(self.allowed()) }
    }

    /// What is allowed, in words.
    #[must_use]
    pub fn allowed(self) -> String {
        match self {
            Self::Any => "any text is allowed".into(),
            Self::Boolean => "it must be true or false".into(),
            Self::Integer { min: i64::MIN, max: i64::MAX } => "it must be a whole number".into(),
            Self::Integer { min, max: i64::MAX } => {
                format!("it must be a whole number of at least {min}")
            }
            Self::Integer { min, max } => {
                format!("it must be a whole number from {min} to {max}")
            }
            Self::Fraction => "it must be a number from 0 to 1".into(),
            Self::GzipLevel => "it must be -1 or a whole number from 1 to 9".into(),
            Self::OneOf(words) => format!("it must be one of {}", words.join(", ")),
            Self::ListOf(words) => {
                format!("it must be a list of {}, separated by commas", words.join(", "))
            }
            Self::ReplicaList => "it must be * or pairs partition:broker, with commas".into(),
        }
    }
}

/// The items of a list value: separated by commas, blanks around them dropped, empty ones too.
pub(crate) fn list_items(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn is_replica(item: &str) -> bool {
    let Some((partition, broker)) = item.split_once(':') else { return false };
    partition.parse::<u32>().is_ok() && broker.parse::<u32>().is_ok()
}
