//! Trainings, their dates, and who takes part.

use crate::shell::{reference::areas, text::machine};
use mapalus_core::{EnrolmentId, EventId, GroupId, Millis, PersonId, SeenId, SittingId, TrainingId};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// How somebody stands to a date of a training.
    pub enum State {
        /// Has a seat.
        In = "in",
        /// Stands in line for one.
        Waiting = "waiting",
        /// A freed seat is held for them.
        Offered = "offered",
        /// Left, or let the offer pass.
        Left = "left",
        /// Was there.
        Attended = "attended",
        /// Was there and passed.
        Passed = "passed",
        /// Was there and is to repeat it.
        Repeat = "repeat",
        /// Had a seat and was not there.
        Absent = "absent",
    }
}

mapalus_db::text_columns!(State);

impl State {
    /// What one who trains may say of somebody who had a seat.
    pub const OUTCOMES: [Self; 4] = [Self::Attended, Self::Passed, Self::Repeat, Self::Absent];

    /// Whether a seat is held for them.
    pub const fn holds_seat(self) -> bool {
        matches!(self, Self::In | Self::Offered)
    }
}

mapalus_db::record! {
    /// What a group teaches.
    #[derive(Debug, Clone)]
    pub struct Training {
        /// The training.
        pub id: TrainingId,
        /// Whose it is.
        pub group_id: GroupId,
        /// Its title.
        pub title: String,
        /// What it teaches.
        pub teaches: String,
        /// Key of the qualification that who passes holds then; empty for none.
        pub grants: String,
        /// Whether applicants may take part.
        pub for_applicants: bool,
        /// Whether the joining path in use asks for it.
        pub in_path: bool,
        /// Counts its changes.
        pub version: i64,
    }

    /// A date of a training, with how the one who asks stands to it.
    #[derive(Debug, Clone)]
    pub struct Sitting {
        /// The date.
        pub id: SittingId,
        /// Of which training.
        pub training_id: TrainingId,
        /// Its title.
        pub title: String,
        /// Of which group.
        pub group_id: GroupId,
        /// Whether applicants may take part.
        pub for_applicants: bool,
        /// When it begins.
        pub starts_at: Millis,
        /// When it ends.
        pub ends_at: Millis,
        /// Code of the district or regency: its zone is that of the times.
        pub area: String,
        /// Where, in words.
        pub place: String,
        /// Where it is held over the net.
        pub link: String,
        /// How many seats there are; none without a limit.
        pub seats: Option<i64>,
        /// How many are taken.
        pub taken: i64,
        /// How many stand in line.
        pub waiting: i64,
        /// When it was called off.
        pub cancelled_at: Option<Millis>,
        /// By whom.
        pub cancelled_by: Option<PersonId>,
        /// The event that tells of it.
        pub cancel_event: Option<EventId>,
        /// Why.
        pub reason: String,
        /// Counts its changes.
        pub version: i64,
        /// How the one who asks stands to it.
        pub own: Option<State>,
        /// Until when a seat is held for them.
        pub offer_ends_at: Option<Millis>,
        /// A word on how they did.
        pub own_word: Option<String>,
    }

    /// Somebody who takes part, or wants to.
    #[derive(Debug, Clone)]
    pub struct Enrolment {
        /// The enrolment.
        pub id: EnrolmentId,
        /// For which date.
        pub sitting_id: SittingId,
        /// Who.
        pub person_id: PersonId,
        /// Full name; empty if the account is gone.
        pub name: String,
        /// How they stand to it.
        pub state: State,
        /// Since when they stand in line.
        pub since: Millis,
        /// Until when a seat is held for them.
        pub offer_ends_at: Option<Millis>,
        /// A word on how they did.
        pub word: String,
    }

    /// What one took part in.
    #[derive(Debug, Clone)]
    pub struct Own {
        /// For which date.
        pub sitting_id: SittingId,
        /// Of which training.
        pub training_id: TrainingId,
        /// Its title.
        pub title: String,
        /// The group's name.
        pub group_name: String,
        /// Its part of the address.
        pub slug: String,
        /// When it begins.
        pub starts_at: Millis,
        /// Code of the district or regency.
        pub area: String,
        /// When it was called off.
        pub cancelled_at: Option<Millis>,
        /// How one stands to it.
        pub state: State,
        /// A word on how one did.
        pub word: String,
        /// Since when one takes part, or stands in line.
        pub since: Millis,
        /// Until when a seat is held for one.
        pub offer_ends_at: Option<Millis>,
        /// When it was noted how one did, or that one left.
        pub noted_at: Option<Millis>,
    }

    /// A seat that is held for somebody until then.
    #[derive(Debug, Clone)]
    pub struct OfferAlarm {
        /// The enrolment.
        pub id: EnrolmentId,
        /// For which date.
        pub sitting_id: SittingId,
        /// For whom.
        pub person_id: PersonId,
        /// Of which group.
        pub group_id: GroupId,
        /// When the date begins.
        pub starts_at: Millis,
    }

    /// A date of which those who are enrolled are reminded.
    #[derive(Debug, Clone)]
    pub struct SittingAlarm {
        /// The date.
        pub id: SittingId,
        /// Of which group.
        pub group_id: GroupId,
        /// When to look.
        pub remind_at: Millis,
        /// When it begins.
        pub starts_at: Millis,
        /// When it ends.
        pub ends_at: Millis,
    }

    /// What was noted of somebody and can be undone.
    #[derive(Debug, Clone)]
    pub struct Noted {
        /// The enrolment.
        pub id: EnrolmentId,
        /// Whose.
        pub person_id: PersonId,
        /// The event that tells of it.
        pub event_id: Option<EventId>,
        /// What the pass granted.
        pub seen_id: Option<SeenId>,
    }

    /// How somebody stands to a date of a training that was not called off.
    #[derive(Debug, Clone)]
    pub struct Stand {
        /// Who.
        pub person_id: PersonId,
        /// To which training.
        pub training_id: TrainingId,
        /// How they stand to it.
        pub state: State,
        /// When it begins.
        pub starts_at: Millis,
        /// When it ends.
        pub ends_at: Millis,
        /// Until when a seat is held for them.
        pub offer_ends_at: Option<Millis>,
    }
}

