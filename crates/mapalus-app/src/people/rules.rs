//! What an account may do: pure decisions.

pub mod connection;
pub mod factor;
pub mod guardian;
pub mod passkey;

use super::{
    guardian::Minor,
    model::{
        AgeBand, Link, Mail, PRIVACY_VERSION, Password, PersonName, PrivacyInput, Purpose, SignUp,
        SignUpInput, Tries,
    },
    token::{Holder, NewToken, TokenInput},
};
use crate::shell::{
    Checks, Lang,
    forms::{self, Wrong},
};
use mapalus_core::{
    Millis, Refusal, RefusalKind, Scope, Scopes,
    time::{DAY, HOUR, MINUTE},
};

/// Wrong codes until a code is spent.
pub const CODE_TRIES: i64 = 5;
/// How long one may return to an account that was closed.
pub const RETURN_MILLIS: i64 = 14 * DAY;
/// How long a session lasts.
pub const SESSION_MILLIS: i64 = 30 * DAY;
/// For how long a proof of who one is holds.
pub const PROOF_MILLIS: i64 = 10 * MINUTE;
/// The window in which failed sign-ins are counted.
pub const TRIES_MILLIS: i64 = 15 * MINUTE;
/// Failed sign-ins of one account from one network address in the window.
pub const TRIES_OF_ACCOUNT: i64 = 10;
/// Sign-ins from one network address in the window: many share one on mobile networks.
pub const TRIES_OF_ADDRESS: i64 = 300;
/// Mails that go to one mail address in the window, whoever asks for them.
pub const MAILS_TO_ADDRESS: i64 = 5;
/// How long an account waits to be confirmed.
pub const STALE_MILLIS: i64 = 7 * DAY;
/// Mails that one network address may ask for in the window.
pub const MAILS_OF_ADDRESS: i64 = 20;

/// Tokens of one person that work at the same time.
pub const MOST_TOKENS: i64 = 20;
/// Tokens that one person makes in the window of tries: each sends a mail.
pub const TOKENS_MADE: i64 = 20;
/// For how many days a token may be made.
pub const TOKEN_DAYS: [i64; 4] = [7, 30, 90, 365];
/// How many days before its end a person is reminded of a token.
const TOKEN_REMIND_DAYS: i64 = 7;
/// How often the use of a session or token is noted, at most.
pub const NOTED_MILLIS: i64 = HOUR;
/// How long a token that ended is kept: whoever still sends it is told so.
pub const TOKEN_KEPT_MILLIS: i64 = 30 * DAY;

/// How long a link or code holds.
pub const fn link_millis(purpose: Purpose) -> i64 {
    match purpose {
        Purpose::Confirm | Purpose::Mail => DAY,
        Purpose::Reset => HOUR,
        Purpose::Setup | Purpose::Guardian => 7 * DAY,
        Purpose::Code => 10 * MINUTE,
    }
}

/// Checks what was filled in for a new account.
///
/// # Errors
/// Every field that does not hold.
pub fn sign_up(input: &SignUpInput, lang: Lang, now: Millis) -> Result<SignUp, Refusal> {
    let mut checks = Checks::new();
    let minor = age(&mut checks, &input.age, (&input.birth_year, &input.guardian, &input.mail), now);
    let parts = account(&mut checks, input, lang);
    checks.done(parts.map(|parts| SignUp { minor, ..parts }))
}

/// Whether somebody is old enough for an account, and what is known of a minor by their year of birth, their guardian's
/// address and their own. What an adult leaves in these fields counts for nothing.
fn age(checks: &mut Checks, text: &str, of: (&str, &str, &str), now: Millis) -> Option<Minor> {
    let age = checks.field("age", forms::word::<AgeBand>(text));
    if age == Some(AgeBand::Child) {
        checks.wrong("age", Wrong::plain("people-wrong-age-child"));
    }
    (age == Some(AgeBand::Teen)).then(|| guardian::minor(checks, of, now)).flatten()
}

/// Checks what was filled in for the operator's account: the same without the age.
///
/// # Errors
/// Every field that does not hold.
pub fn set_up(input: &SignUpInput, lang: Lang) -> Result<SignUp, Refusal> {
    let mut checks = Checks::new();
    let parts = account(&mut checks, input, lang);
    checks.done(parts)
}

fn account(checks: &mut Checks, input: &SignUpInput, lang: Lang) -> Option<SignUp> {
    let parts = account_parts(checks, (&input.name, &input.call, &input.mail));
    let known = [input.name.as_str(), input.mail.as_str(), "mapalus"];
    let password = checks.field("password", Password::new(&input.password, &known));
    consented(checks, input.consent);
    let ((name, call, mail), password) = (parts?, Some(password?));
    Some(SignUp { name, call, mail, password, lang, next: own_path(&input.next).to_owned(), minor: None })
}

