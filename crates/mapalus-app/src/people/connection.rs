//! Connections: two people who know each other and both say so; who does not want to see whom.

use crate::shell::text;
use mapalus_core::{Millis, PersonId, ReportId};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// How a connection stands.
    pub enum ConnectionState {
        /// One asked, the other one has not answered.
        Asked = "asked",
        /// Both say that they know each other.
        Held = "held",
        /// The other one does not wish it: who asked is not told.
        Declined = "declined",
        /// One of the two ended it, or took the question back.
        Ended = "ended",
    }
}

mapalus_core::words! {
    /// Who may know that one belongs to a group, among the people one knows.
    pub enum KnownTo {
        /// Nobody, but the people of the same group.
        Nobody = "nobody",
        /// All one is connected with.
        Connections = "connections",
    }
}

mapalus_db::text_columns!(ConnectionState, KnownTo);

/// How two people stand to each other, as one of them may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Not at all.
    Nothing,
    /// One asked the other.
    Asked,
    /// The other asked one.
    AskedBy,
    /// They know each other.
    Connected,
    /// One blocked the other.
    Blocked,
    /// They do not get connected here: one of them is a minor, and the other one no guardian of theirs.
    Apart,
}

impl Between {
    /// The word that the API and the message keys use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Asked => "asked",
            Self::AskedBy => "asked-by",
            Self::Connected => "connected",
            Self::Blocked => "blocked",
            Self::Apart => "apart",
        }
    }
}

mapalus_db::record! {
    /// How one person stands to another.
    #[derive(Debug, Clone)]
    pub struct Pair {
        /// Whether the other has a confirmed account, of the same age band.
        pub there: bool,
        /// How the connection stands, if there ever was one.
        pub state: Option<ConnectionState>,
        /// Who asked.
        pub asked_by: Option<PersonId>,
        /// When the other one last declined.
        pub declined_at: Option<Millis>,
        /// Whether one blocked the other.
        pub blocks: bool,
        /// Whether the other blocked one.
        pub blocked: bool,
    }

    /// One of the people with whom one is connected, or who asked, or whom one asked.
    #[derive(Debug, Clone)]
    pub struct Known {
        /// The person.
        pub person_id: PersonId,
        /// Full name.
        pub name: String,
        /// How it stands.
        pub state: ConnectionState,
        /// Who asked.
        pub asked_by: PersonId,
        /// What they wrote.
        pub word: String,
        /// When they asked.
        pub made_at: Millis,
    }

    /// Somebody whom one blocked.
    #[derive(Debug, Clone)]
    pub struct Blocked {
        /// The person.
        pub person_id: PersonId,
        /// Full name.
        pub name: String,
        /// Since when.
        pub made_at: Millis,
    }

    /// A person who was reported to the operator.
    #[derive(Debug, Clone)]
    pub struct PersonReport {
        /// The report.
        pub id: ReportId,
        /// Who is reported.
        pub other_id: PersonId,
        /// Their name.
        pub name: String,
        /// Who reports.
        pub reporter: String,
        /// Why.
        pub reason: String,
        /// When.
        pub made_at: Millis,
    }
}

impl Pair {
    /// How one stands to the other. What the other declined still looks asked.
    pub fn between(&self, own: PersonId) -> Between {
        let by_own = self.asked_by == Some(own);
        match self.state {
            _ if self.blocks => Between::Blocked,
            Some(ConnectionState::Held) => Between::Connected,
            Some(ConnectionState::Asked | ConnectionState::Declined) if by_own => Between::Asked,
            Some(ConnectionState::Asked) => Between::AskedBy,
            _ if !self.there => Between::Apart,
            _ => Between::Nothing,
        }
    }
}

/// What one writes to ask somebody.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectInput {
    /// How one knows the other, at most 200 characters; may be empty.
    #[serde(default)]
    pub word: String,
}

/// Why one reports a person.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonReportInput {
    /// What happened, 10 to 1,000 characters.
    pub reason: String,
}

/// Who may know of one that one belongs to a group.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownToInput {
    /// `nobody` or `connections`.
    pub known_to: String,
}

/// One of the people of one's network over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct KnownView {
    /// The person's id.
    pub person: String,
    /// Full name.
    pub name: String,
    /// `connected`, `asked` (by oneself) or `asked-by` (the other).
    pub state: String,
    /// What was written with it.
    pub word: String,
    /// When it was asked.
    pub made_at: String,
}

impl KnownView {
    /// As one of the two sees it.
    pub fn new(known: &Known, own: PersonId) -> Self {
        let state = match known.state {
            ConnectionState::Held => Between::Connected,
            _ if known.asked_by == own => Between::Asked,
            _ => Between::AskedBy,
        };
        Self {
            person: known.person_id.to_string(),
            name: known.name.clone(),
            state: state.word().to_owned(),
            word: known.word.clone(),
            made_at: text::machine(known.made_at),
        }
    }
}

/// Somebody whom one blocked, over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BlockedPersonView {
    /// The person's id.
    pub person: String,
    /// Full name.
    pub name: String,
    /// Since when.
    pub made_at: String,
}

impl From<&Blocked> for BlockedPersonView {
    fn from(blocked: &Blocked) -> Self {
        Self {
            person: blocked.person_id.to_string(),
            name: blocked.name.clone(),
            made_at: text::machine(blocked.made_at),
        }
    }
}

/// One's network over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NetworkView {
    /// The people one is connected with, who asked, and whom one asked: 500 at most.
    pub items: Vec<KnownView>,
    /// Whom one blocked.
    pub blocked: Vec<BlockedPersonView>,
    /// Who may know that one belongs to a group: `nobody` or `connections`.
    #[schema(value_type = String)]
    pub known_to: KnownTo,
}

/// How one stands to a person, over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BetweenView {
    /// The person's id.
    pub person: String,
    /// `nothing`, `asked`, `asked-by`, `connected`, `blocked` or `apart` (a minor and an adult).
    pub state: String,
}

/// A reported person over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonReportView {
    /// The report's id.
    pub id: String,
    /// Id of the person who is reported.
    pub person: String,
    /// Their name.
    pub name: String,
    /// Who reports.
    pub reporter: String,
    /// Why.
    pub reason: String,
    /// When.
    pub made_at: String,
}

impl From<&PersonReport> for PersonReportView {
    fn from(report: &PersonReport) -> Self {
        Self {
            id: report.id.to_string(),
            person: report.other_id.to_string(),
            name: report.name.clone(),
            reporter: report.reporter.clone(),
            reason: report.reason.clone(),
            made_at: text::machine(report.made_at),
        }
    }
}
