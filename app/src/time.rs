//! Calendar arithmetic and zones, without a clock and without a time-zone database.
//!
//! A zone is a name and the few offset changes around now that the browser found out; it travels in the preferences
//! cookie, so the server writes the same times as the browser, before and after hydration.

/// Offset changes that a zone carries.
pub const CHANGES_MAX: usize = 8;

/// A time zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zone {
    /// Empty for UTC.
    pub name: String,
    /// From this second on, this many minutes are added to UTC; oldest first. The first one holds before, too.
    pub changes: Vec<(i64, i16)>,
}

impl Zone {
    /// Whether it is UTC; an unknown zone is.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        self.name.is_empty() || self.changes.is_empty()
    }

    /// The word in the top bar.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.is_utc() { "UTC" } else { &self.name }
    }

    /// Minutes to add to UTC at that moment.
    #[must_use]
    pub fn offset_minutes(&self, ms: i64) -> i64 {
        let second = ms.div_euclid(1000);
        let found = self.changes.iter().rev().find(|(from, _)| *from <= second);
        found.or(self.changes.first()).map_or(0, |(_, minutes)| i64::from(*minutes))
    }

    /// Reads `Name@minutes~second@minutes~…`; anything else is UTC.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut parts = text.split('~');
        let Some((name, first)) = parts.next().and_then(|part| part.rsplit_once('@')) else {
            return Self::default();
        };
        let is_name = !name.is_empty()
            && name.len() <= 64
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b));
        let mut changes = vec![(i64::MIN, first.parse().ok())];
        changes.extend(parts.take(CHANGES_MAX).filter_map(|part| {
            let (second, minutes) = part.split_once('@')?;
            Some((second.parse().ok()?, minutes.parse().ok()))
        }));
        let changes: Option<Vec<(i64, i16)>> = changes
            .into_iter()
            .map(|(s, m)| Some((s, m.filter(|m: &i16| m.abs() <= 1440)?)))
            .collect();
        match changes {
            Some(changes) if is_name && changes.is_sorted_by_key(|(second, _)| *second) => {
                Self { name: name.to_owned(), changes }
            }
            _ => Self::default(),
        }
    }

    /// Writes what [`Zone::parse`] reads; empty for UTC.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Some((_, first)) = self.changes.first() else { return String::new() };
        let mut out = format!("{}@{first}", self.name);
        for (second, minutes) in self.changes.iter().skip(1).take(CHANGES_MAX) {
            out.push_str(&format!("~{second}@{minutes}"));
        }
        out
    }
}

/// A moment on the wall clock of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub millisecond: u16,
}

/// The wall clock of `zone` at `ms`.
#[must_use]
pub fn civil(ms: i64, zone: &Zone) -> Civil {
    let local = ms.saturating_add(zone.offset_minutes(ms) * 60_000);
    let (days, rest) = (local.div_euclid(86_400_000), local.rem_euclid(86_400_000));
    let (year, month, day) = date_of_days(days);
    let part = |divisor: i64, modulus: i64| u8::try_from(rest / divisor % modulus).unwrap_or(0);
    Civil {
        year,
        month,
        day,
        hour: part(3_600_000, 24),
        minute: part(60_000, 60),
        second: part(1000, 60),
        millisecond: u16::try_from(rest % 1000).unwrap_or(0),
    }
}

/// `2025-11-23`.
#[must_use]
pub fn date(ms: i64, zone: &Zone) -> String {
    let c = civil(ms, zone);
    format!("{:04}-{:02}-{:02}", c.year, c.month, c.day)
}

/// `09:14:41`.
#[must_use]
pub fn clock(ms: i64, zone: &Zone) -> String {
    let c = civil(ms, zone);
    format!("{:02}:{:02}:{:02}", c.hour, c.minute, c.second)
}

/// `09:14`.
#[must_use]
pub fn hour_minute(ms: i64, zone: &Zone) -> String {
    let c = civil(ms, zone);
    format!("{:02}:{:02}", c.hour, c.minute)
}

/// `09:14:41.770`, with the date in front when it is not the day of `now_ms`; `–` for Kafka's "no timestamp".
#[must_use]
pub fn row_time(ms: i64, now_ms: i64, zone: &Zone) -> String {
    if ms < 0 {
        return "–".to_owned();
    }
    let c = civil(ms, zone);
    let clock = format!("{:02}:{:02}:{:02}.{:03}", c.hour, c.minute, c.second, c.millisecond);
    if date(ms, zone) == date(now_ms, zone) { clock } else { format!("{} {clock}", date(ms, zone)) }
}

