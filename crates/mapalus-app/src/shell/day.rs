//! A day of the calendar without an hour, as it stands on a document: "valid until 5 December 2026".

use super::{
    forms::Wrong,
    locale::{self, Lang},
};
use chrono::{Datelike, Days, Locale, Months, NaiveDate};
use mapalus_core::Millis;
use std::{fmt, str::FromStr};

/// A day, from 1900 to 2199; written `2026-12-05`, so that later days sort later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// The zone whose days count for documents: where it ends last in Indonesia.
const ZONE: chrono_tz::Tz = chrono_tz::Asia::Jakarta;

impl Day {
    /// The day that it is at an instant, for documents: what ends today holds until the day is over in all of Indonesia.
    pub fn of(now: Millis) -> Self {
        let at = chrono::DateTime::from_timestamp_millis(now.0).unwrap_or_default();
        Self(at.with_timezone(&ZONE).date_naive())
    }

    /// The instant at which it begins, for documents.
    pub fn begins_at(self) -> Millis {
        let midnight = self.0.and_time(chrono::NaiveTime::MIN).and_local_timezone(ZONE).earliest();
        Millis(midnight.map_or(i64::MAX, |at| at.timestamp_millis()))
    }

    /// The instant at which it begins in a zone.
    pub fn begins_in(self, zone: chrono_tz::Tz) -> Millis {
        let midnight = self.0.and_time(chrono::NaiveTime::MIN).and_local_timezone(zone).earliest();
        midnight.map_or_else(|| self.begins_at(), |at| Millis(at.timestamp_millis()))
    }

    /// So many days later, or earlier if negative; the same day at the end of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let far = Days::new(days.unsigned_abs());
        let moved = if days < 0 { self.0.checked_sub_days(far) } else { self.0.checked_add_days(far) };
        Self(moved.unwrap_or(self.0))
    }

    /// So many months later; the last day of the month where there is no such day.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let months = Months::new(u32::try_from(months).unwrap_or(0));
        Self(self.0.checked_add_months(months).unwrap_or(self.0))
    }

    /// The day so many days after 1970-01-01.
    pub fn from_number(number: i64) -> Self {
        Self(NaiveDate::default()).plus_days(number)
    }

    /// Days since 1970-01-01.
    pub fn number(self) -> i64 {
        (self.0 - NaiveDate::default()).num_days()
    }

    /// How it is read: "Sab 5 Des 2026".
    pub fn text(self, lang: Lang) -> String {
        let names = match lang {
            Lang::Id => Locale::id_ID,
            Lang::En => Locale::en_GB,
        };
        self.0.format_localized(&locale::message(lang, "shell-pattern-day", &[]), names).to_string()
    }

    /// Reads a day that was typed; none where nothing was.
    ///
    /// # Errors
    /// `wrong-day`.
    pub fn typed(text: &str) -> Result<Option<Self>, Wrong> {
        match text.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Wrong::plain("wrong-day")),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl FromStr for Day {
    type Err = mapalus_core::membership::UnknownWord;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let day = day.filter(|day| text.len() == 10 && (1900..2200).contains(&day.year()));
        day.map(Self).ok_or(mapalus_core::membership::UnknownWord)
    }
}

mapalus_db::text_columns!(Day);

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::time::{DAY, HOUR};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_read_back_as_written_and_in_no_other_form() {
        assert_eq!(day("2026-12-05").to_string(), "2026-12-05");
        for wrong in ["2026-2-5", "05-12-2026", "2026-02-30", "0026-12-05", "2026-12-05T00"] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
        assert_eq!(Day::typed("  "), Ok(None));
    }

    #[test]
    fn a_day_ends_where_it_ends_last_in_indonesia() {
        let begins = day("2026-12-05").begins_at();
        assert_eq!(Day::of(begins), day("2026-12-05"));
        assert_eq!(Day::of(begins.plus(DAY - 1)), day("2026-12-05"));
        // One o'clock of the next day in Papua.
        assert_eq!(Day::of(begins.plus(23 * HOUR)), day("2026-12-05"));
        assert_eq!(Day::of(begins.plus(DAY)), day("2026-12-06"));
    }

    #[test]
    fn months_end_where_they_do() {
        assert_eq!(day("2026-08-31").plus_months(6), day("2027-02-28"));
        assert_eq!(day("2026-12-05").plus_days(-45), day("2026-10-21"));
        assert_eq!(day("1970-01-02").number(), 1);
        assert_eq!(Day::from_number(day("2026-12-05").number()), day("2026-12-05"));
    }
}
