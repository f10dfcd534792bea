use super::{
    super::{
        acquaintance, decide, interview, may_do, skip,
        tests::{application, path},
    },
    *,
};
use crate::joining::model::{Condition, Done, How, Outcome, Question, QuestionKind, Seen, Test};
use ApplicationState::{Accepted, Draft, Sent};
use StepKind::{Acquaintance, Agreement, Decision, Form, Interview, Screening, Training, Vouch};
use mapalus_core::Millis;

fn after(application: &Application, path: &Path) -> (i64, ApplicationState, MembershipState) {
    let next = advance(application, path, path.at(application.place).unwrap(), &[]);
    (next.place, next.state, next.membership)
}

fn behind(path: &mut Path, place: usize) {
    let step_id = path.steps[place].id;
    path.done.push(Done { step_id, done_at: Millis(0), how: How::Done, skipped_for: String::new() });
}

#[test]
fn one_is_a_member_when_accepted_and_nothing_remains() {
    let mut path = path(&[Form, Decision, Agreement]);
    assert_eq!(after(&application(Draft, 0), &path), (1, Sent, MembershipState::Applied));
    behind(&mut path, 0);
    assert_eq!(after(&application(Sent, 1), &path), (2, Accepted, MembershipState::Accepted));
    behind(&mut path, 1);
    assert_eq!(after(&application(Accepted, 2), &path), (3, Accepted, MembershipState::Active));
}

#[test]
fn of_several_decisions_the_last_accepts() {
    let mut twice = path(&[Form, Decision, Agreement, Decision]);
    behind(&mut twice, 0);
    assert_eq!(after(&application(Sent, 1), &twice), (2, Sent, MembershipState::Applied));
    behind(&mut twice, 1);
    behind(&mut twice, 2);
    assert_eq!(after(&application(Sent, 3), &twice), (4, Accepted, MembershipState::Active));
}

#[test]
fn an_open_group_takes_who_walks_its_path() {
    let open = path(&[Form]);
    assert_eq!(after(&application(Draft, 0), &open), (1, Accepted, MembershipState::Active));
}

#[test]
fn what_hangs_on_a_form_that_is_not_needed_is_not_needed_either() {
    let mut path = path(&[Form, Form, Agreement, Vouch, Decision]);
    path.questions = vec![number(path.steps[0].id, "age"), number(path.steps[1].id, "years")];
    let condition = |question: &str, test, value: &str| {
        Some(Condition { question: question.into(), test, value: value.into() })
    };
    path.steps[1].only_if = condition("age", Test::Below, "18");
    path.steps[2].only_if = condition("years", Test::AtLeast, "2");
    path.steps[3].only_if = condition("age", Test::AtLeast, "18");
    let gone = |age: Option<&str>| {
        let answers: Vec<_> = age.map(|age| ("age".to_owned(), age.to_owned())).into_iter().collect();
        let ids = spared(&path, path.steps[0].id, &answers);
        ids.iter().map(|id| path.step(*id).unwrap().place).collect::<Vec<_>>()
    };
    assert_eq!(gone(Some("17")), [3]);
    assert_eq!(gone(Some("18")), [1, 2]);
    // Nobody has said that anything is not needed.
    assert_eq!(gone(None), [0; 0]);
}

fn number(step_id: StepId, key: &str) -> Question {
    Question {
        step_id,
        key: key.to_owned(),
        kind: QuestionKind::Number,
        required: true,
        label: String::new(),
        why: String::new(),
        visible: Seen::Reviewers,
        delete_days: 30,
        options: String::new(),
    }
}

/// A small generator: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

/// A path as coordinators can build it: the applicant begins, decisions stand alone, conditions look back.
fn any_path(dice: &mut Dice) -> Path {
    let mut kinds = vec![Form];
    for _ in 0..dice.below(7) {
        let all = [Form, Agreement, Vouch, Decision, Interview, Acquaintance, Screening, Training];
        kinds.push(all[dice.below(all.len())]);
    }
    let mut path = path(&kinds);
    let (mut block, mut asked) = (0, Vec::<(i64, String)>::new());
    for n in 0..path.steps.len() {
        let alone = |kind| kind == Decision;
        let beside = n > 0 && !alone(kinds[n]) && !alone(kinds[n - 1]) && dice.one_in(2);
        block += i64::from(n > 0 && !beside);
        path.steps[n].block = block;
        let earlier: Vec<_> = asked.iter().filter(|(of, _)| *of < block).cloned().collect();
        if !earlier.is_empty() && !alone(kinds[n]) && dice.one_in(2) {
            let question = earlier[dice.below(earlier.len())].1.clone();
            let test = [Test::AtLeast, Test::AtMost, Test::Below][dice.below(3)];
            path.steps[n].only_if = Some(Condition { question, test, value: dice.below(4).to_string() });
        }
        if kinds[n] == Form {
            let key = format!("q{n}");
            path.questions.push(number(path.steps[n].id, &key));
            asked.push((block, key));
        }
    }
    path
}

/// What the applicant answered, by the key of the question.
type Answered = Vec<(String, String)>;

/// Whether a step applies, told from the answers alone: a form that was not answered spares nothing unless it does not
/// apply itself.
fn applies(path: &Path, step: &Step, answered: &Answered) -> bool {
    let Some(condition) = &step.only_if else {
        return true;
    };
    let of = path.questions.iter().find(|question| question.key == condition.question).unwrap().step_id;
    let form = path.step(of).unwrap();
    let answer = answered.iter().find(|(key, _)| *key == condition.question);
    applies(path, form, answered) && condition.met(answer.map(|(_, value)| value.as_str()))
}

