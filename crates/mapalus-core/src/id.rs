//! Typed identifiers: UUID version 7, so that rows made later sort later.

use crate::{Chance, Millis};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A text that is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

/// What all typed identifiers can do.
pub trait Id: Copy + fmt::Display + FromStr<Err = NotAnId> {
    /// A new identifier for this instant (milliseconds) and chance (74 random bits).
    fn new(now: Millis, chance: &dyn Chance) -> Self;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl Id for $name {
            fn new(now: Millis, chance: &dyn Chance) -> Self {
                let mut random = [0u8; 10];
                chance.fill(&mut random);
                let millis = u64::try_from(now.0).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                // Only the form we write: one row has one address.
                let id = Uuid::try_parse(text).map_err(|_| NotAnId)?;
                if text.len() == 36 && !text.bytes().any(|b| b.is_ascii_uppercase()) { Ok(Self(id)) } else { Err(NotAnId) }
            }
        }
    )+};
}

ids! {
    /// A person with an account.
    PersonId,
    /// A signed-in browser of a person.
    SessionId,
    /// A personal token, by which a program comes as its person.
    TokenId,
    /// Ten recovery codes that were made together.
    RecoveryId,
    /// A passkey of a person.
    PasskeyId,
    /// A passkey that is being made or shown: its challenge.
    CeremonyId,
    /// A group, of either kind.
    GroupId,
    /// A role of a group.
    RoleId,
    /// A group that somebody prepares.
    DraftId,
    /// One version of a group's joining path.
    PathId,
    /// A step of a joining path.
    StepId,
    /// A person's application to a group.
    ApplicationId,
    /// A notice to a person.
    NoticeId,
    /// An event in the outbox.
    EventId,
    /// A mailed link.
    LinkId,
    /// A mail waiting to be sent.
    MailId,
    /// A stored file.
    FileId,
    /// A member's recommendation of an applicant.
    VouchId,
    /// A time at which a group offers interviews.
    SlotId,
    /// An applicant's interview.
    InterviewId,
    /// That a member gets to know an applicant.
    AcquaintanceId,
    /// What somebody asked a group, with all that was said after it.
    AskId,
    /// Something said in it.
    WordId,
    /// An answer that a group keeps ready.
    ReplyId,
    /// Somebody whose questions a group does not take.
    BlockId,
    /// A question that was reported to the operator.
    ReportId,
    /// A search that tells its person when a new group fits.
    WatchId,
    /// A qualification that a person holds.
    QualificationId,
    /// A kind of qualification that a group made.
    KindId,
    /// That a group has seen a qualification.
    SeenId,
    /// A training of a group.
    TrainingId,
    /// A date of a training.
    SittingId,
    /// Somebody's place in a date of a training.
    EnrolmentId,
    /// A proposal to appoint somebody for safeguarding, or to dismiss them.
    ProposalId,
    /// A safeguarding concern that somebody reported.
    ConcernId,
    /// Something that was decided in the name of a group.
    DecisionId,
    /// That those who operate the instance verified a group, hid it, or took that back.
    MarkId,
    /// What those who run a hidden group say to that.
    AnswerId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Counted;

    #[test]
    fn an_id_is_read_back_as_written_and_in_no_other_form() {
        let id = PersonId::new(Millis(1_700_000_000_000), &Counted::default());
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(text.to_uppercase().parse::<PersonId>(), Err(NotAnId));
        assert_eq!(text.replace('-', "").parse::<PersonId>(), Err(NotAnId));
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let chance = Counted::default();
        let early = PersonId::new(Millis(1_000), &chance).to_string();
        let late = PersonId::new(Millis(1_001), &chance).to_string();
        assert!(early < late);
    }
}
