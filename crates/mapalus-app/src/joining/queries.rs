//! All SQL on applications, their answers and what is decided on them; of paths, files, vouches and reminders in
//! files of their own.

pub mod acquaintance;
pub mod consent;
pub mod figures;
pub mod file;
pub mod interview;
pub mod path;
pub mod remind;
pub mod screening;
pub mod sending;
pub mod spared;
pub mod vouch;

use super::model::{Answer, Application, Path, Question};
use mapalus_core::{ApplicationId, PathId, StepId};
use mapalus_db::{DbError, Tx, params};

/// The open steps of an application in which it is the coordinators' turn, for a query that knows `applications` and its
/// present `steps`. `$now` is the parameter that holds the time.
macro_rules! theirs {
    ($now:literal) => {
        concat!(
            "from steps as theirs
        where theirs.path_id = steps.path_id and theirs.block = steps.block
            and not exists (
                select 1 from done_steps
                where done_steps.application_id = applications.id and done_steps.step_id = theirs.id
            )
            and case theirs.kind
                when 'screening' then true
                when 'decision' then true
                when 'acquaintance' then (
                    select count(*) from acquaintances
                    where acquaintances.application_id = applications.id and acquaintances.step_id = theirs.id
                        and acquaintances.state in ('asked', 'agreed', 'met')
                ) < 2
                when 'interview' then not exists (
                    select 1 from interviews
                    join interview_slots on interview_slots.id = interviews.slot_id
                    where interviews.application_id = applications.id and interviews.step_id = theirs.id
                        and interviews.state = 'taken' and interview_slots.ends_at > ",
            $now,
            "
                ) and (
                    exists (
                        select 1 from interviews
                        where interviews.application_id = applications.id and interviews.step_id = theirs.id
                            and interviews.state in ('taken', 'wanted')
                    )
                    or not exists (
                        select 1 from interview_slots
                        where interview_slots.group_id = applications.group_id
                            and interview_slots.step_name = theirs.name and interview_slots.state = 'offered'
                            and taken < seats and starts_at > ",
            $now,
            " and host_id <> applications.person_id
                    )
                )
                else false
            end",
        )
    };
}

/// Applications with their groups and people, as every page reads them.
macro_rules! applications {
    ($which:literal) => {
        concat!(
            "
        select applications.id, applications.group_id, groups.slug, groups.name as group_name, groups.lang,
            groups.ended_at as group_ended_at, applications.person_id, persons.name, path_id, carried_from,
            applications.state, place, step_since, applications.made_at, sent_at, decided_at, reason, applications.version
        from applications
        join groups on groups.id = applications.group_id
        join persons on persons.id = applications.person_id",
            $which
        )
    };
}

