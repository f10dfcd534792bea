//! All SQL on groups, their topics, questions, roles and memberships.

pub(super) mod changes;
pub(super) mod listing;

use super::model::NewGroup;
use crate::shell::text;
use mapalus_core::{GroupId, PersonId, RoleId};
use mapalus_db::{DbError, Tx, params};

mapalus_db::statements! {
    /// Groups of these names.
    NAMED = "select name_folded, area from groups where name_folded in ($in)";
    /// A group by address or id, with its count of members and how one person stands to it.
    GROUP = "
        select groups.id, slug, kind, name, summary, about, rules, lang, sign_up, visibility, area, taking,
            groups.made_at, groups.version,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members,
            memberships.state as membership,
            (
                select string_agg(roles.permissions, ' ')
                from role_holders
                join roles on roles.id = role_holders.role_id
                where role_holders.group_id = groups.id and role_holders.person_id = $2
            ) as held
        from groups
        left join memberships on memberships.group_id = groups.id and memberships.person_id = $2
        where groups.slug = $1 or groups.id = $1";
    /// Those of these groups that everybody may find.
    CARDS = "
        select groups.id, slug, kind, name, name_folded, summary, lang, area, taking, sign_up,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members,
            memberships.state as membership
        from groups
        left join memberships on memberships.group_id = groups.id and memberships.person_id = $1
        where visibility = 'public' and groups.id in ($in)";
    /// Ids of public groups, in their order.
    PUBLIC_AFTER = "
        select id from groups
        where visibility = 'public' and id > $1
        order by id
        limit $2";
    /// What strangers may find of public groups.
    DOCUMENTS = "
        select id, kind, name, summary, about, area, taking, made_at,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members
        from groups
        where visibility = 'public' and id in ($in)";
    /// What groups are about.
    TOPICS_OF = "select group_id, topic, code from group_topics where group_id in ($in)";
    /// Causes of the groups to which a person belongs.
    CAUSES_OF = "
        select distinct group_topics.code
        from memberships
        join group_topics on group_topics.group_id = memberships.group_id
        where memberships.person_id = $1 and memberships.state in ('accepted', 'active')
            and group_topics.topic = 'cause'
        order by group_topics.code
        limit 20";
    /// The groups of a person.
    OF_PERSON = "
        select groups.id, slug, kind, name, name_folded, summary, lang, area, taking, sign_up,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members,
            memberships.state as membership
        from memberships
        join groups on groups.id = memberships.group_id
        where memberships.person_id = $1 and memberships.state in ('accepted', 'active', 'suspended')
        order by name_folded, groups.id
        limit 100";
    /// The groups at whose desk a person sits.
    DESKS = "
        select groups.id, slug, kind, name, name_folded, summary, lang, area, taking, sign_up,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members,
            memberships.state as membership
        from memberships
        join groups on groups.id = memberships.group_id
        where memberships.person_id = $1 and memberships.state = 'active' and exists (
            select 1 from role_holders
            join roles on roles.id = role_holders.role_id
            where role_holders.group_id = groups.id and role_holders.person_id = $1 and roles.permissions <> ''
        )
        order by name_folded, groups.id
        limit 100";
    /// Whether a person sits at the desk of a group: 1 or 0, however many there are.
    HAS_DESK = "
        select count(*)
        from (
            select 1 as one
            from role_holders
            join roles on roles.id = role_holders.role_id
            join memberships on memberships.group_id = role_holders.group_id
                and memberships.person_id = role_holders.person_id
            where role_holders.person_id = $1 and roles.permissions <> '' and memberships.state = 'active'
            limit 1
        ) as some_desk";
    /// The name and address of a group.
    NAME = "select name, slug from groups where id = $1";
    /// What a group is about, its frequent questions and its roles: the short parts of its page.
    PARTS = "
        select topic as part, code as first, '' as second, '' as third, '' as fourth, '' as fifth, 0 as place
        from group_topics
        where group_id = $1
        union all
        select 'question', ask, answer, '', '', '', place from group_questions
        where group_id = $1
        union all
        select 'role', name, duties, qualifications, permissions, id, place from roles
        where group_id = $1
        order by 1, 7, 2";
    /// Roles of a group.
    ROLES = "
        select id, name, duties, qualifications, permissions from roles
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
            and persons.state = 'confirmed'
        group by memberships.person_id, persons.name, memberships.state, memberships.since
        order by memberships.since, memberships.person_id
        limit 12";
    /// A page of the people of a group, oldest first.
    MEMBERS = "
        select memberships.person_id, persons.name, memberships.state, memberships.since,
            (
                select string_agg(roles.name, cast($5 as text))
                from role_holders
                join roles on roles.id = role_holders.role_id
                where role_holders.group_id = $1 and role_holders.person_id = memberships.person_id
            ) as roles
        from memberships
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1
            and (memberships.state in ('accepted', 'active') or (memberships.state = 'suspended' and $6))
            and persons.state = 'confirmed'
            and (memberships.since > $2 or (memberships.since = $2 and memberships.person_id > $3))
        order by memberships.since, memberships.person_id
        limit $4";
    /// The active people of a group who hold a permission.
    HOLDERS = "
        select distinct role_holders.person_id
        from role_holders
        join roles on roles.id = role_holders.role_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        join persons on persons.id = memberships.person_id
        where role_holders.group_id = $1 and roles.permissions like $2 and memberships.state = 'active'
            and persons.state = 'confirmed'";
    /// The groups in which an active person holds a permission.
    HELD_BY = "
        select distinct role_holders.group_id
        from role_holders
        join roles on roles.id = role_holders.role_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        where role_holders.person_id = $1 and roles.permissions like $2 and memberships.state = 'active'
        limit 100";
    /// How many people but this one (nobody, if none is named) hold every permission of a group by one role.
    COORDINATORS_BUT = "
        select count(distinct role_holders.person_id)
        from role_holders
        join roles on roles.id = role_holders.role_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        join persons on persons.id = memberships.person_id
        where role_holders.group_id = $1 and role_holders.person_id <> coalesce(cast($2 as text), '')
            and roles.permissions = $3
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
        where role_holders.person_id = $1 and roles.permissions = $2 and not exists (
            select 1 from role_holders as others
            join roles as held on held.id = others.role_id
            join memberships on memberships.group_id = others.group_id and memberships.person_id = others.person_id
            join persons on persons.id = others.person_id
            where others.group_id = groups.id and others.person_id <> $1 and held.permissions = $2
                and memberships.state = 'active' and persons.state = 'confirmed'
        )
        order by groups.name";
    /// Whether two people belong to the same group.
    SHARE_GROUP = "
        select count(*) from memberships as one
        join memberships as other on other.group_id = one.group_id
        where one.person_id = $1 and other.person_id = $2
            and one.state in ('accepted', 'active') and other.state in ('accepted', 'active')";
    /// How many active people of a group belong to it since then, founded it or help to run it.
    SETTLED = "
        select count(*) from memberships
        join groups on groups.id = memberships.group_id
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1 and memberships.state = 'active' and persons.state = 'confirmed'
            and (memberships.since <= $2 or memberships.since <= groups.made_at or exists (
                select 1 from role_holders
                join roles on roles.id = role_holders.role_id
                where role_holders.group_id = memberships.group_id
                    and role_holders.person_id = memberships.person_id and roles.permissions <> ''
            ))";
    /// Ends the memberships of a person.
    END_MEMBERSHIPS = "
        update memberships
        set state = 'left', changed_at = $2, changed_by = null, why = 'erased', version = version + 1
        where person_id = $1 and state in ('invited', 'applied', 'accepted', 'active', 'suspended')";
    /// Forgets why memberships of a person are as they are: it may be a text about the person.
    FORGET_WHY = "update memberships set why = '' where person_id = $1";
    /// Takes all roles of a person.
    DISMISS_EVERYWHERE = "delete from role_holders where person_id = $1";
    /// All memberships of a person.
    MEMBERSHIPS_OF = "
        select groups.name, memberships.state, memberships.since, memberships.changed_at, memberships.why
        from memberships
        join groups on groups.id = memberships.group_id
        where memberships.person_id = $1
        order by groups.name
        limit 1000";
    /// Makes a group unless its address is taken.
    MAKE = "
        insert into groups (id, slug, kind, name, name_folded, summary, about, rules, lang, sign_up,
            visibility, area, taking, template, made_at, version, guard)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, true, $13, $14, 1, 0)
        on conflict (slug) do nothing";
    /// Adds a topic.
    ADD_TOPIC = "insert into group_topics (group_id, topic, code) values ($1, $2, $3)";
    /// Adds a frequent question.
    ADD_QUESTION = "insert into group_questions (group_id, place, ask, answer) values ($1, $2, $3, $4)";
    /// Adds a role.
    ADD_ROLE = "
        insert into roles (id, group_id, place, name, duties, qualifications, permissions)
        values ($1, $2, $3, $4, $5, $6, $7)";
    /// Appoints a person to a role.
    APPOINT = "
        insert into role_holders (role_id, person_id, group_id, since, appointed_by)
        values ($1, $2, $3, $4, $5)
        on conflict (role_id, person_id) do nothing";
    /// Takes all roles of a person in a group.
    DISMISS = "delete from role_holders where group_id = $1 and person_id = $2";
    /// Begins a membership.
    BEGIN_MEMBERSHIP = "
        insert into memberships (group_id, person_id, state, since, changed_at, changed_by, why, version)
        values ($1, $2, $3, $4, $4, $5, $6, 1)
        on conflict (group_id, person_id) do nothing";
    /// Moves a membership that stands as it was read.
    MOVE_MEMBERSHIP = "
        update memberships
        set state = $3, changed_at = $4, changed_by = $5, why = $6, version = version + 1,
            since = case when $7 then $4 else since end
        where group_id = $1 and person_id = $2 and version = $8";
    /// Locks a group, so that two changes that must see each other do.
    LOCK = "update groups set guard = guard + 1 where id = $1";
    /// Changes a group that stands as it was read.
    CHANGE = "
        update groups
        set name = $2, name_folded = $3, summary = $4, about = $5, rules = $6, area = $7, sign_up = $8,
            visibility = $9, taking = $10, version = version + 1
        where id = $1 and version = $11";
    /// Counts a change of what belongs to a group that stands as it was read.
    NEXT_VERSION = "update groups set version = version + 1 where id = $1 and version = $2";
    /// Sets how one becomes a member of a group that stands as it was read.
    SET_OPENNESS = "update groups set sign_up = $2, version = version + 1 where id = $1 and version = $3";
    /// Takes the topics of a group away, before the new ones come.
    CLEAR_TOPICS = "delete from group_topics where group_id = $1";
    /// Takes the frequent questions of a group away, before the new ones come.
    CLEAR_QUESTIONS = "delete from group_questions where group_id = $1";
    /// A role of a group.
    ROLE = "
        select id, name, duties, qualifications, permissions from roles
        where id = $1 and group_id = $2";
    /// How many roles a group has, and the place after the last.
    ROLES_COUNT = "select count(*), coalesce(max(place), 0) + 1 from roles where group_id = $1";
    /// Changes a role.
    CHANGE_ROLE = "
        update roles set name = $3, duties = $4, qualifications = $5, permissions = $6
        where id = $1 and group_id = $2";
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
    /// One person of a group.
    ONE_MEMBER = "
        select memberships.person_id, persons.name, memberships.state, memberships.since,
            memberships.changed_at, memberships.why,
            (
                select string_agg(roles.permissions, ' ')
                from role_holders
                join roles on roles.id = role_holders.role_id
                where role_holders.group_id = $1 and role_holders.person_id = memberships.person_id
            ) as held
        from memberships
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1 and memberships.person_id = $2
            and memberships.state in ('accepted', 'active', 'suspended') and persons.state = 'confirmed'";
    /// The state of a membership and why it is so.
    WHY = "select state, why from memberships where group_id = $1 and person_id = $2";
    /// The drafts of a person, in the order in which they were made.
    DRAFTS = "
        select id, template, name, summary, about, area, districts, sign_up, visibility, lang, changed_at, version
        from group_drafts
        where person_id = $1
        order by id
        limit 100";
    /// How many drafts a person has.
    COUNT_DRAFTS = "select count(*) from group_drafts where person_id = $1";
    /// A draft of a person.
    DRAFT = "
        select id, template, name, summary, about, area, districts, sign_up, visibility, lang, changed_at, version
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
        insert into group_drafts (id, person_id, template, name, summary, about, area, districts, sign_up,
            visibility, lang, changed_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)
        on conflict (person_id, template) do nothing";
    /// Changes a draft that stands as it was read.
    CHANGE_DRAFT = "
        update group_drafts
        set name = $2, summary = $3, about = $4, area = $5, districts = $6, sign_up = $7, visibility = $8,
            changed_at = $9, version = version + 1
        where id = $1 and version = $10";
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