/// Everything there is to know: `2025-11-23 09:14:41.770 +13:00`.
#[must_use]
pub fn full(ms: i64, zone: &Zone) -> String {
    if ms < 0 {
        return "no timestamp".to_owned();
    }
    let c = civil(ms, zone);
    let offset = zone.offset_minutes(ms);
    let sign = if offset < 0 { '−' } else { '+' };
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    format!(
        "{} {:02}:{:02}:{:02}.{:03} {sign}{hours:02}:{minutes:02}",
        date(ms, zone),
        c.hour,
        c.minute,
        c.second,
        c.millisecond
    )
}

/// What a `datetime-local` field takes: `2025-11-23T09:14:41`.
#[must_use]
pub fn field(ms: i64, zone: &Zone) -> String {
    format!("{}T{}", date(ms, zone), clock(ms, zone))
}

/// Reads epoch milliseconds, or a wall-clock time of `zone` as `YYYY-MM-DD[THH:MM[:SS[.mmm]]]`.
#[must_use]
pub fn parse(text: &str, zone: &Zone) -> Option<i64> {
    let text = text.trim();
    if let Ok(ms) = text.parse::<i64>() {
        return (ms >= 0).then_some(ms);
    }
    let (date, clock) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
    let mut parts = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.splitn(3, ':').map(str::parse::<i64>);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().unwrap_or(Ok(0)).ok()?;
    if !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0..60).contains(&second) {
        return None;
    }
    let millisecond: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let days = days_of_date(year, month, day);
    let local = ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + millisecond;
    // The offset holds for the moment that is looked for: guess with UTC, then once more with the guess.
    let guess = local - zone.offset_minutes(local) * 60_000;
    Some(local - zone.offset_minutes(guess) * 60_000)
}

/// Days since the epoch to a date of the proleptic Gregorian calendar.
fn date_of_days(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

fn days_of_date(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_index = (month + 9) % 12;
    let day_of_year = (153 * month_index + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auckland() -> Zone {
        // Daylight saving ends on 5 April 2025 at 14:00 UTC and starts on 27 September 2025 at 14:00 UTC.
        Zone::parse("Pacific/Auckland@780~1743861600@720~1758981600@780")
    }

    #[test]
    fn zones_survive_their_text() {
        let zone = auckland();
        assert_eq!(zone.name, "Pacific/Auckland");
        assert_eq!(Zone::parse(&zone.to_text()), zone);
        assert_eq!(zone.offset_minutes(1_750_000_000_000), 720);
        assert_eq!(zone.offset_minutes(1_760_000_000_000), 780);
    }

    #[test]
    fn what_is_not_a_zone_is_utc() {
        for text in ["", "Mars/Base", "X@9999", "a b@60", "X@60~5@x", "X@60~9@60~5@60"] {
            assert!(Zone::parse(text).is_utc(), "{text}");
        }
    }

    #[test]
    fn dates_survive_the_round_trip() {
        for days in (-800_000..800_000).step_by(97) {
            let (year, month, day) = date_of_days(days);
            assert_eq!(days_of_date(year, month.into(), day.into()), days);
        }
        assert_eq!(full(1_732_400_081_770, &Zone::default()), "2024-11-23 22:14:41.770 +00:00");
    }

    #[test]
    fn wall_clock_times_are_read_in_their_zone() {
        let zone = auckland();
        // The hour that is there twice when summer time ends has no round trip, so not in it.
        for ms in [1_743_857_999_000, 1_743_865_200_000, 1_758_981_600_000, 1_750_000_000_000] {
            assert_eq!(parse(&field(ms, &zone), &zone), Some(ms), "{}", full(ms, &zone));
        }
        assert_eq!(parse("1750000000000", &zone), Some(1_750_000_000_000));
        assert_eq!(parse("2025-02-03", &Zone::default()), Some(1_738_540_800_000));
        assert_eq!(parse("2025-13-03", &zone), None);
        assert_eq!(parse("yesterday", &zone), None);
    }

    #[test]
    fn rows_show_the_date_only_for_other_days() {
        let utc = Zone::default();
        let now = 1_732_400_081_770;
        assert_eq!(row_time(now, now, &utc), "22:14:41.770");
        assert_eq!(row_time(now - 86_400_000, now, &utc), "2024-11-22 22:14:41.770");
        assert_eq!(row_time(-1, now, &utc), "–");
    }
}
