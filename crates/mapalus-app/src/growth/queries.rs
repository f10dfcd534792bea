//! All SQL on trainings, their dates and who takes part.

use super::model::{Enrolment, NewSitting, NewTraining, Sitting};
use mapalus_core::{EnrolmentId, GroupId, Millis, PersonId, SittingId, TrainingId};
use mapalus_db::{DbError, Tx, params};

/// Dates as a person stands to them. `$person` is the parameter that holds who.
macro_rules! sittings {
    ($person:literal) => {
        concat!(
            "
        select sittings.id, training_id, trainings.title, sittings.group_id, trainings.for_applicants, starts_at,
            ends_at, area, sittings.place, link, seats, taken,
            (select count(*) from enrolments as e where e.sitting_id = sittings.id and e.state = 'waiting') as waiting,
            cancelled_at, cancelled_by, cancel_event, reason, sittings.version, enrolments.state as own,
            enrolments.offer_ends_at, enrolments.word as own_word
        from sittings
        join trainings on trainings.id = sittings.training_id
        left join enrolments on enrolments.sitting_id = sittings.id and enrolments.person_id = ",
            $person,
        )
    };
}

/// Enrolments with the names of those who are there.
macro_rules! enrolments {
    () => {
        "
        select enrolments.id, sitting_id, person_id,
            case when persons.state = 'confirmed' then persons.name else '' end as name,
            enrolments.state, since, offer_ends_at, word
        from enrolments
        join persons on persons.id = enrolments.person_id"
    };
}

/// What somebody took part in, with its group.
macro_rules! own {
    () => {
        "
        select sitting_id, training_id, trainings.title, groups.name as group_name, groups.slug, starts_at,
            sittings.area, cancelled_at, enrolments.state, word, since,
            offer_ends_at, noted_at
        from enrolments
        join sittings on sittings.id = enrolments.sitting_id
        join trainings on trainings.id = sittings.training_id
        join groups on groups.id = sittings.group_id"
    };
}