mapalus_db::statements! {
    /// Whose these applications are; those that were sent.
    APPLICANTS = "select id, person_id from applications where sent_at is not null and id in ($in)";
    /// Of so many applications of a group after one of them: those who have a draft, with its path and how they stand
    /// to the group.
    DRAFTED = "
        select portion.person_id, portion.path_id, memberships.state as membership
        from (
            select id, group_id, person_id, path_id, state from applications
            where group_id = $1 and id > $2
            order by id
            limit $3
        ) as portion
        left join memberships on memberships.group_id = portion.group_id
            and memberships.person_id = portion.person_id
        where portion.state = 'draft'
        order by portion.id";
    /// How many they are, whatever their state, and the last of them.
    PORTION = "
        select max(id) as last, count(*) as count
        from (select id from applications where group_id = $1 and id > $2 order by id limit $3) as portion";
    /// Where applications stand whose applicants are there: the state and the kind of each step that is open.
    STANDS = "
        select applications.id, applications.state, steps.kind from applications
        join persons on persons.id = applications.person_id
        left join steps as first on first.path_id = applications.path_id and first.place = applications.place
        left join steps on steps.path_id = first.path_id and steps.block = first.block and not exists (
            select 1 from done_steps
            where done_steps.application_id = applications.id and done_steps.step_id = steps.id
        )
        where persons.state = 'confirmed' and applications.id in ($in)";
    /// The steps of the newest path of a group, each with one's latest application to it.
    PANEL = "
        select steps.id, steps.place, block, only_if, kind, name, text, days, remind_days, overdue, approvals,
            needed, other_workplace, details, own.id as own_id, own.state as own_state, (
                select min(decisions.made_at) from decisions
                where decisions.application_id = own.id and decisions.undone_at is null
                    and decisions.event_id is not null and decisions.made_at > $3
            ) as held_at
        from steps
        join paths on paths.id = steps.path_id
        left join applications as own on own.id = (
            select latest.id from applications as latest
            where latest.group_id = $1 and latest.person_id = $2
            order by latest.made_at desc, latest.id desc
            limit 1
        )
        where paths.group_id = $1 and paths.number = (select max(number) from paths where group_id = $1)
        order by steps.place";
    /// One's latest application to a group.
    OWN = "
        select id, state from applications
        where group_id = $1 and person_id = $2
        order by made_at desc, id desc
        limit 1";
    /// An application. While an account is being closed its applications are as if they were not, unless $2 asks for
    /// them too.
    APPLICATION = applications!(
        "
        where applications.id = $1 and ($2 or persons.state <> 'closing')"
    );
    /// The application of a person to a group that is under way, the newest one.
    UNDER_WAY = applications!(
        "
        where applications.group_id = $1 and applications.person_id = $2 and applications.state in ('sent', 'accepted')
        order by applications.made_at desc, applications.id desc
        limit 1"
    );
    /// The applications of a group with a training that is open, whose applicants still are joining.
    TRAINEES = "
        select applications.id, applications.person_id, steps.details from applications
        join memberships on memberships.group_id = applications.group_id
            and memberships.person_id = applications.person_id
        join steps as first on first.path_id = applications.path_id and first.place = applications.place
        join steps on steps.path_id = first.path_id and steps.block = first.block and steps.kind = 'training'
        where applications.group_id = $1 and applications.state in ('sent', 'accepted')
            and memberships.state in ('applied', 'accepted') and not exists (
                select 1 from done_steps
                where done_steps.application_id = applications.id and done_steps.step_id = steps.id
            )
        order by applications.id
        limit 1000";
    /// One's own applications, newest first; of those that were withdrawn the ones that had been sent.
    MINE = applications!(
        "
        where applications.person_id = $1 and (applications.state <> 'withdrawn' or sent_at is not null)
        order by case when applications.state in ('draft', 'sent', 'waiting') then 0 else 1 end,
            applications.made_at desc, applications.id desc
        limit 50"
    );
    /// The steps of these applications that are under way, each with how it came to be behind, how many of the members who were
    /// asked at it vouch or may still, and whether it is the coordinators' turn in it: by application, in their order.
    STEPS_OF_MINE = concat!(
        "
        select applications.id, steps.id as step_id, steps.place, steps.block, steps.kind, steps.days, steps.needed,
            done_steps.how, (
                select count(*) from vouches
                where vouches.application_id = applications.id and vouches.step_id = steps.id
                    and (vouches.state = 'given' or (vouches.state = 'asked' and vouches.ends_at > $1))
            ) as vouched, (
                select count(*) from interviews
                where interviews.application_id = applications.id and interviews.step_id = steps.id
                    and interviews.state = 'taken'
            ) as taken, (
                select count(*) ",
        theirs!("$1"),
        " and theirs.id = steps.id
            ) as theirs
        from applications
        join steps on steps.path_id = applications.path_id
        left join done_steps on done_steps.application_id = applications.id and done_steps.step_id = steps.id
        where applications.state in ('draft', 'sent', 'accepted', 'declined', 'waiting') and applications.id in ($in)
        order by applications.id, steps.place"
    );
    /// A page of one's own applications: those under way first, of each the newest first.
    MINE_PAGE = applications!(
        "
        where applications.person_id = $1 and (applications.state <> 'withdrawn' or sent_at is not null)
            and case when applications.state in ('draft', 'sent', 'waiting') then '0' else '1' end >= $2
            and (
                case when applications.state in ('draft', 'sent', 'waiting') then '0' else '1' end > $2
                or applications.made_at < $3 or (applications.made_at = $3 and applications.id < $4)
            )
        order by case when applications.state in ('draft', 'sent', 'waiting') then '0' else '1' end,
            applications.made_at desc, applications.id desc
        limit $5"
    );
    /// Begins an application, unless one is open.
    BEGIN = "
        insert into applications (id, group_id, person_id, path_id, state, place, step_since, made_at, reason, version,
            remind_at)
        values ($1, $2, $3, $4, 'draft', 0, $5, $5, '', 1, (
            select $5 + (steps.days - steps.remind_days) * 86400000 from steps
            where steps.path_id = $4 and steps.place = 0
        ))
        on conflict do nothing";
    /// Moves an application that stands as it was read; what its open steps owe is looked at anew. A draft that is saved
    /// keeps its look.
    MOVE = "
        update applications
        set state = $2, place = $3, step_since = $4, sent_at = $5, decided_at = $6, reason = $7,
            carried_from = case when $2 = 'draft' then carried_from end, version = version + 1,
            remind_at = case
                when $2 = 'draft' then remind_at
                else (
                    select min($4 + (steps.days - steps.remind_days) * 86400000) from steps
                    where steps.path_id = applications.path_id and $2 in ('sent', 'accepted')
                        and steps.block = (
                            select first.block from steps as first
                            where first.path_id = applications.path_id and first.place = $3
                        )
                        and not exists (
                            select 1 from done_steps
                            where done_steps.application_id = applications.id and done_steps.step_id = steps.id
                        )
                )
            end
        where id = $1 and version = $8";
    /// Keeps how an application stood that was withdrawn, and the event that tells of it.
    KEEP_WITHDRAWAL = "update applications set withdrawn_from = $2, event_id = $3 where id = $1";
    /// How an application stood that was withdrawn, and the event that tells of it.
    WITHDRAWAL = "
        select withdrawn_from, event_id from applications
        where id = $1 and state = 'withdrawn' and withdrawn_from is not null and event_id is not null";
    /// Notes that a step is behind an application.
    DONE = "
        insert into done_steps (application_id, step_id, how, done_at, done_by, skipped_for)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (application_id, step_id) do nothing";
    /// Notes that a step is not done after all.
    UNDO_DONE = "delete from done_steps where application_id = $1 and step_id = $2";
    /// The steps that are behind an application, with their instant; of those that were skipped, the reason.
    DONE_STEPS = "select step_id, done_at, how, skipped_for from done_steps where application_id = $1";
    /// Forgets why steps of a person's applications were skipped.
    FORGET_SKIPS_OF = "
        update done_steps set skipped_for = ''
        where application_id in (select id from applications where person_id = $1)";
    /// The applications of a person to which somebody did what needs a reason: those with a step that was skipped.
    SKIPPED_OF = "
        select distinct applications.id from applications
        join decisions on decisions.application_id = applications.id
        where applications.person_id = $1 and outcome = 'skip'";
    /// Forgets the answers of a step.
    FORGET_ANSWERS = "delete from answers where application_id = $1 and step_id = $2";
    /// Forgets all answers of an application.
    FORGET_ANSWERS_TO = "delete from answers where application_id = $1";
    /// Keeps an answer.
    KEEP_ANSWER = "insert into answers (application_id, step_id, key, value) values ($1, $2, $3, $4)";
    /// The answers of an application.
    ANSWERS = "select step_id, key, value from answers where application_id = $1";
    /// Answers whose time after the decision is over, 200 at most.
    OLD_ANSWERS = "
        select answers.application_id, answers.step_id, answers.key from answers
        join applications on applications.id = answers.application_id
        join questions on questions.step_id = answers.step_id and questions.key = answers.key
        where applications.decided_at + questions.delete_days * 86400000 <= $1
        order by answers.application_id, answers.step_id, answers.key
        limit 200";
    /// Forgets one answer.
    FORGET_ANSWER = "delete from answers where application_id = $1 and step_id = $2 and key = $3";
    /// Forgets the answers of a person.
    FORGET_ANSWERS_OF = "
        delete from answers
        where application_id in (select id from applications where person_id = $1)";
    /// Forgets the reasons written about a person.
    FORGET_REASONS_OF = "update applications set reason = '' where person_id = $1";
    /// Forgets the reasons of decisions about a person.
    FORGET_DECISION_REASONS_OF = "
        update decisions set reason = '', reason_before = ''
        where application_id in (select id from applications where person_id = $1)";
    /// Withdraws what a person has under way.
    END_APPLICATIONS_OF = "
        update applications set state = 'withdrawn', decided_at = $2, version = version + 1, remind_at = null
        where person_id = $1 and state in ('draft', 'sent', 'waiting')";
    /// Who has sent an application to a group that is not decided.
    UNDECIDED_IN = "
        select applications.person_id from applications
        join persons on persons.id = applications.person_id
        where applications.group_id = $1 and applications.state in ('sent', 'waiting') and persons.state = 'confirmed'
        order by applications.id";
    /// Declines what is under way in a group.
    END_APPLICATIONS_OF_GROUP = "
        update applications
        set state = 'declined', decided_at = $2, reason = $3, version = version + 1, remind_at = null
        where group_id = $1 and state in ('sent', 'waiting')";
    /// Takes back what members of a group were asked for by its applicants.
    END_VOUCHES_OF_GROUP = "
        update vouches set state = 'cancelled'
        where state = 'asked' and application_id in (select id from applications where group_id = $1)";
    /// All applications of a person.
    ALL_OF = "
        select applications.id, groups.name as group_name, applications.state, applications.made_at, sent_at,
            decided_at, reason
        from applications
        join groups on groups.id = applications.group_id
        where applications.person_id = $1
        order by applications.made_at, applications.id
        limit 1000";
    /// What a person decided on the applications of others, oldest first.
    DECIDED_BY = "
        select decisions.application_id, groups.name as group_name, decisions.outcome, decisions.reason, decisions.made_at
        from decisions
        join applications on applications.id = decisions.application_id
        join groups on groups.id = applications.group_id
        where decisions.person_id = $1 and decisions.undone_at is null
        order by decisions.made_at, decisions.id
        limit 5000";
    /// All answers of a person, with their questions.
    ANSWERS_OF = "
        select answers.application_id, questions.label, questions.kind, answers.value from answers
        join applications on applications.id = answers.application_id
        join questions on questions.step_id = answers.step_id and questions.key = answers.key
        where applications.person_id = $1
        order by answers.application_id, questions.place
        limit 10000";
    /// Takes an application that stands as it was read, without changing it.
    HOLD = "update applications set version = version where id = $1 and version = $2";
    /// Keeps a decision, or that a step was skipped: it can be undone alike.
    KEEP_DECISION = "
        insert into decisions (id, application_id, step_id, person_id, outcome, reason, made_at, event_id,
            turn_event_id, state_before, place_before, since_before, reason_before, version_after)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    /// How many others have accepted at a step.
    APPROVALS = "
        select count(*) from decisions
        where application_id = $1 and step_id = $2 and outcome = 'accept' and undone_at is null and person_id <> $3";
    /// The decisions on an application, oldest first.
    DECISIONS = "
        select decisions.person_id, case when persons.state = 'confirmed' then persons.name else '' end as name,
            outcome, reason, decisions.made_at, version_after
        from decisions
        join persons on persons.id = decisions.person_id
        where application_id = $1 and undone_at is null and outcome <> 'skip'
        order by decisions.made_at, decisions.id";
    /// The latest decision of a person on an application, or the latest step that they skipped.
    LATEST_DECISION = "
        select id, step_id, event_id, turn_event_id, state_before, place_before, since_before, reason_before, version_after from decisions
        where application_id = $1 and person_id = $2 and undone_at is null
        order by made_at desc, id desc
        limit 1";
    /// Takes a decision back.
    UNDO_DECISION = "update decisions set undone_at = $2 where id = $1 and undone_at is null";
    /// The applications of a group that are under way or were decided lately; oldest first.
    TICKETS = concat!(
        "
        select applications.id, applications.person_id, persons.name, applications.state, sent_at, decided_at, step_since,
            applications.version, steps.kind, steps.name as step_name, steps.days, (
                select count(*) ",
        theirs!("$3"),
        "
            ) as theirs, (
                select count(*) from vouches
                where vouches.application_id = applications.id and vouches.state = 'given'
            ) as vouched, (
                select cast(coalesce(sum(asks.needed), 0) as bigint) from steps as asks
                where asks.path_id = applications.path_id and asks.kind = 'vouch'
            ) as vouches_needed, (
                select min(trains.details) from steps as trains
                where trains.path_id = steps.path_id and trains.block = steps.block
                    and trains.kind = 'training' and not exists (
                        select 1 from done_steps
                        where done_steps.application_id = applications.id and done_steps.step_id = trains.id
                    )
            ) as trains
        from applications
        join persons on persons.id = applications.person_id
        left join steps on steps.path_id = applications.path_id and steps.place = applications.place
        where applications.group_id = $1 and persons.state <> 'closing'
            and (applications.state in ('sent', 'waiting')
                or (applications.state in ('accepted', 'declined') and decided_at > $2))
        order by case applications.state when 'sent' then 0 when 'waiting' then 1 else 2 end, sent_at, applications.id
        limit 300"
    );
    /// How many applications of groups wait for their coordinators.
    WAITING = concat!(
        "
        select applications.group_id, count(*) as count, min(sent_at) as oldest from applications
        join steps on steps.path_id = applications.path_id and steps.place = applications.place
        join persons on persons.id = applications.person_id
        where applications.state = 'sent' and persons.state = 'confirmed' and exists (
                select 1 ",
        theirs!("$1"),
        "
            )
            and applications.group_id in ($in)
        group by applications.group_id"
    );
    /// Approvals of later steps, which lost what they rested on.
    VOID_DECISIONS = "
        update decisions set undone_at = $2
        where application_id = $1 and undone_at is null and step_id in (
            select later.id from steps
            join steps later on later.path_id = steps.path_id and later.place > steps.place
            where steps.id = $3
        )";
    /// Who has accepted at a step.
    ACCEPTED_BY = "
        select person_id from decisions
        where application_id = $1 and step_id = $2 and outcome = 'accept' and undone_at is null";
}

