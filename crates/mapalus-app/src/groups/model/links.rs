//! Links that invite whoever has them, within limits.

use crate::shell::text;
use mapalus_core::{GroupId, LinkId, MembershipState, Millis, PersonId};
use serde::{Deserialize, Serialize};

/// What these links are for: the first part of their path.
pub const INVITE_LINK: &str = "invite";

mapalus_core::words! {
    /// A kind of step that a link may spare. What one promises oneself is never spared.
    pub enum Spared {
        /// Members speak for the applicant: whoever made the link does.
        Vouch = "vouch",
        /// The coordinators decide: whoever made the link is one who may.
        Decision = "decision",
    }
}

/// Several of them, as words with spaces between.
pub fn spared(words: &str) -> Vec<Spared> {
    // Words that a later version wrote are no kinds of this one.
    words.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// The words of several of them.
pub fn words(spares: &[Spared]) -> String {
    spares.iter().map(|spared| spared.word()).collect::<Vec<_>>().join(" ")
}

mapalus_db::record! {
    /// What a group lets its people do with links.
    #[derive(Debug, Clone)]
    pub struct LinkRules {
        /// Whether every active member makes them, not only those who may invite.
        pub by_members: bool,
        /// Kinds of steps that they may spare.
        pub spares: String,
        /// Counts its changes; 0 as long as nobody has said anything.
        pub version: i64,
    }

    /// A link that invites.
    #[derive(Debug, Clone)]
    pub struct InviteLink {
        /// The link.
        pub id: LinkId,
        /// The group.
        pub group_id: GroupId,
        /// Who made it.
        pub made_by: PersonId,
        /// Their name; empty if they are away.
        pub maker: String,
        /// What it is for, in their own words.
        pub note: String,
        /// Kinds of steps that it spares.
        pub spares: String,
        /// How many may come by it.
        pub uses: i64,
        /// How many have.
        pub used: i64,
        /// When it was made.
        pub made_at: Millis,
        /// Until when it holds.
        pub ends_at: Millis,
        /// When it was withdrawn.
        pub withdrawn_at: Option<Millis>,
    }

    /// Somebody who came by a link.
    #[derive(Debug, Clone)]
    pub struct Taker {
        /// By which.
        pub link_id: LinkId,
        /// Who.
        pub person_id: PersonId,
        /// Full name.
        pub name: String,
        /// When.
        pub taken_at: Millis,
        /// How they stand to the group now.
        pub state: Option<MembershipState>,
    }

    /// A link for the download of one's own data: made by oneself, or followed.
    pub struct OwnLink {
        /// Name of the group.
        pub name: String,
        /// What it is for.
        pub note: String,
        /// When it was made or followed.
        pub at: Millis,
    }
}

impl LinkRules {
    /// Of a group that has said nothing.
    pub fn none() -> Self {
        Self { by_members: false, spares: String::new(), version: 0 }
    }
}

impl InviteLink {
    /// What has become of it: `open`, `withdrawn`, `over`, `used-up`.
    pub fn state(&self, now: Millis) -> &'static str {
        match () {
            () if self.withdrawn_at.is_some() => "withdrawn",
            () if self.ends_at <= now => "over",
            () if self.used >= self.uses => "used-up",
            () => "open",
        }
    }
}

/// What one fills in to make a link.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    /// What it is for, at most 80 characters.
    #[serde(default)]
    pub note: String,
    /// How many may come by it: 1 to 500.
    pub uses: i64,
    /// For how many days it holds: 1 to 90.
    pub days: i64,
    /// Kinds of steps that it spares, of those that the group allows: `vouch`, `decision`.
    #[serde(default)]
    pub spares: Vec<String>,
}

/// A new link, checked.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// What it is for.
    pub note: String,
    /// How many may come by it.
    pub uses: i64,
    /// For how many days it holds.
    pub days: i64,
    /// What it spares.
    pub spares: Vec<Spared>,
}

/// What a group lets its people do with links, as it is filled in.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRulesInput {
    /// Whether every active member makes links, not only those who may invite.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub by_members: bool,
    /// Kinds of steps that links may spare: `vouch`, `decision`.
    #[serde(default)]
    pub spares: Vec<String>,
    /// The version that was read; over the API in If-Match.
    #[serde(default)]
    #[schema(ignore)]
    pub version: Option<i64>,
}

/// What a group lets its people do with links, over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LinkRulesView {
    /// Whether every active member makes links.
    pub by_members: bool,
    /// Kinds of steps that links may spare.
    #[schema(value_type = Vec<String>)]
    pub spares: Vec<Spared>,
    /// Counts its changes.
    pub version: i64,
}

impl From<LinkRules> for LinkRulesView {
    fn from(rules: LinkRules) -> Self {
        Self { by_members: rules.by_members, spares: spared(&rules.spares), version: rules.version }
    }
}

/// A link over the API, for those who may hand it on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LinkView {
    /// The link's id.
    pub id: String,
    /// The address to hand on: whoever has it may use it.
    pub url: String,
    /// What it is for.
    pub note: String,
    /// `open`, `withdrawn`, `over` or `used-up`.
    pub state: String,
    /// How many may come by it.
    pub uses: i64,
    /// How many have.
    pub used: i64,
    /// Kinds of steps that it spares.
    #[schema(value_type = Vec<String>)]
    pub spares: Vec<Spared>,
    /// Id of the person who made it.
    pub made_by: String,
    /// When it was made.
    pub made_at: String,
    /// Until when it holds.
    pub ends_at: String,
    /// Who came by it, latest first: the latest 500 of the group's links.
    pub takers: Vec<TakerView>,
}

/// Somebody who came by a link.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TakerView {
    /// The person's id.
    pub person: String,
    /// Full name.
    pub name: String,
    /// When.
    pub taken_at: String,
    /// How they stand to the group now; none if not at all.
    #[schema(value_type = Option<String>)]
    pub state: Option<MembershipState>,
}

impl From<&Taker> for TakerView {
    fn from(taker: &Taker) -> Self {
        Self {
            person: taker.person_id.to_string(),
            name: taker.name.clone(),
            taken_at: text::machine(taker.taken_at),
            state: taker.state,
        }
    }
}

impl LinkView {
    /// A link with its address and those who came by it.
    pub fn new(link: InviteLink, url: String, takers: &[Taker], now: Millis) -> Self {
        let of_it = takers.iter().filter(|taker| taker.link_id == link.id);
        Self {
            takers: of_it.map(TakerView::from).collect(),
            id: link.id.to_string(),
            url,
            state: link.state(now).to_owned(),
            uses: link.uses,
            used: link.used,
            spares: spared(&link.spares),
            made_by: link.made_by.to_string(),
            made_at: text::machine(link.made_at),
            ends_at: text::machine(link.ends_at),
            note: link.note,
        }
    }
}
