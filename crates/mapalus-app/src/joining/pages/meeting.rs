//! Interviews and acquaintances on the page of an application: for its applicant, and for those who decide.

use super::{StepLine, sample};
use crate::{
    joining::{
        actions,
        model::{
            Actor, Application, Path as JoiningPath, Step, StepKind,
            acquaintance::{Acquaintance, AcquaintanceState},
            interview::{Course, Interview, InterviewState, Slot, is_link},
            vouch::Candidate,
        },
        queries,
        rules::{acquaintance, interview as rules},
    },
    shell::{Choice, FormState, Frame, text},
};
use chrono_tz::Tz;
use mapalus_core::{Id, Millis, PersonId, SlotId, chance::Counted, time::DAY};
use mapalus_db::{DbError, Tx, params};

/// What is read of both: nothing where the path has neither.
#[derive(Default)]
pub(in crate::joining) struct Meetings {
    /// The interviews, oldest first.
    pub interviews: Vec<Interview>,
    /// The times that may be taken now.
    pub slots: Vec<Slot>,
    /// The members who were asked.
    pub asked: Vec<Acquaintance>,
    /// Members who may be asked.
    pub candidates: Vec<Candidate>,
    /// Whether they were searched by name.
    pub searched: bool,
}

/// The open step of a kind.
fn open<'p>(application: &Application, path: &'p JoiningPath, kind: StepKind) -> Option<&'p Step> {
    path.open(application).find(|step| step.kind == kind)
}

impl Meetings {
    /// Reads both: two statements for an interview, two for acquaintances.
    pub fn load(
        tx: &mut Tx<'_>,
        (application, path): (&Application, &JoiningPath),
        (owner, name): (bool, &str),
        now: Millis,
    ) -> Result<Self, DbError> {
        let slots = match open(application, path, StepKind::Interview) {
            Some(step) => actions::interview::free(tx, application, step, now)?,
            None => Vec::new(),
        };
        let meets = open(application, path, StepKind::Acquaintance).filter(|_| !owner);
        let searched = meets.is_some() && !name.is_empty();
        let candidates = match meets {
            None => Vec::new(),
            Some(_) if searched => queries::vouch::candidates(tx, application, name)?,
            Some(_) => {
                let (group, person) = (application.group_id, application.person_id);
                let row = params![group, person, application.id, now.plus(-90 * DAY)];
                tx.all(&queries::acquaintance::SUGGESTED, &row)?
            }
        };
        Ok(Self {
            interviews: actions::interview::of(tx, application.id, path)?,
            slots,
            asked: actions::acquaintance::of(tx, application.id, path)?,
            candidates,
            searched,
        })
    }

    /// Whose turn it is at an open step; nothing where it is as its kind says.
    pub fn turn(&self, step: &Step, now: Millis) -> Option<Option<Actor>> {
        match step.kind {
            StepKind::Interview => {
                let open = self.interviews.iter().find(|i| i.step_id == step.id && i.open());
                Some(rules::turn(open, !self.slots.is_empty(), now))
            }
            StepKind::Acquaintance => Some(Some(acquaintance::turn(&self.asked, step.id))),
            _ => None,
        }
    }

    /// Puts into the lines of an application's steps whose turn it is.
    pub(super) fn show(&self, f: &Frame, lines: &mut [StepLine], path: &JoiningPath) {
        for line in lines.iter_mut().filter(|line| line.state == "now") {
            let Some(step) = path.step(line.id) else {
                continue;
            };
            match self.turn(step, f.now()) {
                Some(Some(actor)) => line.actor = actor,
                Some(None) => {
                    let at = self.interviews.iter().find(|i| i.step_id == step.id && i.open());
                    let at = at.and_then(|at| at.at().map(|(_, start, _)| instant(f, start, &at.zone)));
                    line.at = f.t1("joining-step-appointed", "when", at.unwrap_or_default().as_str());
                }
                None => {}
            }
        }
    }