/// What every account has, however it is opened.
fn account_parts(
    checks: &mut Checks,
    (name, call, mail): (&str, &str, &str),
) -> Option<(PersonName, String, Mail)> {
    let name = checks.field("name", PersonName::parse(name));
    let call = checks.field("call", PersonName::parse_call(call));
    let mail = checks.field("mail", Mail::parse(mail));
    let (name, call, mail) = (name?, call?, mail?);
    let call = if call.is_empty() { name.call() } else { call };
    Some((name, call, mail))
}

fn consented(checks: &mut Checks, consent: bool) {
    if !consent {
        checks.wrong("consent", Wrong::plain("people-wrong-consent"));
    }
}

/// Whether a link may be used now.
///
/// # Errors
/// `people-link-used` or `people-link-over`, with what the link was for where the way on is another one.
pub fn usable(link: &Link, now: Millis) -> Result<(), Refusal> {
    let gone = |key| Err(Refusal::new(RefusalKind::Gone, key));
    match (link.purpose, link.used_at.is_some()) {
        (Purpose::Confirm, true) => gone("people-link-used-confirm"),
        (Purpose::Mail, true) => gone("people-link-used-mail"),
        (Purpose::Setup, true) => gone("people-link-used-setup"),
        (Purpose::Guardian, true) => gone("people-link-used-guardian"),
        (_, true) => gone("people-link-used"),
        (_, false) if now < link.ends_at => Ok(()),
        (Purpose::Confirm, false) => gone("people-link-over-confirm"),
        (Purpose::Mail, false) => gone("people-link-over-mail"),
        (Purpose::Setup, false) => gone("people-link-over-setup"),
        (Purpose::Guardian, false) => gone("people-link-over-guardian"),
        (_, false) => gone("people-link-over"),
    }
}

/// Whether one more try is allowed under a limit.
///
/// # Errors
/// `people-too-many-tries` with the minutes to wait.
pub fn one_more_try(tries: &Tries, most: i64, now: Millis) -> Result<(), Refusal> {
    let over = tries.since + TRIES_MILLIS;
    if tries.count < most || now.0 >= over {
        return Ok(());
    }
    let minutes = (over - now.0 + MINUTE - 1).div_euclid(MINUTE);
    Err(Refusal::new(RefusalKind::TooMany, "people-too-many-tries").with("minutes", minutes))
}

/// Checks what was filled in for a new token.
///
/// # Errors
/// Every field that does not hold.
pub fn new_token(input: &TokenInput) -> Result<NewToken, Refusal> {
    let mut checks = Checks::new();
    let name = checks.field("name", forms::line(&input.name, 1, 60));
    let scopes: Result<Scopes, Wrong> = input.scopes.iter().map(|word| forms::word::<Scope>(word)).collect();
    let some =
        |scopes: Scopes| if scopes.is_empty() { Err(Wrong::plain("wrong-needed")) } else { Ok(scopes) };
    let scopes = checks.field("scopes", scopes.and_then(some));
    let known = TOKEN_DAYS.contains(&input.days);
    let days = checks.field("days", known.then_some(input.days).ok_or(Wrong::plain("wrong-choice")));
    let parts = name.zip(scopes).zip(days);
    checks.done(parts.map(|((name, scopes), days)| NewToken { name, scopes, days }))
}

/// The lowest place that no token of a person holds; `taken` in order.
///
/// # Errors
/// `people-tokens-full`.
pub fn free_place(taken: &[i64]) -> Result<i64, Refusal> {
    (1..=MOST_TOKENS)
        .find(|place| !taken.contains(place))
        .ok_or_else(|| Refusal::new(RefusalKind::Conflict, "people-tokens-full").with("most", MOST_TOKENS))
}

/// Whether a token still opens something.
///
/// # Errors
/// `refusal-token-ended` if its person ended it, `refusal-token-expired` if its time is over.
pub fn token_holds(holder: &Holder, now: Millis) -> Result<(), Refusal> {
    if holder.ended_at.is_some() {
        return Err(Refusal::new(RefusalKind::SignIn, "refusal-token-ended"));
    }
    if now >= holder.ends_at {
        return Err(Refusal::new(RefusalKind::SignIn, "refusal-token-expired"));
    }
    Ok(())
}

/// When a person is reminded that a token ends: seven days before. Of one that lives no longer than that, never.
pub const fn token_remind_at(days: i64, ends_at: Millis) -> Option<Millis> {
    if days > TOKEN_REMIND_DAYS { Some(ends_at.plus(-TOKEN_REMIND_DAYS * DAY)) } else { None }
}

/// Whether it is time to note that a session or token is used.
pub fn is_use_to_note(used_at: Option<Millis>, now: Millis) -> bool {
    used_at.is_none_or(|used_at| now >= used_at.plus(NOTED_MILLIS))
}

