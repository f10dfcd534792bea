//! What a group is made of, valid by construction.

mod changes;
pub mod decisions;
mod doors;
mod drafts;
mod links;
pub mod marks;
mod point;
pub mod rest;
mod running;
mod watches;

pub use changes::{
    Change, ChangeKind, ChangedRole, INVITATION_LINK, Invitation, InvitationState, InvitationView, InvitedTo,
    OwnInvitation, Stands,
};
pub use doors::DoorWatch;
pub use drafts::{Draft, DraftEnd, DraftInput, DraftText, DraftView};
pub use links::{
    INVITE_LINK, InviteLink, LinkInput, LinkRules, LinkRulesInput, LinkRulesView, LinkView, NewLink, OwnLink,
    Spared, Taker, spared, words,
};
pub use point::Point;
pub use running::{
    ChangeBody, ChangeInput, Changed, Holder, InviteInput, OneMember, OneMemberView, OwnMembership,
    QuestionBody, RoleInput, RoleWithHolders, RolesInput, WhyInput,
};

pub use watches::{Looked, Watch, WatchFind};

use crate::people::guardian::Ages;
use crate::qualifications::model::Known;
use crate::shell::{
    Lang,
    forms::{self, Wrong},
    reference::{self, areas, occupations},
    text,
};
use mapalus_core::{
    GroupId, GroupVisibility, MembershipState, Millis, Permissions, PersonId, RoleId, access::GroupStanding,
};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// The kind of a group.
    pub enum GroupKind {
        /// People of one profession.
        Occupational = "occupational",
        /// People of one cause.
        Volunteer = "volunteer",
    }
}

mapalus_core::words! {
    /// How one becomes a member.
    pub enum Openness {
        /// Whoever walks the joining path is a member.
        Open = "open",
        /// Coordinators decide.
        Application = "application",
        /// Only who is invited.
        Invitation = "invitation",
    }
}

mapalus_core::words! {
    /// What a group is about.
    pub enum TopicKind {
        /// An occupation group of ISCO-08.
        Occupation = "occupation",
        /// A cause.
        Cause = "cause",
        /// A district it serves.
        District = "district",
    }
}

mapalus_db::text_columns!(GroupKind, Openness, TopicKind);