mapalus_db::statements! {
    /// The titles of trainings.
    TITLES = "select id, title from trainings where id in ($in)";
    /// The titles of the trainings to which dates belong.
    TITLES_OF_DATES = "
        select sittings.id, title from sittings
        join trainings on trainings.id = training_id
        where sittings.id in ($in)";
    /// The trainings of a group, by title.
    TRAININGS = "
        select id, group_id, title, teaches, grants, for_applicants, in_path, version from trainings
        where group_id = $1 and retired_at is null
        order by title, id
        limit 200";
    /// One training of a group.
    TRAINING = "
        select id, group_id, title, teaches, grants, for_applicants, in_path, version from trainings
        where id = $1 and group_id = $2 and retired_at is null";
    /// The same, also if it was ended: results are noted of what was held.
    TRAINING_EVER = "
        select id, group_id, title, teaches, grants, for_applicants, in_path, version from trainings
        where id = $1 and group_id = $2";
    /// How many trainings a group has.
    COUNT_TRAININGS = "select count(*) from trainings where group_id = $1 and retired_at is null";
    /// Adds a training.
    ADD_TRAINING = "
        insert into trainings (id, group_id, title, teaches, grants, for_applicants, in_path, made_at, version)
        values ($1, $2, $3, $4, $5, $6, false, $7, 1)";
    /// Changes a training that stands as it was read.
    CHANGE_TRAINING = "
        update trainings set title = $2, teaches = $3, grants = $4, for_applicants = $5, version = version + 1
        where id = $1 and version = $6 and retired_at is null";
    /// Ends a training that stands as it was read and has no date that is not over.
    RETIRE_TRAINING = "
        update trainings set retired_at = $2, version = version + 1
        where id = $1 and version = $3 and retired_at is null and not in_path and not exists (
            select 1 from sittings
            where sittings.training_id = trainings.id and sittings.cancelled_at is null and sittings.ends_at > $2
        )";
    /// The dates of a group that are not over since an instant, the first one first, as a person stands to them.
    SITTINGS = concat!(
        sittings!("$2"),
        "
        where sittings.group_id = $1 and sittings.ends_at > $3
        order by starts_at, sittings.id
        limit 100"
    );
    /// The first date ahead of each training of a group.
    NEXT_DATES = "
        select training_id, starts_at, area from sittings
        where group_id = $1 and cancelled_at is null and starts_at > $2 and not exists (
            select 1 from sittings as earlier
            where earlier.training_id = sittings.training_id and earlier.cancelled_at is null
                and earlier.starts_at > $2 and (
                    earlier.starts_at < sittings.starts_at
                    or (earlier.starts_at = sittings.starts_at and earlier.id < sittings.id)
                )
        )
        order by training_id";
    /// One date of a group, as a person stands to it.
    SITTING = concat!(
        sittings!("$3"),
        "
        where sittings.id = $1 and sittings.group_id = $2"
    );
    /// How many dates of a training lie ahead.
    COUNT_SITTINGS = "select count(*) from sittings where training_id = $1 and starts_at > $2 and cancelled_at is null";
    /// Adds a date.
    ADD_SITTING = "
        insert into sittings (id, training_id, group_id, starts_at, ends_at, area, place, link, seats, taken, reason,
            remind_at, made_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '', $10, $11, 1)";
    /// Moves a date that stands as it was read.
    MOVE_SITTING = "
        update sittings
        set starts_at = $2, ends_at = $3, area = $4, place = $5, link = $6, seats = $7, remind_at = $8,
            version = version + 1
        where id = $1 and version = $9 and cancelled_at is null and (cast($7 as bigint) is null or taken <= $7)";
    /// Calls off a date.
    CANCEL = "
        update sittings
        set cancelled_at = $2, cancelled_by = $3, cancel_event = $4, reason = $5, version = version + 1
        where id = $1 and cancelled_at is null";
    /// Lets a date stand that was called off.
    RESTORE = "
        update sittings
        set cancelled_at = null, cancelled_by = null, cancel_event = null, reason = '', version = version + 1
        where id = $1 and cancelled_at is not null";
    /// Calls off all dates ahead of a group.
    CANCEL_ALL = "
        update sittings set cancelled_at = $2, remind_at = null, version = version + 1
        where group_id = $1 and cancelled_at is null and starts_at > $2";
    /// The trainings of a group that its path in use asks for no longer.
    CLEAR_IN_PATH = "update trainings set in_path = false where group_id = $1 and in_path";
    /// Those that it asks for.
    SET_IN_PATH = "update trainings set in_path = true where group_id = $1 and id in ($in)";
    /// Locks a training that was not ended: who takes a seat in two of its dates at once sees both, and who ends it sees
    /// the date that is added.
    LOCK_TRAINING = "update trainings set version = version where id = $1 and retired_at is null";
    /// In how many other dates ahead of a training a person takes part or stands in line.
    ELSEWHERE = "
        select count(*) from enrolments
        join sittings on sittings.id = enrolments.sitting_id
        where sittings.training_id = $1 and enrolments.person_id = $2 and sittings.id <> $3
            and sittings.cancelled_at is null and sittings.starts_at > $4
            and enrolments.state in ('in', 'offered', 'waiting')";
    /// Whether a person takes part in a training, or did.
    TAKES_PART = "
        select count(*) from enrolments
        join sittings on sittings.id = enrolments.sitting_id
        where sittings.training_id = $1 and enrolments.person_id = $2 and enrolments.state <> 'left'";
    /// The dates of a training that are not over, and those in which a person took part; the first one first.
    COURSE = concat!(
        sittings!("$2"),
        "
        where sittings.training_id = $1 and (sittings.ends_at > $3 or enrolments.state <> 'left')
        order by starts_at, sittings.id
        limit 100"
    );
    /// How many dates ahead of the same training were made before this one.
    EARLIER_DATES = "
        select count(*) from sittings
        join sittings as one on one.training_id = sittings.training_id
        where one.id = $1 and sittings.made_at < one.made_at and sittings.cancelled_at is null
            and sittings.starts_at > $2";
    /// Which of these trainings have a date ahead in which one may take part.
    WITH_DATES = "
        select distinct training_id from sittings
        where cancelled_at is null and starts_at > $1 and training_id in ($in)";
    /// How these people stand to the dates of a group's trainings that were not called off.
    STANDS = "
        select enrolments.person_id, sittings.training_id, enrolments.state, sittings.starts_at, sittings.ends_at,
            enrolments.offer_ends_at
        from enrolments
        join sittings on sittings.id = enrolments.sitting_id
        where sittings.group_id = $1 and sittings.cancelled_at is null and enrolments.state <> 'left'
            and enrolments.person_id in ($in)
        order by sittings.starts_at, enrolments.id";
    /// The trainings of a group that a person has passed since then, as far as that was told.
    PASSED = "
        select distinct sittings.training_id from enrolments
        join sittings on sittings.id = enrolments.sitting_id
        where sittings.group_id = $1 and enrolments.person_id = $2 and enrolments.state = 'passed'
            and enrolments.noted_at >= $3 and enrolments.noted_at <= $4";
    /// Locks a date: who takes, leaves and is offered a seat see each other.
    LOCK = "update sittings set taken = taken where id = $1";
    /// Takes a seat, if there is one and nobody stands in line.
    TAKE_SEAT = "
        update sittings set taken = taken + 1
        where id = $1 and cancelled_at is null and (seats is null or taken < seats) and not exists (
            select 1 from enrolments where enrolments.sitting_id = sittings.id and enrolments.state = 'waiting'
        )";
    /// Seats of a date that nobody has; none without a limit.
    FREE_SEATS = "select seats - taken from sittings where id = $1";
    /// Takes so many seats for those of the line.
    TAKE_FOR_LINE = "
        update sittings set taken = taken + $2
        where id = $1 and cancelled_at is null and (seats is null or taken + $2 <= seats)";
    /// Gives a seat back.
    FREE_SEAT = "update sittings set taken = taken - 1 where id = $1 and taken > 0";
    /// Enrols somebody who is not enrolled, or left.
    ENROL = "
        insert into enrolments (id, sitting_id, person_id, state, since, word)
        values ($1, $2, $3, $4, $5, '')
        on conflict (sitting_id, person_id) do update
        set state = excluded.state, since = excluded.since, offer_ends_at = null, event_id = null, noted_at = null,
            noted_by = null, state_before = null, word_before = null
        where enrolments.state = 'left'";
    /// Moves an enrolment that stands in a state.
    SET_STATE = "
        update enrolments set state = $3, offer_ends_at = $4
        where id = $1 and state = $2";
    /// How many stand in line.
    COUNT_WAITING = "select count(*) from enrolments where sitting_id = $1 and state = 'waiting'";
    /// The first of the line for a date that was not called off, so many at most.
    FIRST_IN_LINE = "
        select id, person_id from enrolments
        where sitting_id = $1 and state = 'waiting' and exists (
            select 1 from sittings where sittings.id = $1 and sittings.cancelled_at is null
        )
        order by since, id
        limit $2";
    /// Offers seats to those of these who stand in line.
    OFFER = "
        update enrolments set state = 'offered', offer_ends_at = $1
        where state = 'waiting' and id in ($in)";
    /// Who takes part or wants to: those with seats first, then the line in its order.
    ENROLMENTS = concat!(
        enrolments!(),
        "
        where sitting_id = $1 and enrolments.state <> 'left'
        order by case when enrolments.state = 'waiting' then 1 else 0 end, since, enrolments.id
        limit 1000"
    );
    /// One enrolment of a group.
    ENROLMENT = concat!(
        enrolments!(),
        "
        join sittings on sittings.id = enrolments.sitting_id
        where enrolments.id = $1 and sittings.group_id = $2"
    );
    /// The enrolment of a person for a date.
    OF_PERSON = concat!(
        enrolments!(),
        "
        where sitting_id = $1 and person_id = $2"
    );
    /// Notes how somebody did, who stands as they were read; what stood before is kept, unless what is corrected was not
    /// told yet ($6): what that granted is, too.
    SET_OUTCOME = "
        update enrolments
        set state_before = case when $6 then state_before else state end,
            word_before = case when $6 then word_before else word end,
            state = $2, word = $3, event_id = $4, noted_at = $5, noted_by = $7,
            seen_id = case when $6 then coalesce($8, seen_id) else $8 end
        where id = $1 and state = $9";
    /// The event that tells how somebody did.
    OUTCOME_EVENT = "select event_id from enrolments where id = $1";
    /// Notes that somebody leaves, who stands as they were read; with the event that frees their seat.
    SET_LEFT = "
        update enrolments
        set state_before = state, word_before = word, state = 'left', event_id = $3, noted_at = $4, noted_by = person_id
        where id = $1 and state = $2";
    /// What a person noted last of a date, since then.
    NOTED = "
        select id, person_id, event_id, seen_id from enrolments
        where sitting_id = $1 and noted_by = $2 and noted_at >= $3 and noted_at = (
            select max(noted_at) from enrolments as other where other.sitting_id = $1 and other.noted_by = $2
        )
        order by id";
    /// Sets an enrolment back to what stood before. A pass that was told stays noted.
    SET_BACK = "
        update enrolments
        set state = state_before, word = word_before, event_id = null, noted_by = null,
            noted_at = case when state_before = 'passed' then noted_at end,
            state_before = null, word_before = null, seen_id = null
        where id = $1 and state_before is not null";
    /// Those who had a seat of a date and of whom nothing was noted yet, but for one person; so many at most.
    UNTOLD = concat!(
        enrolments!(),
        "
        where sitting_id = $1 and enrolments.state = 'in' and person_id <> $2
        order by since, enrolments.id
        limit $3"
    );
    /// How many they are.
    COUNT_UNTOLD = "select count(*) from enrolments where sitting_id = $1 and state = 'in'";
    /// Whom a date concerns: who has a seat, is offered one or stands in line.
    CONCERNED = "select person_id, state from enrolments where sitting_id = $1 and state in ('in', 'offered', 'waiting')";
    /// Who comes: who has a seat or is offered one.
    COMING = "select person_id, state from enrolments where sitting_id = $1 and state in ('in', 'offered')";
    /// What a person takes part in, the newest first.
    OWN = concat!(
        own!(),
        "
        where enrolments.person_id = $1 and enrolments.state <> 'left'
        order by starts_at desc, sitting_id
        limit 200"
    );
    /// All that is stored of a person.
    ALL_OF = concat!(
        own!(),
        "
        where enrolments.person_id = $1
        order by starts_at, sitting_id
        limit 5000"
    );
    /// Dates ahead for which a person is enrolled, in one group or in all.
    AHEAD_OF = "
        select enrolments.sitting_id, sittings.group_id, sittings.starts_at from enrolments
        join sittings on sittings.id = enrolments.sitting_id
        where enrolments.person_id = $1 and sittings.starts_at > $2
            and (cast($3 as text) is null or sittings.group_id = $3)
            and enrolments.state in ('in', 'offered', 'waiting')
        order by enrolments.id
        limit 100";
    /// When the next date or offer is to be looked at.
    NEXT_ALARM = "
        select min(look_at) from (
            select min(remind_at) as look_at from sittings where remind_at is not null
            union all
            select min(offer_ends_at) from enrolments where state = 'offered'
        ) as alarms";
    /// Dates of which those who come are to be reminded.
    SITTING_ALARMS = "
        select id, group_id, remind_at, starts_at, ends_at from sittings
        where remind_at is not null and remind_at <= $1
        order by remind_at, id
        limit 20";
    /// Sets an alarm that stands as it was read.
    SET_ALARM = "update sittings set remind_at = $3 where id = $1 and remind_at = $2";
    /// Seats that were held long enough.
    OFFER_ALARMS = "
        select enrolments.id, sitting_id, person_id, group_id, starts_at from enrolments
        join sittings on sittings.id = enrolments.sitting_id
        where enrolments.state = 'offered' and offer_ends_at <= $1
        order by offer_ends_at, enrolments.id
        limit 20";
    /// Forgets a person: what they took part in.
    FORGET = "delete from enrolments where person_id = $1";
    /// Forgets who noted how others did.
    FORGET_NOTER = "update enrolments set noted_by = null where noted_by = $1";
    /// Forgets who called off a date.
    FORGET_CANCELLER = "update sittings set cancelled_by = null where cancelled_by = $1";
}

