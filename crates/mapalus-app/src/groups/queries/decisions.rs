//! All SQL on what was decided in the name of groups.

mapalus_db::statements! {
    /// Notes a decision.
    DECIDE = "
        insert into group_decisions (id, group_id, topic, kind, what, named_id, other_id, person_id, why, line, cause, made_at,
            due_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    /// Forgets what was undone.
    UNDO = "delete from group_decisions where cause = $1";
    /// Lines of the log that stand by now, the newest first: of a topic, or all; for one who belongs to the group, or of a
    /// person alone. Names as far as their owner lets this person know of them.
    LOG = "
        select lines.id, lines.made_at, lines.kind, lines.what, lines.many, lines.own, lines.why,
            named.name as named, others.name as other
        from (
            select max(id) as id, max(made_at) as made_at, kind, what, named_id, other_id, count(*) as many,
                cast(sum(case when person_id = $3 then 1 else 0 end) as bigint) as own,
                max(case when person_id = $3 then why else '' end) as why
            from group_decisions
            where group_id = $1 and due_at <= $2 and ($4 or person_id = $3) and ($5 = '' or topic = $5)
            group by line, kind, what, named_id, other_id
            having $6 = '' or max(id) < $6
            order by max(id) desc
            limit $7
        ) as lines
        left join persons as named on named.id = lines.named_id and named.state = 'confirmed'
            and not exists (
                select 1 from person_blocks
                where person_blocks.person_id = named.id and person_blocks.other_id = $3
            )
        left join persons as others on others.id = lines.other_id and others.state = 'confirmed'
            and not exists (
                select 1 from person_blocks
                where person_blocks.person_id = others.id and person_blocks.other_id = $3
            )
        order by lines.id desc";
    /// What was decided of a person.
    OF_PERSON = "
        select groups.name, group_decisions.kind, what, why, group_decisions.made_at from group_decisions
        join groups on groups.id = group_id
        where named_id = $1 or other_id = $1 or person_id = $1
        order by group_decisions.id
        limit 1000";
    /// Forgets of whom decisions speak by name: that they were made stays.
    FORGET_NAMED = "update group_decisions set named_id = null where named_id = $1";
    /// The same of those who changed places with them.
    FORGET_OTHER = "update group_decisions set other_id = null where other_id = $1";
    /// Forgets whom decisions concern, and why.
    FORGET_PERSON = "update group_decisions set person_id = null, why = '' where person_id = $1";
}
