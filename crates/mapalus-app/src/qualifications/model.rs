//! What people hold, what groups have seen of it, and the kinds that groups made.

use super::kinds;
use crate::{
    people::profile::Audience,
    shell::{Day, Lang, text::machine},
};
use mapalus_core::{EventId, GroupId, KindId, Millis, PersonId, QualificationId, SeenId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

mapalus_db::record! {
    /// A kind that a group made.
    #[derive(Debug, Clone)]
    pub struct OwnKind {
        /// The kind.
        pub id: KindId,
        /// Whose it is.
        pub group_id: GroupId,
        /// Its name.
        pub name: String,
        /// Who issues it, in words.
        pub issuer: String,
        /// Months from the date of issue during which it holds; 0 for life.
        pub months: i64,
        /// What renews it.
        pub renewed_by: String,
        /// Whether it says something of a person's past, for those alone who check.
        pub clearance: bool,
        /// When the group ceased to offer it.
        pub retired_at: Option<Millis>,
        /// Counts its changes.
        pub version: i64,
    }

    /// A qualification that a person holds.
    #[derive(Debug, Clone)]
    pub struct Held {
        /// The qualification.
        pub id: QualificationId,
        /// Who holds it.
        pub person_id: PersonId,
        /// Key of a kind of the instance, or id of a group's own.
        pub kind: String,
        /// The name of a group's own kind.
        pub kind_name: Option<String>,
        /// Whether a group's own kind is for those alone who check.
        pub kind_clearance: Option<bool>,
        /// Whether its holder stated it, or a group alone recorded it.
        pub stated: bool,
        /// Its number: for its holder and those who check.
        pub number: String,
        /// Who issued it.
        pub issuer: String,
        /// When it was issued.
        pub issued_on: Option<Day>,
        /// The last day on which it holds; none for life.
        pub valid_until: Option<Day>,
        /// To whom it is shown.
        pub audience: Audience,
        /// Counts its changes.
        pub version: i64,
    }

    /// That a group has seen a qualification.
    #[derive(Debug, Clone)]
    pub struct Sight {
        /// Its id.
        pub id: SeenId,
        /// The qualification.
        pub qualification_id: QualificationId,
        /// The group.
        pub group_id: GroupId,
        /// The group's name when it saw it.
        pub group_name: String,
        /// The last day on which it holds; none for life.
        pub valid_until: Option<Day>,
        /// When it was seen.
        pub seen_at: Millis,
        /// By whom.
        pub seen_by: Option<PersonId>,
        /// Their name; empty if the account is gone.
        pub seer: String,
        /// The event that tells of it, or of its end.
        pub event_id: Option<EventId>,
        /// When it was taken back or seen anew.
        pub ended_at: Option<Millis>,
        /// By whom.
        pub ended_by: Option<PersonId>,
        /// Why it was taken back.
        pub reason: String,
        /// The one before, which it took the place of.
        pub replaces: Option<SeenId>,
    }

    /// What a group has seen of a person, in short.
    #[derive(Debug, Clone)]
    pub struct Glance {
        /// The person.
        pub person_id: PersonId,
        /// Of which kind.
        pub kind: String,
        /// The last day on which it holds; none for life.
        pub valid_until: Option<Day>,
        /// When it was taken back or seen anew.
        pub ended_at: Option<Millis>,
    }

    /// A qualification whose holder may have to be told of its end.
    #[derive(Debug, Clone)]
    pub struct EndAlarm {
        /// The qualification.
        pub id: QualificationId,
        /// Who holds it.
        pub person_id: PersonId,
        /// When to look.
        pub remind_at: Millis,
    }
}

impl Held {
    /// The name of its kind.
    pub fn name(&self, lang: Lang) -> String {
        self.kind_name
            .clone()
            .unwrap_or_else(|| kinds::name(&self.kind, lang).unwrap_or(&self.kind).to_owned())
    }

    /// Whether it is for those alone who check.
    pub fn is_clearance(&self) -> bool {
        self.kind_clearance.unwrap_or_else(|| kinds::get(&self.kind).is_some_and(|kind| kind.clearance))
    }

    /// What renews it, where the kind is the instance's.
    pub fn renewed_by(&self, lang: Lang) -> &'static str {
        kinds::get(&self.kind).map_or("", |kind| kind.renewed_by.get(lang))
    }

    /// The path of its page.
    pub fn path(&self) -> String {
        format!("/me/qualifications/{}", self.id)
    }

    /// Whether its last day is over.
    pub fn over(&self, now: &Millis) -> bool {
        self.valid_until.is_some_and(|until| until < Day::of(*now))
    }
}