/// Stores a new group with all that belongs to it; `None` if the address is taken.
pub(super) fn make(
    tx: &mut Tx<'_>,
    id: GroupId,
    slug: &str,
    group: &NewGroup,
    now: mapalus_core::Millis,
) -> Result<bool, DbError> {
    let row = params![
        id,
        slug,
        group.kind,
        &group.name,
        text::fold(&group.name),
        &group.summary,
        &group.about,
        group.rules.join("\n"),
        group.lang,
        group.sign_up,
        group.visibility,
        &group.area,
        group.template,
        now
    ];
    if tx.execute(&MAKE, &row)? == 0 {
        return Ok(false);
    }
    for (topic, code) in &group.topics {
        tx.execute(&ADD_TOPIC, &params![id, *topic, code])?;
    }
    for (place, (ask, answer)) in (0i64..).zip(&group.questions) {
        tx.execute(&ADD_QUESTION, &params![id, place, ask, answer])?;
    }
    Ok(true)
}

/// Changes a group that stands as it was read: its row, then its topics and questions.
pub(super) fn change(
    tx: &mut Tx<'_>,
    id: GroupId,
    group: &super::model::Changed,
    version: i64,
) -> Result<(), DbError> {
    let row = params![
        id,
        &group.name,
        text::fold(&group.name),
        &group.summary,
        &group.about,
        &group.rules,
        &group.area,
        group.sign_up,
        group.visibility,
        group.taking,
        version
    ];
    tx.execute_one(&CHANGE, &row)?;
    tx.execute(&CLEAR_TOPICS, &params![id])?;
    for (topic, code) in &group.topics {
        tx.execute(&ADD_TOPIC, &params![id, *topic, code])?;
    }
    tx.execute(&CLEAR_QUESTIONS, &params![id])?;
    for (place, (ask, answer)) in (0i64..).zip(&group.questions) {
        tx.execute(&ADD_QUESTION, &params![id, place, ask, answer])?;
    }
    Ok(())
}

/// Stores a role of a new group.
pub(super) fn add_role(
    tx: &mut Tx<'_>,
    id: RoleId,
    group: GroupId,
    place: i64,
    role: &super::model::NewRole,
) -> Result<(), DbError> {
    let (duties, wanted) = (role.duties.join("\n"), role.qualifications.join(" "));
    tx.execute(&ADD_ROLE, &params![id, group, place, &role.name, duties, wanted, role.permissions])?;
    Ok(())
}

/// Appoints a person to a role.
pub(super) fn appoint(
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
