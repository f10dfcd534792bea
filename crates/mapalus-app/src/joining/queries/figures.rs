//! All SQL on the figures of a path, and on several applications of a group at once.

mapalus_db::statements! {
    /// The newest applications that walk a path and were sent since then, 2,000 at most.
    WALKS = "
        select id, state, place, made_at from applications
        where group_id = $1 and path_id = $2 and sent_at > $3
        order by sent_at desc, id desc
        limit 2000";
    /// What is behind these applications.
    WALKED = "
        select application_id, step_id, done_at, how <> 'spared' as needed from done_steps
        where application_id in (
            select id from applications
            where group_id = $1 and path_id = $2 and sent_at > $3
            order by sent_at desc, id desc
            limit 2000
        )";
    /// Those of these applications that are a group's, with the names of their applicants.
    CHOSEN = "
        select applications.id, persons.name from applications
        join persons on persons.id = applications.person_id
        where applications.group_id = $1 and persons.state <> 'closing' and applications.state <> 'draft'
            and applications.id in ($in)";
}
