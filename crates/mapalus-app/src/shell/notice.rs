//! What a slice wants people to be told: the recipient, a message key with its arguments, where it leads.

use super::Lang;
use chrono_tz::Tz;
use mapalus_core::{Argument, GroupId, LinkId, PersonId};
use mapalus_db::{DbError, Tx};

mapalus_core::words! {
    /// What a notice is about, as people choose which of them are mailed too.
    pub enum Kind {
        /// One's own applications.
        Applications = "applications",
        /// Applications on which one decides.
        Decisions = "decisions",
        /// Requests to vouch.
        Vouches = "vouches",
        /// One's own groups: invitation, roles, membership.
        Groups = "groups",
        /// What one has not done yet.
        Reminders = "reminders",
        /// Who wishes to be connected, and who accepted.
        Network = "network",
        /// New groups that fit a search one keeps.
        Found = "found",
        /// What people ask groups whose questions one answers.
        Questions = "questions",
        /// What groups answer to one's own questions.
        Answers = "answers",
        /// One's account and its safety: mailed in any case.
        Account = "account",
    }
}

mapalus_db::text_columns!(Kind);

impl Kind {
    /// Whether one may do without its mails.
    pub const fn may_stop(self) -> bool {
        !matches!(self, Self::Account)
    }
}

/// Whom to tell.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The person, or who stands for one without an account; none where an address is all that is known: such a mail
    /// is no notice.
    pub person: Option<PersonId>,
    /// Full name.
    pub name: String,
    /// How they wish to be called.
    pub call: String,
    /// Where mail goes.
    pub mail: String,
    /// The language in which they are written to.
    pub lang: Lang,
    /// The zone in which they are told times.
    pub zone: Tz,
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
    /// Which of the kinds it is.
    pub kind: Kind,
    /// The group it is about: what is told of it within a few minutes goes in one mail. None for what never waits.
    pub group: Option<GroupId>,
    /// Arguments of the message. A number whose name ends in `_at` is an instant: it is shown as a day and an hour.
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

/// The argument of a message that holds an appointment in JSON: its mail brings it for the recipient's calendar.
pub const CALENDAR: &str = "calendar";

/// What a mail that is about to go out says: its message, and the page where one goes on.
#[derive(Debug, Clone)]
pub struct Told {
    /// Message key.
    pub key: String,
    /// Path of the page where one goes on.
    pub path: String,
}

/// Which of these still hold: what has changed since it was written is not sent. Composed in `lib.rs`.
pub type Holds = fn(&mut Tx<'_>, &[Told]) -> Result<Vec<bool>, DbError>;

/// Those of these people whose account is being closed: nothing that speaks of them is shown. Composed in `lib.rs`.
pub type Away = fn(&mut Tx<'_>, &[PersonId]) -> Result<Vec<PersonId>, DbError>;

/// What an event has to tell; each slice gives one.
pub type Tell = fn(&mut Tx<'_>, &super::Happened) -> Result<Vec<Draft>, DbError>;