impl Sitting {
    /// Whether it goes on as planned and has not begun.
    pub fn is_ahead(&self, now: &Millis) -> bool {
        self.cancelled_at.is_none() && self.starts_at > *now
    }

    /// Whether the one who asks takes part in it, or did.
    pub fn takes_part(&self) -> bool {
        self.own.is_some_and(|own| !matches!(own, State::Left | State::Waiting))
    }

    /// Where it is: the place in words and its district or regency.
    pub fn place_in_words(&self) -> String {
        let area = areas().label(&self.area);
        if self.place.is_empty() { area } else { format!("{}, {area}", self.place) }
    }

    /// Seats that nobody has; none without a limit.
    pub fn free(&self) -> Option<i64> {
        self.seats.map(|seats| (seats - self.taken).max(0))
    }
}

/// A training as it is filled in.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainingInput {
    /// Title, 3 to 80 characters.
    pub title: String,
    /// What it teaches, at most 2,000 characters.
    #[serde(default)]
    pub teaches: String,
    /// Key of the qualification that who passes holds then, or id of a kind of the group's own; may be empty.
    #[serde(default)]
    pub grants: String,
    /// Whether applicants may take part.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub for_applicants: bool,
}

/// A training to be stored, checked.
#[derive(Debug, Clone)]
pub struct NewTraining {
    /// Its title.
    pub title: String,
    /// What it teaches.
    pub teaches: String,
    /// What it grants.
    pub grants: String,
    /// Whether applicants may take part.
    pub for_applicants: bool,
}

/// A date of a training as it is filled in.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SittingInput {
    /// When it begins, as the clock shows it there: `2026-12-05T08:00`.
    pub starts: String,
    /// When it ends.
    pub ends: String,
    /// District or regency, by code or name: its zone is that of the times.
    pub area: String,
    /// Where, in words, at most 160 characters.
    #[serde(default)]
    pub place: String,
    /// Where it is held over the net: an `https` address.
    #[serde(default)]
    pub link: String,
    /// How many seats there are, 1 to 1,000; empty without a limit.
    #[serde(default)]
    pub seats: String,
}

/// A date to be stored, checked.
#[derive(Debug, Clone)]
pub struct NewSitting {
    /// When it begins.
    pub starts_at: Millis,
    /// When it ends.
    pub ends_at: Millis,
    /// Code of the district or regency.
    pub area: String,
    /// Where, in words.
    pub place: String,
    /// Where it is held over the net.
    pub link: String,
    /// How many seats there are; none without a limit.
    pub seats: Option<i64>,
}

/// Why a date is called off.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelInput {
    /// The reason, 5 to 500 characters: those who are enrolled read it.
    #[serde(default)]
    pub reason: String,
}

/// How somebody did.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeInput {
    /// `attended`, `passed`, `repeat` or `absent`.
    #[serde(default)]
    pub outcome: String,
    /// A word on it, at most 500 characters: they read it.
    #[serde(default)]
    pub word: String,
}

/// How all did of whom nothing is noted yet.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomesInput {
    /// `attended`, `passed`, `repeat` or `absent`.
    #[serde(default)]
    pub outcome: String,
}