    /// Samples: what an interview and an acquaintance bring, at these steps.
    pub(super) fn sample(path: &JoiningPath, state: InterviewState) -> Self {
        let id = |kind| path.steps.iter().find(|step| step.kind == kind).map(|step| step.id);
        let talk = id(StepKind::Interview);
        let interviews = talk.map(|step| sample::interview(step, state)).into_iter().collect();
        let asked = id(StepKind::Acquaintance).map_or_else(Vec::new, sample::acquaintances);
        let candidates = vec![
            Candidate {
                id: PersonId::new(sample::AT.plus(1), &Counted::default()),
                name: "Fera Lumentut".into(),
            },
            Candidate {
                id: PersonId::new(sample::AT.plus(2), &Counted::default()),
                name: "Johan Pelealu".into(),
            },
        ];
        Self { interviews, slots: vec![sample::slot(1), sample::slot(4)], asked, candidates, searched: false }
    }
}

/// The zone of this name.
pub(super) fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::Asia__Jakarta)
}

/// An instant in the zone of the group's place.
pub(super) fn instant(f: &Frame, at: Millis, zone_name: &str) -> String {
    text::instant(at, zone(zone_name), f.language())
}

/// When a time is, in the zone of the group's place, and how long; also in one's own zone, where that is another.
pub(super) fn when(f: &Frame, (starts_at, ends_at): (Millis, Millis), zone_name: &str) -> String {
    let minutes = (ends_at.0 - starts_at.0) / mapalus_core::time::MINUTE;
    let there = instant(f, starts_at, zone_name);
    let text = f.t2("joining-interview-when", "at", there.as_str(), "minutes", minutes);
    let own = f.instant(&starts_at);
    if own == there {
        text
    } else {
        f.t2("joining-interview-when-own", "when", text.as_str(), "own", own.as_str())
    }
}

/// The interview of the applicant's turn.
pub struct Talk {
    /// `choose`, `none`, `wanted` or `taken`.
    pub state: &'static str,
    /// Whether the applicant missed one before.
    pub missed: bool,
    /// When it is.
    pub when: String,
    /// Where.
    pub place: String,
    /// Whether that is a link.
    pub link: bool,
    /// With whom.
    pub host: String,
    /// Why it was moved.
    pub reason: String,
    /// Until when another time may be chosen; none if that is over.
    pub until: Option<String>,
    /// Whether it has begun.
    pub begun: bool,
    /// The times that may be taken.
    pub slots: Vec<Choice>,
}

fn choice(f: &Frame, slot: &Slot) -> Choice {
    let left = slot.seats - slot.taken;
    let place = if slot.is_link() { f.t("joining-interview-online") } else { slot.place.clone() };
    let mut notes = vec![place];
    if !slot.host.is_empty() {
        notes.push(f.t1("joining-interview-with", "host", slot.host.as_str()));
    }
    if slot.seats > 1 {
        notes.push(f.t1("joining-interview-left", "count", left));
    }
    Choice::new(slot.id.to_string(), when(f, (slot.starts_at, slot.ends_at), &slot.zone))
        .noting(notes.join(" · "))
}

impl Talk {
    pub(super) fn new(f: &Frame, step: &Step, meetings: &Meetings) -> Self {
        let of = || meetings.interviews.iter().filter(|interview| interview.step_id == step.id);
        let open = of().find(|interview| interview.open());
        let missed = open.is_none() && of().any(|interview| interview.state == InterviewState::Missed);
        let at = open.and_then(|open| open.at().map(|at| (open, at)));
        let taken: Option<SlotId> = at.map(|(_, (slot, ..))| slot);
        let others = meetings.slots.iter().filter(|slot| Some(slot.id) != taken);
        let slots: Vec<Choice> = others.map(|slot| choice(f, slot)).collect();
        let mut talk = Self {
            state: match open.map(|open| open.state) {
                Some(InterviewState::Taken) => "taken",
                Some(InterviewState::Wanted) if slots.is_empty() => "wanted",
                _ if slots.is_empty() => "none",
                _ => "choose",
            },
            missed,
            when: String::new(),
            place: String::new(),
            link: false,
            host: String::new(),
            reason: String::new(),
            until: None,
            begun: false,
            slots,
        };
        if let Some((open, (_, starts_at, ends_at))) = at {
            talk.when = when(f, (starts_at, ends_at), &open.zone);
            talk.place.clone_from(&open.place);
            talk.link = is_link(&open.place);
            talk.host.clone_from(&open.host);
            talk.reason.clone_from(&open.reason);
            talk.begun = starts_at <= f.now();
            let until = rules::changes_until(step, starts_at);
            let may = rules::may_change(step, starts_at, f.now()).is_ok();
            talk.until = may.then(|| instant(f, until, &open.zone));
        }
        talk
    }
}

