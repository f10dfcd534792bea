//! All SQL on groups that somebody prepares.

mapalus_db::statements! {
    /// The drafts of a person, in the order in which they were made.
    DRAFTS = "
        select id, template, name, summary, about, area, districts, point, sign_up, visibility, lang, changed_at,
            version
        from group_drafts
        where person_id = $1
        order by id
        limit 100";
    /// How many drafts a person has.
    COUNT_DRAFTS = "select count(*) from group_drafts where person_id = $1";
    /// A draft of a person.
    DRAFT = "
        select id, template, name, summary, about, area, districts, point, sign_up, visibility, lang, changed_at,
            version
        from group_drafts
        where id = $1 and person_id = $2";
    /// The templates from which the groups come that a person runs.
    RUNS_FROM = "
        select distinct groups.template
        from role_holders
        join roles on roles.id = role_holders.role_id
        join groups on groups.id = role_holders.group_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        where role_holders.person_id = $1 and roles.permissions = $2 and memberships.state = 'active'
            and groups.template is not null";
    /// Makes a draft, unless the person has one of this template.
    MAKE_DRAFT = "
        insert into group_drafts (id, person_id, template, name, summary, about, area, districts, point,
            sign_up, visibility, lang, changed_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)
        on conflict (person_id, template) do nothing";
    /// Changes a draft that stands as it was read.
    CHANGE_DRAFT = "
        update group_drafts
        set name = $2, summary = $3, about = $4, area = $5, districts = $6, point = $7, sign_up = $8,
            visibility = $9, changed_at = $10, version = version + 1
        where id = $1 and version = $11";
    /// Takes away a draft that stands as it was read.
    TAKE_DRAFT = "delete from group_drafts where id = $1 and version = $2";
    /// Notes what came of a draft that is gone.
    END_DRAFT = "
        insert into draft_ends (draft_id, person_id, template, group_id, ended_at)
        values ($1, $2, $3, $4, $5)";
    /// What came of a draft of a person.
    DRAFT_END = "
        select draft_ends.template, groups.slug
        from draft_ends
        left join groups on groups.id = draft_ends.group_id
        where draft_ends.draft_id = $1 and draft_ends.person_id = $2";
    /// Forgets the drafts of a person.
    FORGET_DRAFTS = "delete from group_drafts where person_id = $1";
    /// Forgets what came of the drafts of a person.
    FORGET_DRAFT_ENDS = "delete from draft_ends where person_id = $1";
    /// Forgets what came of drafts that have been gone for long.
    FORGET_OLD_DRAFT_ENDS = "delete from draft_ends where ended_at < $1";
}
