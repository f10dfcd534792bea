//! All SQL on questions to groups.

use super::model::{Asker, Line, NewAsk, Shelf, Side, State, Thread, Word};
use crate::shell::paging::{self, PAGE, Paged};
use mapalus_core::{AskId, GroupId, LinkId, Millis, PersonId, WordId};
use mapalus_db::{DbError, Tx, params};

mapalus_db::statements! {
    /// Stores a question.
    MAKE = "
        insert into asks (id, group_id, person_id, name, mail, seal, lang, link, subject, state, made_at, asked_at,
            last_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, 1)";
    /// Stores something said.
    ADD_WORD = "
        insert into ask_words (id, ask_id, place, side, person_id, text, made_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    /// A question by id.
    THREAD = "
        select asks.id, asks.group_id, groups.slug, groups.name as group_name, groups.lang as group_lang,
            groups.ended_at as group_ended_at, asks.person_id,
            case when asks.link is not null then asks.name when persons.state = 'confirmed' then persons.name else '' end
                as name,
            asks.mail, asks.seal, asks.lang, asks.link, asks.subject, asks.state, asks.assigned_id,
            helpers.name as assigned, asks.made_at, asks.asked_at, asks.first_answer_at, asks.last_at, asks.version
        from asks
        join groups on groups.id = asks.group_id
        left join persons on persons.id = asks.person_id
        left join persons as helpers on helpers.id = asks.assigned_id and helpers.state = 'confirmed'
        where asks.id = $1";
    /// A question by the link of which its mailed secrets are made.
    BY_LINK = "select id from asks where link = $1";
    /// What was said in a question, oldest first.
    WORDS = "
        select ask_words.id, ask_words.side,
            case when persons.state = 'confirmed' then persons.name else '' end as name,
            ask_words.text, ask_words.made_at
        from ask_words
        left join persons on persons.id = ask_words.person_id
        where ask_words.ask_id = $1
        order by ask_words.place, ask_words.id
        limit 200";
    /// How much was said in a question.
    COUNT_WORDS = "select count(*) from ask_words where ask_id = $1";
    /// A page of the questions of a group in a state, the newest word first.
    INBOX = "
        select asks.id,
            case when asks.link is not null then asks.name when persons.state = 'confirmed' then persons.name else '' end
                as name,
            asks.subject, asks.state, helpers.name as assigned, asks.last_at
        from asks
        left join persons on persons.id = asks.person_id
        left join persons as helpers on helpers.id = asks.assigned_id and helpers.state = 'confirmed'
        where asks.group_id = $1 and asks.state = $2
            and (asks.last_at < $3 or (asks.last_at = $3 and asks.id < $4))
        order by asks.last_at desc, asks.id desc
        limit $5";
    /// A page of the questions of a group that are given to a coordinator and not closed.
    INBOX_MINE = "
        select asks.id,
            case when asks.link is not null then asks.name when persons.state = 'confirmed' then persons.name else '' end
                as name,
            asks.subject, asks.state, helpers.name as assigned, asks.last_at
        from asks
        left join persons on persons.id = asks.person_id
        left join persons as helpers on helpers.id = asks.assigned_id and helpers.state = 'confirmed'
        where asks.group_id = $1 and asks.assigned_id = $2 and asks.state in ('open', 'answered')
            and (asks.last_at < $3 or (asks.last_at = $3 and asks.id < $4))
        order by asks.last_at desc, asks.id desc
        limit $5";
    /// A page of a person's own questions.
    OWN = "
        select asks.id, groups.name, asks.subject, asks.state, groups.name as assigned, asks.last_at
        from asks
        join groups on groups.id = asks.group_id
        where asks.person_id = $1 and (asks.last_at < $2 or (asks.last_at = $2 and asks.id < $3))
        order by asks.last_at desc, asks.id desc
        limit $4";
    /// How many questions wait in these groups.
    WAITING = "
        select group_id, count(*) as count from asks
        where state = 'open' and group_id in ($in)
        group by group_id";
    /// Those of these questions that wait.
    STILL_OPEN = "select id from asks where state = 'open' and id in ($in)";
    /// How many questions of strangers wait in a group.
    QUEUE = "
        select count(*) from asks
        where group_id = $1 and link is not null and state = 'open'";
    /// How long the group took to its first answer, of those since an instant.
    ANSWER_TIMES = "
        select first_answer_at - asked_at from asks
        where group_id = $1 and first_answer_at > $2 and asked_at is not null
        order by first_answer_at desc
        limit 500";
    /// Shows a stranger's question to the group, once.
    CONFIRM = "
        update asks set state = 'open', asked_at = $2, last_at = $2, version = version + 1
        where id = $1 and state = 'unconfirmed'";
    /// Who asked said more: it waits again.
    CONTINUE = "
        update asks set state = 'open', last_at = $2, version = version + 1
        where id = $1 and state <> 'unconfirmed'";
    /// The group answered a question that stands as it was read: it is the answerer's, if it was nobody's.
    ANSWER = "
        update asks
        set state = 'answered', first_answer_at = coalesce(first_answer_at, $2), last_at = $2,
            assigned_id = coalesce(assigned_id, $3), version = version + 1
        where id = $1 and version = $4";
    /// Keeps how a question stood before an answer, and the event that tells of it.
    KEEP_BEFORE = "
        update ask_words
        set event_id = $2, state_before = $3, assigned_before = $4, last_before = $5, version_after = $6
        where id = $1";
    /// The latest answer of a person to a question.
    LATEST_ANSWER = "
        select id, event_id, state_before, assigned_before, last_before, made_at, version_after from ask_words
        where ask_id = $1 and person_id = $2 and event_id is not null
        order by place desc, id desc
        limit 1";
    /// Takes an answer away.
    DELETE_WORD = "delete from ask_words where id = $1";
    /// A question that stands as it was read stands as before the answer of that instant.
    UNANSWER = "
        update asks
        set state = $2, assigned_id = $3, last_at = $4, version = version + 1,
            first_answer_at = case when first_answer_at = $5 then null else first_answer_at end
        where id = $1 and version = $6";
    /// Gives a question that stands as it was read to a coordinator, or to nobody.
    ASSIGN = "update asks set assigned_id = $2, version = version + 1 where id = $1 and version = $3";
    /// Closes or opens a question that stands as it was read.
    SET_STATE = "update asks set state = $2, version = version + 1 where id = $1 and version = $3";
    /// The questions of a group that wait for its answer.
    OPEN_IN = "select id from asks where group_id = $1 and state = 'open' order by id";
    /// Closes all questions of a group.
    CLOSE_IN = "
        update asks set state = 'closed', version = version + 1
        where group_id = $1 and state in ('open', 'answered')";
    /// Removes all blocks of a group.
    REMOVE_BLOCKS = "delete from ask_blocks where group_id = $1";
    /// Removes all ready answers of a group.
    REMOVE_REPLIES = "delete from ask_replies where group_id = $1";
    /// The names of these people.
    NAMES = "select id, name from persons where id in ($in)";
    /// Whether a group takes no questions of a person or an address.
    IS_BLOCKED = "
        select count(*) from ask_blocks
        where group_id = $1 and (seal = $2 or person_id = coalesce(cast($3 as text), ''))";
    /// The ready answers of a group, by title.
    REPLIES = "
        select id, title, text, version from ask_replies
        where group_id = $1
        order by title, id
        limit 100";
    /// One ready answer of a group.
    REPLY = "select id, title, text, version from ask_replies where group_id = $1 and id = $2";
    /// How many ready answers a group has.
    COUNT_REPLIES = "select count(*) from ask_replies where group_id = $1";
    /// Adds a ready answer.
    ADD_REPLY = "
        insert into ask_replies (id, group_id, title, text, changed_at, changed_by, version)
        values ($1, $2, $3, $4, $5, $6, 1)";
    /// Changes a ready answer that stands as it was read.
    CHANGE_REPLY = "
        update ask_replies set title = $2, text = $3, changed_at = $4, changed_by = $5, version = version + 1
        where id = $1 and version = $6";
    /// Removes a ready answer that stands as it was read.
    REMOVE_REPLY = "delete from ask_replies where id = $1 and version = $2";
    /// Takes no more questions of an address.
    BLOCK = "
        insert into ask_blocks (id, group_id, person_id, seal, made_at, made_by)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (group_id, seal) do update set person_id = coalesce(ask_blocks.person_id, excluded.person_id)";
    /// Takes questions of an address again.
    UNBLOCK = "delete from ask_blocks where id = $1 and group_id = $2";
    /// Whose questions a group does not take, the newest first.
    BLOCKS = "
        select ask_blocks.id,
            coalesce(
                case when persons.state = 'confirmed' then persons.name when persons.id is not null then '' end,
                (
                    select max(asks.name) from asks
                    where asks.group_id = ask_blocks.group_id and asks.seal = ask_blocks.seal
                        and asks.link is not null
                )
            ) as name,
            ask_blocks.made_at
        from ask_blocks
        left join persons on persons.id = ask_blocks.person_id
        where ask_blocks.group_id = $1
        order by ask_blocks.made_at desc, ask_blocks.id
        limit 500";
    /// Reports a question, unless the same person has and it is not settled.
    REPORT = "
        insert into ask_reports (id, ask_id, person_id, reason, made_at)
        values ($1, $2, $3, $4, $5)
        on conflict (ask_id, person_id) where settled_at is null do nothing";
    /// Settles a report that waits.
    SETTLE = "update ask_reports set settled_at = $2, settled_by = $3 where id = $1 and settled_at is null";
    /// The reports that wait, oldest first.
    REPORTS = "
        select ask_reports.id, ask_reports.ask_id, groups.name as group_name,
            case when persons.state = 'confirmed' then persons.name else '' end as reporter,
            ask_reports.reason, ask_reports.made_at
        from ask_reports
        join asks on asks.id = ask_reports.ask_id
        join groups on groups.id = asks.group_id
        left join persons on persons.id = ask_reports.person_id
        where ask_reports.settled_at is null
        order by ask_reports.made_at, ask_reports.id
        limit 100";
    /// One report that waits.
    ONE_REPORT = "
        select ask_reports.id, ask_reports.ask_id, groups.name as group_name,
            case when persons.state = 'confirmed' then persons.name else '' end as reporter,
            ask_reports.reason, ask_reports.made_at
        from ask_reports
        join asks on asks.id = ask_reports.ask_id
        join groups on groups.id = asks.group_id
        left join persons on persons.id = ask_reports.person_id
        where ask_reports.id = $1 and ask_reports.settled_at is null";
    /// Old questions of strangers, a hundred at most.
    OLD = "
        select id from asks
        where link is not null
            and ((state = 'unconfirmed' and made_at <= $1) or (state <> 'unconfirmed' and last_at <= $2))
        order by last_at
        limit 100";
    /// Deletes the reports of a question.
    DELETE_REPORTS = "delete from ask_reports where ask_id = $1";
    /// Deletes the words of a question.
    DELETE_WORDS = "delete from ask_words where ask_id = $1";
    /// Deletes a question.
    DELETE = "delete from asks where id = $1";
    /// Forgets what a person said, and what was said to them: answers call people by name.
    FORGET_WORDS = "
        update ask_words set text = ''
        where person_id = $1 or ask_id in (select id from asks where asks.person_id = $1)";
    /// Forgets what a person asked.
    FORGET_SUBJECTS = "
        update asks set subject = '', seal = '', state = 'closed', version = version + 1 where person_id = $1";
    /// Takes questions from a person to whom they were given.
    UNASSIGN = "update asks set assigned_id = null, version = version + 1 where assigned_id = $1";
    /// Forgets what a person reported, and why a person was reported.
    FORGET_REPORTS = "
        update ask_reports set reason = ''
        where person_id = $1 or ask_id in (select id from asks where asks.person_id = $1)";
    /// Forgets whose questions are not taken: who was erased is no longer known by anything.
    FORGET_BLOCKS = "delete from ask_blocks where person_id = $1";
    /// All that a person said, oldest first.
    SAID = "
        select ask_words.ask_id, groups.name as group_name, ask_words.side, ask_words.text, ask_words.made_at
        from ask_words
        join asks on asks.id = ask_words.ask_id
        join groups on groups.id = asks.group_id
        where ask_words.person_id = $1
        order by ask_words.id
        limit 5000";
    /// All that a person reported, oldest first.
    REPORTED = "
        select ask_id, reason, made_at from ask_reports
        where person_id = $1
        order by id
        limit 1000";
}

/// Stores a question with its first word; a stranger's waits for its link.
pub(super) fn make(
    tx: &mut Tx<'_>,
    (id, word): (AskId, WordId),
    link: Option<LinkId>,
    group: GroupId,
    (new, subject): (&NewAsk, &str),
    now: Millis,
) -> Result<(), DbError> {
    let (person, name, mail, lang) = match &new.asker {
        Asker::Person(person) => (Some(*person), "", "", crate::shell::Lang::Id),
        Asker::Stranger { name, mail, lang } => (None, name.as_str(), mail.as_str(), *lang),
    };
    let (state, asked_at) = match link {
        Some(_) => (State::Unconfirmed, None),
        None => (State::Open, Some(now)),
    };
    let row = params![id, group, person, name, mail, &new.seal, lang, link, subject, state, now, asked_at];
    tx.execute(&MAKE, &row)?;
    tx.execute(&ADD_WORD, &params![word, id, 0, Side::Asker, person, &new.text, now])?;
    Ok(())
}

/// A question by id.
pub(super) fn thread(tx: &mut Tx<'_>, id: AskId) -> Result<Option<Thread>, DbError> {
    tx.optional(&THREAD, &params![id])
}

/// What was said in a question.
pub(super) fn words(tx: &mut Tx<'_>, id: AskId) -> Result<Vec<Word>, DbError> {
    tx.all(&WORDS, &params![id])
}

/// Where a page of a list begins that has the newest first.
fn place(after: Option<(Millis, AskId)>) -> (Millis, String) {
    after.map_or_else(|| (Millis(i64::MAX), String::new()), |(at, id)| (at, id.to_string()))
}

fn paged(rows: Vec<Line>) -> Paged<Line> {
    paging::paged(rows, |line| paging::cursor(&[&line.last_at.0.to_string(), &line.id.to_string()]))
}

/// A page of a group's inbox.
pub(super) fn inbox(
    tx: &mut Tx<'_>,
    group: GroupId,
    shelf: Shelf,
    me: PersonId,
    after: Option<(Millis, AskId)>,
) -> Result<Paged<Line>, DbError> {
    let (at, id) = place(after);
    let state = match shelf {
        Shelf::Mine => {
            return Ok(paged(tx.all(&INBOX_MINE, &params![group, me, at, id, PAGE + 1])?));
        }
        Shelf::Open => State::Open,
        Shelf::Answered => State::Answered,
        Shelf::Closed => State::Closed,
    };
    Ok(paged(tx.all(&INBOX, &params![group, state, at, id, PAGE + 1])?))
}

/// A page of one's own questions.
pub(super) fn own(
    tx: &mut Tx<'_>,
    person: PersonId,
    after: Option<(Millis, AskId)>,
) -> Result<Paged<Line>, DbError> {
    let (at, id) = place(after);
    let mut page = paged(tx.all(&OWN, &params![person, at, id, PAGE + 1])?);
    page.items.iter_mut().for_each(|line| line.assigned = None);
    Ok(page)
}
