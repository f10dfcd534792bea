//! How a group is run: what may be changed, given and taken, by whom.

use super::{MOST_DISTRICTS, districts, point};
use crate::{
    groups::model::{self, ChangeInput, Changed, GroupKind, NewRole, Openness, RoleInput, TopicKind},
    qualifications::{kinds, model::OwnKind},
    shell::{
        Checks,
        forms::{self, Wrong},
        reference::{Level, causes},
    },
};
use mapalus_core::{GroupVisibility, MembershipState, Permissions, Refusal, RefusalKind};

/// Rules a group may have at most.
const MOST_RULES: usize = 10;
/// Frequent questions a group may have at most.
const MOST_QUESTIONS: usize = 12;
/// Occupations or causes a group may be about at most.
const MOST_TOPICS: usize = 10;
/// Duties of a role at most.
const MOST_DUTIES: usize = 12;

fn most(key: &'static str, most: usize) -> Wrong {
    Wrong(key, vec![("most", i64::try_from(most).unwrap_or(i64::MAX).into())])
}

/// Checks what was filled in to change a group.
///
/// # Errors
/// Every field that does not hold. An open group stays open: its path has no decision.
pub fn change(kind: GroupKind, now: Openness, input: &ChangeInput) -> Result<Changed, Refusal> {
    let mut checks = Checks::new();
    let name = checks.field("name", model::name(&input.name));
    let summary = checks.field("summary", forms::line(&input.summary, 10, 160));
    let about = checks.field("about", forms::bounded(&input.about, 0, 4_000));
    let rules = checks.field("rules", lines(&input.rules, MOST_RULES, 200, "groups-wrong-rules"));
    let questions = checks.field("ask", questions(&input.ask, &input.answer));
    let area = checks.field("area", forms::area(&input.area, &[Level::Regency]));
    let served =
        area.as_deref().and_then(|area| checks.field("districts", districts(&input.districts, area)));
    let spot = area.as_deref().and_then(|area| checks.field("point", point(&input.point, area)));
    let sign_up = checks.field("sign_up", openness(now, &input.sign_up));
    let visibility = checks.field("visibility", forms::word::<GroupVisibility>(&input.visibility));
    let topics = match kind {
        GroupKind::Occupational => checks.field("occupations", occupations_of(&input.occupations)),
        GroupKind::Volunteer => checks.field("causes", causes_of(&input.causes)),
    };
    let parts = (|| {
        let mut topics = topics?;
        topics.extend(served?.into_iter().map(|code| (TopicKind::District, code)));
        Some(Changed {
            name: name?,
            summary: summary?,
            about: about?,
            rules: rules?.join("\n"),
            questions: questions?,
            topics,
            area: area?,
            point: spot?,
            sign_up: sign_up?,
            visibility: visibility?,
            taking: input.taking,
        })
    })();
    checks.done(parts)
}

fn openness(now: Openness, text: &str) -> Result<Openness, Wrong> {
    let wanted = forms::word::<Openness>(text)?;
    if (wanted == Openness::Open) == (now == Openness::Open) {
        Ok(wanted)
    } else {
        Err(Wrong::plain("groups-wrong-openness"))
    }
}

/// The lines that say something, each within its length.
fn lines(text: &str, count: usize, length: usize, key: &'static str) -> Result<Vec<String>, Wrong> {
    let filled = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines = filled.map(|line| forms::line(line, 1, length)).collect::<Result<Vec<_>, _>>()?;
    if lines.len() > count { Err(most(key, count)) } else { Ok(lines) }
}

fn questions(asked: &[String], answers: &[String]) -> Result<Vec<(String, String)>, Wrong> {
    let mut list = Vec::new();
    for (n, ask) in asked.iter().enumerate() {
        let answer = answers.get(n).map_or("", String::as_str);
        if ask.trim().is_empty() && answer.trim().is_empty() {
            continue;
        }
        list.push((forms::line(ask, 5, 160)?, forms::bounded(answer, 2, 1_000)?));
    }
    if list.len() > MOST_QUESTIONS {
        return Err(most("groups-wrong-questions", MOST_QUESTIONS));
    }
    Ok(list)
}

