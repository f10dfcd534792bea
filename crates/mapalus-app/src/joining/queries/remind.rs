//! All SQL on reminders.

mapalus_db::statements! {
    /// When the next step or request to vouch is to be looked at.
    NEXT_ALARM = "
        select min(remind_at) from (
            select min(remind_at) as remind_at from applications where remind_at is not null
            union all
            select min(remind_at) as remind_at from vouches where state = 'asked' and remind_at is not null
            union all
            select min(remind_at) as remind_at from interviews where state = 'taken' and remind_at is not null
        ) as alarms";
    /// Applications of which steps are to be looked at now, twenty at most.
    STEP_ALARMS = "
        select id, remind_at from applications
        where remind_at is not null and remind_at <= $1
        order by remind_at, id
        limit 20";
    /// Sets when the steps of an application are looked at next, if nobody has meanwhile.
    SET_STEP_ALARM = "update applications set remind_at = $3 where id = $1 and remind_at = $2";
    /// The steps of these applications begin anew at an instant: their applicants could do nothing before.
    RESTART = "
        update applications
        set step_since = $1, version = version + 1, remind_at = (
            select min($1 + (steps.days - steps.remind_days) * 86400000) from steps
            where steps.path_id = applications.path_id
                and steps.block = (
                    select first.block from steps as first
                    where first.path_id = applications.path_id and first.place = applications.place
                )
                and not exists (
                    select 1 from done_steps
                    where done_steps.application_id = applications.id and done_steps.step_id = steps.id
                )
        )
        where state in ('sent', 'accepted') and step_since < $1 and id in ($in)";
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
    /// Of what a person was reminded, newest first.
    REMINDERS_OF = "
        select application_id, stage, due_at, made_at from reminders
        where person_id = $1
        order by made_at desc, application_id, step_id
        limit 1000";
    /// Forgets of what a person was reminded.
    FORGET_REMINDERS_OF = "delete from reminders where person_id = $1";
}
