//! Profiles: what a person tells of themselves, and to whom each field is shown.

mod body;
mod input;

pub use body::{ProfileBody, ShownParts};
pub use input::{NewProfile, ProfileInput, check};

use crate::shell::{
    Lang,
    reference::{areas, causes, languages, occupations},
};
use mapalus_core::PersonId;
use serde::Serialize;
use std::collections::BTreeMap;

mapalus_core::words! {
    /// To whom a field of a profile is shown.
    pub enum Audience {
        /// The person alone.
        Me = "me",
        /// The people of the same groups.
        Groups = "groups",
        /// Everybody who is signed in.
        SignedIn = "signed-in",
        /// Everybody.
        Public = "public",
    }
}

mapalus_core::words! {
    /// A field of a profile.
    pub enum Part {
        /// Photo.
        Photo = "photo",
        /// Occupation.
        Occupation = "occupation",
        /// Workplace.
        Workplace = "workplace",
        /// Where one lives.
        Area = "area",
        /// Languages.
        Languages = "languages",
        /// Causes one cares for.
        Causes = "causes",
        /// Skills.
        Skills = "skills",
        /// About oneself.
        About = "about",
    }
}

/// To whom each field is shown; a field that is not named is shown to one's groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown(BTreeMap<Part, Audience>);

impl Shown {
    /// To whom a field is shown.
    pub fn of(&self, part: Part) -> Audience {
        self.0.get(&part).copied().unwrap_or(Audience::Groups)
    }

    /// The audience that was chosen for a field; empty for the usual one.
    fn chosen(&self, part: Part) -> String {
        self.0.get(&part).map_or_else(String::new, Audience::to_string)
    }

    /// The same with a field shown to others.
    pub fn set(&mut self, part: Part, audience: Audience) {
        self.0.insert(part, audience);
    }
}

/// Written as `photo=public about=me`.
impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, (part, audience)) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{part}={audience}")?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Shown {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A word of a later version is passed over: the field falls back to one's groups.
        let pair = |pair: &str| {
            let (part, audience) = pair.split_once('=')?;
            Some((part.parse().ok()?, audience.parse().ok()?))
        };
        Ok(Self(text.split_whitespace().filter_map(pair).collect()))
    }
}
mapalus_db::text_columns!(Shown, Audience);

mapalus_db::record! {
    /// A profile as it is stored.
    #[derive(Debug, Clone)]
    pub struct Profile {
        /// The person.
        pub id: PersonId,
        /// Full name.
        pub name: String,
        /// How they wish to be called.
        pub call_name: String,
        /// Code of the district or regency where they live.
        pub area: Option<String>,
        /// Code of the occupation.
        pub occupation: Option<String>,
        /// Workplace.
        pub workplace: String,
        /// Codes of languages, with spaces between.
        pub languages: String,
        /// Keys of causes one cares for, with spaces between.
        pub causes: String,
        /// A skill a line.
        pub skills: String,
        /// About oneself.
        pub about: String,
        /// To whom each field is shown.
        pub shown: Shown,
        /// Digest of the photo.
        pub photo: Option<String>,
        /// Counts the changes.
        pub version: i64,
    }
}

/// How close the one who looks is to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// Not signed in.
    Stranger,
    /// Signed in.
    SignedIn,
    /// In the same group.
    SameGroup,
    /// The person.
    Oneself,
}

/// Whether one this close sees a field shown to this audience.
pub fn sees(closeness: Closeness, audience: Audience) -> bool {
    closeness
        >= match audience {
            Audience::Public => Closeness::Stranger,
            Audience::SignedIn => Closeness::SignedIn,
            Audience::Groups => Closeness::SameGroup,
            Audience::Me => Closeness::Oneself,
        }
}

/// A profile as one sees it: only the fields shown to them.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
pub struct ProfileView {
    /// The person's id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Path of the photo.
    pub photo: Option<String>,
    /// Code of the occupation.
    pub occupation: Option<String>,
    /// What people call the occupation, in the language of the request.
    pub occupation_name: Option<String>,
    /// Workplace.
    pub workplace: Option<String>,
    /// Code of the district or regency.
    pub area: Option<String>,
    /// The same in words.
    pub place: Option<String>,
    /// Names of languages.
    pub languages: Vec<String>,
    /// Keys of the causes one cares for.
    pub causes: Vec<String>,
    /// The same in words.
    pub cause_names: Vec<String>,
    /// Skills.
    pub skills: Vec<String>,
    /// About oneself.
    pub about: Option<String>,
}