/// Checks one more frequent question of a group.
///
/// # Errors
/// `groups-question-there`; what does not hold of it; `groups-wrong-questions`, if there are too many.
pub fn one_more_question(
    now: &[model::Question],
    ask: &str,
    answer: &str,
) -> Result<(String, String), Refusal> {
    if now.iter().any(|question| question.ask == ask) {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-question-there"));
    }
    if now.len() >= MOST_QUESTIONS {
        return Err(most("groups-wrong-questions", MOST_QUESTIONS).at("ask"));
    }
    let one = questions(&[ask.to_owned()], &[answer.to_owned()]).map_err(|wrong| wrong.at("answer"))?;
    one.into_iter().next().ok_or_else(|| Wrong::plain("wrong-needed").at("ask"))
}

fn occupations_of(text: &str) -> Result<Vec<(TopicKind, String)>, Wrong> {
    let mut codes = Vec::new();
    for part in text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let code = forms::occupation(part)?;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    match codes.len() {
        0 => Err(Wrong::plain("wrong-needed")),
        n if n > MOST_TOPICS => Err(most("groups-wrong-topics", MOST_TOPICS)),
        _ => Ok(codes.into_iter().map(|code| (TopicKind::Occupation, code)).collect()),
    }
}

fn causes_of(keys: &[String]) -> Result<Vec<(TopicKind, String)>, Wrong> {
    if keys.is_empty() {
        return Err(Wrong::plain("wrong-needed"));
    }
    if keys.len() > MOST_TOPICS {
        return Err(most("groups-wrong-topics", MOST_TOPICS));
    }
    if keys.iter().any(|key| causes::get(key).is_none()) {
        return Err(Wrong::plain("wrong-cause"));
    }
    let mut keys = keys.to_vec();
    keys.sort();
    keys.dedup();
    Ok(keys.into_iter().map(|key| (TopicKind::Cause, key)).collect())
}

/// Checks what was filled in for a role; it may ask for kinds of the group's own.
///
/// # Errors
/// Every field that does not hold.
pub fn role(input: &RoleInput, own: &[OwnKind]) -> Result<NewRole, Refusal> {
    let mut checks = Checks::new();
    let name = checks.field("name", forms::line(&input.name, 2, 60));
    let duties = checks.field("duties", lines(&input.duties, MOST_DUTIES, 200, "groups-wrong-duties"));
    let offered = |key: &String| own.iter().any(|kind| kind.id.to_string() == *key);
    let known = input.qualifications.iter().all(|key| kinds::get(key).is_some() || offered(key));
    let known = if known && input.qualifications.len() <= MOST_DISTRICTS {
        Ok(())
    } else {
        Err(Wrong::plain("wrong-choice"))
    };
    let qualifications = checks.field("qualifications", known.map(|()| input.qualifications.clone()));
    let permissions =
        input.permissions.iter().map(|word| forms::word(word)).collect::<Result<Permissions, _>>();
    let permissions = checks.field("permissions", permissions);
    let parts = (|| {
        Some(NewRole {
            key: String::new(),
            name: name?,
            duties: duties?,
            qualifications: qualifications?,
            permissions: permissions?,
        })
    })();
    checks.done(parts)
}

/// Whether one who holds these permissions may make, change, give or take a role that allows those: nobody
/// hands out what they do not hold.
///
/// # Errors
/// `groups-more-than-held`.
pub fn may_give(held: Permissions, role: Permissions) -> Result<(), Refusal> {
    if held.union(role) == held {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Conflict, "groups-more-than-held"))
}

/// Whether one may suspend, exclude or restore a member: not oneself, and nobody who holds more.
///
/// # Errors
/// `groups-not-oneself` or `groups-more-than-held`.
pub fn may_manage(own: bool, held: Permissions, theirs: Permissions) -> Result<(), Refusal> {
    if own {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-not-oneself"));
    }
    may_give(held, theirs)
}

/// Whether the group is still run by somebody after a change; and who belongs fully may hold a role.
///
/// # Errors
/// `groups-last-coordinator`.
pub fn may_run(coordinators_left: i64) -> Result<(), Refusal> {
    if coordinators_left > 0 {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Conflict, "groups-last-coordinator"))
}

/// The reason for suspending or excluding: the member reads it. None is needed to restore.
///
/// # Errors
/// If it is missing, short or long.
pub fn reason(to: MembershipState, text: &str) -> Result<String, Refusal> {
    let least = if to == MembershipState::Active { 0 } else { 5 };
    forms::bounded(text, least, 500).map_err(|wrong| wrong.at("reason"))
}