mapalus_db::record! {
    /// A group with how one person stands to it.
    #[derive(Debug, Clone)]
    pub struct Group {
        /// The group.
        pub id: GroupId,
        /// Its part of the address.
        pub slug: String,
        /// Its kind.
        pub kind: GroupKind,
        /// Its name.
        pub name: String,
        /// One sentence.
        pub summary: String,
        /// Paragraphs.
        pub about: String,
        /// A rule a line.
        pub rules: String,
        /// The language in which its people write.
        pub lang: Lang,
        /// How one becomes a member.
        pub sign_up: Openness,
        /// Who finds it.
        pub visibility: GroupVisibility,
        /// Code of the regency or town where it is at home.
        pub area: String,
        /// Degrees north of its point, if it set one.
        pub latitude: Option<f64>,
        /// Degrees east of it.
        pub longitude: Option<f64>,
        /// Whether it takes applications now.
        pub taking: bool,
        /// The youngest whom it takes.
        pub youngest: Ages,
        /// Whether it works with children or other vulnerable people.
        pub vulnerable: bool,
        /// When it was opened.
        pub made_at: Millis,
        /// Counts its changes.
        pub version: i64,
        /// Active members.
        pub members: i64,
        /// The state of the one who asks.
        pub membership: Option<MembershipState>,
        /// The permissions of the one who asks, words with spaces between.
        pub held: Option<String>,
        /// When it was closed for good.
        pub ended_at: Option<Millis>,
        /// Who closed it.
        pub ended_by: Option<PersonId>,
        /// Since when those who operate the instance verified it.
        pub verified_at: Option<Millis>,
        /// What they made sure of.
        pub verified_why: Option<String>,
        /// Since when they hide it.
        pub hidden_at: Option<Millis>,
        /// Why.
        pub hidden_why: Option<String>,
    }

    /// A group to which two people belong.
    #[derive(Debug, Clone)]
    pub struct Shared {
        /// Its part of the address.
        pub slug: String,
        /// Its name.
        pub name: String,
        /// The language in which its people write.
        pub lang: Lang,
        /// Names of the roles that the other one holds there, a line each.
        pub roles: Option<String>,
    }

    /// A group in a list.
    #[derive(Debug, Clone)]
    pub struct Card {
        /// The group.
        pub id: GroupId,
        /// Its part of the address.
        pub slug: String,
        /// Its kind.
        pub kind: GroupKind,
        /// Its name.
        pub name: String,
        /// Its name, folded: the order of lists.
        pub name_folded: String,
        /// One sentence.
        pub summary: String,
        /// The language in which its people write.
        pub lang: Lang,
        /// Code of the regency or town where it is at home.
        pub area: String,
        /// Degrees north of its point, if it set one.
        pub latitude: Option<f64>,
        /// Degrees east of it.
        pub longitude: Option<f64>,
        /// Whether it takes applications now.
        pub taking: bool,
        /// The youngest whom it takes.
        pub youngest: Ages,
        /// How one becomes a member.
        pub sign_up: Openness,
        /// Active members.
        pub members: i64,
        /// The state of the one who asks, where the list is theirs.
        pub membership: Option<MembershipState>,
        /// Who runs it: of several the one who may do most, and has belonged to it longest.
        pub runs_it: Option<String>,
        /// Since when those who operate the instance verified it.
        pub verified_at: Option<Millis>,
    }

    /// Somebody whom one knows in a group.
    #[derive(Debug, Clone)]
    pub struct KnownIn {
        /// The group.
        pub group_id: GroupId,
        /// The person.
        pub person_id: PersonId,
        /// Full name.
        pub name: String,
    }

    /// A public group that was opened lately.
    #[derive(Debug, Clone)]
    pub struct Fresh {
        /// The group.
        pub id: GroupId,
        /// Its part of the address.
        pub slug: String,
        /// Its kind.
        pub kind: GroupKind,
        /// Its name.
        pub name: String,
        /// What it does, in a sentence.
        pub summary: String,
        /// The language in which it is written.
        pub lang: Lang,
        /// The code of its regency or town.
        pub area: String,
        /// When it was opened.
        pub made_at: Millis,
    }

    /// A short part of a group's page.
    #[derive(Debug, Clone)]
    pub struct Part {
        /// Kind of topic, `question` or `role`.
        pub part: String,
        /// Code of the topic; the question; the role's name.
        pub first: String,
        /// The answer; the duties.
        pub second: String,
        /// The qualifications.
        pub third: String,
        /// What the role allows.
        pub fourth: String,
        /// The role.
        pub fifth: String,
        /// The version of the role.
        pub version: i64,
    }

    /// A role of a group.
    #[derive(Debug, Clone)]
    pub struct RoleRow {
        /// The role.
        pub id: RoleId,
        /// Its name.
        pub name: String,
        /// A duty a line.
        pub duties: String,
        /// Keys of the qualifications it asks for, with spaces between.
        pub qualifications: String,
        /// What it allows.
        pub permissions: Permissions,
        /// Counts its changes.
        pub version: i64,
    }

    /// A member in a list.
    #[derive(Debug, Clone)]
    pub struct Member {
        /// The person.
        pub person_id: PersonId,
        /// Full name.
        pub name: String,
        /// The state of membership.
        pub state: MembershipState,
        /// Since when.
        pub since: Millis,
        /// Names of the roles held, a line each.
        pub roles: Option<String>,
    }
}

/// What a group is about.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Of which kind.
    pub topic: TopicKind,
    /// Its code or key.
    pub code: String,
}

/// A frequent question.
#[derive(Debug, Clone)]
pub struct Question {
    /// The question.
    pub ask: String,
    /// The answer.
    pub answer: String,
}

