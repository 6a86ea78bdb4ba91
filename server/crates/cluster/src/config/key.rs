use freshet_wire::ErrorCode;

use super::check::Check;
use crate::refusal::Refusal;

/// The type of a configuration, as DescribeConfigs reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigType {
    /// `true` or `false`.
    Boolean,
    /// Text.
    String,
    /// 32 bits.
    Int,
    /// 64 bits.
    Long,
    /// A fraction.
    Double,
    /// Items separated by commas.
    List,
}

impl ConfigType {
    /// The number on the wire, from DescribeConfigs version 3 on.
    #[must_use]
    pub const fn code(self) -> i8 {
        match self {
            Self::Boolean => 1,
            Self::String => 2,
            Self::Int => 3,
            Self::Long => 5,
            Self::Double => 6,
            Self::List => 7,
        }
    }
}

/// Whether Freshet does what a value asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Honour {
    /// Every allowed value takes effect.
    Yes,
    /// Any allowed value is accepted since none has an effect here, for the reason given.
    NoEffect(&'static str),
    /// Only values with the effect of these are accepted; the message names the remedy for others.
    Only(&'static [&'static str], &'static str),
}

/// How a broker configuration's number becomes the topic configuration's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The value as it is.
    Same,
    /// Minutes, for a topic configuration in milliseconds.
    Minutes,
    /// Hours, for a topic configuration in milliseconds.
    Hours,
}

impl Scale {
    const fn milliseconds(self) -> i64 {
        match self {
            Self::Same => 1,
            Self::Minutes => 60_000,
            Self::Hours => 3_600_000,
        }
    }

    /// Converts a broker value; negative numbers mean unlimited in every unit.
    pub(super) fn convert(self, value: &str) -> String {
        if self == Self::Same {
            return value.to_owned();
        }
        match value.trim().parse::<i64>() {
            Ok(number) if number >= 0 => number.saturating_mul(self.milliseconds()).to_string(),
            _ => value.to_owned(),
        }
    }
}

/// When a broker configuration may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// Only with a restart.
    ReadOnly,
    /// At any time, through the admin API.
    Dynamic,
}

/// One configuration of a topic or of the broker.
#[derive(Debug, Clone, Copy)]
pub struct ConfigKey {
    /// Kafka's name of it.
    pub name: &'static str,
    /// Its type.
    pub kind: ConfigType,
    /// Its value when nobody sets one; `None` for broker configurations that then yield to another.
    pub default: Option<&'static str>,
    /// What it means, in one or two sentences.
    pub doc: &'static str,
    /// The values allowed.
    pub check: Check,
    /// For topics: the broker configurations that stand in for it, the first winning.
    pub synonyms: &'static [(&'static str, Scale)],
    /// Whether Freshet does what it says.
    pub honour: Honour,
    /// For the broker: when it may change.
    pub update: Update,
}

impl ConfigKey {
    pub(super) const fn new(name: &'static str, kind: ConfigType, default: &'static str) -> Self {
        let check = match kind {
            ConfigType::Boolean => Check::Boolean,
            ConfigType::Int => Check::Integer { min: i32::MIN as i64, max: i32::MAX as i64 },
            ConfigType::Long => Check::Integer { min: i64::MIN, max: i64::MAX },
            ConfigType::Double => Check::Fraction,
            ConfigType::String | ConfigType::List => Check::Any,
        };
        Self {
            name,
            kind,
            default: Some(default),
            doc: "",
            check,
            synonyms: &[],
            honour: Honour::Yes,
            update: Update::ReadOnly,
        }
    }

    pub(super) const fn boolean(name: &'static str, default: &'static str) -> Self {
        Self::new(name, ConfigType::Boolean, default)
    }

    pub(super) const fn int(name: &'static str, default: &'static str, min: i64) -> Self {
        let check = Check::Integer { min, max: i32::MAX as i64 };
        Self { check, ..Self::new(name, ConfigType::Int, default) }
    }

    pub(super) const fn long(name: &'static str, default: &'static str, min: i64) -> Self {
        let check = Check::Integer { min, max: i64::MAX };
        Self { check, ..Self::new(name, ConfigType::Long, default) }
    }

    pub(super) const fn one_of(
        name: &'static str,
        default: &'static str,
        allowed: &'static [&'static str],
    ) -> Self {
        let check = Check::OneOf(allowed);
        Self { check, ..Self::new(name, ConfigType::String, default) }
    }

    pub(super) const fn list(name: &'static str, default: &'static str, check: Check) -> Self {
        Self { check, ..Self::new(name, ConfigType::List, default) }
    }

    pub(super) const fn check(mut self, check: Check) -> Self {
        self.check = check;
        self
    }

    pub(super) const fn unset(mut self) -> Self {
        self.default = None;
        self
    }

    pub(super) const fn max(mut self, max: i64) -> Self {
        if let Check::Integer { min, .. } = self.check {
            self.check = Check::Integer { min, max };
        }
        self
    }

    pub(super) const fn broker_synonyms(
        mut self,
        synonyms: &'static [(&'static str, Scale)],
    ) -> Self {
        self.synonyms = synonyms;
        self
    }

    pub(super) const fn honour(mut self, honour: Honour) -> Self {
        self.honour = honour;
        self
    }

    pub(super) const fn dynamic(mut self) -> Self {
        self.update = Update::Dynamic;
        self
    }

    pub(super) const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Checks a value: its form and bounds, then whether Freshet can honour it.
    ///
    /// # Errors
    /// INVALID_CONFIG, with the remedy.
    pub fn validate(&self, value: &str) -> Result<(), Refusal> {
        self.validate_form(value)?;
        if let Honour::Only(values, remedy) = self.honour
            && !values.iter().any(|accepted| self.is_same(accepted, value))
        {
            let message = format!("{}={value} is not supported: {remedy}", self.name);
            return Err(Refusal::new(ErrorCode::InvalidConfig, message));
        }
        Ok(())
    }

    /// Checks only the form and bounds of a value.
    pub(crate) fn validate_form(&self, value: &str) -> Result<(), Refusal> {
        self.check.accepts(value).map_err(|allowed| {
            let shown = value.escape_debug();
            let message = format!("invalid value '{shown}' for {}: {allowed}", self.name);
            Refusal::new(ErrorCode::InvalidConfig, message)
        })
    }

    fn is_same(&self, accepted: &str, value: &str) -> bool {
        let value = value.trim();
        match self.kind {
            ConfigType::Boolean => accepted.eq_ignore_ascii_case(value),
            ConfigType::Int | ConfigType::Long => accepted.parse::<i64>() == value.parse::<i64>(),
            ConfigType::String | ConfigType::Double | ConfigType::List => accepted == value,
        }
    }
}
