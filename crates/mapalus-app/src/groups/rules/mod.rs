//! What may happen to a group and its memberships: pure decisions.

mod changes;
pub mod decisions;
mod drafts;
mod ending;
mod links;
pub mod marks;
mod point;
pub mod rest;
mod running;
mod short;

pub use changes::{INVITATION_MILLIS, may_answer, may_undo, may_undo_roles};
pub use drafts::{draft, draft_over, starter, unchanged_draft};
pub use ending::{is_ended_with_group, may_end, may_take_back};
pub use links::{
    LINK_KEPT_MILLIS, MOST_DAYS, MOST_USES, link, link_rules, makes, may_be_invited, may_come, may_spare,
};
pub use point::point;
pub use running::{change, closes, may_give, may_manage, may_run, one_more_question, reason, reopens, role};
pub use short::{between, short};

use super::{
    model::{self, GroupKind, NewGroup, NewRole, OpenInput, Openness, TopicKind},
    template::{self, Template},
};
use crate::shell::{
    Checks, Lang,
    forms::{self, Wrong},
    locale,
    reference::{
        Level,
        areas::{self as area_data, areas},
        causes,
    },
};
use mapalus_core::{GroupVisibility, MembershipState, Permissions, Refusal, RefusalKind};

/// Why a membership ended that was suspended: one comes back by an invitation alone.
pub const LEFT_SUSPENDED: &str = "left-suspended";

/// Districts a group may serve at most.
pub const MOST_DISTRICTS: usize = 60;

/// Checks what was filled in to open a group.
///
/// # Errors
/// Every field that does not hold.
pub fn open(input: &OpenInput, lang: Lang) -> Result<NewGroup, Refusal> {
    let mut checks = Checks::new();
    let template = match input.template.as_str() {
        "" => None,
        key => checks.field("template", template::get(key).ok_or(Wrong::plain("wrong-choice"))),
    };
    let kind = match template {
        Some(template) => Some(template.kind()),
        None => checks.field("kind", forms::word(&input.kind)),
    };
    let name = checks.field("name", model::name(&input.name));
    let summary = checks.field("summary", forms::line(&input.summary, 10, 160));
    let about = checks.field("about", forms::bounded(&input.about, 0, 4_000));
    let area = checks.field("area", forms::area(&input.area, &[Level::Regency]));
    let districts = area
        .as_deref()
        .and_then(|area| checks.field("districts", districts(&input.districts.join("\n"), area)));
    let spot = area.as_deref().and_then(|area| checks.field("point", point(&input.point, area)));
    let sign_up = checks.field("sign_up", forms::word::<Openness>(&input.sign_up));
    let visibility = checks.field("visibility", forms::word::<GroupVisibility>(&input.visibility));
    let about_what = kind.and_then(|kind| about_what(&mut checks, input, template, kind));
    let parts = (|| {
        let mut topics = about_what?;
        topics.extend(districts?.into_iter().map(|code| (TopicKind::District, code)));
        let template_about = || template.map_or(String::new(), |t| t.about.get(lang).trim().to_owned());
        let about = Some(about?).filter(|about| !about.is_empty()).unwrap_or_else(template_about);
        Some(NewGroup {
            template: template.map(|t| t.key.as_str()),
            kind: kind?,
            name: name?,
            summary: summary?,
            about,
            rules: template
                .map_or_else(Vec::new, |t| t.rules.iter().map(|r| r.get(lang).to_owned()).collect()),
            questions: template.map_or_else(Vec::new, |t| {
                t.questions
                    .iter()
                    .map(|q| (q.ask.get(lang).to_owned(), q.answer.get(lang).to_owned()))
                    .collect()
            }),
            topics,
            area: area?,
            point: spot?,
            sign_up: sign_up?,
            visibility: visibility?,
            lang,
            roles: roles(template, lang),
        })
    })();
    checks.done(parts)
}