impl Group {
    /// How the one who asks stands to the group. Nobody runs one that is closed; one that is hidden is its own people's.
    pub fn standing(&self) -> GroupStanding {
        let held = self.held.as_deref().filter(|_| self.ended_at.is_none());
        // Words that a later version wrote are no permissions of this one.
        let words = held.unwrap_or("").split_whitespace();
        let hidden = self.hidden_at.is_some();
        GroupStanding {
            id: self.id,
            visibility: if hidden { GroupVisibility::Private } else { self.visibility },
            membership: self.membership,
            permissions: words.filter_map(|word| word.parse().ok()).collect(),
        }
    }

    /// Whether everybody may find it.
    pub fn is_public(&self) -> bool {
        self.standing().visibility == GroupVisibility::Public
    }

    /// Whether nobody but its own people may know of it.
    pub fn is_private(&self) -> bool {
        self.standing().visibility == GroupVisibility::Private
    }

    /// The path of its page.
    pub fn path(&self) -> String {
        format!("/groups/{}", self.slug)
    }

    /// Its own point.
    pub fn point(&self) -> Option<Point> {
        Point::of(self.latitude, self.longitude)
    }
}

impl Card {
    /// Its own point.
    pub fn point(&self) -> Option<Point> {
        Point::of(self.latitude, self.longitude)
    }

    /// The path of its page.
    pub fn path(&self) -> String {
        format!("/groups/{}", self.slug)
    }

    /// Where it is at home.
    pub fn place(&self) -> String {
        areas().label(&self.area)
    }
}

impl Member {
    /// Initials for the picture's place.
    pub fn initials(&self) -> String {
        text::initials(&self.name)
    }

    /// The roles held.
    pub fn roles(&self) -> Vec<&str> {
        self.roles.as_deref().unwrap_or("").lines().collect()
    }
}

impl RoleRow {
    /// The duties.
    pub fn duties(&self) -> Vec<&str> {
        self.duties.lines().collect()
    }

    /// The names of the qualifications that it asks for, in a language.
    pub fn qualifications(&self, known: &Known, lang: Lang) -> Vec<String> {
        self.qualifications.split_whitespace().filter_map(|key| known.name(key, lang)).collect()
    }
}

impl Topic {
    /// What it is in a language.
    pub fn label(&self, lang: Lang) -> String {
        match self.topic {
            TopicKind::Occupation => {
                occupations().get(&self.code).map_or_else(|| self.code.clone(), |o| o.name(lang).to_owned())
            }
            TopicKind::Cause => reference::causes::get(&self.code)
                .map_or_else(|| self.code.clone(), |c| c.name(lang).to_owned()),
            TopicKind::District => areas().label(&self.code),
        }
    }
}

/// What one fills in to open a group.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenInput {
    /// Key of a template; empty for a blank group.
    #[serde(default)]
    pub template: String,
    /// `occupational` or `volunteer`; taken from the template if there is one.
    #[serde(default)]
    pub kind: String,
    /// Name, 3 to 80 characters.
    pub name: String,
    /// One sentence, at most 160 characters.
    pub summary: String,
    /// Paragraphs, at most 4,000 characters; the template's if left out.
    #[serde(default)]
    pub about: String,
    /// Occupation by code, name, title or synonym: for occupational groups without a template.
    #[serde(default)]
    pub occupation: String,
    /// Keys of causes: for volunteer groups without a template.
    #[serde(default)]
    pub causes: Vec<String>,
    /// Regency or town, by code or name.
    pub area: String,
    /// Districts served, by code or name; all of the regency if empty. In one text lines or semicolons set them apart.
    #[serde(default)]
    pub districts: Vec<String>,
    /// Latitude and longitude in degrees, as `1.4748, 124.8421`; empty for no point of its own.
    #[serde(default)]
    pub point: String,
    /// `open`, `application` or `invitation`.
    pub sign_up: String,
    /// `public`, `unlisted` or `private`.
    pub visibility: String,
}