/// A path with its questions: two statements.
pub(super) fn path(tx: &mut Tx<'_>, id: PathId) -> Result<Path, DbError> {
    let steps = tx.all(&path::STEPS, &params![id])?;
    let questions: Vec<Question> = tx.all(&path::QUESTIONS, &params![id])?;
    Ok(Path { steps, questions, done: Vec::new() })
}

/// The path that an application walks, with what of it is behind: three statements.
pub(super) fn walk(tx: &mut Tx<'_>, application: &Application) -> Result<Path, DbError> {
    let done = tx.all(&DONE_STEPS, &params![application.id])?;
    Ok(Path { done, ..path(tx, application.path_id)? })
}

/// The answers of an application.
pub(super) fn answers(tx: &mut Tx<'_>, application: ApplicationId) -> Result<Vec<Answer>, DbError> {
    tx.all(&ANSWERS, &params![application])
}

/// Replaces the answers of a step.
pub(super) fn keep_answers(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    step: StepId,
    answers: &[(String, String)],
) -> Result<(), DbError> {
    tx.execute(&FORGET_ANSWERS, &params![application, step])?;
    for (key, value) in answers {
        tx.execute(&KEEP_ANSWER, &params![application, step, key, value])?;
    }
    Ok(())
}

/// Stores an application's new standing; its version must be the one that was read.
pub(super) fn keep(tx: &mut Tx<'_>, application: &Application) -> Result<(), DbError> {
    let a = application;
    let row = params![a.id, a.state, a.place, a.step_since, a.sent_at, a.decided_at, &a.reason, a.version];
    tx.execute_one(&MOVE, &row)
}
