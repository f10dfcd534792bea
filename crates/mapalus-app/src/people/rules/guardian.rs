//! Who is a minor, who may be their guardian, and until when. Told from the year of birth alone: in the year of a
//! birthday somebody counts as not having had it yet. So nobody counts as older than they are.

use super::super::{
    guardian::{Ages, GuardianState, Guardianship, Minor},
    model::Mail,
    rules::RETURN_MILLIS,
};
use crate::shell::{Checks, forms::Wrong, text};
use mapalus_core::{Millis, PersonId, Refusal, RefusalKind};

/// Guardians that a minor names one after the other, in the window of tries.
pub const NAMED: i64 = 5;

/// The year that it is.
pub fn year(now: Millis) -> i64 {
    i64::from(text::year(now, chrono_tz::Asia::Jakarta))
}

/// How old somebody is at least who was born in a year.
pub fn least_age(birth_year: i64, now: Millis) -> i64 {
    year(now) - birth_year - 1
}

/// The ages to which somebody belongs; an adult has no year of birth.
pub fn ages_of(birth_year: Option<i64>, now: Millis) -> Ages {
    match birth_year {
        None => Ages::Adult,
        Some(born) if least_age(born, now) >= 16 => Ages::Older,
        Some(_) => Ages::Younger,
    }
}

/// Years in which those were born who are 13 to 17 years old this year, the latest first.
pub fn years(now: Millis) -> impl Iterator<Item = i64> {
    let year = year(now);
    (year - 18..=year - 13).rev()
}

/// The last year in which those were born who are of age now for sure.
pub fn of_age_year(now: Millis) -> i64 {
    year(now) - 19
}

/// Checks what a minor fills in besides the account.
pub(super) fn minor(
    checks: &mut Checks,
    (birth_year, of_guardian, own): (&str, &str, &str),
    now: Millis,
) -> Option<Minor> {
    let born = birth_year.trim();
    let born = if born.is_empty() {
        Err(Wrong::plain("people-wrong-birth-year"))
    } else {
        let known = born.parse().ok().filter(|born| years(now).any(|year| year == *born));
        known.ok_or(Wrong::plain("people-wrong-birth-year"))
    };
    let birth_year = checks.field("birth_year", born);
    let own = own.trim().to_lowercase();
    let guardian = checks.field("guardian", guardian(of_guardian, &own));
    Some(Minor { birth_year: birth_year?, guardian: guardian? })
}

/// The address of a guardian: not the minor's own.
///
/// # Errors
/// What is wrong with it.
pub fn guardian(typed: &str, own_folded: &str) -> Result<Mail, Wrong> {
    let mail = Mail::parse(typed)?;
    if mail.folded == own_folded { Err(Wrong::plain("people-wrong-guardian-own")) } else { Ok(mail) }
}

/// Whether somebody may answer for a minor now.
///
/// # Errors
/// `people-guardian-minor` for one who is a minor, not found for the minor, `people-guardian-settled` if it was answered.
pub fn may_consent(of: &Guardianship, own: PersonId, is_minor: bool) -> Result<(), Refusal> {
    if own == of.ward_id {
        return Err(Refusal::not_found());
    }
    if is_minor {
        return Err(Refusal::new(RefusalKind::Conflict, "people-guardian-minor"));
    }
    open(of)
}

/// Whether a minor still waits for an answer.
///
/// # Errors
/// `people-guardian-settled`.
pub fn open(of: &Guardianship) -> Result<(), Refusal> {
    match of.state {
        GuardianState::Asked => Ok(()),
        _ => Err(Refusal::new(RefusalKind::Gone, "people-guardian-settled")),
    }
}

/// Whether it is the withdrawal that closes the account of a minor, and not the minor.
pub fn closed_with_consent(of: &Guardianship) -> bool {
    of.withdrawn_at.is_some_and(|at| of.closing_at == Some(at.plus(RETURN_MILLIS)))
}

