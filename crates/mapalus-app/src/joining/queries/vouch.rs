//! All SQL on vouches.

use super::super::model::{Application, vouch::Candidate};
use mapalus_core::StepId;
use mapalus_db::{DbError, Tx, params};

mapalus_db::statements! {
    /// Those of these requests to vouch that wait for their answer at a step that is open.
    VOUCHES_WAIT = "
        select vouches.id from vouches
        join applications on applications.id = vouches.application_id
        join persons on persons.id = applications.person_id
        join steps as first on first.path_id = applications.path_id and first.place = applications.place
        join steps on steps.id = vouches.step_id and steps.path_id = first.path_id and steps.block = first.block
        where not exists (
                select 1 from done_steps
                where done_steps.application_id = applications.id and done_steps.step_id = steps.id
            )
            and vouches.state = 'asked' and applications.state in ('sent', 'accepted')
            and persons.state = 'confirmed' and vouches.id in ($in)";
    /// What was asked of members for an application, oldest first.
    VOUCHES = "
        select vouches.id, application_id, step_id, giver_id,
            case when persons.state = 'confirmed' then persons.name else '' end as giver,
            coalesce(persons.workplace, '') as workplace, typed, vouches.state, asked_at, ends_at,
            given_at, withdrawn_at, relation, known, note
        from vouches
        left join persons on persons.id = giver_id
        where application_id = $1
        order by asked_at, vouches.id";
    /// One request to vouch.
    VOUCH = "
        select vouches.id, application_id, step_id, giver_id,
            case when persons.state = 'confirmed' then persons.name else '' end as giver,
            coalesce(persons.workplace, '') as workplace, typed, vouches.state, asked_at, ends_at,
            given_at, withdrawn_at, relation, known, note
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
    /// How many requests to vouch wait for a person's answer.
    DUE_OF = "
        select count(*) from vouches
        join applications on applications.id = application_id
        join persons on persons.id = applications.person_id
        where giver_id = $1 and vouches.state = 'asked' and ends_at > $2 and persons.state = 'confirmed'";
    /// An active member by id, who has not blocked the applicant.
    MEMBER = "
        select persons.id, persons.name from memberships
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1 and memberships.person_id = $2 and memberships.state = 'active'
            and persons.state = 'confirmed' and persons.age_band = 'adult'
            and not exists (
                select 1 from person_blocks
                where person_blocks.person_id = persons.id and person_blocks.other_id = $3
            )";
    /// An active member by address, but the applicant.
    MEMBER_BY_MAIL = "
        select persons.id, persons.name from memberships
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1 and persons.mail_folded = $2 and persons.id <> $3
            and memberships.state = 'active' and persons.state = 'confirmed' and persons.age_band = 'adult'
            and not exists (
                select 1 from person_blocks
                where person_blocks.person_id = persons.id and person_blocks.other_id = $3
            )";
    /// Active members of whose name a word begins so, but the applicant: ten at most.
    CANDIDATES = "
        select persons.id, persons.name from memberships
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1 and persons.id <> $3 and memberships.state = 'active'
            and persons.state = 'confirmed' and persons.age_band = 'adult' and ' ' || lower(persons.name) like $2
            and not exists (
                select 1 from person_blocks
                where person_blocks.person_id = persons.id and person_blocks.other_id = $3
            )
        order by persons.name, persons.id
        limit 10";
    /// Asks a member to vouch.
    ASK = "
        insert into vouches (id, application_id, step_id, giver_id, typed, state, asked_at, ends_at, remind_at,
            relation, known, note)
        values ($1, $2, $3, $4, $5, 'asked', $6, $7, $8, '', '', '')";
    /// Takes a request back.
    CANCEL = "update vouches set state = 'cancelled' where id = $1 and application_id = $2 and state = 'asked'";
    /// Takes back all that an application asked for.
    CANCEL_ALL = "update vouches set state = 'cancelled' where application_id = $1 and state = 'asked'";
    /// Takes back what was not answered in time, so that the same member can be asked anew.
    CANCEL_EXPIRED = "
        update vouches set state = 'cancelled' where application_id = $1 and state = 'asked' and ends_at <= $2";
    /// The vouches that count at a step.
    COUNTED = "
        select giver_id, persons.workplace from vouches
        join persons on persons.id = giver_id
        where application_id = $1 and step_id = $2 and vouches.state = 'given'";
    /// The applications at an open vouch that hang on where a person works: their own, and those for which they have vouched.
    HANG_ON = "
        select distinct applications.id from applications
        join steps as first on first.path_id = applications.path_id and first.place = applications.place
        join steps on steps.path_id = first.path_id and steps.block = first.block and steps.kind = 'vouch'
        where applications.state in ('sent', 'accepted')
            and (applications.person_id = $1 or exists (
                select 1 from vouches
                where vouches.application_id = applications.id and vouches.step_id = steps.id
                    and vouches.giver_id = $1 and vouches.state = 'given'
            ))
            and not exists (
                select 1 from done_steps
                where done_steps.application_id = applications.id and done_steps.step_id = steps.id
            )
        order by applications.id
        limit 200";
    /// The applications of a group at an open vouch for which somebody has vouched.
    VOUCHED_IN = "
        select distinct applications.id from applications
        join steps as first on first.path_id = applications.path_id and first.place = applications.place
        join steps on steps.path_id = first.path_id and steps.block = first.block and steps.kind = 'vouch'
        join vouches on vouches.application_id = applications.id and vouches.step_id = steps.id
            and vouches.state = 'given'
        where applications.group_id = $1 and applications.state in ('sent', 'accepted')
            and not exists (
                select 1 from done_steps
                where done_steps.application_id = applications.id and done_steps.step_id = steps.id
            )
        order by applications.id
        limit 200";
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
    /// Keeps which events tell of an answer.
    TELLS = "update vouches set event_id = $2, turn_event_id = $3 where id = $1";
    /// The events that tell of an answer.
    TOLD_BY = "select event_id, turn_event_id from vouches where id = $1";
    /// A request to vouch is as if nobody had answered it.
    UNANSWER = "
        update vouches
        set state = 'asked', given_at = null, relation = '', known = '', note = '', event_id = null,
            turn_event_id = null
        where id = $1 and state in ('given', 'declined')";
    /// Takes a vouch back.
    TAKE_BACK = "
        update vouches set state = $3, withdrawn_at = $2
        where id = $1 and state = 'given' and withdrawn_at is null";
    /// Forgets what was said of a person, and whom they asked.
    FORGET_VOUCHES_FOR = "
        update vouches set typed = '', relation = '', known = '', note = ''
        where application_id in (select id from applications where person_id = $1)";
    /// Forgets what a person said of others; that they vouched stays.
    FORGET_VOUCHES_BY = "update vouches set typed = '', relation = '', known = '', note = '' where giver_id = $1";
}

/// Whether a name that is searched has fewer than three letters.
pub(in crate::joining) fn is_short(name: &str) -> bool {
    name.chars().filter(|c| c.is_alphanumeric()).count() < 3
}

/// Active members of whose name a word begins so: ten at most, and none for less than three letters.
pub(in crate::joining) fn candidates(
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

/// The members who have met an applicant and may be asked at this step.
pub(in crate::joining) fn met(
    tx: &mut Tx<'_>,
    application: &Application,
    step: StepId,
) -> Result<Vec<Candidate>, DbError> {
    let row = params![application.id, application.group_id, application.person_id, step];
    tx.all(&super::acquaintance::MET, &row)
}
