//! Who is appointed, what is proposed, what was reported.

use crate::{people::guardian::Ages, shell::text};
use mapalus_core::{ConcernId, GroupId, Millis, PersonId, ProposalId};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// What is proposed.
    pub enum ProposalKind {
        /// To appoint somebody.
        Appoint = "appoint",
        /// To dismiss somebody.
        Dismiss = "dismiss",
    }
}

mapalus_db::text_columns!(ProposalKind);

mapalus_db::record! {
    /// One of the safeguarding people of a group.
    #[derive(Debug, Clone)]
    pub struct Safeguard {
        /// The person.
        pub person_id: PersonId,
        /// Full name.
        pub name: String,
        /// Since when.
        pub since: Millis,
    }

    /// What somebody proposed.
    #[derive(Debug, Clone)]
    pub struct Proposal {
        /// The proposal.
        pub id: ProposalId,
        /// The group.
        pub group_id: GroupId,
        /// The group's name.
        pub group_name: String,
        /// The group's part of the address.
        pub slug: String,
        /// Who is to be appointed or dismissed.
        pub person_id: PersonId,
        /// Their name.
        pub name: String,
        /// Which of the two.
        pub kind: ProposalKind,
        /// Who proposes it.
        pub proposed_by: PersonId,
        /// Their name.
        pub proposer: String,
        /// When.
        pub made_at: Millis,
        /// The event that tells of it.
        pub event_id: mapalus_core::EventId,
    }

    /// A concern in a list: that it is there.
    #[derive(Debug, Clone)]
    pub struct ConcernLine {
        /// The concern.
        pub id: ConcernId,
        /// When it was reported.
        pub made_at: Millis,
        /// When it was closed.
        pub closed_at: Option<Millis>,
    }

    /// A concern as those read it to whom it was reported.
    #[derive(Debug, Clone)]
    pub struct Concern {
        /// The concern.
        pub id: ConcernId,
        /// Who reports; nobody, once their account was erased.
        pub person_id: Option<PersonId>,
        /// Their name.
        pub name: String,
        /// What was written.
        pub text: String,
        /// When.
        pub made_at: Millis,
        /// When it was closed.
        pub closed_at: Option<Millis>,
        /// Who closed it.
        pub closer: String,
        /// What was done.
        pub outcome: String,
    }

    /// A concern as its reporter's own data.
    #[derive(Debug, Clone)]
    pub struct OwnConcern {
        /// The group's name.
        pub name: String,
        /// What was written.
        pub text: String,
        /// When.
        pub made_at: Millis,
    }
}

/// Which ages a group takes.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgesInput {
    /// The youngest whom it takes: `adult`, `older` (16 and 17) or `younger` (13 to 15).
    pub youngest: String,
    /// Whether it works with children or other vulnerable people.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub vulnerable: bool,
}

/// Whom to appoint or dismiss.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalInput {
    /// The person's id: an active member who is of age.
    #[serde(default)]
    pub person: String,
    /// `appoint` or `dismiss`.
    pub kind: String,
}

/// What one reports.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcernInput {
    /// What happened, or what worries one: 10 to 4,000 characters.
    pub text: String,
    /// Ids of safeguarding people and coordinators whom it is about: they do not read it.
    #[serde(default)]
    pub about: Vec<String>,
}

/// What was done about a concern.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeInput {
    /// What was done, 10 to 2,000 characters.
    pub outcome: String,
}

/// One of the safeguarding people over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SafeguardView {
    /// The person's id.
    pub person: String,
    /// Full name.
    pub name: String,
    /// Since when, RFC 3339 in UTC.
    pub since: String,
}

impl From<&Safeguard> for SafeguardView {
    fn from(of: &Safeguard) -> Self {
        Self { person: of.person_id.to_string(), name: of.name.clone(), since: text::machine(of.since) }
    }
}

/// A proposal over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProposalView {
    /// The proposal's id.
    pub id: String,
    /// The group's name.
    pub group: String,
    /// Id of the person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// `appoint` or `dismiss`.
    #[schema(value_type = String)]
    pub kind: ProposalKind,
    /// Name of who proposes it.
    pub proposed_by: String,
    /// When, RFC 3339 in UTC.
    pub made_at: String,
}

impl From<&Proposal> for ProposalView {
    fn from(of: &Proposal) -> Self {
        Self {
            id: of.id.to_string(),
            group: of.group_name.clone(),
            person: of.person_id.to_string(),
            name: of.name.clone(),
            kind: of.kind,
            proposed_by: of.proposer.clone(),
            made_at: text::machine(of.made_at),
        }
    }
}

/// How a group stands to safeguarding, over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SafeguardingView {
    /// The youngest whom it takes: `adult`, `older` or `younger`.
    #[schema(value_type = String)]
    pub youngest: Ages,
    /// Whether it works with children or other vulnerable people.
    pub vulnerable: bool,
    /// Its safeguarding people.
    pub people: Vec<SafeguardView>,
    /// What waits for another one to confirm it.
    pub proposals: Vec<ProposalView>,
    /// The version of the group: send it as If-Match.
    pub version: i64,
}

/// Proposals over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProposalList {
    /// The proposals, oldest first.
    pub items: Vec<ProposalView>,
    /// Always null: there are a hundred at most.
    pub next: Option<String>,
}

/// A concern in a list, over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConcernLineView {
    /// The concern's id.
    pub id: String,
    /// When it was reported, RFC 3339 in UTC.
    pub made_at: String,
    /// When it was closed.
    pub closed_at: Option<String>,
}

/// Concerns over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConcernList {
    /// The open ones first, of each the newest: 200 at most.
    pub items: Vec<ConcernLineView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

impl From<Vec<ConcernLine>> for ConcernList {
    fn from(lines: Vec<ConcernLine>) -> Self {
        let view = |line: ConcernLine| ConcernLineView {
            id: line.id.to_string(),
            made_at: text::machine(line.made_at),
            closed_at: line.closed_at.map(text::machine),
        };
        Self { items: lines.into_iter().map(view).collect(), next: None }
    }
}

/// A concern over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConcernView {
    /// The concern's id.
    pub id: String,
    /// Name of who reports; empty, once their account was erased.
    pub reporter: String,
    /// What was written.
    pub text: String,
    /// When it was reported, RFC 3339 in UTC.
    pub made_at: String,
    /// When it was closed.
    pub closed_at: Option<String>,
    /// What was done.
    pub outcome: String,
}

impl From<Concern> for ConcernView {
    fn from(of: Concern) -> Self {
        Self {
            id: of.id.to_string(),
            reporter: of.name,
            text: of.text,
            made_at: text::machine(of.made_at),
            closed_at: of.closed_at.map(text::machine),
            outcome: of.outcome,
        }
    }
}
