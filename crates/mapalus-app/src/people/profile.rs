//! Profiles: what a person tells of themselves, and to whom each field is shown.

use crate::shell::{
    Checks, Lang,
    forms::{self, Wrong},
    reference::{Level, areas, causes, languages, occupations},
};
use mapalus_core::{PersonId, Refusal};
use serde::{Deserialize, Serialize};
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
    /// The occupation in words.
    pub occupation_title: Option<String>,
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
        let parts = [&self.occupation_title, &self.workplace, &self.place];
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
            occupation_title: occupation
                .as_deref()
                .and_then(|c| occupations().get(c))
                .map(|o| o.title(lang).to_owned()),
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

/// What one fills in of the profile.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileInput {
    /// Full name, 1 to 80 characters.
    pub name: String,
    /// How one wishes to be called.
    #[serde(default)]
    pub call: String,
    /// Occupation by code, title or synonym; may be empty.
    #[serde(default)]
    pub occupation: String,
    /// Workplace, at most 80 characters.
    #[serde(default)]
    pub workplace: String,
    /// Town or district by code or name; may be empty.
    #[serde(default)]
    pub area: String,
    /// Languages by name or code, separated by commas.
    #[serde(default)]
    pub languages: String,
    /// Keys of causes one cares for, at most 5.
    #[serde(default)]
    pub causes: Vec<String>,
    /// Skills, separated by commas or lines: at most 20 of 60 characters.
    #[serde(default)]
    pub skills: String,
    /// About oneself, at most 1,000 characters.
    #[serde(default)]
    pub about: String,
    /// To whom the photo is shown: `me`, `groups`, `signed-in` or `public`.
    #[serde(default)]
    pub shown_photo: String,
    /// To whom the occupation is shown.
    #[serde(default)]
    pub shown_occupation: String,
    /// To whom the workplace is shown.
    #[serde(default)]
    pub shown_workplace: String,
    /// To whom it is shown where one lives.
    #[serde(default)]
    pub shown_area: String,
    /// To whom the languages are shown.
    #[serde(default)]
    pub shown_languages: String,
    /// To whom the causes are shown.
    #[serde(default)]
    pub shown_causes: String,
    /// To whom the skills are shown.
    #[serde(default)]
    pub shown_skills: String,
    /// To whom it is shown what one writes about oneself.
    #[serde(default)]
    pub shown_about: String,
}

impl ProfileInput {
    /// The input that would leave a profile as it is.
    fn as_it_is(profile: &Profile) -> Self {
        let shown = |part| profile.shown.chosen(part);
        Self {
            name: profile.name.clone(),
            call: profile.call_name.clone(),
            occupation: profile.occupation.clone().unwrap_or_default(),
            workplace: profile.workplace.clone(),
            area: profile.area.clone().unwrap_or_default(),
            languages: profile.languages.replace(' ', ","),
            causes: profile.cause_keys(),
            skills: profile.skills.clone(),
            about: profile.about.clone(),
            shown_photo: shown(Part::Photo),
            shown_occupation: shown(Part::Occupation),
            shown_workplace: shown(Part::Workplace),
            shown_area: shown(Part::Area),
            shown_languages: shown(Part::Languages),
            shown_causes: shown(Part::Causes),
            shown_skills: shown(Part::Skills),
            shown_about: shown(Part::About),
        }
    }

    /// The audience chosen for a field; empty for the usual one.
    fn chosen(&self, part: Part) -> &str {
        match part {
            Part::Photo => &self.shown_photo,
            Part::Occupation => &self.shown_occupation,
            Part::Workplace => &self.shown_workplace,
            Part::Area => &self.shown_area,
            Part::Languages => &self.shown_languages,
            Part::Causes => &self.shown_causes,
            Part::Skills => &self.shown_skills,
            Part::About => &self.shown_about,
        }
    }
}

/// To whom each part of a profile is shown over the API: `me`, `groups`, `signed-in` or `public`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownParts {
    /// The photo.
    pub photo: Option<String>,
    /// The occupation.
    pub occupation: Option<String>,
    /// The workplace.
    pub workplace: Option<String>,
    /// Where one lives.
    pub area: Option<String>,
    /// The languages.
    pub languages: Option<String>,
    /// The causes.
    pub causes: Option<String>,
    /// The skills.
    pub skills: Option<String>,
    /// What one writes about oneself.
    pub about: Option<String>,
}

impl From<&Shown> for ShownParts {
    fn from(shown: &Shown) -> Self {
        let to = |part| Some(shown.of(part).to_string());
        Self {
            photo: to(Part::Photo),
            occupation: to(Part::Occupation),
            workplace: to(Part::Workplace),
            area: to(Part::Area),
            languages: to(Part::Languages),
            causes: to(Part::Causes),
            skills: to(Part::Skills),
            about: to(Part::About),
        }
    }
}