impl Sight {
    /// Whether it counts: not taken back, and its last day not over.
    pub fn counts(&self, now: &Millis) -> bool {
        self.ended_at.is_none() && self.valid_until.is_none_or(|until| until >= Day::of(*now))
    }
}

/// The kinds that a group knows: those of the instance and its own.
#[derive(Debug, Clone, Default)]
pub struct Known(HashMap<String, (String, bool)>);

impl Known {
    /// Those of the instance and these.
    pub fn with(own: &[OwnKind]) -> Self {
        Self(own.iter().map(|kind| (kind.id.to_string(), (kind.name.clone(), kind.clearance))).collect())
    }

    /// Adds a kind of the group's own.
    pub fn add(&mut self, id: String, name: String, clearance: bool) {
        self.0.insert(id, (name, clearance));
    }

    /// The name of a kind, if it is known.
    pub fn name(&self, key: &str, lang: Lang) -> Option<String> {
        let own = self.0.get(key).map(|(name, _)| name.clone());
        own.or_else(|| kinds::name(key, lang).map(str::to_owned))
    }

    /// Whether a kind is for those alone who check.
    pub fn is_clearance(&self, key: &str) -> bool {
        self.0.get(key).map_or_else(|| kinds::get(key).is_some_and(|kind| kind.clearance), |(_, own)| *own)
    }
}

/// What others are shown of a qualification.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ShownView {
    /// Key of its kind, or id of a group's own.
    pub kind: String,
    /// The name of the kind.
    pub name: String,
    /// The last day on which it holds, as its holder states it; null for life.
    pub valid_until: Option<String>,
}

impl ShownView {
    /// What others are shown of one.
    pub fn of(held: &Held, lang: Lang) -> Self {
        let valid_until = held.valid_until.map(|day| day.to_string());
        Self { kind: held.kind.clone(), name: held.name(lang), valid_until }
    }
}

/// What one fills in of a qualification that one holds.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualificationInput {
    /// Key of a kind of the instance, or id of a group's own. It stays as it is when a qualification is corrected.
    #[serde(default)]
    pub kind: String,
    /// Its number, at most 60 characters: seen by those alone who check.
    #[serde(default)]
    pub number: String,
    /// Who issued it, at most 120 characters; may be empty.
    #[serde(default)]
    pub issuer: String,
    /// The day of issue, `2026-12-05`; may be empty.
    #[serde(default)]
    pub issued_on: String,
    /// The last day on which it holds; if empty, as long as the kind says from the day of issue.
    #[serde(default)]
    pub valid_until: String,
    /// To whom it is shown: `me`, `groups`, `signed-in` or `public`; a clearance to `me` or `groups`.
    #[serde(default)]
    pub audience: String,
}

/// A qualification to be stored, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHeld {
    /// Key of its kind.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// When.
    pub issued_on: Option<Day>,
    /// The last day on which it holds.
    pub valid_until: Option<Day>,
    /// To whom it is shown.
    pub audience: Audience,
}

/// What rules ask of a kind, be it the instance's or a group's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindFacts {
    /// Key or id.
    pub key: String,
    /// Months during which it holds; 0 for life.
    pub months: i64,
    /// Whether it is for those alone who check.
    pub clearance: bool,
}

impl KindFacts {
    /// Those of what a person holds, also of a kind that its group no longer offers.
    pub fn of(held: &Held, offered: Option<Self>) -> Self {
        let gone = || Self { key: held.kind.clone(), months: 0, clearance: held.is_clearance() };
        offered.unwrap_or_else(gone)
    }
}

/// A kind of qualification that a group makes.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KindInput {
    /// Its name, 3 to 80 characters.
    pub name: String,
    /// Who issues it, at most 120 characters.
    #[serde(default)]
    pub issuer: String,
    /// Months during which it holds, 0 to 120; 0 for life.
    #[serde(default)]
    pub months: String,
    /// What renews it, at most 200 characters.
    #[serde(default)]
    pub renewed_by: String,
    /// Whether it is a clearance: for those alone who check.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub clearance: bool,
}

