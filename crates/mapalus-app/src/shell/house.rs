//! The tables of the house itself: outbox, followers' cursors, leases, once-values, kept forms, audit, first starts.

use mapalus_core::Millis;
use mapalus_db::{Db, DbError, params};

/// Since when the instance asks for a second step: its first start with a version that does.
///
/// # Errors
/// The database's error.
pub async fn asks_for_factor_since(db: &Db, now: Millis) -> Result<Millis, DbError> {
    db.write("house::start", move |tx| {
        tx.execute(&queries::NOTE_START, &params!["second-factor", now])?;
        tx.scalar(&queries::START, &params!["second-factor"])
    })
    .await
}

pub mod queries {
    //! Statements on the house's tables.
    mapalus_db::statements! {
        /// Puts an event into the outbox; it has no position until the sequencer gives it one.
        PUT_EVENT = "
            insert into outbox (id, payload, actor, made_at, due_at)
            values ($1, $2, $3, $4, $5)";
        /// Takes back an event that has not gone out.
        TAKE_BACK_EVENT = "delete from outbox where id = $1 and position is null";
        /// Numbers up to 256 committed events that are due, in order, after the last number given.
        NUMBER_EVENTS = "
            update outbox
            set position = numbered.position
            from (
                select id,
                    (
                        select coalesce(max(position), 0)
                        from (select position from outbox union all select position from cursors) as given
                    ) + row_number() over (order by due_at, id) as position
                from (
                    select id, due_at from outbox
                    where position is null and due_at <= $1
                    order by due_at, id
                    limit 256
                ) as due
            ) as numbered
            where numbered.id = outbox.id";
        /// How many events are due to be numbered.
        COUNT_DUE = "select count(*) from outbox where position is null and due_at <= $1";
        /// How many events a follower has not followed.
        COUNT_BEHIND = "
            select count(*) from outbox
            where position > coalesce((select position from cursors where follower = $1), 0)";
        /// Events after a position, in order.
        EVENTS_AFTER = "
            select position, payload, actor, made_at from outbox
            where position > $1
            order by position
            limit $2";
        /// The instant at which the next held event is due, if one waits.
        NEXT_DUE = "select min(due_at) from outbox where position is null";
        /// The last number given; 0 if none was.
        HEAD = "
            select coalesce(max(position), 0)
            from (select position from outbox union all select position from cursors) as given";
        /// Forgets events that everybody has followed and that are older than the instant.
        FORGET_EVENTS = "
            delete from outbox
            where made_at < $1 and position <= (select min(position) from cursors)";
        /// Begins a follower at the start.
        BEGIN_CURSOR = "
            insert into cursors (follower, position) values ($1, 0)
            on conflict (follower) do nothing";
        /// Locks a follower's cursor, so that two nodes do not follow at once.
        LOCK_CURSOR = "update cursors set position = position where follower = $1 returning position";
        /// Moves a follower's cursor.
        MOVE_CURSOR = "update cursors set position = $2 where follower = $1";
        /// Takes or renews a lease that is free, over or one's own.
        TAKE_LEASE = "
            insert into leases (name, holder, until) values ($1, $2, $3)
            on conflict (name) do update set holder = excluded.holder, until = excluded.until
            where leases.until < $4 or leases.holder = excluded.holder";
        /// Claims a once-value.
        CLAIM_ONCE = "
            insert into once (subject, route, value, digest, made_at)
            values ($1, $2, $3, $4, $5)
            on conflict (subject, route, value) do nothing";
        /// What a claimed once-value led to.
        FIND_ONCE = "
            select digest, location, done, undo from once
            where subject = $1 and route = $2 and value = $3";
        /// Notes where the write led.
        FINISH_ONCE = "
            update once set location = $4, done = $5, undo = $6
            where subject = $1 and route = $2 and value = $3";
        /// Forgets once-values older than a day.
        FORGET_ONCE = "delete from once where made_at < $1";
        /// Keeps a form that was posted with a session that had ended.
        KEEP_FORM = "
            insert into kept_forms (device_digest, who, path, page, fields, ends_at, offered)
            values ($1, $2, $3, $4, $5, $6, false)
            on conflict (device_digest) do update set
                who = excluded.who, path = excluded.path, page = excluded.page, fields = excluded.fields,
                ends_at = excluded.ends_at, offered = false";
        /// A kept form of this browser and person.
        KEPT_FORM = "
            select path, page, fields from kept_forms
            where device_digest = $1 and who = $2 and ends_at > $3";
        /// Notes that a kept form is shown again, once.
        OFFER_KEPT_FORM = "
            update kept_forms set offered = true
            where device_digest = $1 and who = $2 and ends_at > $3 and not offered";
        /// Forgets kept forms whose time is over.
        FORGET_KEPT_FORMS = "delete from kept_forms where ends_at <= $1";
        /// Notes since when the instance does something, once.
        NOTE_START = "insert into starts (name, at) values ($1, $2) on conflict (name) do nothing";
        /// Since when the instance does something.
        START = "select at from starts where name = $1";
        /// Records what was done, and by which token if by one.
        RECORD = "
            insert into audit (id, at, actor, action, subject, why, token, group_id)
            values ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// What was done in a group by these actions, newest first.
        RECORDS_IN = "
            select id, at, actor, action, subject, why, token from audit
            where group_id = $1 and ($2 = '' or id < $2) and at >= $3 and at < $4
                and ($5 = '' or actor = $5 or subject = $5) and action in ($in)
            order by id desc
            limit $6";
        /// Forgets the words that people wrote when they did something to these.
        FORGET_WORDS = "update audit set why = '' where action = $1 and subject in ($in)";
        /// What was done to one thing, newest first.
        RECORDS_OF = "
            select at, actor, action, why from audit
            where subject = $1
            order by id desc
            limit 100";
    }
}
