//! All SQL on what links spare applicants.

mapalus_db::statements! {
    /// Keeps what a link spares an applicant.
    SPARE = "
        insert into spared (application_id, kinds, by_id, why) values ($1, $2, $3, $4)
        on conflict (application_id) do nothing";
    /// Forgets what drafts that are spared something have passed over: on the path that they come from. Nothing else is
    /// done of a draft.
    CLEAR_PASSED = "
        delete from done_steps
        where application_id in (
            select applications.id from applications
            join spared on spared.application_id = applications.id
            where applications.group_id = $1 and applications.state = 'draft'
                and (cast($2 as text) is null or applications.id = $2)
        )";
    /// Passes over the steps that drafts of a group are spared: of one application, or of all. One step at least stays
    /// the applicant's own.
    PASS_OVER = "
        insert into done_steps (application_id, step_id, how, done_at, done_by, skipped_for)
        select applications.id, steps.id, 'skipped', $2, spared.by_id, spared.why
        from applications
        join spared on spared.application_id = applications.id
        join steps on steps.path_id = applications.path_id
        where applications.group_id = $1 and applications.state = 'draft'
            and (cast($3 as text) is null or applications.id = $3)
            and ' ' || spared.kinds || ' ' like '% ' || steps.kind || ' %'
            and exists (
                select 1 from steps as other
                where other.path_id = applications.path_id
                    and ' ' || spared.kinds || ' ' not like '% ' || other.kind || ' %'
            )
        on conflict (application_id, step_id) do nothing";
    /// Puts those drafts before the first step that is not passed over.
    BEGIN_AFTER = "
        update applications
        set place = (
            select coalesce(min(steps.place), 0) from steps
            where steps.path_id = applications.path_id and not exists (
                select 1 from done_steps
                where done_steps.application_id = applications.id and done_steps.step_id = steps.id
            )
        )
        where group_id = $1 and state = 'draft' and (cast($2 as text) is null or id = $2)
            and exists (select 1 from spared where spared.application_id = applications.id)";
    /// What an application is spared.
    SPARED = "select kinds from spared where application_id = $1";
    /// Forgets why a person was spared steps.
    FORGET_SPARED_OF = "
        delete from spared where application_id in (select id from applications where person_id = $1)";
}