/// What changes of a profile over the API: what is left out stays, an empty text or list takes it away.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileBody {
    /// Full name, 1 to 80 characters.
    pub name: Option<String>,
    /// How one wishes to be called.
    pub call: Option<String>,
    /// Occupation by code, title or synonym.
    pub occupation: Option<String>,
    /// Workplace, at most 80 characters.
    pub workplace: Option<String>,
    /// Town or district by code or name.
    pub area: Option<String>,
    /// Languages by name or code.
    pub languages: Option<Vec<String>>,
    /// Keys of causes one cares for, at most 5.
    pub causes: Option<Vec<String>>,
    /// At most 20 skills of 60 characters.
    pub skills: Option<Vec<String>>,
    /// About oneself, at most 1,000 characters.
    pub about: Option<String>,
    /// To whom parts are shown; those that are left out stay shown as they are.
    pub shown: Option<ShownParts>,
}

impl ProfileBody {
    /// The input that changes these parts of a profile and leaves the others as they are.
    pub fn on(self, profile: &Profile) -> ProfileInput {
        let mut input = ProfileInput::as_it_is(profile);
        let shown = self.shown.unwrap_or_default();
        if let Some(causes) = self.causes {
            input.causes = causes;
        }
        let parts = [
            (&mut input.name, self.name),
            (&mut input.call, self.call),
            (&mut input.occupation, self.occupation),
            (&mut input.workplace, self.workplace),
            (&mut input.area, self.area),
            (&mut input.languages, self.languages.map(|list| list.join("\n"))),
            (&mut input.skills, self.skills.map(|list| list.join("\n"))),
            (&mut input.about, self.about),
            (&mut input.shown_photo, shown.photo),
            (&mut input.shown_occupation, shown.occupation),
            (&mut input.shown_workplace, shown.workplace),
            (&mut input.shown_area, shown.area),
            (&mut input.shown_languages, shown.languages),
            (&mut input.shown_causes, shown.causes),
            (&mut input.shown_skills, shown.skills),
            (&mut input.shown_about, shown.about),
        ];
        for (place, given) in parts {
            if let Some(given) = given {
                *place = given;
            }
        }
        input
    }
}

/// A profile to be stored, checked.
#[derive(Debug, Clone)]
pub struct NewProfile {
    /// Full name.
    pub name: String,
    /// How one wishes to be called.
    pub call: String,
    /// Code of the occupation.
    pub occupation: Option<String>,
    /// Workplace.
    pub workplace: String,
    /// Code of the area.
    pub area: Option<String>,
    /// Codes of languages.
    pub languages: String,
    /// Keys of causes, with spaces between.
    pub causes: String,
    /// A skill a line.
    pub skills: String,
    /// About oneself.
    pub about: String,
    /// To whom each field is shown.
    pub shown: Shown,
}

/// Most skills of a profile.
const MOST_SKILLS: usize = 20;
/// Most causes of a profile: who cares for everything says nothing.
const MOST_CAUSES: usize = 5;

/// Checks what was filled in of a profile.
///
/// # Errors
/// Every field that does not hold; unknown occupations, areas and languages with the nearest matches.
pub fn check(input: &ProfileInput) -> Result<NewProfile, Refusal> {
    let mut checks = Checks::new();
    let name = checks.field("name", super::PersonName::parse(&input.name));
    let call = checks.field("call", super::PersonName::parse_call(&input.call));
    let maybe = |text: &str, parse: &dyn Fn(&str) -> Result<String, Wrong>| {
        if text.trim().is_empty() { Ok(None) } else { parse(text).map(Some) }
    };
    let occupation = checks.field("occupation", maybe(&input.occupation, &occupation));
    let place = |text: &str| forms::area(text, &[Level::District, Level::Regency]);
    let area = checks.field("area", maybe(&input.area, &place));
    let workplace = checks.field("workplace", forms::line(&input.workplace, 0, 80));
    let about = checks.field("about", forms::bounded(&input.about, 0, 1_000));
    let languages = checks.field("languages", language_codes(&input.languages));
    let causes = checks.field("causes", cause_keys(&input.causes));
    let skills = checks.field("skills", skills(&input.skills));
    let mut shown = Shown::default();
    for part in Part::ALL {
        let chosen = input.chosen(*part);
        if !chosen.is_empty()
            && let Some(audience) = checks.field(&format!("shown_{part}"), forms::word(chosen))
        {
            shown.set(*part, audience);
        }
    }
    let parts = (|| {
        let name = name?;
        let call = Some(call?).filter(|call| !call.is_empty()).unwrap_or_else(|| name.call());
        Some(NewProfile {
            call,
            name: name.0,
            occupation: occupation?,
            workplace: workplace?,
            area: area?,
            languages: languages?,
            causes: causes?,
            skills: skills?,
            about: about?,
            shown,
        })
    })();
    checks.done(parts)
}

/// Words of those who learn and do not work yet: no occupation of the classification.
const LEARNING: [&str; 7] = ["mahasiswa", "mahasiswi", "pelajar", "siswa", "siswi", "student", "pupil"];

