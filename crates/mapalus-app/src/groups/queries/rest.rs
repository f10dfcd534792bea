//! All SQL on what roles ask for and whether it is over.

mapalus_db::statements! {
    /// Who holds a role with a permission now, what it asks for, and since when it rests.
    HOLDINGS = "
        select role_holders.role_id, role_holders.person_id, roles.qualifications, roles.permissions,
            role_holders.rests_since
        from role_holders
        join roles on roles.id = role_holders.role_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        join persons on persons.id = memberships.person_id
        where role_holders.group_id = $1 and roles.permissions <> '' and memberships.state = 'active'
            and persons.state = 'confirmed'
        order by role_holders.person_id, role_holders.role_id";
    /// Lets a role rest, or go on.
    SET_REST = "update role_holders set rests_since = $3 where role_id = $1 and person_id = $2";
    /// The groups in which a person holds a role that asks for a qualification and allows something.
    ASKED_OF = "
        select distinct role_holders.group_id
        from role_holders
        join roles on roles.id = role_holders.role_id
        join groups on groups.id = role_holders.group_id
        where role_holders.person_id = $1 and roles.qualifications <> '' and roles.permissions <> ''
            and groups.ended_at is null";
    /// What the roles of these people ask for.
    WANTED = "
        select role_holders.person_id, roles.id as role_id, roles.name, roles.qualifications, role_holders.rests_since
        from role_holders
        join roles on roles.id = role_holders.role_id
        where role_holders.group_id = $1 and roles.qualifications <> '' and role_holders.person_id in ($in)
        order by role_holders.person_id, roles.place";
    /// What the group has seen of its people and is over by this day, or will be: the first end first.
    ENDING = "
        select qualifications.person_id, persons.name, qualifications.kind, sights.valid_until
        from sights
        join qualifications on qualifications.id = sights.qualification_id
        join memberships on memberships.group_id = sights.group_id
            and memberships.person_id = qualifications.person_id
        join persons on persons.id = qualifications.person_id
        where sights.group_id = $1 and sights.ended_at is null and sights.valid_until <= $2
            and memberships.state in ('accepted', 'active', 'suspended') and persons.state = 'confirmed'
        order by sights.valid_until, persons.name, qualifications.kind
        limit 200";
    /// The groups that have seen a qualification, with this last day, of one who belongs to them.
    SEEN_IN = "
        select sights.group_id
        from sights
        join qualifications on qualifications.id = sights.qualification_id
        join memberships on memberships.group_id = sights.group_id
            and memberships.person_id = qualifications.person_id
        join groups on groups.id = sights.group_id
        where sights.qualification_id = $1 and sights.ended_at is null and sights.valid_until = $2
            and memberships.state in ('accepted', 'active', 'suspended') and groups.ended_at is null
        order by sights.group_id
        limit 200";
    /// Of which kind a qualification is.
    KIND_OF = "select kind from qualifications where id = $1";
}
