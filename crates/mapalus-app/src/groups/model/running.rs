//! What those who run a group fill in, and what they see of its people.

use super::{Openness, Point, TopicKind};
use crate::shell::text;
use mapalus_core::{GroupVisibility, MembershipState, Millis, Permissions, PersonId, RoleId};
use serde::{Deserialize, Serialize};

/// A group's page as it is filled in again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeInput {
    /// Name, 3 to 80 characters.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Paragraphs.
    #[serde(default)]
    pub about: String,
    /// A rule a line, at most 10.
    #[serde(default)]
    pub rules: String,
    /// Frequent questions, beside [`Self::answer`]; empty ones are passed over.
    #[serde(default)]
    pub ask: Vec<String>,
    /// Their answers.
    #[serde(default)]
    pub answer: Vec<String>,
    /// Occupations, separated by semicolons or lines: for occupational groups.
    #[serde(default)]
    pub occupations: String,
    /// Causes: for volunteer groups.
    #[serde(default)]
    pub causes: Vec<String>,
    /// Regency or town.
    pub area: String,
    /// Districts served, separated by semicolons or lines; all of the regency if empty.
    #[serde(default)]
    pub districts: String,
    /// Its own point, as `1.4748, 124.8421`; none if empty.
    #[serde(default)]
    pub point: String,
    /// How one becomes a member.
    pub sign_up: String,
    /// Who finds it.
    pub visibility: String,
    /// Whether it takes applications now.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub taking: bool,
    /// The version that was read.
    pub version: i64,
}

/// A change of a group over the API: what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeBody {
    /// Name, 3 to 80 characters.
    pub name: Option<String>,
    /// One sentence, 10 to 160 characters.
    pub summary: Option<String>,
    /// Paragraphs, at most 4,000 characters.
    pub about: Option<String>,
    /// Rules, at most 10.
    pub rules: Option<Vec<String>>,
    /// Frequent questions, at most 12.
    pub questions: Option<Vec<QuestionBody>>,
    /// Occupations by code, title or synonym: for occupational groups.
    pub occupations: Option<Vec<String>>,
    /// Keys of causes: for volunteer groups.
    pub causes: Option<Vec<String>>,
    /// Regency or town, by code or name.
    pub area: Option<String>,
    /// Districts served, by code or name; all of the regency if empty.
    pub districts: Option<Vec<String>>,
    /// Latitude and longitude in degrees, as `1.4748, 124.8421`; empty takes the point away.
    pub point: Option<String>,
    /// `application` or `invitation`; an open group stays open.
    pub sign_up: Option<String>,
    /// `public`, `unlisted` or `private`.
    pub visibility: Option<String>,
    /// Whether it takes applications now.
    pub taking: Option<bool>,
}

/// A frequent question over the API.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionBody {
    /// The question.
    pub ask: String,
    /// The answer.
    pub answer: String,
}

/// A changed group, checked.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Its name.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Paragraphs.
    pub about: String,
    /// A rule a line.
    pub rules: String,
    /// Frequent questions.
    pub questions: Vec<(String, String)>,
    /// Occupations, causes, districts.
    pub topics: Vec<(TopicKind, String)>,
    /// The regency or town where it is at home.
    pub area: String,
    /// Its own point in it.
    pub point: Option<Point>,
    /// How one becomes a member.
    pub sign_up: Openness,
    /// Who finds it.
    pub visibility: GroupVisibility,
    /// Whether it takes applications now.
    pub taking: bool,
}

/// A role as it is filled in.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleInput {
    /// Name, 2 to 60 characters.
    pub name: String,
    /// A duty a line, at most 12.
    #[serde(default)]
    pub duties: String,
    /// Keys of the qualifications it asks for, or ids of kinds of the group's own.
    #[serde(default)]
    pub qualifications: Vec<String>,
    /// What it allows: `applications`, `members`, `roles`, `settings`, `path`, `questions`, `qualifications`.
    #[serde(default)]
    pub permissions: Vec<String>,
}

/// The roles that a member is to hold.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolesInput {
    /// Ids of roles of the group.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// Why a member is suspended or excluded.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyInput {
    /// The reason, 5 to 500 characters: the member reads it.
    pub reason: String,
}

/// Whom to invite.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteInput {
    /// A mail address, whether an account has it or not.
    pub mail: String,
}

mapalus_db::record! {
    /// One person of a group, for those who run it.
    #[derive(Debug, Clone)]
    pub struct OneMember {
        /// The person.
        pub person_id: PersonId,
        /// Full name.
        pub name: String,
        /// The state of membership.
        pub state: MembershipState,
        /// Since when the person belongs to it.
        pub since: Millis,
        /// When the state changed.
        pub changed_at: Millis,
        /// Why.
        pub why: String,
        /// Counts the changes of the membership and of its roles.
        pub version: i64,
        /// What the person's roles allow, words with spaces between.
        pub held: Option<String>,
    }

    /// A membership for the download of one's own data.
    pub struct OwnMembership {
        /// Name of the group.
        pub name: String,
        /// Its state.
        pub state: MembershipState,
        /// Since when the person belongs to it.
        pub since: Millis,
        /// When the state changed.
        pub changed_at: Millis,
        /// Why.
        pub why: String,
    }

    /// Who holds a role.
    #[derive(Debug, Clone)]
    pub struct Holder {
        /// The role.
        pub role_id: RoleId,
        /// The person.
        pub person_id: PersonId,
        /// Full name.
        pub name: String,
    }
}

impl OneMember {
    /// What the person's roles allow together.
    pub fn permissions(&self) -> Permissions {
        let words = self.held.as_deref().unwrap_or("").split_whitespace();
        words.filter_map(|word| word.parse().ok()).collect()
    }

    /// Initials for the picture's place.
    pub fn initials(&self) -> String {
        text::initials(&self.name)
    }
}

/// A role with its holders, as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoleWithHolders {
    /// The role's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its duties.
    pub duties: Vec<String>,
    /// Keys of the qualifications it asks for.
    pub qualifications: Vec<String>,
    /// What it allows.
    pub permissions: Vec<String>,
    /// Ids of the people who hold it.
    pub holders: Vec<String>,
    /// Counts its changes: send it as If-Match.
    pub version: i64,
    /// What it asks for and its holders lack.
    pub gaps: Vec<super::rest::GapView>,
}

/// A member as the API shows them to those who run the group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OneMemberView {
    /// The person's id.
    pub person: String,
    /// Full name.
    pub name: String,
    /// The state of membership.
    #[schema(value_type = String)]
    pub state: MembershipState,
    /// Since when, RFC 3339 in UTC.
    pub since: String,
    /// Ids of the roles held.
    pub roles: Vec<String>,
    /// Counts the changes of the membership and of its roles: send it as If-Match.
    pub version: i64,
}
