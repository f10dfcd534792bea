//! All SQL on groups, their topics, questions and memberships; beside it that on roles, drafts, changes and the end.

pub(super) mod changes;
pub(super) mod decisions;
pub(super) mod doors;
pub(super) mod drafts;
pub(super) mod ending;
pub(super) mod known;
pub(super) mod links;
pub(super) mod listing;
pub(super) mod marks;
pub(super) mod rest;
pub(super) mod roles;
pub(super) mod watches;

use super::model::NewGroup;
use crate::shell::text;
use mapalus_core::GroupId;
use mapalus_db::{DbError, Tx, params};

/// Groups of a person as cards, with the membership.
macro_rules! cards {
    ($which:literal) => {
        concat!(
            "
        select groups.id, slug, kind, name, name_folded, summary, lang, area, latitude, longitude, taking, youngest, sign_up,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members,
            memberships.state as membership,
            cast(null as text) as runs_it, verified_at
        from memberships
        join groups on groups.id = memberships.group_id",
            $which
        )
    };
}

mapalus_db::statements! {
    /// Groups of these names.
    NAMED = "select name_folded, area from groups where name_folded in ($in)";
    /// A group by address or id, with its count of members and how one person stands to it.
    GROUP = "
        select groups.id, slug, kind, name, summary, about, rules, lang, sign_up, visibility, area, latitude,
            longitude, taking, youngest, vulnerable, groups.made_at, groups.version,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members,
            memberships.state as membership,
            (
                select string_agg(roles.permissions, ' ')
                from role_holders
                join roles on roles.id = role_holders.role_id
                where role_holders.group_id = groups.id and role_holders.person_id = $2
                    and role_holders.rests_since is null
            ) as held,
            ended_at, ended_by, verified_at, verified_why, hidden_at, hidden_why
        from groups
        left join memberships on memberships.group_id = groups.id and memberships.person_id = $2
        where groups.slug = $1 or groups.id = $1";
    /// Those of these groups that everybody may find, with one who runs each.
    CARDS = "
        select groups.id, slug, kind, name, name_folded, summary, lang, area, latitude, longitude, taking, youngest, sign_up,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members,
            memberships.state as membership,
            (
                select persons.name
                from role_holders
                join roles on roles.id = role_holders.role_id
                join memberships as runs on runs.group_id = role_holders.group_id
                    and runs.person_id = role_holders.person_id
                join persons on persons.id = runs.person_id
                where role_holders.group_id = groups.id and roles.permissions <> '' and runs.state = 'active'
                    and persons.state = 'confirmed'
                order by length(roles.permissions) desc, runs.since, runs.person_id
                limit 1
            ) as runs_it, verified_at
        from groups
        left join memberships on memberships.group_id = groups.id and memberships.person_id = $1
        where visibility = 'public' and hidden_at is null and groups.id in ($in)";
    /// Ids of public groups, in their order.
    PUBLIC_AFTER = "
        select id from groups
        where visibility = 'public' and hidden_at is null and id > $1
        order by id
        limit $2";
    /// What strangers may find of public groups.
    DOCUMENTS = "
        select id, kind, name, summary, about, area, latitude, longitude, taking, made_at,
            (select count(*) from memberships as m where m.group_id = groups.id and m.state = 'active') as members
        from groups
        where visibility = 'public' and hidden_at is null and id in ($in)";
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
    /// The groups of a person; who runs them stands on their pages.
    OF_PERSON = cards!(
        "
        where memberships.person_id = $1 and (
            memberships.state in ('accepted', 'active', 'suspended')
            or (memberships.state = 'invited' and groups.ended_at is null)
        )
        order by name_folded, groups.id
        limit 120"
    );
    /// The groups at whose desk a person sits.
    DESKS = cards!(
        "
        where memberships.person_id = $1 and memberships.state = 'active' and groups.ended_at is null and exists (
            select 1 from role_holders
            join roles on roles.id = role_holders.role_id
            where role_holders.group_id = groups.id and role_holders.person_id = $1 and roles.permissions <> ''
                and role_holders.rests_since is null
        )
        order by name_folded, groups.id
        limit 100"
    );
    /// Since when a person sits at the desk of some group.
    DESK_SINCE = "
        select role_holders.since
        from role_holders
        join roles on roles.id = role_holders.role_id
        join memberships on memberships.group_id = role_holders.group_id
            and memberships.person_id = role_holders.person_id
        join groups on groups.id = role_holders.group_id
        where role_holders.person_id = $1 and roles.permissions <> '' and memberships.state = 'active'
            and groups.ended_at is null and role_holders.rests_since is null
        order by role_holders.since
        limit 1";
    /// The name and address of a group.
    NAME = "select name, slug from groups where id = $1";
    /// What a group is about, its frequent questions, its roles, its own kinds of qualification, and whom somebody knows in
    /// it as far as each lets that be known: the short parts of its page.
    PARTS = "
        select topic as part, code as first, '' as second, '' as third, '' as fourth, '' as fifth, 0 as place,
            0 as version
        from group_topics
        where group_id = $1
        union all
        select 'question', ask, answer, '', '', '', place, 0 from group_questions
        where group_id = $1
        union all
        select 'role', name, duties, qualifications, permissions, id, place, version from roles
        where group_id = $1
        union all
        select 'known', persons.id, persons.name, '', '', '', 0, 0
        from connections
        join persons on persons.id = case when connections.low_id = $2 then connections.high_id else connections.low_id end
        join memberships on memberships.person_id = persons.id
        left join network_choices on network_choices.person_id = persons.id
        where (connections.low_id = $2 or connections.high_id = $2) and connections.state = 'held'
            and persons.state = 'confirmed' and persons.age_band = 'adult' and memberships.group_id = $1
            and memberships.state = 'active'
            and coalesce(network_choices.known_to, 'connections') = 'connections'
        union all
        select 'kind', name, case when clearance then 'yes' else '' end, '', '', id, 0, 0 from qualification_kinds
        where group_id = $1
        order by 1, 7, 2";
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
            and ($6 or not exists (
                select 1 from person_blocks
                where person_blocks.person_id = memberships.person_id and person_blocks.other_id = $7
            ))
            and (memberships.since > $2 or (memberships.since = $2 and memberships.person_id > $3))
        order by memberships.since, memberships.person_id
        limit $4";
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
    /// Where a person works, without a number, and where those of a group work who may vouch, as far as their membership
    /// goes: each place with how many they are, the most first.
    WORKPLACES = "
        select workplace, cast(null as bigint) as givers from persons where id = $2
        union all
        select workplace, givers from (
            select persons.workplace, count(*) as givers from memberships
            join groups on groups.id = memberships.group_id
            join persons on persons.id = memberships.person_id
            where memberships.group_id = $1 and memberships.state = 'active' and persons.state = 'confirmed'
                and persons.age_band = 'adult' and persons.id <> $2
                and (memberships.since <= $3 or memberships.since <= groups.made_at or exists (
                    select 1 from role_holders
                    join roles on roles.id = role_holders.role_id
                    where role_holders.group_id = memberships.group_id
                        and role_holders.person_id = memberships.person_id and roles.permissions <> ''
                ))
            group by persons.workplace
            order by count(*) desc, persons.workplace
            limit 100
        ) as places";
    /// The groups to which two people belong, with the roles of the second in each.
    SHARED = "
        select groups.slug, groups.name, groups.lang,
            (
                select string_agg(roles.name, cast($3 as text))
                from role_holders
                join roles on roles.id = role_holders.role_id
                where role_holders.group_id = groups.id and role_holders.person_id = $2
            ) as roles
        from memberships as one
        join memberships as other on other.group_id = one.group_id
        join groups on groups.id = one.group_id
        where one.person_id = $1 and other.person_id = $2
            and one.state in ('accepted', 'active') and other.state in ('accepted', 'active')
        order by groups.name_folded, groups.id
        limit 50";
    /// Ends the memberships of a person.
    END_MEMBERSHIPS = "
        update memberships
        set state = 'left', changed_at = $2, changed_by = null, why = 'erased', version = version + 1
        where person_id = $1 and state in ('invited', 'applied', 'accepted', 'active', 'suspended')";
    /// Forgets why memberships of a person are as they are: it may be a text about the person.
    FORGET_WHY = "update memberships set why = '' where person_id = $1";
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
            visibility, area, latitude, longitude, taking, youngest, vulnerable, template, made_at, version, guard)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $15, $16, true, 'adult', false, $13, $14, 1, 0)
        on conflict (slug) do nothing";
    /// Adds a topic.
    ADD_TOPIC = "insert into group_topics (group_id, topic, code) values ($1, $2, $3)";
    /// Adds a frequent question.
    ADD_QUESTION = "insert into group_questions (group_id, place, ask, answer) values ($1, $2, $3, $4)";
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
            visibility = $9, taking = $10, latitude = $12, longitude = $13, version = version + 1
        where id = $1 and version = $11";
    /// Counts a change of what belongs to a group that stands as it was read.
    NEXT_VERSION = "update groups set version = version + 1 where id = $1 and version = $2";
    /// Sets whom a group takes that stands as it was read, and whether it works with vulnerable people.
    SET_AGES = "
        update groups set youngest = $2, vulnerable = $3, version = version + 1
        where id = $1 and version = $4";
    /// Sets how one becomes a member of a group that stands as it was read.
    SET_OPENNESS = "update groups set sign_up = $2, version = version + 1 where id = $1 and version = $3";
    /// Takes the topics of a group away, before the new ones come.
    CLEAR_TOPICS = "delete from group_topics where group_id = $1";
    /// Takes the frequent questions of a group away, before the new ones come.
    CLEAR_QUESTIONS = "delete from group_questions where group_id = $1";
    /// One person of a group.
    ONE_MEMBER = "
        select memberships.person_id, persons.name, memberships.state, memberships.since,
            memberships.changed_at, memberships.why, memberships.version,
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
        now,
        group.point.map(|point| point.latitude),
        group.point.map(|point| point.longitude)
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
        version,
        group.point.map(|point| point.latitude),
        group.point.map(|point| point.longitude)
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