/// A new group, checked.
#[derive(Debug, Clone)]
pub struct NewGroup {
    /// Key of the template.
    pub template: Option<&'static str>,
    /// Its kind.
    pub kind: GroupKind,
    /// Its name.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Paragraphs.
    pub about: String,
    /// Rules.
    pub rules: Vec<String>,
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
    /// The language in which its people write.
    pub lang: Lang,
    /// Its roles; the first one with every permission is the founder's.
    pub roles: Vec<NewRole>,
}

/// A role of a new group.
#[derive(Debug, Clone)]
pub struct NewRole {
    /// Key in the template, if it comes from one.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its duties.
    pub duties: Vec<String>,
    /// Keys of the qualifications it asks for.
    pub qualifications: Vec<String>,
    /// What it allows.
    pub permissions: Permissions,
}

/// A group's name.
///
/// # Errors
/// If it is shorter than 3 or longer than 80 characters, or holds a link.
pub fn name(text: &str) -> Result<String, Wrong> {
    let name = forms::line(text, 3, 80)?;
    if name.contains("://") { Err(Wrong::plain("groups-wrong-name")) } else { Ok(name) }
}

/// A group as the API shows it in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CardView {
    /// The group's id.
    pub id: String,
    /// Its part of the address.
    pub slug: String,
    /// `occupational` or `volunteer`.
    #[schema(value_type = String)]
    pub kind: GroupKind,
    /// Its name.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// The language in which its people write.
    #[schema(value_type = String)]
    pub language: Lang,
    /// Code of the regency or town where it is at home.
    pub area: String,
    /// The same in words.
    pub place: String,
    /// Whether it takes applications now.
    pub taking: bool,
    /// From which age it takes people: 13, 16 or 18. Under 18 a guardian agrees.
    pub from_age: i64,
    /// `open`, `application` or `invitation`.
    #[schema(value_type = String)]
    pub sign_up: Openness,
    /// Active members.
    pub members: i64,
    /// Name of one who runs it.
    pub coordinator: Option<String>,
    /// Since when those who operate the instance verified it, RFC 3339 in UTC.
    pub verified_at: Option<String>,
}

impl From<Card> for CardView {
    fn from(card: Card) -> Self {
        Self {
            place: card.place(),
            id: card.id.to_string(),
            slug: card.slug,
            kind: card.kind,
            name: card.name,
            summary: card.summary,
            language: card.lang,
            area: card.area,
            taking: card.taking,
            from_age: card.youngest.from(),
            sign_up: card.sign_up,
            members: card.members,
            coordinator: card.runs_it,
            verified_at: card.verified_at.map(text::machine),
        }
    }
}

/// A member as the API shows them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MemberView {
    /// The person's id.
    pub person: String,
    /// Full name.
    pub name: String,
    /// The state of membership.
    #[schema(value_type = String)]
    pub state: MembershipState,
    /// Since when, RFC 3339 in UTC.
    pub since: String,
    /// Names of the roles held.
    pub roles: Vec<String>,
    /// What these roles ask for and the member lacks.
    pub gaps: Vec<rest::GapView>,
    /// Skills, as far as the member shows them to the group.
    pub skills: Vec<String>,
}

impl MemberView {
    /// A member with what their roles lack, and what they can do.
    pub fn of(member: Member, gaps: &[rest::Gap], skills: &[(PersonId, Vec<String>)]) -> Self {
        let can = skills.iter().find(|(person, _)| *person == member.person_id);
        let own = gaps.iter().filter(|gap| gap.person_id == member.person_id);
        Self {
            gaps: own.map(rest::GapView::from).collect(),
            skills: can.map(|(_, skills)| skills.clone()).unwrap_or_default(),
            person: member.person_id.to_string(),
            roles: member.roles().into_iter().map(str::to_owned).collect(),
            name: member.name,
            state: member.state,
            since: text::machine(member.since),
        }
    }
}