fn occupation(text: &str) -> Result<String, Wrong> {
    let learns = LEARNING.contains(&text.trim().to_lowercase().as_str());
    if learns { Err(Wrong::plain("people-occupation-student")) } else { forms::occupation(text) }
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

fn language_codes(text: &str) -> Result<String, Wrong> {
    let mut codes: Vec<&str> = Vec::new();
    for typed in split(text).take(30) {
        let language = languages::typed(typed).map_err(|near| {
            let text: String = typed.chars().take(60).collect();
            forms::unknown(("wrong-language", "wrong-language-near"), &text, &near)
        })?;
        if !codes.contains(&language.code.as_str()) {
            codes.push(&language.code);
        }
    }
    Ok(codes.join(" "))
}

fn cause_keys(keys: &[String]) -> Result<String, Wrong> {
    let mut own: Vec<&str> = Vec::new();
    for key in keys.iter().map(|key| key.trim()).filter(|key| !key.is_empty()) {
        let cause = causes::get(key).ok_or(Wrong::plain("wrong-cause"))?;
        if !own.contains(&cause.key.as_str()) {
            own.push(&cause.key);
        }
    }
    if own.len() > MOST_CAUSES {
        return Err(Wrong("people-wrong-causes", vec![("most", (MOST_CAUSES as i64).into())]));
    }
    Ok(own.join(" "))
}

fn skills(text: &str) -> Result<String, Wrong> {
    let mut skills: Vec<String> = Vec::new();
    for skill in split(text) {
        let skill = forms::line(skill, 1, 60)?;
        if !skills.contains(&skill) {
            skills.push(skill);
        }
    }
    if skills.len() > MOST_SKILLS {
        return Err(Wrong("people-wrong-skills", vec![("most", (MOST_SKILLS as i64).into())]));
    }
    Ok(skills.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{Id, Millis, chance::Counted};

    fn profile(shown: &str) -> Profile {
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

    #[test]
    fn what_is_left_out_of_a_change_stays_as_it_is() {
        let before = profile("photo=public about=me");
        let name = ProfileBody { name: Some("Maria Dewi".into()), ..ProfileBody::default() };
        let after = check(&name.on(&before)).unwrap();
        assert_eq!(
            (after.name.as_str(), &after.call, &after.shown),
            ("Maria Dewi", &before.call_name, &before.shown)
        );
        let stays = (&before.occupation, &before.area, &before.languages, &before.skills, &before.about);
        assert_eq!((&after.occupation, &after.area, &after.languages, &after.skills, &after.about), stays);
        let shown = ShownParts { about: Some("public".into()), ..ShownParts::default() };
        let body = ProfileBody { skills: Some(Vec::new()), shown: Some(shown), ..ProfileBody::default() };
        let after = check(&body.on(&before)).unwrap();
        assert_eq!(
            (after.skills.as_str(), after.shown.to_string().as_str()),
            ("", "photo=public about=public")
        );
    }

    #[test]
    fn unknown_words_are_refused_with_what_is_near() {
        let input = ProfileInput {
            name: "Maria".into(),
            occupation: "perawt".into(),
            area: "Atlantis".into(),
            languages: "Indonesia, Klingon".into(),
            shown_about: "all".into(),
            ..ProfileInput::default()
        };
        let fields: Vec<_> = check(&input).unwrap_err().fields.into_iter().map(|flaw| flaw.field).collect();
        assert_eq!(fields, ["occupation", "area", "languages", "shown_about"]);
    }

    #[test]
    fn five_causes_are_chosen_at_most_each_once_and_known() {
        let of = |causes: &[&str]| {
            let causes = causes.iter().map(|key| (*key).to_owned()).collect();
            let input = ProfileInput { name: "Maria".into(), causes, ..ProfileInput::default() };
            check(&input).map(|new| new.causes).map_err(|refusal| refusal.fields[0].key)
        };
        assert_eq!(of(&["flood", "waste", "flood", ""]), Ok("flood waste".to_owned()));
        assert_eq!(of(&["flood", "magic"]), Err("wrong-cause"));
        let all: Vec<&str> = causes().iter().take(6).map(|cause| cause.key.as_str()).collect();
        assert_eq!(of(&all), Err("people-wrong-causes"));
        assert!(of(&all[..5]).is_ok());
    }

    #[test]
    fn who_does_not_work_yet_is_told_to_leave_it_empty() {
        for word in ["Mahasiswa", " student "] {
            let input =
                ProfileInput { name: "Rio".into(), occupation: word.into(), ..ProfileInput::default() };
            assert_eq!(check(&input).unwrap_err().fields[0].key, "people-occupation-student", "{word}");
        }
    }

    #[test]
    fn words_become_codes() {
        let input = ProfileInput {
            name: "Maria".into(),
            occupation: "perawat".into(),
            area: "Sario, Kota Manado".into(),
            languages: "Indonesia; en, id".into(),
            skills: "triase, triase\nmenjahit".into(),
            ..ProfileInput::default()
        };
        let new = check(&input).unwrap();
        assert_eq!(new.occupation.as_deref(), Some("2221"));
        assert_eq!((new.languages.as_str(), new.skills.as_str()), ("id en", "triase\nmenjahit"));
        assert!(new.area.is_some_and(|code| code.starts_with("71.71.")));
    }
}
