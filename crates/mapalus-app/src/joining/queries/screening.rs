//! All SQL on what reviewers give applicants.

mapalus_db::statements! {
    /// What reviewers gave an applicant, oldest first.
    SCORES = "
        select step_id, person_id, case when persons.state = 'confirmed' then persons.name else '' end as name,
            scores, note, given_at
        from scores
        join persons on persons.id = person_id
        where application_id = $1
        order by given_at, person_id";
    /// Of these applications what was given in screenings that are behind them, with their criteria.
    SCORES_OF = "
        select scores.application_id, steps.details, scores.scores from scores
        join steps on steps.id = scores.step_id
        join done_steps on done_steps.application_id = scores.application_id and done_steps.step_id = scores.step_id
        where scores.application_id in ($in)
        order by scores.application_id, steps.place, scores.given_at";
    /// Gives scores, or gives others.
    SCORE = "
        insert into scores (application_id, step_id, person_id, scores, note, given_at, changed_at)
        values ($1, $2, $3, $4, $5, $6, $6)
        on conflict (application_id, step_id, person_id) do update
        set scores = excluded.scores, note = excluded.note, changed_at = excluded.changed_at";
    /// Who has vouched for an applicant, also with a vouch that was taken back.
    VOUCHERS_OF = "select giver_id from vouches where application_id = $1 and given_at is not null";
    /// What a person gave others.
    SCORED_BY = "
        select groups.name as group_name, steps.details, scores, note, given_at from scores
        join steps on steps.id = step_id
        join applications on applications.id = application_id
        join groups on groups.id = applications.group_id
        where scores.person_id = $1
        order by given_at, application_id
        limit 1000";
    /// What a person was given where it is decided.
    SCORED_OF = "
        select groups.name as group_name, steps.details, scores, note, given_at from scores
        join steps on steps.id = step_id
        join applications on applications.id = application_id
        join groups on groups.id = applications.group_id
        where applications.person_id = $1 and applications.decided_at is not null
        order by given_at, application_id
        limit 1000";
    /// Forgets what a person was given.
    FORGET_SCORES_OF = "
        delete from scores
        where application_id in (select id from applications where person_id = $1)";
    /// Forgets what a person wrote of others; that they scored stays.
    FORGET_NOTES_BY = "update scores set note = '' where person_id = $1";
    /// Applications with scores that were decided before then, 200 at most.
    OLD_SCORES = "
        select distinct scores.application_id from scores
        join applications on applications.id = scores.application_id
        where applications.decided_at <= $1
        order by scores.application_id
        limit 200";
    /// Forgets their scores.
    DROP_SCORES = "delete from scores where application_id in ($in)";
}