/// Whether an interview or an acquaintance does not end now: nothing was taken or said, or not what ends it.
fn is_held_up(dice: &mut Dice, at: &Application, path: &Path, step: &Step) -> bool {
    use crate::joining::model::{
        acquaintance::{AcquaintanceState, Reply},
        interview::{Course, InterviewState},
    };
    match step.kind {
        Interview => {
            let state = InterviewState::ALL[dice.below(InterviewState::ALL.len())];
            let interviews = [interview::tests::interview(step.id, state)];
            let now = interview::tests::EIGHT.plus(if dice.one_in(2) { 1 } else { -1 });
            let course = Course::ALL[dice.below(Course::ALL.len())];
            let noted = interview::may_note((at, path), &interviews, dice.one_in(5), course, now);
            // Who does not fit is always decided on.
            assert!(noted.is_err() || course != Course::Unsuited || path.decides_from(step.place));
            noted.is_err() || course == Course::Missed
        }
        Acquaintance => {
            let mut asked: Vec<_> = (0..dice.below(3))
                .map(|_| {
                    let state = AcquaintanceState::ALL[dice.below(AcquaintanceState::ALL.len())];
                    acquaintance::tests::asked(step.id, state)
                })
                .collect();
            for one in &mut asked {
                let reply = Reply::ALL[dice.below(Reply::ALL.len())];
                if let Ok(state) = acquaintance::answered(one, (at, path), reply) {
                    one.state = state;
                }
            }
            acquaintance::met(&asked, step.id) < step.needed
        }
        _ => false,
    }
}

/// One attempt at anything by anybody, in turn or not.
fn attempt(
    dice: &mut Dice,
    at: &mut Application,
    path: &mut Path,
    answered: &mut Answered,
) -> MembershipState {
    let before = super::super::membership_of(at.state, at.place, path);
    let wanted = path.steps[dice.below(path.steps.len())].clone();
    let mut kept: Answered = Vec::new();
    let how = match dice.below(5) {
        0 => match skip(at, path, Some(wanted.id), false, "Sudah dikenal.") {
            Ok(step) if step.id == wanted.id => How::Skipped,
            _ => return before,
        },
        1 => match decide(at, path, Outcome::Accept, false, "", (0, 1)) {
            Ok(super::super::Decided::Now(Accepted)) if path.at(at.place).unwrap().id == wanted.id => {
                at.state = Sent;
                How::Done
            }
            _ => return before,
        },
        _ => match may_do(at, path, wanted.kind, Some(wanted.id)) {
            Ok(step) if !is_held_up(dice, at, path, step) && step.kind != Decision => {
                if step.kind == Form {
                    let value = dice.below(4).to_string();
                    kept.extend(
                        path.questions_of(step.id).map(|question| (question.key.clone(), value.clone())),
                    );
                }
                How::Done
            }
            _ => return before,
        },
    };
    let form = how == How::Done && wanted.kind == Form;
    let gone = if form { spared(path, wanted.id, &kept) } else { Vec::new() };
    let next = advance(at, path, &wanted, &gone);
    let note = |(step_id, how, reason): (StepId, How, &str)| Done {
        step_id,
        done_at: Millis(0),
        how,
        skipped_for: reason.to_owned(),
    };
    let reason = if how == How::Skipped { "Sudah dikenal." } else { "" };
    path.done.push(note((wanted.id, how, reason)));
    path.done.extend(gone.into_iter().map(|id| note((id, How::Spared, ""))));
    answered.extend(kept);
    (at.place, at.state) = (next.place, next.state);
    next.membership
}

#[test]
fn no_sequence_of_actions_reaches_membership_without_every_step_that_applies() {
    let (mut members, mut spared_some) = (0, 0);
    for seed in 1..=4_000_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut path = any_path(&mut dice);
        let mut at = application(Draft, 0);
        let mut answered = Answered::new();
        for _ in 0..5_000 {
            let earlier_block = path.at(at.place).map(|step| step.block);
            let membership = attempt(&mut dice, &mut at, &mut path, &mut answered);
            let block = path.at(at.place).map(|step| step.block);
            assert!(block.is_none() || earlier_block <= block, "seed {seed}");
            for step in &path.steps {
                let done = path.behind(step.id);
                let held = applies(&path, step, &answered);
                // Nothing is left out that applies, and what does not apply is not left standing in the way.
                if done.is_some_and(|done| done.how == How::Spared) {
                    assert!(!held, "seed {seed} {}", step.place);
                }
                if path.open(&at).any(|open| open.id == step.id) {
                    assert!(held, "seed {seed} {}", step.place);
                }
            }
            if membership == MembershipState::Active {
                for step in &path.steps {
                    let done = path.behind(step.id).unwrap_or_else(|| panic!("seed {seed}: {step:?}"));
                    match done.how {
                        How::Done => assert!(done.skipped_for.is_empty()),
                        How::Skipped => {
                            assert!(!done.skipped_for.is_empty() && step.kind != Decision, "seed {seed}");
                        }
                        How::Spared => {
                            assert!(!applies(&path, step, &answered), "seed {seed}: {step:?}");
                            spared_some += 1;
                        }
                    }
                }
                members += 1;
                break;
            }
        }
        assert!(path.at(at.place).is_none(), "seed {seed}");
        assert_eq!(at.state, Accepted, "seed {seed}");
    }
    assert!(members == 4_000 && spared_some > 200, "{members} {spared_some}");
}
