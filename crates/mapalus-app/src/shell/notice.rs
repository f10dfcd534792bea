//! What a slice wants people to be told: the recipient, a message key with its arguments, where it leads.

use super::Lang;
use mapalus_core::{Argument, LinkId, PersonId};
use mapalus_db::{DbError, Tx};

/// Whom to tell.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The person.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// How they wish to be called.
    pub call: String,
    /// Where mail goes.
    pub mail: String,
    /// The language in which they are written to.
    pub lang: Lang,
}

/// A mailed secret: made when the mail is rendered, never stored.
#[derive(Debug, Clone)]
pub struct Secret {
    /// What the link is for; also the first part of its path.
    pub purpose: String,
    /// The link.
    pub link: LinkId,
}

/// A notice to one person.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Whom to tell.
    pub to: Recipient,
    /// Message key; its mail has the keys `<key>-subject` and `<key>`.
    pub key: &'static str,
    /// Arguments of the message.
    pub arguments: Vec<(&'static str, Argument)>,
    /// Path of the page where one goes on.
    pub path: String,
    /// A mailed secret that stands in place of the path.
    pub secret: Option<Secret>,
    /// Whether it is only mailed and not shown among the notices.
    pub mail_only: bool,
    /// The person it speaks of: forgotten with them.
    pub about: Option<PersonId>,
}

/// What an event has to tell; each slice gives one.
pub type Tell = fn(&mut Tx<'_>, &super::Happened) -> Result<Vec<Draft>, DbError>;