impl ProfileView {
    /// What is asked for first, in one line: profession, workplace, town.
    pub fn line(&self) -> String {
        let parts = [&self.occupation_name, &self.workplace, &self.place];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · ")
    }
}

impl Profile {
    /// The profile as one this close sees it; `None` for a stranger to whom nothing is shown.
    pub fn seen(&self, closeness: Closeness, lang: Lang) -> Option<ProfileView> {
        let shows = |part| sees(closeness, self.shown.of(part));
        if closeness == Closeness::Stranger && !Part::ALL.iter().any(|part| shows(*part)) {
            return None;
        }
        let text = |part, text: &str| (shows(part) && !text.is_empty()).then(|| text.to_owned());
        let code = |part, code: &Option<String>| code.clone().filter(|_| shows(part));
        let (occupation, area) = (code(Part::Occupation, &self.occupation), code(Part::Area, &self.area));
        let list = |part, list: Vec<String>| if shows(part) { list } else { Vec::new() };
        Some(ProfileView {
            id: self.id.to_string(),
            name: self.name.clone(),
            photo: self
                .photo
                .as_ref()
                .filter(|_| shows(Part::Photo))
                .map(|v| format!("/people/{}/photo?v={v}", self.id)),
            occupation_name: occupation
                .as_deref()
                .and_then(|c| occupations().get(c))
                .map(|o| o.name(lang).to_owned()),
            occupation,
            workplace: text(Part::Workplace, &self.workplace),
            place: area.as_deref().map(|code| areas().label(code)),
            area,
            languages: list(Part::Languages, self.language_names(lang)),
            causes: list(Part::Causes, self.cause_keys()),
            cause_names: list(Part::Causes, self.cause_names(lang)),
            skills: list(Part::Skills, self.skills.lines().map(str::to_owned).collect()),
            about: text(Part::About, &self.about),
        })
    }

    /// Keys of the causes one cares for.
    pub fn cause_keys(&self) -> Vec<String> {
        self.causes.split_whitespace().map(str::to_owned).collect()
    }

    /// Names of the causes one cares for.
    pub fn cause_names(&self, lang: Lang) -> Vec<String> {
        let keys = self.causes.split_whitespace();
        keys.filter_map(causes::get).map(|cause| cause.name(lang).to_owned()).collect()
    }

    /// Names of the languages.
    pub fn language_names(&self, lang: Lang) -> Vec<String> {
        let codes = self.languages.split_whitespace();
        codes.filter_map(languages::get).map(|l| l.name(lang).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{Id, Millis, chance::Counted};

    pub(super) fn profile(shown: &str) -> Profile {
        Profile {
            id: PersonId::new(Millis(0), &Counted::default()),
            name: "Maria Rumengan".into(),
            call_name: "Maria".into(),
            area: Some("71.71.04".into()),
            occupation: Some("2221".into()),
            workplace: "RSU Teduh".into(),
            languages: "id en".into(),
            causes: "flood waste".into(),
            skills: "triase\nmenjahit".into(),
            about: "Perawat.".into(),
            shown: shown.parse().unwrap(),
            photo: Some("x".into()),
            version: 1,
        }
    }

    #[test]
    fn each_field_is_shown_to_its_audience_and_nobody_further() {
        let profile = profile("photo=public occupation=signed-in about=me");
        let seen = |closeness| profile.seen(closeness, Lang::Id).unwrap();
        let stranger = seen(Closeness::Stranger);
        assert!(stranger.photo.is_some() && stranger.occupation.is_none() && stranger.skills.is_empty());
        let signed_in = seen(Closeness::SignedIn);
        assert!(signed_in.occupation.is_some() && signed_in.workplace.is_none());
        let same = seen(Closeness::SameGroup);
        assert!(
            same.workplace.is_some() && same.about.is_none() && same.languages == ["Indonesia", "Inggris"]
        );
        assert!(seen(Closeness::Oneself).about.is_some());
    }

    #[test]
    fn a_stranger_finds_nobody_where_nothing_is_public() {
        assert!(profile("").seen(Closeness::Stranger, Lang::Id).is_none());
        assert!(profile("photo=signed-in").seen(Closeness::Stranger, Lang::Id).is_none());
    }

    #[test]
    fn to_whom_it_is_shown_is_read_back_as_written() {
        let shown: Shown = "photo=public about=me nonsense x=y".parse().unwrap();
        assert_eq!(shown.to_string(), "photo=public about=me");
        assert_eq!(shown.of(Part::Skills), Audience::Groups);
    }
}
