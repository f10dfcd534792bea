//! Why something was refused: a key and arguments for the translator, never a sentence.

use serde::Serialize;

/// A value inside a translated sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Argument {
    /// A number, written as the language writes it.
    Number(i64),
    /// A text, shown as it is.
    Text(String),
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// What kind of refusal it is; the edge answers with the HTTP status of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The request cannot be read (400).
    Malformed,
    /// One has to sign in first (401).
    SignIn,
    /// One may see it but not do it (403).
    Forbidden,
    /// There is no such thing, or not for this person (404).
    NotFound,
    /// It no longer fits the present state (409).
    Conflict,
    /// It was there and is used up or over (410).
    Gone,
    /// The thing has changed since it was read (412).
    Changed,
    /// Too big (413).
    TooLarge,
    /// Not of a kind that is taken (415).
    WrongKind,
    /// Some fields do not hold (422).
    Invalid,
    /// Too often (429).
    TooMany,
    /// Not now; try again (503).
    Unavailable,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The field's name, as in the form and in the API.
    pub field: String,
    /// Message key.
    pub key: &'static str,
    /// Arguments of the message.
    pub arguments: Vec<(&'static str, Argument)>,
}

/// A refusal: what a rule answers instead of doing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refused: {key}")]
pub struct Refusal {
    /// Kind, from which the status follows.
    pub kind: RefusalKind,
    /// Message key; stable, a program may rely on it.
    pub key: &'static str,
    /// Arguments of the message.
    pub arguments: Vec<(&'static str, Argument)>,
    /// The fields that do not hold, for [`RefusalKind::Invalid`].
    pub fields: Vec<Flaw>,
}

impl Refusal {
    /// A refusal of this kind with the message of this key.
    pub const fn new(kind: RefusalKind, key: &'static str) -> Self {
        Self { kind, key, arguments: Vec::new(), fields: Vec::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    /// Whether what has this version stands as it was seen; whoever saw nothing takes it as it is.
    ///
    /// # Errors
    /// `refusal-changed`.
    pub fn if_changed(now: i64, seen: Option<i64>) -> Result<(), Self> {
        match seen {
            Some(version) if version != now => Err(Self::new(RefusalKind::Changed, "refusal-changed")),
            _ => Ok(()),
        }
    }

    /// There is no such thing, or not for this person.
    pub const fn not_found() -> Self {
        Self::new(RefusalKind::NotFound, "refusal-not-found")
    }

    /// Some fields do not hold.
    pub const fn invalid(fields: Vec<Flaw>) -> Self {
        Self { kind: RefusalKind::Invalid, key: "refusal-invalid", arguments: Vec::new(), fields }
    }
}