/// A member whom the applicant gets to know.
pub struct Met {
    /// Their name.
    pub name: String,
    /// `agreed` or `met`.
    pub state: AcquaintanceState,
    /// Where and when, or how.
    pub how: String,
}

/// The members who are ready to meet the applicant, or have: the names of those who declined or have not answered are
/// not told.
pub(super) fn ready(meetings: &Meetings) -> Vec<Met> {
    let shown = |one: &&Acquaintance| matches!(one.state, AcquaintanceState::Agreed | AcquaintanceState::Met);
    let met = |one: &Acquaintance| Met { name: one.name.clone(), state: one.state, how: one.how.clone() };
    meetings.asked.iter().filter(shown).map(met).collect()
}

/// An interview as those who decide see it.
pub struct TalkLine {
    /// How it stands.
    pub state: InterviewState,
    /// When it was, or is.
    pub when: String,
    /// Where.
    pub place: String,
    /// With whom.
    pub host: String,
    /// What was noted.
    pub note: String,
    /// Who did.
    pub noter: String,
}

/// The interviews of an application for those who decide.
pub struct TalkPart {
    /// The name of the step.
    pub name: String,
    /// The step.
    pub step: String,
    /// The interviews, oldest first.
    pub lines: Vec<TalkLine>,
    /// How it went, with the form; none while there is nothing to note.
    pub form: Option<FormState>,
    /// What may be noted.
    pub results: Vec<Choice>,
    /// Whether the applicant has no time, and there is none to take.
    pub lacks: bool,
    /// Whether somebody noted that the applicant does not fit, and it is to be decided.
    pub unsuited: bool,
}

/// The interviews that are open or behind.
pub(super) fn talks(
    f: &Frame,
    (application, path): (&Application, &JoiningPath),
    meetings: &Meetings,
    viewer: Option<PersonId>,
    refused: Option<&FormState>,
) -> Vec<TalkPart> {
    let there = |step: &&Step| {
        let begun = path.open(application).any(|open| open.id == step.id)
            || meetings.interviews.iter().any(|interview| interview.step_id == step.id);
        step.kind == StepKind::Interview && begun
    };
    let part = |step: &Step| {
        let of: Vec<Interview> =
            meetings.interviews.iter().filter(|interview| interview.step_id == step.id).cloned().collect();
        let own = viewer == Some(application.person_id);
        let may = |course: &Course| {
            rules::may_note((application, path), &of, own, *course, f.now())
                .is_ok_and(|(_, at)| at.id == step.id)
        };
        let results: Vec<Choice> = Course::ALL
            .iter()
            .filter(|course| may(course))
            .map(|course| Choice::new(course.word(), f.word("joining-interview-result", course)))
            .collect();
        let line = |interview: &Interview| TalkLine {
            state: interview.state,
            when: interview
                .starts_at
                .zip(interview.ends_at)
                .map_or_else(String::new, |at| when(f, at, &interview.zone)),
            place: interview.place.clone(),
            host: interview.host.clone(),
            note: interview.note.clone(),
            noter: interview.noter.clone(),
        };
        let open = path.open(application).any(|open| open.id == step.id);
        let turn = meetings.turn(step, f.now());
        let taken = of.iter().any(|interview| interview.at().is_some());
        TalkPart {
            name: step.name.clone(),
            step: step.id.to_string(),
            lines: of.iter().map(line).collect(),
            form: (!results.is_empty()).then(|| {
                let missed = of.iter().rfind(|interview| interview.state == InterviewState::Missed);
                let note = missed.map_or("", |missed| missed.note.as_str());
                refused.cloned().unwrap_or_else(|| FormState::new().filled("interview_note", note))
            }),
            results,
            lacks: open && !taken && turn == Some(Some(Actor::Coordinators)),
            unsuited: application.state.open()
                && of.iter().any(|interview| interview.state == InterviewState::Unsuited),
        }
    };
    path.steps.iter().filter(there).map(part).collect()
}

