//! What is filled in of a profile, checked before it is stored.

use super::{Part, Profile, Shown};
use crate::shell::{
    Checks,
    forms::{self, Wrong},
    reference::{Level, causes, languages},
};
use mapalus_core::Refusal;
use serde::Deserialize;

/// What one fills in of the profile.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileInput {
    /// Full name, 1 to 80 characters.
    pub name: String,
    /// How one wishes to be called.
    #[serde(default)]
    pub call: String,
    /// Occupation by code, name, title or synonym; may be empty.
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
    pub(super) fn as_it_is(profile: &Profile) -> Self {
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
    let name = checks.field("name", crate::people::PersonName::parse(&input.name));
    let call = checks.field("call", crate::people::PersonName::parse_call(&input.call));
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