/// Whether somebody agrees to the privacy notice as it is now, having read it.
///
/// # Errors
/// `people-privacy-newer` for another version; `people-wrong-agree` at the field.
pub fn agrees(input: &PrivacyInput) -> Result<(), Refusal> {
    if input.version != PRIVACY_VERSION {
        return Err(Refusal::new(RefusalKind::Conflict, "people-privacy-newer"));
    }
    if !input.consent {
        return Err(Wrong::plain("people-wrong-agree").at("consent"));
    }
    Ok(())
}

/// A path of our own site to go to after signing in; anything else leads to the start page.
pub fn own_path(next: &str) -> &str {
    let loops = ["/sign-", "/api/", "/prove"].iter().any(|start| next.starts_with(start));
    if loops { "/" } else { own_page(next) }
}

/// A path of our own site; anything else leads to the start page.
pub fn own_page(next: &str) -> &str {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && next.len() <= 500;
    // Whoever reads the address drops tabs and line breaks: only what is seen may stand in it.
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic());
    if own && plain { next } else { "/" }
}

/// Whether a path ends in a mailed link, whose secret stands behind a dot: nothing to be stored.
pub fn holds_secret(path: &str) -> bool {
    path.split('?').next().and_then(|path| path.rsplit('/').next()).is_some_and(|last| last.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{Id, LinkId, PersonId, TokenId, chance::Counted};

    /// 24 November 2026.
    const NOW: Millis = Millis(1_795_500_000_000);

    fn input() -> SignUpInput {
        SignUpInput {
            name: "Maria Rumengan".into(),
            call: String::new(),
            mail: "maria@contoh.id".into(),
            password: "tiga cangkir kopi".into(),
            age: "adult".into(),
            birth_year: String::new(),
            guardian: String::new(),
            consent: true,
            next: String::new(),
        }
    }

    #[test]
    fn an_adult_who_consents_gets_an_account() {
        let left = SignUpInput { birth_year: "2010".into(), guardian: "x".into(), ..input() };
        for input in [input(), left] {
            let account = sign_up(&input, Lang::Id, NOW).expect("it holds");
            assert_eq!((account.call.as_str(), account.minor.is_none()), ("Maria", true));
        }
    }

    #[test]
    fn a_minor_names_a_guardian_and_the_year_of_birth() {
        let teen = |year: &str, guardian: &str| SignUpInput {
            age: "teen".into(),
            birth_year: year.into(),
            guardian: guardian.into(),
            ..input()
        };
        let minor = sign_up(&teen("2009", "Ibu@contoh.id"), Lang::Id, NOW).expect("it holds").minor.unwrap();
        assert_eq!((minor.birth_year, minor.guardian.folded.as_str()), (2009, "ibu@contoh.id"));
        for (year, guardian, flaw) in [
            ("", "ibu@contoh.id", ("birth_year", "people-wrong-birth-year")),
            ("1990", "ibu@contoh.id", ("birth_year", "people-wrong-birth-year")),
            ("2014", "ibu@contoh.id", ("birth_year", "people-wrong-birth-year")),
            ("2009", "", ("guardian", "wrong-needed")),
            ("2009", "MARIA@contoh.id", ("guardian", "people-wrong-guardian-own")),
        ] {
            let refusal = sign_up(&teen(year, guardian), Lang::Id, NOW).unwrap_err();
            let flaws: Vec<_> = refusal.fields.iter().map(|f| (f.field.as_str(), f.key)).collect();
            assert_eq!(flaws, [flaw], "{year} {guardian}");
        }
    }

    #[test]
    fn a_child_gets_none_and_is_told_why() {
        for (age, key) in [("child", "people-wrong-age-child"), ("", "wrong-needed")] {
            let refusal = sign_up(&SignUpInput { age: age.into(), ..input() }, Lang::Id, NOW).unwrap_err();
            assert_eq!(
                refusal.fields.iter().map(|f| (f.field.as_str(), f.key)).collect::<Vec<_>>(),
                [("age", key)]
            );
        }
    }

    #[test]
    fn all_flaws_of_a_form_are_told_at_once() {
        let empty = SignUpInput {
            name: String::new(),
            mail: "x".into(),
            password: "1".into(),
            consent: false,
            ..input()
        };
        let refusal = sign_up(&empty, Lang::Id, NOW).unwrap_err();
        let fields: Vec<_> = refusal.fields.iter().map(|flaw| flaw.field.as_str()).collect();
        assert_eq!(fields, ["name", "mail", "password", "consent"]);
    }

    #[test]
    fn a_link_holds_once_and_until_its_end() {
        let id = LinkId::new(Millis(0), &Counted::default());
        let link = Link {
            id,
            purpose: Purpose::Confirm,
            person_id: None,
            ends_at: Millis(10),
            used_at: None,
            detail: String::new(),
            tries: 0,
        };
        assert_eq!(usable(&link, Millis(9)), Ok(()));
        assert_eq!(usable(&link, Millis(10)).map_err(|r| r.key), Err("people-link-over-confirm"));
        let reset = Link { purpose: Purpose::Reset, detail: String::new(), ..link };
        assert_eq!(usable(&reset, Millis(10)).map_err(|r| r.key), Err("people-link-over"));
        let link = Link { purpose: Purpose::Confirm, ..reset };
        let used = Link { used_at: Some(Millis(1)), ..link };
        assert_eq!(usable(&used, Millis(2)).map_err(|r| r.key), Err("people-link-used-confirm"));
    }

    #[test]
    fn the_eleventh_try_waits_and_the_window_passes() {
        let tries = Tries { count: 10, since: 0 };
        assert!(one_more_try(&Tries { count: 9, since: 0 }, 10, Millis(1)).is_ok());
        let refusal = one_more_try(&tries, 10, Millis(1)).unwrap_err();
        assert_eq!(refusal.arguments, [("minutes", 15.into())]);
        assert!(one_more_try(&tries, 10, Millis(TRIES_MILLIS)).is_ok());
    }

    #[test]
    fn a_token_reaches_something_and_for_one_of_the_given_times() {
        let input = |scopes: &[&str], days| TokenInput {
            name: " Laporan bulanan ".into(),
            scopes: scopes.iter().map(|scope| (*scope).into()).collect(),
            days,
        };
        let new = new_token(&input(&["groups:read", "groups:read"], 30)).expect("it holds");
        assert_eq!((new.name.as_str(), new.scopes.to_string().as_str()), ("Laporan bulanan", "groups:read"));
        for (scopes, days, flaw) in [
            (&[][..], 30, ("scopes", "wrong-needed")),
            (&["groups:read", "all"], 30, ("scopes", "wrong-choice")),
            (&["groups:read"], 31, ("days", "wrong-choice")),
            (&["groups:read"], 0, ("days", "wrong-choice")),
        ] {
            let refusal = new_token(&input(scopes, days)).unwrap_err();
            let flaws: Vec<_> = refusal.fields.iter().map(|f| (f.field.as_str(), f.key)).collect();
            assert_eq!(flaws, [flaw]);
        }
    }

    #[test]
    fn a_new_token_takes_the_lowest_free_place_of_twenty() {
        assert_eq!(free_place(&[]), Ok(1));
        assert_eq!(free_place(&[1, 3]), Ok(2));
        let all: Vec<i64> = (1..=20).collect();
        assert_eq!(free_place(&all).map_err(|refusal| refusal.key), Err("people-tokens-full"));
    }

    #[test]
    fn a_person_is_reminded_of_a_token_a_week_before_its_end() {
        assert_eq!(token_remind_at(30, Millis(30 * DAY)), Some(Millis(23 * DAY)));
        assert_eq!(token_remind_at(7, Millis(7 * DAY)), None);
    }

    #[test]
    fn a_token_holds_until_its_end_and_its_use_is_noted_once_an_hour() {
        let chance = Counted::default();
        let holder = Holder {
            id: TokenId::new(Millis(0), &chance),
            person_id: PersonId::new(Millis(0), &chance),
            scopes: Scopes::all(),
            ends_at: Millis(10),
            used_at: None,
            ended_at: None,
            name: String::new(),
            call_name: String::new(),
            lang: Lang::Id,
            area: None,
            birth_year: None,
            factor: false,
            consent_version: PRIVACY_VERSION,
        };
        assert_eq!(token_holds(&holder, Millis(9)), Ok(()));
        assert_eq!(token_holds(&holder, Millis(10)).map_err(|r| r.key), Err("refusal-token-expired"));
        let ended = Holder { ended_at: Some(Millis(5)), ..holder };
        assert_eq!(token_holds(&ended, Millis(20)).map_err(|r| r.key), Err("refusal-token-ended"));
        assert!(is_use_to_note(None, Millis(0)));
        assert!(!is_use_to_note(Some(Millis(1)), Millis(HOUR)));
        assert!(is_use_to_note(Some(Millis(0)), Millis(HOUR)));
    }

    #[test]
    fn one_comes_back_only_to_pages_of_this_site() {
        assert_eq!(own_path("/groups/x/join?step=2"), "/groups/x/join?step=2");
        // Another language is for every page of ours.
        assert_eq!(own_page("/sign-up?next=%2Fgroups"), "/sign-up?next=%2Fgroups");
        assert_eq!(own_page("//evil.example"), "/");
        for foreign in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/sign-in",
            "/a\r\nb",
            "/\t/evil.example",
            "/é",
        ] {
            assert_eq!(own_path(foreign), "/", "{foreign}");
        }
    }
}
