//! All SQL on paths and applications.

use super::model::{Answer, Application, Path, Question, vouch::Candidate};
use mapalus_core::{ApplicationId, PathId, StepId};
use mapalus_db::{DbError, Tx, params};

mapalus_db::statements! {
    /// Makes a path.
    MAKE_PATH = "insert into paths (id, group_id, number, made_at, made_by) values ($1, $2, $3, $4, $5)";
    /// Adds a step.
    ADD_STEP = "
        insert into steps (id, path_id, place, kind, name, text, days, remind_days, approvals, needed,
            other_workplace)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// Adds a question.
    ADD_QUESTION = "
        insert into questions (step_id, place, key, kind, required, label, why, visible, delete_days, options)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// The path of a group that is in use: its id, number and beginning.
    PATH_IN_USE = "
        select id, number, made_at from paths
        where group_id = $1
        order by number desc
        limit 1";
    /// What a group's coordinators prepare.
    PATH_DRAFT = "
        select body, based_on, changed_at, case when persons.state = 'confirmed' then persons.name else '' end as name,
            path_drafts.version
        from path_drafts
        left join persons on persons.id = changed_by
        where group_id = $1";
    /// Begins to prepare a change.
    BEGIN_PATH_DRAFT = "
        insert into path_drafts (group_id, body, based_on, changed_at, changed_by, version)
        values ($1, $2, $3, $4, $5, $4)
        on conflict (group_id) do nothing";
    /// Goes on with it, if it stands as it was read.
    CHANGE_PATH_DRAFT = "
        update path_drafts set body = $2, changed_at = $3, changed_by = $4, version = version + 1
        where group_id = $1 and version = $5";
    /// Ends it, if it stands as it was read.
    END_PATH_DRAFT = "delete from path_drafts where group_id = $1 and version = $2";
    /// How many applications of a group are drafts, and how many are under way.
    WALKING = "
        select cast(coalesce(sum(case when state = 'draft' then 1 else 0 end), 0) as bigint) as drafts,
            cast(coalesce(sum(case when state = 'draft' then 0 else 1 end), 0) as bigint) as sent
        from applications
        where group_id = $1 and state in ('draft', 'sent', 'waiting')";
    /// Takes the answers of drafts to the questions of a new path that have their key and kind.
    CARRY_ANSWERS = "
        update answers
        set step_id = (
            select fresh.step_id from questions as fresh
            join steps on steps.id = fresh.step_id
            join questions as old on old.step_id = answers.step_id and old.key = answers.key
            where steps.path_id = $2 and fresh.key = answers.key and fresh.kind = old.kind
        )
        where application_id in (select id from applications where group_id = $1 and state = 'draft')
            and exists (
                select 1 from questions as fresh
                join steps on steps.id = fresh.step_id
                join questions as old on old.step_id = answers.step_id and old.key = answers.key
                where steps.path_id = $2 and fresh.key = answers.key and fresh.kind = old.kind
            )";
    /// Forgets those that found none.
    DROP_ANSWERS = "
        delete from answers
        where application_id in (select id from applications where group_id = $1 and state = 'draft')
            and step_id not in (select id from steps where path_id = $2)";
    /// Takes the drafts of a group to a new path.
    CARRY_DRAFTS = "
        update applications set path_id = $2, version = version + 1
        where group_id = $1 and state = 'draft'";
    /// Those who have a draft on a path: 1,000 at most.
    DRAFTED = "
        select person_id from applications
        where path_id = $1 and state = 'draft'
        order by id
        limit 1000";
    /// Those who have a draft for a group: 1,000 at most.
    DRAFTED_FOR = "
        select applications.person_id, memberships.state as membership from applications
        left join memberships on memberships.group_id = applications.group_id
            and memberships.person_id = applications.person_id
        where applications.group_id = $1 and applications.state = 'draft'
        order by applications.id
        limit 1000";
    /// Where applications stand whose applicants are there: the state and what kind of step is next.
    STANDS = "
        select applications.id, applications.state, steps.kind from applications
        join persons on persons.id = applications.person_id
        left join steps on steps.path_id = applications.path_id and steps.place = applications.place
        where persons.state = 'confirmed' and applications.id in ($in)";
    /// Those of these requests to vouch that wait for their answer at the step that is next.
    VOUCHES_WAIT = "
        select vouches.id from vouches
        join applications on applications.id = vouches.application_id
        join persons on persons.id = applications.person_id
        join steps on steps.id = vouches.step_id and steps.place = applications.place
        where vouches.state = 'asked' and applications.state in ('sent', 'accepted')
            and persons.state = 'confirmed' and vouches.id in ($in)";
    /// The steps of the newest path of a group, each with one's latest application to it.
    PANEL = "
        select steps.id, steps.place, kind, name, text, days, remind_days, approvals, needed,
            other_workplace, own.id as own_id, own.state as own_state
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
    /// The steps of a path.
    STEPS = "
        select id, place, kind, name, text, days, remind_days, approvals, needed, other_workplace from steps
        where path_id = $1
        order by place";
    /// The questions of a path.
    QUESTIONS = "
        select step_id, key, questions.kind, required, label, why, visible, delete_days, options
        from questions
        join steps on steps.id = step_id
        where path_id = $1
        order by steps.place, questions.place";
    /// One's latest application to a group.
    OWN = "
        select id, state from applications
        where group_id = $1 and person_id = $2
        order by made_at desc, id desc
        limit 1";
    /// An application. While an account is being closed its applications are as if they were not, unless $2 asks for
    /// them too.
    APPLICATION = "
        select applications.id, applications.group_id, groups.slug, groups.name as group_name, groups.lang,
            applications.person_id, persons.name, path_id, applications.state, place, step_since, applications.made_at,
            sent_at, decided_at, reason, applications.version
        from applications
        join groups on groups.id = applications.group_id
        join persons on persons.id = applications.person_id
        where applications.id = $1 and ($2 or persons.state <> 'closing')";
    /// One's own applications, newest first; of those that were withdrawn the ones that had been sent.
    MINE = "
        select applications.id, applications.group_id, groups.slug, groups.name as group_name, groups.lang,
            applications.person_id, persons.name, path_id, applications.state, place, step_since, applications.made_at,
            sent_at, decided_at, reason, applications.version
        from applications
        join groups on groups.id = applications.group_id
        join persons on persons.id = applications.person_id
        where applications.person_id = $1 and (applications.state <> 'withdrawn' or sent_at is not null)
        order by case when applications.state in ('draft', 'sent', 'waiting') then 0 else 1 end,
            applications.made_at desc, applications.id desc
        limit 50";
    /// Begins an application, unless one is open.
    BEGIN = "
        insert into applications (id, group_id, person_id, path_id, state, place, step_since, made_at, reason, version,
            remind_at)
        values ($1, $2, $3, $4, 'draft', 0, $5, $5, '', 1, (
            select $5 + (steps.days - steps.remind_days) * 86400000 from steps
            where steps.path_id = $4 and steps.place = 0
        ))
        on conflict do nothing";
    /// Moves an application that stands as it was read; what its step owes is looked at anew. A draft that is saved
    /// keeps its look.
    MOVE = "
        update applications
        set state = $2, place = $3, step_since = $4, sent_at = $5, decided_at = $6, reason = $7,
            version = version + 1,
            remind_at = case
                when $2 = 'draft' then remind_at
                else (
                    select $4 + (steps.days - steps.remind_days) * 86400000 from steps
                    where steps.path_id = applications.path_id and steps.place = $3 and $2 in ('sent', 'accepted')
                )
            end
        where id = $1 and version = $8";
    /// Notes that a step is done.
    DONE = "
        insert into done_steps (application_id, step_id, done_at, done_by, skipped_for)
        values ($1, $2, $3, $4, $5)
        on conflict (application_id, step_id) do nothing";
    /// Notes that a step is not done after all.
    UNDO_DONE = "delete from done_steps where application_id = $1 and step_id = $2";
    /// The steps done, with their instant; of those that were skipped, the reason.
    DONE_STEPS = "select step_id, done_at, skipped_for from done_steps where application_id = $1";
    /// Forgets why steps of a person's applications were skipped.
    FORGET_SKIPS_OF = "
        update done_steps set skipped_for = ''
        where application_id in (select id from applications where person_id = $1)";
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
    /// All applications of a person.
    ALL_OF = "
        select applications.id, groups.name as group_name, applications.state, applications.made_at, sent_at,
            decided_at, reason
        from applications
        join groups on groups.id = applications.group_id
        where applications.person_id = $1
        order by applications.made_at, applications.id
        limit 1000";
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
    /// The files of an application.
    FILES = "
        select id, application_id, name, kind, size, digest, made_at from files
        where application_id = $1
        order by made_at, id";
    /// One of them.
    FILE = "
        select id, application_id, name, kind, size, digest, made_at from files
        where id = $1 and application_id = $2";
    /// All files of a person.
    FILES_OF = "
        select files.id, application_id, files.name, kind, size, digest, files.made_at from files
        join applications on applications.id = application_id
        where applications.person_id = $1
        order by files.made_at, files.id
        limit 1000";
    /// How many files a person has sent since then, of all that are still there.
    FILES_SINCE = "
        select count(*) from files
        join applications on applications.id = application_id
        where applications.person_id = $1 and files.made_at > $2";
    /// How many answers name a file.
    NAMED_BY = "select count(*) from answers where application_id = $1 and value like '%' || $2 || '%'";
    /// Begins a file; no answer names it yet.
    ADD_FILE = "
        insert into files (id, application_id, name, kind, size, digest, made_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    /// Stores a part of its bytes.
    ADD_FILE_PART = "insert into file_parts (file_id, place, bytes) values ($1, $2, $3)";
    /// A part of its bytes.
    FILE_PART = "select bytes from file_parts where file_id = $1 and place = $2";
    /// Deletes its bytes.
    DROP_FILE_PARTS = "delete from file_parts where file_id = $1";
    /// Deletes the file.
    DROP_FILE = "delete from files where id = $1";
    /// Files from before then that no answer names, 200 at most.
    LOOSE_FILES = "
        select id, application_id from files
        where made_at <= $1 and not exists (
            select 1 from answers
            where answers.application_id = files.application_id and answers.value like '%' || files.id || '%'
        )
        order by id
        limit 200";
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
            outcome, reason, decisions.made_at
        from decisions
        join persons on persons.id = decisions.person_id
        where application_id = $1 and undone_at is null and outcome <> 'skip'
        order by decisions.made_at, decisions.id";
    /// The latest decision of a person on an application, or the latest step that they skipped.
    LATEST_DECISION = "
        select id, event_id, turn_event_id, state_before, place_before, since_before, reason_before, version_after from decisions
        where application_id = $1 and person_id = $2 and undone_at is null
        order by made_at desc, id desc
        limit 1";
    /// Takes a decision back.
    UNDO_DECISION = "update decisions set undone_at = $2 where id = $1 and undone_at is null";
    /// The applications of a group that are under way or were decided lately; oldest first.
    TICKETS = "
        select applications.id, applications.person_id, persons.name, applications.state, sent_at, decided_at, step_since,
            applications.version, steps.kind, steps.name as step_name, steps.days
        from applications
        join persons on persons.id = applications.person_id
        left join steps on steps.path_id = applications.path_id and steps.place = applications.place
        where applications.group_id = $1 and persons.state <> 'closing'
            and (applications.state in ('sent', 'waiting')
                or (applications.state in ('accepted', 'declined') and decided_at > $2))
        order by case applications.state when 'sent' then 0 when 'waiting' then 1 else 2 end, sent_at, applications.id
        limit 300";
    /// How many applications of groups wait for their coordinators.
    WAITING = "
        select applications.group_id, count(*) as count, min(sent_at) as oldest from applications
        join steps on steps.path_id = applications.path_id and steps.place = applications.place
        join persons on persons.id = applications.person_id
        where applications.state = 'sent' and steps.kind = 'decision' and persons.state = 'confirmed'
            and applications.group_id in ($in)
        group by applications.group_id";
    /// What was asked of members for an application, oldest first.
    VOUCHES = "
        select vouches.id, application_id, step_id, giver_id,
            case when persons.state = 'confirmed' then persons.name else '' end as giver, typed, vouches.state, asked_at,
            ends_at, given_at, withdrawn_at, relation, known, note
        from vouches
        left join persons on persons.id = giver_id
        where application_id = $1
        order by asked_at, vouches.id";
    /// One request to vouch.
    VOUCH = "
        select vouches.id, application_id, step_id, giver_id,
            case when persons.state = 'confirmed' then persons.name else '' end as giver, typed, vouches.state, asked_at,
            ends_at, given_at, withdrawn_at, relation, known, note
        from vouches
        left join persons on persons.id = giver_id
        where vouches.id = $1";
    /// What was asked of a member, newest first.
    ASKED_OF = "
        select vouches.id, persons.name as applicant, groups.name as group_name, groups.lang, vouches.state, asked_at, ends_at,
            relation, known, note
        from vouches
        join applications on applications.id = application_id
        join persons on persons.id = applications.person_id
        join groups on groups.id = applications.group_id
        where giver_id = $1 and vouches.state <> 'cancelled' and persons.state = 'confirmed'
        order by asked_at desc, vouches.id desc
        limit 50";
    /// An active member by id.
    MEMBER = "
        select persons.id, persons.name from memberships
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1 and memberships.person_id = $2 and memberships.state = 'active'
            and persons.state = 'confirmed'";
    /// An active member by address, but the applicant.
    MEMBER_BY_MAIL = "
        select persons.id, persons.name from memberships
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1 and persons.mail_folded = $2 and persons.id <> $3
            and memberships.state = 'active' and persons.state = 'confirmed'";
    /// Active members of whose name a word begins so, but the applicant: ten at most.
    CANDIDATES = "
        select persons.id, persons.name from memberships
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1 and persons.id <> $3 and memberships.state = 'active'
            and persons.state = 'confirmed' and ' ' || lower(persons.name) like $2
        order by persons.name, persons.id
        limit 10";
    /// Asks a member to vouch.
    ASK = "
        insert into vouches (id, application_id, step_id, giver_id, typed, state, asked_at, ends_at, remind_at,
            relation, known, note)
        values ($1, $2, $3, $4, $5, 'asked', $6, $7, $8, '', '', '')";
    /// Takes a request back.
    CANCEL = "update vouches set state = 'cancelled' where id = $1 and application_id = $2 and state = 'asked'";
    /// Takes back what was not answered in time, so that the same member can be asked anew.
    CANCEL_EXPIRED = "
        update vouches set state = 'cancelled' where application_id = $1 and state = 'asked' and ends_at <= $2";
    /// The vouches that count at a step.
    COUNTED = "
        select giver_id, persons.workplace from vouches
        join persons on persons.id = giver_id
        where application_id = $1 and step_id = $2 and vouches.state = 'given'";
    /// Where a person works.
    WORKPLACE = "select workplace from persons where id = $1";
    /// Since when one belongs to a group, and since when there is the group.
    MEMBER_SINCE = "
        select memberships.since, groups.made_at from memberships
        join groups on groups.id = memberships.group_id
        where memberships.group_id = $1 and memberships.person_id = $2";
    /// How many vouches one has given since then, also those taken back.
    GIVEN_SINCE = "select count(*) from vouches where giver_id = $1 and given_at > $2";
    /// Whether one's admission to a group rests on a person: by a vouch, or by a vouch of one whose admission does.
    RESTS_ON = "
        with recursive chain (person_id) as (
            select $1
            union
            select vouches.giver_id from chain
            join applications on applications.person_id = chain.person_id and applications.group_id = $2
                and applications.state = 'accepted'
            join vouches on vouches.application_id = applications.id and vouches.state = 'given'
        )
        select count(*) from chain where person_id = $3";
    /// Makes the row that a member's vouches take first.
    BEGIN_VOUCHER = "insert into vouchers (person_id, version) values ($1, 0) on conflict (person_id) do nothing";
    /// Takes it.
    LOCK_VOUCHER = "update vouchers set version = version + 1 where person_id = $1";
    /// Vouches.
    GIVE = "
        update vouches set state = 'given', given_at = $2, relation = $3, known = $4, note = $5
        where id = $1 and state = 'asked'";
    /// Does not vouch.
    DECLINE = "update vouches set state = 'declined' where id = $1 and state = 'asked'";
    /// Takes a vouch back.
    TAKE_BACK = "
        update vouches set state = $3, withdrawn_at = $2
        where id = $1 and state = 'given' and withdrawn_at is null";
    /// Approvals of later steps, which lost what they rested on.
    VOID_DECISIONS = "
        update decisions set undone_at = $2
        where application_id = $1 and undone_at is null and step_id in (
            select later.id from steps
            join steps later on later.path_id = steps.path_id and later.place > steps.place
            where steps.id = $3
        )";
    /// Forgets what was said of a person, and whom they asked.
    FORGET_VOUCHES_FOR = "
        update vouches set typed = '', relation = '', known = '', note = ''
        where application_id in (select id from applications where person_id = $1)";
    /// When the next step or request to vouch is to be looked at.
    NEXT_ALARM = "
        select min(remind_at) from (
            select min(remind_at) as remind_at from applications where remind_at is not null
            union all
            select min(remind_at) as remind_at from vouches where state = 'asked' and remind_at is not null
        ) as alarms";
    /// Steps that are to be looked at now, twenty at most.
    STEP_ALARMS = "
        select applications.id, step_since, remind_at, applications.state, steps.days, steps.remind_days
        from applications
        left join steps on steps.path_id = applications.path_id and steps.place = applications.place
        where remind_at is not null and remind_at <= $1
        order by remind_at, applications.id
        limit 20";
    /// Sets when a step is looked at next, if nobody has meanwhile.
    SET_STEP_ALARM = "update applications set remind_at = $3 where id = $1 and remind_at = $2";
    /// Requests to vouch that are to be looked at now, twenty at most.
    VOUCH_ALARMS = "
        select vouches.id, application_id, step_id, giver_id, asked_at, ends_at, remind_at, steps.remind_days
        from vouches
        join steps on steps.id = step_id
        where state = 'asked' and remind_at is not null and remind_at <= $1
        order by remind_at, vouches.id
        limit 20";
    /// Sets when a request is looked at next, if nobody has meanwhile.
    SET_VOUCH_ALARM = "update vouches set remind_at = $3 where id = $1 and remind_at = $2 and state = 'asked'";
    /// Notes that a person is reminded, if that was not done.
    REMIND = "
        insert into reminders (application_id, step_id, person_id, stage, due_at, made_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (application_id, step_id, person_id, stage, due_at) do nothing";
    /// Who has accepted at a step.
    ACCEPTED_BY = "
        select person_id from decisions
        where application_id = $1 and step_id = $2 and outcome = 'accept' and undone_at is null";
    /// Of what a person was reminded, newest first.
    REMINDERS_OF = "
        select application_id, stage, due_at, made_at from reminders
        where person_id = $1
        order by made_at desc, application_id, step_id
        limit 1000";
    /// Forgets of what a person was reminded.
    FORGET_REMINDERS_OF = "delete from reminders where person_id = $1";
    /// Forgets what a person said of others; that they vouched stays.
    FORGET_VOUCHES_BY = "update vouches set typed = '', relation = '', known = '', note = '' where giver_id = $1";
}

/// A path with its questions: two statements.
pub(super) fn path(tx: &mut Tx<'_>, path: PathId) -> Result<Path, DbError> {
    let steps = tx.all(&STEPS, &params![path])?;
    let questions: Vec<Question> = tx.all(&QUESTIONS, &params![path])?;
    Ok(Path { steps, questions })
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

/// Whether a name that is searched has fewer than three letters.
pub(super) fn is_short(name: &str) -> bool {
    name.chars().filter(|c| c.is_alphanumeric()).count() < 3
}

/// Active members of whose name a word begins so: ten at most, and none for less than three letters.
pub(super) fn candidates(
    tx: &mut Tx<'_>,
    application: &Application,
    name: &str,
) -> Result<Vec<Candidate>, DbError> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '\'');
    let name: String = name.trim().chars().filter(|c| plain(*c)).take(80).collect();
    if is_short(&name) {
        return Ok(Vec::new());
    }
    let like = format!("% {}%", name.to_lowercase());
    tx.all(&CANDIDATES, &params![application.group_id, like, application.person_id])
}