/// Checks what a guardian says to consent.
///
/// # Errors
/// What was not said.
pub fn said(parent: bool, consent: bool) -> Result<(), Refusal> {
    let mut checks = Checks::new();
    if !parent {
        checks.wrong("parent", Wrong::plain("people-wrong-parent"));
    }
    if !consent {
        checks.wrong("consent", Wrong::plain("people-wrong-guardian-consent"));
    }
    checks.done(Some(()))
}

/// Whether somebody may close their account: not while minors depend on it.
///
/// # Errors
/// `people-close-guardian` with their names.
pub fn may_close(wards: &[Guardianship]) -> Result<(), Refusal> {
    let names: Vec<&str> = wards
        .iter()
        .filter(|ward| ward.state == GuardianState::Given)
        .map(|ward| ward.name.as_str())
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Conflict, "people-close-guardian").with("names", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{Id, chance::Counted};

    /// 24 November 2026.
    const NOW: Millis = Millis(1_795_500_000_000);

    #[test]
    fn in_the_year_of_a_birthday_one_counts_as_not_having_had_it() {
        assert_eq!(ages_of(None, NOW), Ages::Adult);
        for (born, ages) in
            [(2008, Ages::Older), (2009, Ages::Older), (2010, Ages::Younger), (2013, Ages::Younger)]
        {
            assert_eq!(ages_of(Some(born), NOW), ages, "{born}");
        }
        // Whoever was born in 2008 has been 18 for a part of 2026; all of them are on the first of January 2027.
        let january = Millis(1_798_740_000_000);
        assert_eq!((of_age_year(NOW), of_age_year(january)), (2007, 2008));
        assert_eq!(years(NOW).collect::<Vec<_>>(), [2013, 2012, 2011, 2010, 2009, 2008]);
    }

    #[test]
    fn a_guardian_is_another_person_of_age_who_says_both() {
        assert!(guardian("ibu@contoh.id", "anak@contoh.id").is_ok());
        assert_eq!(
            guardian("Anak@contoh.id", "anak@contoh.id"),
            Err(Wrong::plain("people-wrong-guardian-own"))
        );
        let chance = Counted::default();
        let (ward, other) = (PersonId::new(NOW, &chance), PersonId::new(NOW, &chance));
        let of = Guardianship {
            ward_id: ward,
            name: "Gita".into(),
            ward_mail: String::new(),
            mail: "ibu@contoh.id".into(),
            guardian_id: None,
            state: GuardianState::Asked,
            asked_at: NOW,
            consent_version: None,
            consent_at: None,
            withdrawn_at: None,
            own_version: 1,
            own_at: NOW,
            birth_year: Some(2010),
            closing_at: None,
        };
        assert!(may_consent(&of, other, false).is_ok());
        assert_eq!(may_consent(&of, other, true).unwrap_err().key, "people-guardian-minor");
        assert_eq!(may_consent(&of, ward, false), Err(Refusal::not_found()));
        let given = Guardianship { state: GuardianState::Given, ..of };
        assert_eq!(may_consent(&given, other, false).unwrap_err().key, "people-guardian-settled");
        let withdrawn = Guardianship {
            state: GuardianState::Withdrawn,
            withdrawn_at: Some(NOW),
            closing_at: Some(NOW.plus(RETURN_MILLIS)),
            ..given.clone()
        };
        assert!(closed_with_consent(&withdrawn) && !closed_with_consent(&given));
        let own = Guardianship { closing_at: Some(NOW.plus(RETURN_MILLIS - 1)), ..withdrawn };
        assert!(!closed_with_consent(&own));
        assert_eq!(may_close(&[given]).unwrap_err().key, "people-close-guardian");
        let flaws: Vec<_> = said(false, false).unwrap_err().fields.into_iter().map(|f| f.field).collect();
        assert_eq!(flaws, ["parent", "consent"]);
    }
}