/// Whether a change keeps out people who could apply before it.
pub fn closes(group: &model::Group, changed: &Changed) -> bool {
    let to_invited = |sign_up| sign_up == Openness::Invitation;
    (group.taking && !changed.taking) || (!to_invited(group.sign_up) && to_invited(changed.sign_up))
}

/// Whether people may apply after a change who could not before it.
pub fn reopens(group: &model::Group, changed: &Changed) -> bool {
    let takes = |taking: bool, sign_up| taking && sign_up != Openness::Invitation;
    !takes(group.taking, group.sign_up) && takes(changed.taking, changed.sign_up)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::Permission;

    fn input() -> ChangeInput {
        ChangeInput {
            name: "Perawat Manado".into(),
            summary: "Perawat yang belajar bersama.".into(),
            rules: "Jaga rahasia pasien.\n\nDatang tepat waktu.".into(),
            ask: vec!["Siapa boleh ikut?".into(), String::new()],
            answer: vec!["Semua perawat.".into(), String::new()],
            occupations: "perawat; bidan".into(),
            area: "Kota Manado".into(),
            sign_up: "application".into(),
            visibility: "private".into(),
            taking: true,
            ..ChangeInput::default()
        }
    }

    fn flaw(input: &ChangeInput) -> (String, &'static str) {
        let flaw =
            change(GroupKind::Occupational, Openness::Application, input).unwrap_err().fields.remove(0);
        (flaw.field, flaw.key)
    }

    #[test]
    fn empty_lines_and_questions_are_passed_over() {
        let changed = change(GroupKind::Occupational, Openness::Application, &input()).expect("it holds");
        assert_eq!(changed.rules.lines().count(), 2);
        assert_eq!(changed.questions.len(), 1);
        let occupations = changed.topics.iter().filter(|(kind, _)| *kind == TopicKind::Occupation).count();
        assert_eq!(occupations, 2);
    }

    #[test]
    fn a_group_stays_about_something_and_every_question_is_answered() {
        assert_eq!(
            flaw(&ChangeInput { occupations: " ".into(), ..input() }),
            ("occupations".into(), "wrong-needed")
        );
        let half = ChangeInput { answer: Vec::new(), ..input() };
        assert_eq!(flaw(&half), ("ask".into(), "wrong-needed"));
        let many = ChangeInput { rules: "Satu aturan.\n".repeat(11), ..input() };
        assert_eq!(flaw(&many), ("rules".into(), "groups-wrong-rules"));
    }

    #[test]
    fn an_open_group_stays_open_and_others_do_not_become_it() {
        assert_eq!(
            flaw(&ChangeInput { sign_up: "open".into(), ..input() }),
            ("sign_up".into(), "groups-wrong-openness")
        );
        let open = change(
            GroupKind::Occupational,
            Openness::Open,
            &ChangeInput { sign_up: "open".into(), ..input() },
        );
        assert!(open.is_ok());
    }

    #[test]
    fn nobody_hands_out_what_they_do_not_hold() {
        let roles: Permissions = [Permission::Roles].into_iter().collect();
        assert!(may_give(roles, Permissions::NONE).is_ok() && may_give(roles, roles).is_ok());
        assert_eq!(may_give(roles, Permissions::all()).unwrap_err().key, "groups-more-than-held");
        assert_eq!(
            may_manage(true, Permissions::all(), Permissions::NONE).unwrap_err().key,
            "groups-not-oneself"
        );
        assert!(may_manage(false, roles, Permissions::all()).is_err());
    }

    #[test]
    fn a_role_has_known_permissions_and_qualifications() {
        let good =
            RoleInput { name: "Medis".into(), permissions: vec!["members".into()], ..RoleInput::default() };
        assert!(role(&good, &[]).is_ok());
        let unknown = RoleInput { permissions: vec!["everything".into()], ..good.clone() };
        assert_eq!(role(&unknown, &[]).unwrap_err().fields[0].field, "permissions");
        let wanted = RoleInput { qualifications: vec!["magic".into()], ..good };
        assert_eq!(role(&wanted, &[]).unwrap_err().fields[0].field, "qualifications");
    }

    #[test]
    fn who_is_sent_away_is_told_why() {
        assert!(reason(MembershipState::Excluded, " ").is_err());
        assert!(reason(MembershipState::Active, "").is_ok());
    }
}
