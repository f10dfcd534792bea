//! All SQL on the paths of groups, their steps and questions.

mapalus_db::statements! {
    /// Makes a path.
    MAKE_PATH = "insert into paths (id, group_id, number, made_at, made_by) values ($1, $2, $3, $4, $5)";
    /// Notes how a path is taken back.
    HOLD_PATH = "update paths set event_id = $2, sign_up_before = $3 where id = $1";
    /// The path of a group that is in use, and how it is taken back: its id, number, the event, who could join before.
    LAST_PATH = "
        select id, number, event_id, sign_up_before from paths
        where group_id = $1
        order by number desc
        limit 1";
    /// Whether somebody walks a path.
    WALKED = "select count(*) from applications where path_id = $1 or carried_from = $1";
    /// Deletes the questions of a path.
    DROP_QUESTIONS = "delete from questions where step_id in (select id from steps where path_id = $1)";
    /// Deletes the steps of a path.
    DROP_STEPS = "delete from steps where path_id = $1";
    /// Deletes a path.
    DROP_PATH = "delete from paths where id = $1";
    /// Takes a path for an application that begins, if it was not taken back.
    HOLD_IN_USE = "update paths set number = number where id = $1";
    /// Numbers the path that is in use again: by its number nobody takes it, or one that comes, for the one taken back.
    RENUMBER_PATH = "update paths set number = $2 where id = $1";
    /// Adds a step.
    ADD_STEP = "
        insert into steps (id, path_id, place, block, only_if, kind, name, text, days, remind_days, overdue,
            approvals, needed, other_workplace, details)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
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
    /// Takes the answers of drafts on a new path to those of its questions that have their key and kind.
    CARRY_ANSWERS = "
        update answers
        set step_id = (
            select fresh.step_id from questions as fresh
            join steps on steps.id = fresh.step_id
            join questions as old on old.step_id = answers.step_id and old.key = answers.key
            where steps.path_id = $2 and fresh.key = answers.key and fresh.kind = old.kind
        )
        where application_id in (
                select id from applications where group_id = $1 and state = 'draft' and path_id = $2
            )
            and exists (
                select 1 from questions as fresh
                join steps on steps.id = fresh.step_id
                join questions as old on old.step_id = answers.step_id and old.key = answers.key
                where steps.path_id = $2 and fresh.key = answers.key and fresh.kind = old.kind
            )";
    /// Forgets those that found none.
    DROP_ANSWERS = "
        delete from answers
        where application_id in (
                select id from applications where group_id = $1 and state = 'draft' and path_id = $2
            )
            and step_id not in (select id from steps where path_id = $2)";
    /// Takes the drafts of a group from earlier paths to a new one; the one on which the applicant saw them last is kept.
    CARRY_DRAFTS = "
        update applications set path_id = $2, carried_from = coalesce(carried_from, path_id), version = version + 1
        where group_id = $1 and state = 'draft' and path_id in (
            select older.id from paths as older
            join paths as fresh on fresh.group_id = older.group_id and fresh.number > older.number
            where fresh.id = $2
        )";
    /// The steps of a path.
    STEPS = "
        select id, place, block, only_if, kind, name, text, days, remind_days, overdue, approvals, needed,
            other_workplace, details
        from steps
        where path_id = $1
        order by place";
    /// The questions of a path.
    QUESTIONS = "
        select step_id, key, questions.kind, required, label, why, visible, delete_days, options
        from questions
        join steps on steps.id = step_id
        where path_id = $1
        order by steps.place, questions.place";
}
