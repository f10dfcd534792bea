//! What a draft of a group may hold, and what one from a template begins with.

use crate::{
    groups::{
        model::{Draft, DraftEnd, DraftText, OpenInput, Openness},
        template::Template,
    },
    shell::{Checks, Lang, forms},
};
use mapalus_core::{GroupVisibility, Refusal, RefusalKind};

/// What a group from a template begins with: all but the place.
pub fn starter(template: &Template, lang: Lang) -> DraftText {
    DraftText {
        name: template.name.get(lang).replace("{area}", "").trim().to_owned(),
        summary: template.summary.get(lang).to_owned(),
        about: template.about.get(lang).trim().to_owned(),
        area: String::new(),
        districts: String::new(),
        point: String::new(),
        sign_up: template.sign_up.parse().unwrap_or(Openness::Application),
        visibility: GroupVisibility::Public,
    }
}

/// Checks what is kept as a draft: fields may be empty or not hold yet, but not be longer than those of a group.
///
/// # Errors
/// Every field that is too long.
pub fn draft(input: &OpenInput) -> Result<DraftText, Refusal> {
    let mut checks = Checks::new();
    let name = checks.field("name", forms::line(&input.name, 0, 80));
    let summary = checks.field("summary", forms::line(&input.summary, 0, 160));
    let about = checks.field("about", forms::bounded(&input.about, 0, 4_000));
    let area = checks.field("area", forms::line(&input.area, 0, 80));
    let districts = checks.field("districts", forms::bounded(&input.districts.join("\n"), 0, 4_000));
    let point = checks.field("point", forms::line(&input.point, 0, 60));
    let sign_up = checks.field("sign_up", forms::word(&input.sign_up));
    let visibility = checks.field("visibility", forms::word(&input.visibility));
    let parts = (|| {
        Some(DraftText {
            name: name?,
            summary: summary?,
            about: about?,
            area: area?,
            districts: districts?,
            point: point?,
            sign_up: sign_up?,
            visibility: visibility?,
        })
    })();
    checks.done(parts)
}

/// Whether a draft is still what its owner saw.
///
/// # Errors
/// `refusal-changed`.
pub fn unchanged_draft(draft: &Draft, seen: Option<i64>) -> Result<(), Refusal> {
    if seen.is_some_and(|version| version != draft.version) {
        return Err(Refusal::new(RefusalKind::Changed, "refusal-changed"));
    }
    Ok(())
}

/// Why nothing can be done with a draft that is gone, with the group as which it was opened.
pub fn draft_over(end: &DraftEnd) -> Refusal {
    let gone = |key| Refusal::new(RefusalKind::Gone, key);
    match &end.slug {
        Some(slug) => gone("groups-draft-opened").with("group", slug.as_str()),
        None => gone("groups-draft-discarded"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::groups::{rules, template::templates};

    #[test]
    fn a_starter_lacks_nothing_but_the_place() {
        for template in templates() {
            for lang in [Lang::Id, Lang::En] {
                let text = starter(template, lang);
                let mut input = OpenInput {
                    template: template.key.clone(),
                    name: text.name,
                    summary: text.summary,
                    about: text.about,
                    sign_up: text.sign_up.word().to_owned(),
                    visibility: text.visibility.word().to_owned(),
                    ..OpenInput::default()
                };
                let wrong = rules::open(&input, lang).unwrap_err();
                let fields: Vec<_> = wrong.fields.iter().map(|flaw| flaw.field.as_str()).collect();
                assert_eq!(fields, ["area"], "{} in {}", template.key, lang.code());
                assert!(draft(&input).is_ok(), "{} may be kept as it is", template.key);
                input.area = "Kota Manado".to_owned();
                assert!(rules::open(&input, lang).is_ok(), "{} may be opened", template.key);
            }
        }
    }

    #[test]
    fn a_draft_may_be_incomplete_but_not_too_long() {
        let mut input = OpenInput {
            sign_up: "application".to_owned(),
            visibility: "private".to_owned(),
            ..OpenInput::default()
        };
        assert!(draft(&input).is_ok());
        input.name = "a".repeat(81);
        input.visibility = "nobody".to_owned();
        let wrong = draft(&input).unwrap_err();
        let fields: Vec<_> = wrong.fields.iter().map(|flaw| flaw.field.as_str()).collect();
        assert_eq!(fields, ["name", "visibility"]);
    }
}
