//! What those who operate the instance say of a group, and what those who run it answer.

use super::GroupKind;
use crate::shell::{Lang, text};
use mapalus_core::{AnswerId, EventId, GroupId, GroupVisibility, MarkId, Millis, PersonId};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// What was said of a group.
    pub enum Mark {
        /// It is what it says.
        Verified = "verified",
        /// That holds no longer.
        Unverified = "unverified",
        /// It is there for its own people alone.
        Hidden = "hidden",
        /// It is shown again.
        Shown = "shown",
    }
}

mapalus_core::words! {
    /// Which groups are listed.
    pub enum Listed {
        /// Those that are hidden.
        Hidden = "hidden",
        /// Those that are verified.
        Verified = "verified",
    }
}

mapalus_db::text_columns!(Mark);

mapalus_db::record! {
    /// A group as those who operate the instance see it: that it is there.
    #[derive(Debug, Clone)]
    pub struct ListedGroup {
        /// The group.
        pub id: GroupId,
        /// Its part of the address.
        pub slug: String,
        /// Its kind.
        pub kind: GroupKind,
        /// Its name.
        pub name: String,
        /// Its name, folded: the order of the list.
        pub name_folded: String,
        /// The language in which its people write.
        pub lang: Lang,
        /// Code of the regency or town where it is at home.
        pub area: String,
        /// Who finds it, as it chose.
        pub visibility: GroupVisibility,
        /// When it was opened.
        pub made_at: Millis,
        /// Active members.
        pub members: i64,
        /// When it was closed for good.
        pub ended_at: Option<Millis>,
        /// Since when it is verified.
        pub verified_at: Option<Millis>,
        /// What was made sure of.
        pub verified_why: Option<String>,
        /// Since when it is hidden.
        pub hidden_at: Option<Millis>,
        /// Why.
        pub hidden_why: Option<String>,
    }

    /// Something that was said of a group.
    #[derive(Debug, Clone)]
    pub struct GroupMark {
        /// It.
        pub id: MarkId,
        /// What was said.
        pub mark: Mark,
        /// Why.
        pub reason: String,
        /// When.
        pub at: Millis,
        /// Who said it.
        pub by_id: Option<PersonId>,
        /// The event that tells of it.
        pub event_id: EventId,
        /// Their name, if they have an account still.
        pub by_name: String,
    }

    /// What somebody who runs a hidden group said to that.
    #[derive(Debug, Clone)]
    pub struct HidingAnswer {
        /// It.
        pub id: AnswerId,
        /// Name of who said it, if they have an account still.
        pub name: String,
        /// What they said.
        pub text: String,
        /// When.
        pub at: Millis,
    }
}

impl ListedGroup {
    /// What can be said of it now.
    pub fn possible(&self) -> [Mark; 2] {
        let verified = if self.verified_at.is_some() { Mark::Unverified } else { Mark::Verified };
        [verified, if self.hidden_at.is_some() { Mark::Shown } else { Mark::Hidden }]
    }
}

/// What is to be said of a group, and why.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkInput {
    /// `verified`, `unverified`, `hidden` or `shown`.
    pub mark: String,
    /// One sentence, 5 to 200 characters: whoever sees the group reads it; of a hidden one its own people.
    pub reason: String,
}

/// What those who run a hidden group say to that.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerInput {
    /// 5 to 2,000 characters.
    pub text: String,
}

/// That a group is verified, or hidden, over the API.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SinceView {
    /// Since when, RFC 3339 in UTC.
    pub since: String,
    /// Why.
    pub reason: String,
}

impl SinceView {
    /// Since when and why, if it is so.
    pub fn of(at: Option<Millis>, why: Option<&str>) -> Option<Self> {
        at.map(|at| Self { since: text::machine(at), reason: why.unwrap_or("").to_owned() })
    }
}

/// A group as the API shows it to those who operate the instance.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ListedGroupView {
    /// The group's id.
    pub id: String,
    /// Its part of the address.
    pub slug: String,
    /// `occupational` or `volunteer`.
    #[schema(value_type = String)]
    pub kind: GroupKind,
    /// Its name.
    pub name: String,
    /// Code of the regency or town where it is at home.
    pub area: String,
    /// `public`, `unlisted` or `private`: as it chose.
    #[schema(value_type = String)]
    pub visibility: GroupVisibility,
    /// When it was opened.
    pub made_at: String,
    /// When it was closed for good.
    pub ended_at: Option<String>,
    /// Active members.
    pub members: i64,
    /// Whether it is verified.
    pub verified: Option<SinceView>,
    /// Whether it is hidden.
    pub hidden: Option<SinceView>,
}

impl From<&ListedGroup> for ListedGroupView {
    fn from(group: &ListedGroup) -> Self {
        Self {
            id: group.id.to_string(),
            slug: group.slug.clone(),
            kind: group.kind,
            name: group.name.clone(),
            area: group.area.clone(),
            visibility: group.visibility,
            made_at: text::machine(group.made_at),
            ended_at: group.ended_at.map(text::machine),
            members: group.members,
            verified: SinceView::of(group.verified_at, group.verified_why.as_deref()),
            hidden: SinceView::of(group.hidden_at, group.hidden_why.as_deref()),
        }
    }
}

/// Something that was said of a group, over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MarkView {
    /// `verified`, `unverified`, `hidden` or `shown`.
    #[schema(value_type = String)]
    pub mark: Mark,
    /// Why.
    pub reason: String,
    /// When, RFC 3339 in UTC.
    pub made_at: String,
    /// Name of who said it.
    pub by: String,
}

impl From<&GroupMark> for MarkView {
    fn from(mark: &GroupMark) -> Self {
        let (made_at, by) = (text::machine(mark.at), mark.by_name.clone());
        Self { mark: mark.mark, reason: mark.reason.clone(), made_at, by }
    }
}

/// What those who run a hidden group said, over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AnswerView {
    /// Name of who said it.
    pub name: String,
    /// What they said.
    pub text: String,
    /// When, RFC 3339 in UTC.
    pub made_at: String,
}

impl From<&HidingAnswer> for AnswerView {
    fn from(answer: &HidingAnswer) -> Self {
        Self { name: answer.name.clone(), text: answer.text.clone(), made_at: text::machine(answer.at) }
    }
}
