//! All SQL on roles and who holds them: who runs a group.

use crate::groups::model::NewRole;
use mapalus_core::{GroupId, PersonId, RoleId};
use mapalus_db::{DbError, Tx, params};

mapalus_db::statements! {
    /// The roles that a person holds, with their groups.
    ALL_ROLES_OF = "
        select groups.name as group_name, roles.name, role_holders.since
        from role_holders
        join roles on roles.id = role_holders.role_id
        join groups on groups.id = role_holders.group_id
        where role_holders.person_id = $1
        order by groups.name, roles.place, roles.id
        limit 1000";
    /// The names of roles.
    NAMES = "select id, name from roles where id in ($in)";
    /// Roles of a group.
    ROLES = "
        select id, name, duties, qualifications, permissions, version from roles
        where group_id = $1
        order by place";
    /// Who runs a group: active holders of a role with a permission.
    COORDINATORS = "
        select memberships.person_id, persons.name, memberships.state, memberships.since,
            string_agg(roles.name, cast($2 as text)) as roles
        from role_holders
        join roles on roles.id = role_holders.role_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        join persons on persons.id = memberships.person_id
        where role_holders.group_id = $1 and roles.permissions <> '' and memberships.state = 'active'
            and persons.state = 'confirmed' and role_holders.rests_since is null
        group by memberships.person_id, persons.name, memberships.state, memberships.since
        order by memberships.since, memberships.person_id
        limit 12";
    /// The active people of a group who hold a permission.
    HOLDERS = "
        select distinct role_holders.person_id
        from role_holders
        join roles on roles.id = role_holders.role_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        join persons on persons.id = memberships.person_id
        where role_holders.group_id = $1 and roles.permissions like $2 and memberships.state = 'active'
            and persons.state = 'confirmed' and role_holders.rests_since is null";
    /// How many active people of each of these groups hold a permission.
    COUNT_HOLDERS = "
        select role_holders.group_id, count(distinct role_holders.person_id) as count
        from role_holders
        join roles on roles.id = role_holders.role_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        join persons on persons.id = memberships.person_id
        where roles.permissions like $1 and memberships.state = 'active' and persons.state = 'confirmed'
            and role_holders.rests_since is null and role_holders.group_id in ($in)
        group by role_holders.group_id";
    /// How many minors hold a role.
    MINORS_IN_ROLE = "
        select count(*) from role_holders
        join persons on persons.id = role_holders.person_id
        where role_holders.role_id = $1 and persons.age_band <> 'adult'";
    /// The groups in which an active person holds a permission.
    HELD_BY = "
        select distinct role_holders.group_id
        from role_holders
        join roles on roles.id = role_holders.role_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        join groups on groups.id = role_holders.group_id
        where role_holders.person_id = $1 and roles.permissions like $2 and memberships.state = 'active'
            and groups.ended_at is null and role_holders.rests_since is null";
    /// How many people but this one (nobody, if none is named) hold every permission of a group by one role.
    COORDINATORS_BUT = "
        select count(distinct role_holders.person_id)
        from role_holders
        join roles on roles.id = role_holders.role_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        join persons on persons.id = memberships.person_id
        where role_holders.group_id = $1 and role_holders.person_id <> coalesce(cast($2 as text), '')
            and roles.permissions = $3 and role_holders.rests_since is null
            and memberships.state = 'active' and persons.state = 'confirmed'";
    /// Locks the groups in which a person has a role, so that two who go at once see each other.
    LOCK_HELD = "
        update groups set guard = guard + 1
        where id in (select group_id from role_holders where person_id = $1)";
    /// Groups of which a person is the only active one who holds every permission.
    ONLY_COORDINATOR = "
        select distinct groups.name
        from role_holders
        join roles on roles.id = role_holders.role_id
        join groups on groups.id = role_holders.group_id
        where role_holders.person_id = $1 and roles.permissions = $2 and groups.ended_at is null and not exists (
            select 1 from role_holders as others
            join roles as held on held.id = others.role_id
            join memberships on memberships.group_id = others.group_id and memberships.person_id = others.person_id
            join persons on persons.id = others.person_id
            where others.group_id = groups.id and others.person_id <> $1 and held.permissions = $2
                and others.rests_since is null and memberships.state = 'active' and persons.state = 'confirmed'
        )
        order by groups.name";
    /// Takes all roles of a person.
    DISMISS_EVERYWHERE = "delete from role_holders where person_id = $1";
    /// Adds a role.
    ADD_ROLE = "
        insert into roles (id, group_id, place, name, duties, qualifications, permissions, version)
        values ($1, $2, $3, $4, $5, $6, $7, 1)";
    /// Appoints a person to a role.
    APPOINT = "
        insert into role_holders (role_id, person_id, group_id, since, appointed_by)
        values ($1, $2, $3, $4, $5)
        on conflict (role_id, person_id) do nothing";
    /// Takes all roles of a person in a group.
    DISMISS = "delete from role_holders where group_id = $1 and person_id = $2";
    /// A role of a group.
    ROLE = "
        select id, name, duties, qualifications, permissions, version from roles
        where id = $1 and group_id = $2";
    /// How many roles a group has, and the place after the last.
    ROLES_COUNT = "select count(*), coalesce(max(place), 0) + 1 from roles where group_id = $1";
    /// Changes a role that stands as it was read.
    CHANGE_ROLE = "
        update roles set name = $3, duties = $4, qualifications = $5, permissions = $6, version = version + 1
        where id = $1 and group_id = $2 and version = $7";
    /// Removes a role that nobody holds.
    REMOVE_ROLE = "
        delete from roles
        where id = $1 and group_id = $2
            and not exists (select 1 from role_holders where role_holders.role_id = roles.id)";
    /// Takes one role from a person.
    DISMISS_ROLE = "delete from role_holders where role_id = $1 and person_id = $2 and group_id = $3";
    /// Who holds the roles of a group.
    ROLE_HOLDERS = "
        select role_holders.role_id, role_holders.person_id, persons.name
        from role_holders
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        join persons on persons.id = memberships.person_id
        where role_holders.group_id = $1 and memberships.state in ('accepted', 'active', 'suspended')
            and persons.state = 'confirmed'
        order by persons.name, role_holders.person_id
        limit 1000";
    /// The ids of the roles that a person holds in a group.
    ROLES_OF = "select role_id from role_holders where group_id = $1 and person_id = $2";
}

/// Stores a role of a new group.
pub(in crate::groups) fn add_role(
    tx: &mut Tx<'_>,
    id: RoleId,
    group: GroupId,
    place: i64,
    role: &NewRole,
) -> Result<(), DbError> {
    let (duties, wanted) = (role.duties.join("\n"), role.qualifications.join(" "));
    tx.execute(&ADD_ROLE, &params![id, group, place, &role.name, duties, wanted, role.permissions])?;
    Ok(())
}

/// Appoints a person to a role.
pub(in crate::groups) fn appoint(
    tx: &mut Tx<'_>,
    role: RoleId,
    person: PersonId,
    group: GroupId,
    now: mapalus_core::Millis,
    by: Option<PersonId>,
) -> Result<(), DbError> {
    tx.execute(&APPOINT, &params![role, person, group, now, by])?;
    Ok(())
}
