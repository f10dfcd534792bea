//! What an account is made of, valid by construction.

use crate::shell::{
    Lang,
    forms::{self, Wrong},
    text,
};
use mapalus_core::{LinkId, Millis, PersonId};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// What a mailed link is for.
    pub enum Purpose {
        /// Confirms the address of a new account.
        Confirm = "confirm",
        /// Sets a new password.
        Reset = "reset",
        /// Makes the first account of an instance, its operator's.
        Setup = "setup",
        /// Confirms a new mail address.
        Mail = "mail",
        /// A code that is typed when signing in.
        Code = "code",
        /// Asks a guardian for their consent.
        Guardian = "guardian",
    }
}

mapalus_core::words! {
    /// The age of a person, in bands: more is not asked.
    pub enum AgeBand {
        /// 18 and older.
        Adult = "adult",
        /// 13 to 17: with a guardian.
        Teen = "teen",
        /// Under 13: no account.
        Child = "child",
    }
}

mapalus_core::words! {
    /// The state of an account.
    pub enum AccountState {
        /// The address is not confirmed yet.
        New = "new",
        /// A minor's: the address is confirmed, the guardian has not consented.
        Waiting = "waiting",
        /// Confirmed.
        Confirmed = "confirmed",
        /// Being closed: hidden, and erased when the time to return is over.
        Closing = "closing",
        /// Erased.
        Gone = "gone",
    }
}

mapalus_db::text_columns!(Purpose, AgeBand, AccountState);

/// The version of the privacy notice: that a new account consents to, and to which those of an older one are asked to.
/// A test holds it against the texts.
pub const PRIVACY_VERSION: i64 = 2;

/// A full name as its bearer writes it: one line of 1 to 80 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(pub String);

impl PersonName {
    /// Reads a name.
    ///
    /// # Errors
    /// If it is empty, too long, or holds an address or link.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let name = forms::line(text, 1, 80)?;
        if name.contains("://")
            || name.contains('@')
            || name.contains('<')
            || !name.chars().any(char::is_alphabetic)
        {
            return Err(Wrong::plain("people-wrong-name"));
        }
        Ok(Self(name))
    }

    /// Reads how one wishes to be called: nothing, or at most 40 characters of the kind of a name.
    ///
    /// # Errors
    /// If it is too long, or holds an address or link: mail begins with it.
    pub fn parse_call(text: &str) -> Result<String, Wrong> {
        let call = forms::line(text, 0, 40)?;
        if call.is_empty() { Ok(call) } else { Self::parse(&call).map(|name| name.0) }
    }

    /// The word by which one is called if nothing else is wished: the first of the name that is no title.
    pub fn call(&self) -> String {
        let mut words = self.0.split_whitespace();
        let first = words.clone().find(|word| !word.ends_with('.') && word.chars().count() > 1);
        first.or_else(|| words.next()).unwrap_or(&self.0).trim_end_matches(',').to_owned()
    }
}

/// A mail address: as written, and folded for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// As written.
    pub written: String,
    /// In lower case.
    pub folded: String,
}

impl Mail {
    /// Reads an address.
    ///
    /// # Errors
    /// If no mail could be sent to it, or it is longer than 254 bytes.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let written = text.trim().to_owned();
        if written.is_empty() {
            return Err(Wrong::plain("wrong-needed"));
        }
        let domain_holds = written.rsplit_once('@').is_some_and(|(_, domain)| {
            domain.contains('.') && domain.is_ascii() && !domain.starts_with('.') && !domain.ends_with('.')
        });
        let holds = written.len() <= 254 && domain_holds && written.parse::<lettre::Address>().is_ok();
        if !holds {
            return Err(Wrong::plain("people-wrong-mail"));
        }
        let folded = written.to_lowercase();
        Ok(Self { written, folded })
    }
}

/// A password that may be set. Its debug form shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

impl Password {
    /// Most bytes of a password.
    pub const MOST_BYTES: usize = 128;

