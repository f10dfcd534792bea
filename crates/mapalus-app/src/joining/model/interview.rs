//! Interviews: the times that a group offers, and which of them an applicant has taken.

use mapalus_core::{ApplicationId, EventId, GroupId, InterviewId, Millis, PersonId, SlotId, StepId};
use serde::Deserialize;

mapalus_core::words! {
    /// How an interview stands.
    pub enum InterviewState {
        /// None of the times suits, or there are none: the applicant asks for more.
        Wanted = "wanted",
        /// A time that was taken was given back, or cancelled.
        Free = "free",
        /// A time is taken.
        Taken = "taken",
        /// The applicant did not come.
        Missed = "missed",
        /// It was held.
        Held = "held",
        /// It was held, and coordinators do not think that the applicant fits.
        Unsuited = "unsuited",
    }
}

mapalus_core::words! {
    /// Whether a time is offered.
    pub enum SlotState {
        /// It is.
        Offered = "offered",
        /// It does not take place.
        Cancelled = "cancelled",
    }
}

mapalus_core::words! {
    /// What coordinators note of an interview.
    pub enum Course {
        /// It was held.
        Held = "held",
        /// It was held, and they do not think that the applicant fits.
        Unsuited = "unsuited",
        /// The applicant did not come.
        Missed = "missed",
    }
}

mapalus_db::text_columns!(InterviewState, SlotState);

mapalus_db::record! {
    /// A time that a group offers.
    #[derive(Debug, Clone)]
    pub struct Slot {
        /// The time.
        pub id: SlotId,
        /// The group.
        pub group_id: GroupId,
        /// The name of the steps at which it may be taken.
        pub step_name: String,
        /// When it begins.
        pub starts_at: Millis,
        /// When it ends.
        pub ends_at: Millis,
        /// The zone of the group's place.
        pub zone: String,
        /// Where it is: a place, or a link.
        pub place: String,
        /// How many may take it.
        pub seats: i64,
        /// How many have.
        pub taken: i64,
        /// Who talks with them.
        pub host_id: PersonId,
        /// Their name; empty if they are gone.
        pub host: String,
        /// Whether it is offered.
        pub state: SlotState,
        /// Why it was cancelled or moved.
        pub reason: String,
        /// Counts its changes.
        pub version: i64,
    }

    /// An applicant's interview, with its time.
    #[derive(Debug, Clone)]
    pub struct Interview {
        /// The interview.
        pub id: InterviewId,
        /// The application.
        pub application_id: ApplicationId,
        /// The step.
        pub step_id: StepId,
        /// Its time.
        pub slot_id: Option<SlotId>,
        /// How it stands.
        pub state: InterviewState,
        /// Counts the versions of the invitation.
        pub sequence: i64,
        /// When it changed last.
        pub changed_at: Millis,
        /// What coordinators noted.
        pub note: String,
        /// Who did; empty if nobody or they are gone.
        pub noter: String,
        /// When.
        pub noted_at: Option<Millis>,
        /// The event that tells of its time.
        pub event_id: Option<EventId>,
        /// Who was told of a time: its host, or the applicant where no host was.
        pub told_to: Option<PersonId>,
        /// When its time begins.
        pub starts_at: Option<Millis>,
        /// When it ends.
        pub ends_at: Option<Millis>,
        /// The zone of the group's place.
        pub zone: String,
        /// Where it is.
        pub place: String,
        /// Who talks with the applicant.
        pub host_id: Option<PersonId>,
        /// Their name.
        pub host: String,
        /// Why its time was moved since it was taken.
        pub reason: String,
    }

    /// Who has taken a time.
    #[derive(Debug, Clone)]
    pub struct Taker {
        /// The time.
        pub slot_id: SlotId,
        /// The interview.
        pub id: InterviewId,
        /// The application.
        pub application_id: ApplicationId,
        /// The applicant's name.
        pub name: String,
        /// How it stands.
        pub state: InterviewState,
        /// Counts the versions of the invitation.
        pub sequence: i64,
    }

    /// An interview of which it is time to remind.
    #[derive(Debug, Clone)]
    pub struct InterviewAlarm {
        /// The interview.
        pub id: InterviewId,
        /// The application.
        pub application_id: ApplicationId,
        /// Counts the versions of the invitation.
        pub sequence: i64,
        /// When its time begins.
        pub starts_at: Millis,
        /// When it ends.
        pub ends_at: Millis,
        /// For when the look was set.
        pub remind_at: Millis,
    }

    /// An interview as a person's own data.
    #[derive(Debug, Clone)]
    pub struct OwnInterview {
        /// The group's name.
        pub group_name: String,
        /// How it stands.
        pub state: InterviewState,
        /// When its time begins.
        pub starts_at: Option<Millis>,
        /// Where it is.
        pub place: String,
        /// What was noted.
        pub note: String,
        /// When it changed last.
        pub changed_at: Millis,
    }
}

impl Slot {
    /// Whether its place is a link.
    pub fn is_link(&self) -> bool {
        is_link(&self.place)
    }
}

/// Whether a place is a link.
pub fn is_link(place: &str) -> bool {
    place.starts_with("https://") && !place.contains(char::is_whitespace)
}

impl Interview {
    /// The time at which it is, if one is taken.
    pub fn at(&self) -> Option<(SlotId, Millis, Millis)> {
        let (slot, (start, end)) = self.slot_id.zip(self.starts_at.zip(self.ends_at))?;
        (self.state == InterviewState::Taken).then_some((slot, start, end))
    }

    /// Whether it is under way: a time is taken, or will be.
    pub const fn open(&self) -> bool {
        matches!(self.state, InterviewState::Wanted | InterviewState::Free | InterviewState::Taken)
    }
}

/// Times as they are offered: so many one after the other.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferInput {
    /// The name of the interview's step.
    pub step: String,
    /// The day, `2026-12-05`.
    pub day: String,
    /// When the first begins, `08:00`, in the zone of the group's place.
    pub time: String,
    /// How many minutes each takes, 5 to 480.
    pub minutes: i64,
    /// How many one after the other, 1 to 20.
    #[serde(default = "one")]
    pub count: i64,
    /// Where: a place, or a link.
    pub place: String,
    /// How many may take each, 1 to 50.
    #[serde(default = "one")]
    pub seats: i64,
    /// The id of the coordinator who talks with the applicants; without it the one who offers.
    #[serde(default)]
    pub host: String,
}

const fn one() -> i64 {
    1
}

/// What becomes of a time.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveInput {
    /// The day, `2026-12-05`.
    pub day: String,
    /// When it begins, `08:00`, in the zone of the group's place.
    pub time: String,
    /// How many minutes it takes, 5 to 480.
    pub minutes: i64,
    /// Where: a place, or a link.
    pub place: String,
    /// How many may take it: not less than have.
    #[serde(default = "one")]
    pub seats: i64,
    /// Why; needed where somebody has taken it, who reads it.
    #[serde(default)]
    pub reason: String,
}

/// Which time an applicant takes.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeInput {
    /// The id of the time.
    #[serde(default)]
    pub slot: String,
}

/// How an interview went.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultInput {
    /// `held`, `unsuited` (held, and the applicant does not fit: it is for the decision) or `missed`.
    #[serde(default)]
    pub result: String,
    /// In words, for those who decide.
    #[serde(default)]
    pub note: String,
}