/// A member as those who decide see them.
pub struct AskedLine {
    /// The request.
    pub id: String,
    /// Their name.
    pub name: String,
    /// How it stands.
    pub state: AcquaintanceState,
    /// Where and when, or how.
    pub how: String,
    /// Whether it can be taken back.
    pub may_cancel: bool,
}

/// The acquaintances of an application for those who decide.
pub struct BringPart {
    /// The name of the step.
    pub name: String,
    /// The members who were asked.
    pub lines: Vec<AskedLine>,
    /// How many have met the applicant of so many, in words.
    pub met: String,
    /// How many may still be asked; 0 if as many are asked as are brought together.
    pub more: i64,
    /// The form; none once the step is behind.
    pub form: Option<FormState>,
    /// Members who may be asked.
    pub candidates: Vec<Choice>,
    /// The search for others.
    pub search: FormState,
    /// Whether nobody was found.
    pub nobody: bool,
}

/// The acquaintances that are open or behind.
pub(super) fn brings(
    f: &Frame,
    (application, path): (&Application, &JoiningPath),
    meetings: &Meetings,
    (viewer, name): (Option<PersonId>, &str),
    refused: Option<&FormState>,
) -> Vec<BringPart> {
    let there = |step: &&Step| {
        let open = path.open(application).any(|open| open.id == step.id);
        step.kind == StepKind::Acquaintance
            && (open || meetings.asked.iter().any(|one| one.step_id == step.id))
    };
    let part = |step: &Step| {
        let of: Vec<&Acquaintance> = meetings.asked.iter().filter(|one| one.step_id == step.id).collect();
        let open = path.open(application).any(|open| open.id == step.id);
        let may = open && viewer != Some(application.person_id);
        let waits =
            |one: &Acquaintance| matches!(one.state, AcquaintanceState::Asked | AcquaintanceState::Agreed);
        let line = |one: &&Acquaintance| AskedLine {
            id: one.id.to_string(),
            name: one.name.clone(),
            state: one.state,
            how: one.how.clone(),
            may_cancel: may && waits(one),
        };
        let known = |candidate: &&Candidate| of.iter().all(|one| one.person_id != candidate.id);
        let found = meetings.candidates.iter().filter(known);
        let candidates: Vec<Choice> =
            found.map(|one| Choice::new(one.id.to_string(), one.name.clone())).collect();
        let how = of.iter().rfind(|one| !one.how.is_empty()).map_or("", |one| one.how.as_str());
        BringPart {
            name: step.name.clone(),
            lines: of.iter().map(line).collect(),
            met: f.t2(
                "joining-acquaintance-count",
                "met",
                acquaintance::met(&meetings.asked, step.id),
                "needed",
                step.needed,
            ),
            more: acquaintance::MEMBERS - acquaintance::standing(&meetings.asked, step.id),
            form: may.then(|| refused.cloned().unwrap_or_else(|| FormState::new().filled("how", how))),
            nobody: meetings.searched && candidates.is_empty(),
            candidates,
            search: FormState::new().filled("name", name),
        }
    };
    path.steps.iter().filter(there).map(part).collect()
}