/// A training as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TrainingView {
    /// The training's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it teaches.
    pub teaches: String,
    /// Key of the qualification that who passes holds then; empty for none.
    pub grants: String,
    /// Whether applicants may take part.
    pub for_applicants: bool,
    /// Whether the joining path in use asks for it: it cannot be ended then.
    pub in_path: bool,
    /// Counts its changes.
    pub version: i64,
}

impl From<&Training> for TrainingView {
    fn from(training: &Training) -> Self {
        Self {
            id: training.id.to_string(),
            title: training.title.clone(),
            teaches: training.teaches.clone(),
            grants: training.grants.clone(),
            for_applicants: training.for_applicants,
            in_path: training.in_path,
            version: training.version,
        }
    }
}

/// A date of a training as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SittingView {
    /// Its id.
    pub id: String,
    /// The training's id.
    pub training: String,
    /// The training's title.
    pub title: String,
    /// When it begins.
    pub starts_at: String,
    /// When it ends.
    pub ends_at: String,
    /// The zone of the place.
    pub zone: String,
    /// Code of the district or regency.
    pub area: String,
    /// Where, in words.
    pub place: String,
    /// Where it is held over the net; for those who take part and those who train.
    pub link: String,
    /// How many seats there are; null without a limit.
    pub seats: Option<i64>,
    /// How many are taken.
    pub taken: i64,
    /// How many stand in line.
    pub waiting: i64,
    /// When it was called off.
    pub cancelled_at: Option<String>,
    /// Why.
    pub reason: String,
    /// How you stand to it: `in`, `waiting`, `offered`, `left`, `attended`, `passed`, `repeat`, `absent` or null.
    #[schema(value_type = Option<String>)]
    pub own: Option<State>,
    /// Until when a seat is held for you.
    pub offer_ends_at: Option<String>,
    /// A word on how you did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// Counts its changes.
    pub version: i64,
}

impl SittingView {
    /// A date as one sees it who trains, or not.
    pub fn new(sitting: &Sitting, runs: bool) -> Self {
        let link = if runs || sitting.takes_part() { sitting.link.clone() } else { String::new() };
        Self {
            id: sitting.id.to_string(),
            training: sitting.training_id.to_string(),
            title: sitting.title.clone(),
            starts_at: machine(sitting.starts_at),
            ends_at: machine(sitting.ends_at),
            zone: crate::shell::reference::Areas::zone(&sitting.area).name().to_owned(),
            area: sitting.area.clone(),
            place: sitting.place.clone(),
            link,
            seats: sitting.seats,
            taken: sitting.taken,
            waiting: sitting.waiting,
            cancelled_at: sitting.cancelled_at.map(machine),
            reason: sitting.reason.clone(),
            own: sitting.own,
            offer_ends_at: sitting.offer_ends_at.map(machine),
            word: sitting.own_word.clone().filter(|word| !word.is_empty()),
            version: sitting.version,
        }
    }
}

/// Somebody who takes part, as the API shows it to those who train.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EnrolmentView {
    /// The enrolment's id.
    pub id: String,
    /// The person's id.
    pub person: String,
    /// Full name.
    pub name: String,
    /// How they stand to it.
    #[schema(value_type = String)]
    pub state: State,
    /// Since when.
    pub since: String,
    /// A word on how they did.
    pub word: String,
}

impl From<&Enrolment> for EnrolmentView {
    fn from(enrolment: &Enrolment) -> Self {
        Self {
            id: enrolment.id.to_string(),
            person: enrolment.person_id.to_string(),
            name: enrolment.name.clone(),
            state: enrolment.state,
            since: machine(enrolment.since),
            word: enrolment.word.clone(),
        }
    }
}

/// What you take part in, as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnTrainingView {
    /// The date's id.
    pub sitting: String,
    /// The training's id.
    pub training: String,
    /// Its title.
    pub title: String,
    /// The group's part of the address.
    pub group: String,
    /// When it begins.
    pub starts_at: String,
    /// When it was called off.
    pub cancelled_at: Option<String>,
    /// How you stand to it.
    #[schema(value_type = String)]
    pub state: State,
    /// A word on how you did.
    pub word: String,
}

impl From<&Own> for OwnTrainingView {
    fn from(own: &Own) -> Self {
        Self {
            sitting: own.sitting_id.to_string(),
            training: own.training_id.to_string(),
            title: own.title.clone(),
            group: own.slug.clone(),
            starts_at: machine(own.starts_at),
            cancelled_at: own.cancelled_at.map(machine),
            state: own.state,
            word: own.word.clone(),
        }
    }
}
