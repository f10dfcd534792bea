//! All SQL on qualifications, their kinds and what groups have seen.

use super::model::{Glance, Held, NewHeld, NewKind, OwnKind, Sight};
use mapalus_core::{GroupId, KindId, Millis, PersonId, QualificationId, SeenId};
use mapalus_db::{DbError, Tx, params};

/// What people hold, each with its kind.
macro_rules! held {
    ($which:literal) => {
        concat!(
            "
        select qualifications.id, person_id, kind, qualification_kinds.name as kind_name,
            qualification_kinds.clearance as kind_clearance, stated, number, qualifications.issuer, issued_on,
            valid_until, audience, qualifications.version
        from qualifications
        left join qualification_kinds on qualification_kinds.id = qualifications.kind",
            $which
        )
    };
}

mapalus_db::statements! {
    /// The kinds that a group made, by name, also those that it no longer offers.
    KINDS = "
        select id, group_id, name, issuer, months, renewed_by, clearance, retired_at, version
        from qualification_kinds
        where group_id = $1
        order by name, id
        limit 200";
    /// A kind that a group made.
    KIND = "
        select id, group_id, name, issuer, months, renewed_by, clearance, retired_at, version
        from qualification_kinds
        where id = $1";
    /// How many kinds a group offers of its own.
    COUNT_KINDS = "select count(*) from qualification_kinds where group_id = $1 and retired_at is null";
    /// Makes a kind.
    ADD_KIND = "
        insert into qualification_kinds (id, group_id, name, issuer, months, renewed_by, clearance, made_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 1)";
    /// Changes a kind that stands as it was read.
    CHANGE_KIND = "
        update qualification_kinds
        set name = $2, issuer = $3, months = $4, renewed_by = $5, clearance = $6, version = version + 1
        where id = $1 and version = $7";
    /// Hides what is held of a kind that is no clearance any more: its holders did not say who else sees it.
    HIDE_HELD = "update qualifications set audience = 'me', version = version + 1 where kind = $1";
    /// Ceases to offer a kind that stands as it was read.
    RETIRE_KIND = "
        update qualification_kinds set retired_at = $2, version = version + 1
        where id = $1 and version = $3 and retired_at is null";
    /// Ceases to offer all kinds of a group.
    RETIRE_KINDS = "
        update qualification_kinds set retired_at = $2, version = version + 1
        where group_id = $1 and retired_at is null";
    /// What a person holds, by kind.
    HELD_BY = held!(
        "
        where person_id = $1 and removed_at is null
        order by kind
        limit 200"
    );
    /// All of a person that is stored, also what was removed.
    ALL_OF = held!(
        "
        where person_id = $1
        order by kind
        limit 500"
    );
    /// One qualification.
    HELD = held!(
        "
        where qualifications.id = $1 and removed_at is null"
    );
    /// The qualification of a person of a kind, also one that was removed.
    OF_KIND = "select id from qualifications where person_id = $1 and kind = $2";
    /// How many qualifications a person has stated.
    COUNT_HELD = "
        select count(*) from qualifications where person_id = $1 and removed_at is null and stated";
    /// States a qualification, unless the person holds one of the kind.
    STATE = "
        insert into qualifications (id, person_id, kind, stated, number, issuer, issued_on, valid_until, audience,
            changed_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
        on conflict (person_id, kind) do update
        set stated = excluded.stated, number = excluded.number, issuer = excluded.issuer,
            issued_on = excluded.issued_on, valid_until = excluded.valid_until, audience = excluded.audience,
            changed_at = excluded.changed_at, removed_at = null, version = qualifications.version + 1
        where qualifications.removed_at is not null";
    /// Corrects a qualification that stands as it was read.
    CORRECT = "
        update qualifications
        set stated = true, number = $2, issuer = $3, issued_on = $4, valid_until = $5, audience = $6, changed_at = $7,
            version = version + 1
        where id = $1 and version = $8 and removed_at is null";
    /// Removes a qualification that stands as it was read; that it was there stays for the groups that saw it.
    REMOVE = "
        update qualifications
        set stated = false, number = '', issuer = '', issued_on = null, valid_until = null, audience = 'me',
            changed_at = $2, removed_at = $2, remind_at = null, version = version + 1
        where id = $1 and version = $3 and removed_at is null";
    /// Ends all that groups have seen of a qualification.
    END_SIGHTS = "
        update sights set ended_at = $2, ended_by = $3, event_id = null
        where qualification_id = $1 and ended_at is null";
    /// What groups have seen of a person's qualifications, newest first.
    SIGHTS_OF = "
        select sights.id, qualification_id, group_id, group_name, sights.valid_until, seen_at, seen_by,
            case when persons.state = 'confirmed' then persons.name else '' end as seer,
            event_id, ended_at, ended_by, reason, replaces
        from sights
        join qualifications on qualifications.id = sights.qualification_id
        left join persons on persons.id = sights.seen_by
        where qualifications.person_id = $1
        order by seen_at desc, sights.id desc
        limit 500";
    /// One sight of a group.
    SIGHT = "
        select sights.id, qualification_id, group_id, group_name, sights.valid_until, seen_at, seen_by,
            case when persons.state = 'confirmed' then persons.name else '' end as seer,
            event_id, ended_at, ended_by, reason, replaces
        from sights
        left join persons on persons.id = sights.seen_by
        where sights.id = $1 and group_id = $2";
    /// Who holds a qualification.
    HOLDER = "select person_id from qualifications where id = $1";
    /// The sight of a qualification that counts in a group.
    CURRENT = "select id from sights where qualification_id = $1 and group_id = $2 and ended_at is null";
    /// Records a sight.
    SEE = "
        insert into sights (id, qualification_id, group_id, group_name, valid_until, seen_at, seen_by, event_id, reason,
            replaces)
        values ($1, $2, $3, $4, $5, $6, $7, $8, '', $9)";
    /// Ends a sight that counts.
    END_SIGHT = "
        update sights set ended_at = $2, ended_by = $3, reason = $4, event_id = $5
        where id = $1 and ended_at is null";
    /// Lets a sight count again.
    REVIVE_SIGHT = "update sights set ended_at = null, ended_by = null, reason = '', event_id = null where id = $1";
    /// Undoes a sight.
    DELETE_SIGHT = "delete from sights where id = $1 and ended_at is null";
    /// Undoes a qualification that a group alone recorded, and none has seen any more.
    DELETE_UNSEEN = "
        delete from qualifications
        where id = $1 and not stated
            and not exists (select 1 from sights where sights.qualification_id = qualifications.id)
            and not exists (
                select 1 from end_reminders where end_reminders.qualification_id = qualifications.id
            )";
    /// What a group has seen of these people, also what it took back.
    GLANCES = "
        select qualifications.person_id, qualifications.kind, sights.valid_until, sights.ended_at
        from sights
        join qualifications on qualifications.id = sights.qualification_id
        where sights.group_id = $1 and qualifications.person_id in ($in)";
    /// The last days of a qualification: as its holder states it, and as groups saw it.
    ENDS = "
        select valid_until from qualifications where id = $1 and removed_at is null and valid_until is not null
        union
        select sights.valid_until from sights
        where sights.qualification_id = $1 and sights.ended_at is null and sights.valid_until is not null";
    /// Sets when to look at a qualification.
    SET_ALARM = "update qualifications set remind_at = $2 where id = $1";
    /// When the next end is to be looked at.
    NEXT_ALARM = "select min(remind_at) from qualifications where remind_at is not null";
    /// Qualifications that are to be looked at.
    ALARMS = "
        select id, person_id, remind_at from qualifications
        where remind_at is not null and remind_at <= $1
        order by remind_at, id
        limit 20";
    /// Moves an alarm that stands as it was read.
    MOVE_ALARM = "update qualifications set remind_at = $3 where id = $1 and remind_at = $2";
    /// Notes that a stage of an end is told.
    REMIND = "
        insert into end_reminders (qualification_id, valid_until, days, made_at)
        values ($1, $2, $3, $4)
        on conflict (qualification_id, valid_until, days) do nothing";
    /// Forgets all that a group has seen.
    FORGET_GROUP = "delete from sights where group_id = $1";
    /// Forgets of which ends a person was told.
    FORGET_REMINDERS = "
        delete from end_reminders
        where qualification_id in (select id from qualifications where person_id = $1)";
    /// Forgets what groups have seen of a person.
    FORGET_SIGHTS = "
        delete from sights
        where qualification_id in (select id from qualifications where person_id = $1)";
    /// Forgets what a person holds.
    FORGET_HELD = "delete from qualifications where person_id = $1";
    /// Forgets who has seen something.
    FORGET_SEER = "update sights set seen_by = null where seen_by = $1";
    /// Forgets who has taken something back.
    FORGET_ENDER = "update sights set ended_by = null where ended_by = $1";
}

/// The kinds that a group made, also those that it no longer offers.
pub(super) fn kinds(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<OwnKind>, DbError> {
    tx.all(&KINDS, &params![group])
}

/// A kind that a group made.
pub(super) fn kind(tx: &mut Tx<'_>, id: KindId) -> Result<Option<OwnKind>, DbError> {
    tx.optional(&KIND, &params![id])
}

/// Stores a kind.
pub(super) fn add_kind(
    tx: &mut Tx<'_>,
    (id, group): (KindId, GroupId),
    kind: &NewKind,
    now: Millis,
) -> Result<(), DbError> {
    let row =
        params![id, group, &kind.name, &kind.issuer, kind.months, &kind.renewed_by, kind.clearance, now];
    tx.execute(&ADD_KIND, &row)?;
    Ok(())
}

/// Changes a kind that stands as it was read.
pub(super) fn change_kind(tx: &mut Tx<'_>, id: KindId, kind: &NewKind, version: i64) -> Result<(), DbError> {
    let row = params![id, &kind.name, &kind.issuer, kind.months, &kind.renewed_by, kind.clearance, version];
    tx.execute_one(&CHANGE_KIND, &row)
}

/// Stores what a person holds; whether there was room for one of the kind.
pub(super) fn state(
    tx: &mut Tx<'_>,
    (id, person): (QualificationId, PersonId),
    new: &NewHeld,
    stated: bool,
    now: Millis,
) -> Result<bool, DbError> {
    let row = params![
        id,
        person,
        &new.kind,
        stated,
        &new.number,
        &new.issuer,
        new.issued_on,
        new.valid_until,
        new.audience,
        now
    ];
    Ok(tx.execute(&STATE, &row)? == 1)
}

/// Corrects a qualification that stands as it was read.
pub(super) fn correct(
    tx: &mut Tx<'_>,
    id: QualificationId,
    new: &NewHeld,
    (now, version): (Millis, i64),
) -> Result<(), DbError> {
    let row =
        params![id, &new.number, &new.issuer, new.issued_on, new.valid_until, new.audience, now, version];
    tx.execute_one(&CORRECT, &row)
}

/// What a person holds.
pub(super) fn held_by(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Held>, DbError> {
    tx.all(&HELD_BY, &params![person])
}

/// What groups have seen of a person.
pub(super) fn sights_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Sight>, DbError> {
    tx.all(&SIGHTS_OF, &params![person])
}

/// One sight of a group.
pub(super) fn sight(tx: &mut Tx<'_>, group: GroupId, id: SeenId) -> Result<Option<Sight>, DbError> {
    tx.optional(&SIGHT, &params![id, group])
}

/// What a group has seen of these people.
pub(super) fn glances(tx: &mut Tx<'_>, group: GroupId, people: &[PersonId]) -> Result<Vec<Glance>, DbError> {
    tx.all_in(&GLANCES, &params![group], people)
}
