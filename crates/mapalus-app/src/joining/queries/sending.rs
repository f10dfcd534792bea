//! All SQL on what an applicant has just sent, what of decisions is not told yet, and on drafts that end.

mapalus_db::statements! {
    /// Keeps how an application stood before a step was sent: the latest.
    KEEP_SENDING = "
        insert into sendings (application_id, made_at, event_id, steps, state_before, place_before, since_before,
            sent_before, decided_before, carried_before, remind_before, membership_before, version_after)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict (application_id) do update set
            made_at = excluded.made_at, event_id = excluded.event_id, steps = excluded.steps,
            state_before = excluded.state_before, place_before = excluded.place_before,
            since_before = excluded.since_before, sent_before = excluded.sent_before,
            decided_before = excluded.decided_before, carried_before = excluded.carried_before,
            remind_before = excluded.remind_before, membership_before = excluded.membership_before,
            version_after = excluded.version_after";
    /// How an application stood before a step was sent.
    SENDING = "
        select made_at, event_id, steps, state_before, place_before, since_before, sent_before, decided_before,
            carried_before, remind_before, membership_before, version_after
        from sendings
        where application_id = $1";
    /// Forgets it.
    DROP_SENDING = "delete from sendings where application_id = $1";
    /// Forgets what can be taken back no longer.
    DROP_SENDINGS = "delete from sendings where made_at < $1";
    /// When the steps of an application are looked at next.
    ALARM = "select remind_at from applications where id = $1";
    /// An application stands again as before a step was sent, if it still stands as it was read.
    UNSEND = "
        update applications
        set state = $2, place = $3, step_since = $4, sent_at = $5, decided_at = $6, carried_from = $7, remind_at = $8,
            version = version + 1
        where id = $1 and version = $9";
    /// What was decided on the applications of a person, and is not told yet: oldest first.
    HELD_OF = "
        select decisions.application_id, decisions.step_id, state_before, place_before, since_before, reason_before,
            decisions.made_at, version_after
        from applications
        join decisions on decisions.application_id = applications.id
        where applications.person_id = $1 and decisions.made_at > $2 and undone_at is null
            and decisions.event_id is not null
        order by decisions.made_at, decisions.id";
    /// A draft was saved: it is looked at before it ends, if not earlier.
    SAVED = "
        update applications
        set saved_at = $2, remind_at = case when remind_at is null or remind_at > $3 then $3 else remind_at end
        where id = $1 and state = 'draft'";
    /// When a draft was saved last.
    SAVED_AT = "select coalesce(saved_at, made_at) from applications where id = $1";
    /// When a person was told that the draft ends at that instant.
    WARNED_AT = "
        select min(made_at) from reminders
        where application_id = $1 and person_id = $2 and stage = 'before' and due_at = $3";
    /// Takes the answers of an earlier application over to the same questions of the path of a new one. Files and consents
    /// are given anew.
    TAKE_OVER = "
        insert into answers (application_id, step_id, key, value)
        select $1, fresh.step_id, fresh.key, kept.value
        from questions as fresh
        join steps on steps.id = fresh.step_id
        join answers as kept on kept.application_id = $3 and kept.key = fresh.key
        join questions as old on old.step_id = kept.step_id and old.key = kept.key
        where steps.path_id = $2 and old.kind = fresh.kind and old.options = fresh.options
            and fresh.kind not in ('file', 'consent')
        on conflict (application_id, step_id, key) do nothing";
}