/// Stores a training.
pub(super) fn add_training(
    tx: &mut Tx<'_>,
    (id, group): (TrainingId, GroupId),
    new: &NewTraining,
    now: Millis,
) -> Result<(), DbError> {
    let row = params![id, group, &new.title, &new.teaches, &new.grants, new.for_applicants, now];
    tx.execute(&ADD_TRAINING, &row)?;
    Ok(())
}

/// Stores a date.
pub(super) fn add_sitting(
    tx: &mut Tx<'_>,
    (id, training, group): (SittingId, TrainingId, GroupId),
    new: &NewSitting,
    (remind_at, now): (Millis, Millis),
) -> Result<(), DbError> {
    let row = params![
        id,
        training,
        group,
        new.starts_at,
        new.ends_at,
        &new.area,
        &new.place,
        &new.link,
        new.seats,
        remind_at,
        now
    ];
    tx.execute(&ADD_SITTING, &row)?;
    Ok(())
}

/// One date of a group, as a person stands to it.
pub(super) fn sitting(
    tx: &mut Tx<'_>,
    id: SittingId,
    group: GroupId,
    person: Option<PersonId>,
) -> Result<Option<Sitting>, DbError> {
    tx.optional(&SITTING, &params![id, group, person])
}

/// One enrolment of a group.
pub(super) fn enrolment(
    tx: &mut Tx<'_>,
    id: EnrolmentId,
    group: GroupId,
) -> Result<Option<Enrolment>, DbError> {
    tx.optional(&ENROLMENT, &params![id, group])
}