    /// Takes a new password if it is long enough and hard to guess; `known` are words that the guesser knows.
    ///
    /// # Errors
    /// If it has fewer than 8 characters, more than 128 bytes, or is easily guessed.
    pub fn new(text: &str, known: &[&str]) -> Result<Self, Wrong> {
        if text.is_empty() {
            return Err(Wrong::plain("wrong-needed"));
        }
        if text.len() > Self::MOST_BYTES {
            return Err(Wrong(
                "people-wrong-password-long",
                vec![("most", (Self::MOST_BYTES as i64).into())],
            ));
        }
        if text.chars().count() < 8 {
            return Err(Wrong::plain("people-wrong-password-short"));
        }
        if zxcvbn::zxcvbn(text, known).score() < zxcvbn::Score::Two {
            return Err(Wrong::plain("people-wrong-password-guessed"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// What one fills in to get an account.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUpInput {
    /// Full name, 1 to 80 characters.
    pub name: String,
    /// How one wishes to be called; the first name if left out.
    #[serde(default)]
    pub call: String,
    /// Mail address.
    pub mail: String,
    /// At least 8 characters, at most 128 bytes.
    pub password: String,
    /// `adult`, `teen` or `child`; a `child` gets no account, a `teen` one that waits for a guardian.
    #[serde(default)]
    pub age: String,
    /// Of a `teen`: the year of birth.
    #[serde(default)]
    pub birth_year: String,
    /// Of a `teen`: the mail address of a parent or guardian, who is asked to consent.
    #[serde(default)]
    pub guardian: String,
    /// Whether one consents to the privacy notice.
    #[serde(default, deserialize_with = "forms::yes")]
    pub consent: bool,
    /// Path of the page to go to once the address is confirmed.
    #[serde(default)]
    pub next: String,
}

/// A new account, checked.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// Full name.
    pub name: PersonName,
    /// How one wishes to be called.
    pub call: String,
    /// Mail address.
    pub mail: Mail,
    /// The password; none of an account that is opened by something else.
    pub password: Option<Password>,
    /// The language of the account.
    pub lang: Lang,
    /// Path of the page to go to once the address is confirmed.
    pub next: String,
    /// Of a minor: the year of birth and the guardian.
    pub minor: Option<super::guardian::Minor>,
}

/// What one fills in to sign in.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInInput {
    /// Mail address.
    pub mail: String,
    /// Password.
    pub password: String,
    /// Path of the page to go to then.
    #[serde(default)]
    pub next: String,
}

mapalus_db::record! {
    /// How a person is reached.
    #[derive(Debug, Clone)]
    pub struct Contact {
        /// The person.
        pub id: PersonId,
        /// Full name.
        pub name: String,
        /// How they wish to be called.
        pub call_name: String,
        /// Where mail goes.
        pub mail: String,
        /// The language in which they are written to.
        pub lang: Lang,
        /// Where they live; times are told in its zone.
        pub area: Option<String>,
    }

    /// An account as its owner and the operator see it.
    #[derive(Debug, Clone)]
    pub struct Account {
        /// The person.
        pub id: PersonId,
        /// Full name.
        pub name: String,
        /// How they wish to be called.
        pub call_name: String,
        /// Mail address.
        pub mail: String,
        /// Whether the address is confirmed.
        pub state: AccountState,
        /// The language of the account.
        pub lang: Lang,
        /// When the account was made.
        pub made_at: Millis,
        /// Version of the privacy notice that was consented to.
        pub consent_version: i64,
        /// When.
        pub consent_at: Millis,
    }

    /// What signing in checks.
    #[derive(Debug, Clone)]
    pub struct Secret {
        /// The person.
        pub id: PersonId,
        /// Hash of the password.
        pub password_hash: String,
        /// Whether the address is confirmed.
        pub state: AccountState,
    }

    /// A mailed link.
    #[derive(Debug, Clone)]
    pub struct Link {
        /// The link.
        pub id: LinkId,
        /// What it is for.
        pub purpose: Purpose,
        /// Whose it is; nobody's for the first account.
        pub person_id: Option<PersonId>,
        /// When it ends.
        pub ends_at: Millis,
        /// When it was used.
        pub used_at: Option<Millis>,
        /// The new address, the session that waits for the code, or the page to go to.
        pub detail: String,
        /// Wrong codes so far.
        pub tries: i64,
    }

    /// Failed sign-ins under one subject.
    #[derive(Debug, Clone, Default)]
    pub struct Tries {
        /// How many.
        pub count: i64,
        /// Since when, milliseconds.
        pub since: i64,
    }
}

/// A person as the API shows their own account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AccountView {
    /// The person's id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// How they wish to be called.
    pub call: String,
    /// Mail address.
    pub mail: String,
    /// `new` or `confirmed`.
    #[schema(value_type = String)]
    pub state: AccountState,
    /// `id` or `en`.
    #[schema(value_type = String)]
    pub language: Lang,
    /// When the account was made, RFC 3339 in UTC.
    pub made_at: String,
    /// The profile.
    pub profile: Option<super::profile::ProfileView>,
    /// To whom each part of the profile is shown.
    pub shown: Option<super::profile::ShownParts>,
    /// The version of the profile: send it as If-Match.
    pub version: i64,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        Self {
            id: account.id.to_string(),
            name: account.name,
            call: account.call_name,
            mail: account.mail,
            state: account.state,
            language: account.lang,
            made_at: text::machine(account.made_at),
            profile: None,
            shown: None,
            version: 0,
        }
    }
}

impl From<Contact> for crate::shell::notice::Recipient {
    fn from(contact: Contact) -> Self {
        let Contact { id, name, call_name, mail, lang, area } = contact;
        let zone = crate::shell::reference::Areas::zone(area.as_deref().unwrap_or(""));
        Self { person: Some(id), name, call: call_name, mail, lang, zone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_name_is_a_name_and_a_link_is_not() {
        assert_eq!(PersonName::parse(" Suharti ").map(|n| n.call()), Ok("Suharti".to_owned()));
        assert_eq!(PersonName::parse("dr. Budi Santoso, Sp.A").map(|n| n.call()), Ok("Budi".to_owned()));
        for bad in ["", "   ", "http://x.id", "12345", "a@b", &"x".repeat(81)] {
            assert!(PersonName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_without_a_domain_is_refused() {
        assert_eq!(Mail::parse(" Ibu.Ani@Contoh.ID ").map(|m| m.folded), Ok("ibu.ani@contoh.id".to_owned()));
        for bad in ["", "x", "x@", "@x.id", "x@localhost", "a b@x.id", "x@x.id\nBcc: y@y.id", "x@.id"] {
            assert!(Mail::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_that_all_guess_is_refused() {
        for bad in ["password", "12345678", "qwertyuiop", "manado123", "Maria123", "short"] {
            assert!(Password::new(bad, &["maria", "manado"]).is_err(), "{bad}");
        }
        assert!(Password::new("kopi tiga gelas pagi", &["maria"]).is_ok());
        assert!(Password::new(&"é".repeat(65), &[]).is_err());
    }
}

/// What one fills in to agree to a newer privacy notice.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivacyInput {
    /// The version that one has read.
    pub version: i64,
    /// That one agrees.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub consent: bool,
    /// Path of the page to go on to.
    #[serde(default)]
    pub next: String,
}
