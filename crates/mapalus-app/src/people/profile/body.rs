//! What changes of a profile over the API.

use super::{Part, Profile, ProfileInput, Shown};
use serde::{Deserialize, Serialize};

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
    /// Occupation by code, name, title or synonym.
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

#[cfg(test)]
mod tests {
    use super::{
        super::{check, tests::profile},
        *,
    };

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
}
