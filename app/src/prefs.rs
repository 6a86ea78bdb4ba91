//! What a reader prefers, in one cookie that server and browser read alike.

use crate::time::Zone;

/// The cookie's name.
pub const COOKIE: &str = "freshet_prefs";

/// Which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the operating system says.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// The value of `data-theme` on the document.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads [`Theme::name`]; anything else is the system's.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The one after it, for a button that goes round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// Columns of the message table that can be hidden. Value always shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Time,
    Partition,
    Offset,
    Key,
    Headers,
    Size,
}

impl Column {
    /// All of them in the order of the table; the value stands behind the key.
    pub const ALL: [Self; 6] =
        [Self::Time, Self::Partition, Self::Offset, Self::Key, Self::Headers, Self::Size];

    /// The heading.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Time => "Time",
            Self::Partition => "Partition",
            Self::Offset => "Offset",
            Self::Key => "Key",
            Self::Headers => "Headers",
            Self::Size => "Bytes",
        }
    }

    fn bit(self) -> u16 {
        match self {
            Self::Time => 1,
            Self::Partition => 2,
            Self::Offset => 4,
            Self::Key => 8,
            Self::Headers => 16,
            Self::Size => 32,
        }
    }
}

/// Which columns are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns(u16);

impl Default for Columns {
    fn default() -> Self {
        Self(0b10_1111)
    }
}

impl Columns {
    /// Whether this one is shown.
    #[must_use]
    pub fn has(self, column: Column) -> bool {
        self.0 & column.bit() != 0
    }

    /// Shows it when hidden, hides it when shown.
    #[must_use]
    pub fn toggled(self, column: Column) -> Self {
        Self(self.0 ^ column.bit())
    }
}

/// All preferences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefs {
    pub theme: Theme,
    pub is_rail_collapsed: bool,
    pub columns: Columns,
    pub zone: Zone,
}

impl Prefs {
    /// Reads the value of the cookie. What can't be read is the default, part by part.
    #[must_use]
    pub fn parse(value: &str) -> Self {
        let mut parts = value.splitn(4, '.');
        let theme = Theme::parse(parts.next().unwrap_or(""));
        let is_rail_collapsed = parts.next() == Some("1");
        let columns = parts
            .next()
            .and_then(|bits| bits.parse().ok())
            .map_or_else(Columns::default, |bits: u16| Columns(bits & 0b11_1111));
        let zone = Zone::parse(parts.next().unwrap_or(""));
        Self { theme, is_rail_collapsed, columns, zone }
    }

    /// Reads them out of a whole `Cookie` header or `document.cookie`.
    #[must_use]
    pub fn from_cookies(cookies: &str) -> Self {
        let found = cookies.split(';').find_map(|cookie| {
            let (name, value) = cookie.split_once('=')?;
            (name.trim() == COOKIE).then(|| value.trim())
        });
        Self::parse(found.unwrap_or(""))
    }

    /// The value of the cookie.
    #[must_use]
    pub fn to_value(&self) -> String {
        format!(
            "{}.{}.{}.{}",
            self.theme.name(),
            u8::from(self.is_rail_collapsed),
            self.columns.0,
            self.zone.to_text()
        )
    }

    /// The whole cookie as `Set-Cookie` and `document.cookie` take it: one year, this site only.
    #[must_use]
    pub fn to_cookie(&self) -> String {
        format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", self.to_value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_survive_their_cookie() {
        let prefs = Prefs {
            theme: Theme::Dark,
            is_rail_collapsed: true,
            columns: Columns::default().toggled(Column::Key),
            zone: Zone::parse("Pacific/Auckland@780~1743861600@720"),
        };
        let cookies = format!("a=b; {COOKIE}={}; c=d", prefs.to_value());
        assert_eq!(Prefs::from_cookies(&cookies), prefs);
    }

    #[test]
    fn broken_cookies_are_the_defaults() {
        for cookies in
            ["", "freshet_prefs=", "freshet_prefs=x.y.z.w", "other=1; freshet_prefs=...."]
        {
            assert_eq!(Prefs::from_cookies(cookies), Prefs::default(), "{cookies}");
        }
    }
}