fn about_what(
    checks: &mut Checks,
    input: &OpenInput,
    template: Option<&Template>,
    kind: GroupKind,
) -> Option<Vec<(TopicKind, String)>> {
    if let Some(template) = template {
        let occupations = template.occupations.iter().map(|code| (TopicKind::Occupation, code.clone()));
        let causes = template.causes.iter().map(|key| (TopicKind::Cause, key.clone()));
        return Some(occupations.chain(causes).collect());
    }
    match kind {
        GroupKind::Occupational => {
            let code = checks.field("occupation", forms::occupation(&input.occupation))?;
            Some(vec![(TopicKind::Occupation, code)])
        }
        GroupKind::Volunteer => {
            let known = input.causes.iter().all(|key| causes::get(key).is_some()) && input.causes.len() <= 10;
            let given = if input.causes.is_empty() { Err(Wrong::plain("wrong-needed")) } else { Ok(()) };
            checks
                .field("causes", given.and(if known { Ok(()) } else { Err(Wrong::plain("wrong-cause")) }))?;
            Some(input.causes.iter().map(|key| (TopicKind::Cause, key.clone())).collect())
        }
    }
}

/// The districts typed, one by one; every district of the regency if none is.
fn districts(text: &str, regency: &str) -> Result<Vec<String>, Wrong> {
    let typed: Vec<&str> = text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect();
    if typed.is_empty() {
        let all = areas().all().iter().filter(|area| area.level == Level::District);
        return Ok(all.filter(|a| area_data::within(a.code, regency)).map(|a| a.code.to_owned()).collect());
    }
    if typed.len() > MOST_DISTRICTS {
        return Err(Wrong("groups-wrong-districts", vec![("most", (MOST_DISTRICTS as i64).into())]));
    }
    let mut codes = Vec::with_capacity(typed.len());
    for part in typed {
        // A bare name is first looked for in the group's own regency.
        let with_parent = format!("{part}, {}", areas().get(regency).map_or("", |area| area.name));
        let code = forms::area(&with_parent, &[Level::District]).or_else(|in_regency| {
            // What is like it in the own regency is nearer than anything elsewhere.
            let near = in_regency.0 == "wrong-area-near";
            forms::area(part, &[Level::District]).map_err(|anywhere| if near { in_regency } else { anywhere })
        })?;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    Ok(codes)
}

fn roles(template: Option<&Template>, lang: Lang) -> Vec<NewRole> {
    let from_template = template.map_or_else(Vec::new, |template| {
        let role = |role: &template::TemplateRole| NewRole {
            key: role.key.clone(),
            name: role.name.get(lang).to_owned(),
            duties: role.duties.iter().map(|duty| duty.get(lang).to_owned()).collect(),
            qualifications: role.qualifications.clone(),
            permissions: role.permissions.iter().copied().collect(),
        };
        template.roles.iter().map(role).collect::<Vec<_>>()
    });
    let leads = from_template.iter().any(|role| role.permissions == Permissions::all());
    let coordinator = (!leads).then(|| NewRole {
        key: "coordinator".to_owned(),
        name: locale::message(lang, "groups-role-coordinator", &[]),
        duties: ["groups-role-coordinator-duty-1", "groups-role-coordinator-duty-2"]
            .iter()
            .map(|key| locale::message(lang, key, &[]))
            .collect(),
        qualifications: Vec::new(),
        permissions: Permissions::all(),
    });
    coordinator.into_iter().chain(from_template).collect()
}

/// Whether a membership may go from one state to another; `from` is `None` for one who has none.
///
/// # Errors
/// `groups-move-refused` with both states.
pub fn may_move(from: Option<MembershipState>, to: MembershipState) -> Result<(), Refusal> {
    use MembershipState::{Accepted, Active, Applied, Excluded, Invited, Left, Suspended};
    let allowed = matches!(
        (from, to),
        (None | Some(Left | Excluded), Invited)
            | (None | Some(Invited | Left | Excluded), Applied)
            | (Some(Applied), Accepted)
            // Without a decision, or with a path that ends with it, one is a member at once.
            | (None | Some(Invited | Applied | Accepted | Left), Active)
            // Undone, or withdrawn after the decision.
            | (Some(Accepted | Active), Applied)
            | (Some(Active), Accepted)
            | (Some(Applied), Invited)
            | (Some(Invited | Applied | Accepted | Active | Suspended), Left)
            | (Some(Active), Suspended)
            | (Some(Suspended), Active)
            | (Some(Accepted | Active | Suspended), Excluded)
    );
    if allowed {
        return Ok(());
    }
    let from = from.map_or("none", MembershipState::word);
    Err(Refusal::new(RefusalKind::Conflict, "groups-move-refused").with("from", from).with("to", to.word()))
}

/// Whether a membership ended that was suspended.
pub fn is_left_suspended(state: MembershipState, why: &str) -> bool {
    state == MembershipState::Left && why == LEFT_SUSPENDED
}

/// Whether a person may leave: not as the last who holds every permission.
///
/// # Errors
/// `groups-last-coordinator`.
pub fn may_leave(permissions: Permissions, other_coordinators: i64) -> Result<(), Refusal> {
    if permissions == Permissions::all() && other_coordinators == 0 {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-last-coordinator"));
    }
    Ok(())
}

/// Whether an account may be closed whose owner is the only coordinator of these groups.
///
/// # Errors
/// `groups-close-coordinator` with their names.
pub fn may_close(groups: &[String]) -> Result<(), Refusal> {
    if groups.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Conflict, "groups-close-coordinator").with("groups", groups.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> OpenInput {
        OpenInput {
            template: "orphanage".into(),
            name: "Sahabat Panti Yogyakarta".into(),
            summary: "Menemani anak panti belajar dan bermain.".into(),
            area: "Kota Yogyakarta".into(),
            sign_up: "application".into(),
            visibility: "public".into(),
            ..OpenInput::default()
        }
    }

    #[test]
    fn a_group_from_a_template_brings_its_content_and_one_leading_role() {
        let group = open(&input(), Lang::Id).expect("it holds");
        assert_eq!(group.rules.len(), 5);
        assert!(group.questions.len() >= 4 && !group.about.is_empty());
        assert_eq!(group.roles.iter().filter(|role| role.permissions == Permissions::all()).count(), 1);
        let districts = group.topics.iter().filter(|(kind, _)| *kind == TopicKind::District).count();
        assert_eq!(districts, 14, "all of the town");
    }

    #[test]
    fn districts_are_looked_for_in_the_own_regency_first() {
        let near = OpenInput { districts: vec!["Danurejan; Gondokusuman".into()], ..input() };
        let group = open(&near, Lang::Id).expect("it holds");
        assert_eq!(group.topics.iter().filter(|(kind, _)| *kind == TopicKind::District).count(), 2);
        let unknown = OpenInput { districts: vec!["Danurejan".into(), "Atlantis".into()], ..input() };
        assert_eq!(open(&unknown, Lang::Id).unwrap_err().fields[0].key, "wrong-area");
    }

    #[test]
    fn a_blank_group_says_what_it_is_about() {
        let blank = OpenInput { template: String::new(), kind: "occupational".into(), ..input() };
        assert_eq!(open(&blank, Lang::En).unwrap_err().fields[0].field, "occupation");
        let nurses = OpenInput { occupation: "perawat".into(), ..blank };
        assert!(open(&nurses, Lang::En).is_ok());
        let volunteers = OpenInput { template: String::new(), kind: "volunteer".into(), ..input() };
        assert_eq!(open(&volunteers, Lang::En).unwrap_err().fields[0].field, "causes");
    }

    #[test]
    fn only_the_listed_changes_of_membership_happen() {
        use MembershipState::{Accepted, Active, Applied, Excluded, Invited, Left, Suspended};
        assert!(may_move(None, Applied).is_ok());
        assert!(may_move(Some(Applied), Accepted).is_ok());
        assert!(may_move(Some(Accepted), Active).is_ok());
        assert!(may_move(Some(Excluded), Active).is_err());
        assert!(may_move(Some(Suspended), Applied).is_err());
        assert!(may_move(Some(Active), Invited).is_err());
        assert!(may_move(None, Left).is_err());
        assert!(may_move(Some(Active), Active).is_err());
        assert!(may_move(Some(Left), Accepted).is_err());
    }

    #[test]
    fn the_last_coordinator_stays() {
        assert!(may_leave(Permissions::all(), 0).is_err());
        assert!(may_leave(Permissions::all(), 1).is_ok());
        assert!(may_leave(Permissions::NONE, 0).is_ok());
    }
}
