//! All SQL on what those who operate the instance say of groups.

mapalus_db::statements! {
    /// Groups by name, a page: those whose name holds these letters; all, those that are hidden, or those that are verified.
    LISTED = "
        select id, slug, kind, name, name_folded, lang, area, visibility, made_at,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members,
            ended_at, verified_at, verified_why, hidden_at, hidden_why
        from groups
        where ended_at is null and ($1 = '' or name_folded like $1)
            and ($2 = '' or ($2 = 'hidden' and hidden_at is not null)
                or ($2 = 'verified' and verified_at is not null))
            and (name_folded > $3 or (name_folded = $3 and id > $4))
        order by name_folded, id
        limit $5";
    /// One of them.
    ONE = "
        select id, slug, kind, name, name_folded, lang, area, visibility, made_at,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members,
            ended_at, verified_at, verified_why, hidden_at, hidden_why
        from groups
        where id = $1";
    /// What was said of a group, the latest first.
    MARKS = "
        select group_marks.id, mark, reason, at, by_id, event_id,
            case when persons.state = 'confirmed' then persons.name else '' end as by_name
        from group_marks
        left join persons on persons.id = by_id
        where group_id = $1
        order by group_marks.id desc
        limit 50";
    /// Notes that it was said.
    MARK = "
        insert into group_marks (id, group_id, mark, reason, at, by_id, event_id)
        values ($1, $2, $3, $4, $5, $6, $7)";
    /// Forgets that it was said.
    UNMARK = "delete from group_marks where id = $1";
    /// Verifies a group that is not.
    VERIFY = "
        update groups set verified_at = $2, verified_why = $3
        where id = $1 and verified_at is null and ended_at is null";
    /// Takes back that a group is verified.
    UNVERIFY = "update groups set verified_at = null, verified_why = null where id = $1 and verified_at is not null";
    /// Hides a group that is not.
    HIDE = "
        update groups set hidden_at = $2, hidden_why = $3
        where id = $1 and hidden_at is null and ended_at is null";
    /// Shows a group again.
    SHOW = "update groups set hidden_at = null, hidden_why = null where id = $1 and hidden_at is not null";
    /// Whether a group is hidden.
    IS_HIDDEN = "select count(*) from groups where id = $1 and hidden_at is not null";
    /// What those who run a hidden group said, the latest first.
    ANSWERS = "
        select hiding_answers.id, case when persons.state = 'confirmed' then persons.name else '' end as name, text, at
        from hiding_answers
        left join persons on persons.id = person_id
        where group_id = $1
        order by hiding_answers.id desc
        limit 50";
    /// Notes what they said.
    ANSWER = "
        insert into hiding_answers (id, group_id, person_id, text, at)
        values ($1, $2, $3, $4, $5)";
    /// What a person said for hidden groups.
    ANSWERS_OF = "
        select groups.name, text, at from hiding_answers
        join groups on groups.id = group_id
        where person_id = $1
        order by hiding_answers.id
        limit 1000";
    /// Forgets who said it: it was said for the group.
    FORGET_ANSWERER = "update hiding_answers set person_id = null where person_id = $1";
    /// Forgets who judged groups.
    FORGET_JUDGE = "update group_marks set by_id = null where by_id = $1";
}