/// A kind to be stored, checked.
#[derive(Debug, Clone)]
pub struct NewKind {
    /// Its name.
    pub name: String,
    /// Who issues it.
    pub issuer: String,
    /// Months during which it holds; 0 for life.
    pub months: i64,
    /// What renews it.
    pub renewed_by: String,
    /// Whether it is for those alone who check.
    pub clearance: bool,
}

/// What a group has seen.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SightInput {
    /// Key of a kind of the instance, or id of the group's own.
    pub kind: String,
    /// The last day on which it holds, `2026-12-05`; empty for life, of a kind that holds for life.
    #[serde(default)]
    pub valid_until: String,
}

/// Why a group takes back that it has seen one.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SightReason {
    /// The reason, 5 to 500 characters: the holder reads it.
    #[serde(default)]
    pub reason: String,
}

/// A kind of qualification as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QualificationKindView {
    /// Key of a kind of the instance, or id of a group's own.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Who issues it.
    pub issuer: String,
    /// Months during which it holds; 0 for life.
    pub months: i64,
    /// What renews it.
    pub renewed_by: String,
    /// Whether it is for those alone who check.
    pub clearance: bool,
}

impl QualificationKindView {
    /// A kind of the instance.
    pub fn of(kind: &kinds::Kind, lang: Lang) -> Self {
        Self {
            kind: kind.key.clone(),
            name: kind.name.get(lang).to_owned(),
            issuer: kind.issuer.get(lang).to_owned(),
            months: kind.validity_months,
            renewed_by: kind.renewed_by.get(lang).to_owned(),
            clearance: kind.clearance,
        }
    }
}

impl From<&OwnKind> for QualificationKindView {
    fn from(kind: &OwnKind) -> Self {
        Self {
            kind: kind.id.to_string(),
            name: kind.name.clone(),
            issuer: kind.issuer.clone(),
            months: kind.months,
            renewed_by: kind.renewed_by.clone(),
            clearance: kind.clearance,
        }
    }
}

/// That a group has seen a qualification, as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SightView {
    /// Its id.
    pub id: String,
    /// The group's id.
    pub group: String,
    /// The group's name.
    pub group_name: String,
    /// The last day on which it holds; null for life.
    pub valid_until: Option<String>,
    /// When it was seen.
    pub seen_at: String,
    /// When it was taken back or seen anew.
    pub ended_at: Option<String>,
    /// Why it was taken back.
    pub reason: String,
    /// Whether it counts now.
    pub counts: bool,
}

impl SightView {
    /// A sight as it stands at an instant.
    pub fn of(sight: &Sight, now: Millis) -> Self {
        Self {
            id: sight.id.to_string(),
            group: sight.group_id.to_string(),
            group_name: sight.group_name.clone(),
            valid_until: sight.valid_until.map(|day| day.to_string()),
            seen_at: machine(sight.seen_at),
            ended_at: sight.ended_at.map(machine),
            reason: sight.reason.clone(),
            counts: sight.counts(&now),
        }
    }
}

/// A qualification as the API shows it to its holder and to those who check.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QualificationView {
    /// Its id.
    pub id: String,
    /// Key of its kind, or id of a group's own.
    pub kind: String,
    /// The name of the kind.
    pub name: String,
    /// Whether it is for those alone who check.
    pub clearance: bool,
    /// Whether its holder stated it, or a group alone recorded it.
    pub stated: bool,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// The day of issue.
    pub issued_on: Option<String>,
    /// The last day on which it holds, as its holder states it; null for life.
    pub valid_until: Option<String>,
    /// To whom it is shown.
    #[schema(value_type = String)]
    pub audience: Audience,
    /// Which groups have seen it.
    pub seen: Vec<SightView>,
    /// Counts its changes.
    pub version: i64,
}

impl QualificationView {
    /// A qualification with what was seen of it.
    pub fn of(held: &Held, sights: &[Sight], now: Millis, lang: Lang) -> Self {
        let own = sights.iter().filter(|sight| sight.qualification_id == held.id);
        Self {
            id: held.id.to_string(),
            kind: held.kind.clone(),
            name: held.name(lang),
            clearance: held.is_clearance(),
            stated: held.stated,
            number: held.number.clone(),
            issuer: held.issuer.clone(),
            issued_on: held.issued_on.map(|day| day.to_string()),
            valid_until: held.valid_until.map(|day| day.to_string()),
            audience: held.audience,
            seen: own.map(|sight| SightView::of(sight, now)).collect(),
            version: held.version,
        }
    }
}
