//! All SQL on people who wait for a group to take people again.

mapalus_db::statements! {
    /// Lets a person wait for a group that takes nobody, or only those it invites, unless they wait for too many.
    WAIT_FOR_DOOR = "
        insert into door_watches (group_id, person_id, made_at, told_at)
        select groups.id, $2, $3, null from groups
        where groups.id = $1 and ended_at is null and (not taking or sign_up = 'invitation')
            and (select count(*) from door_watches where person_id = $2 and told_at is null) < $4
        on conflict (group_id, person_id) do update
        set made_at = case when door_watches.told_at is null then door_watches.made_at else excluded.made_at end,
            told_at = null";
    /// How many groups a person waits for.
    COUNT_DOORS = "select count(*) from door_watches where person_id = $1 and told_at is null";
    /// Whether a person waits for a group: 0 or 1.
    WAITS_FOR_DOOR = "
        select count(*) from door_watches
        where group_id = $1 and person_id = $2 and told_at is null";
    /// The groups that a person waits for, by name; only those that they may still see.
    DOORS_OF = "
        select groups.id as group_id, slug, name, lang, door_watches.made_at from door_watches
        join groups on groups.id = door_watches.group_id
        where person_id = $1 and told_at is null and groups.visibility <> 'private'
        order by groups.name_folded, groups.id
        limit 100";
    /// The groups that a person waited or waits for.
    ALL_DOORS_OF = "
        select name, door_watches.made_at from door_watches
        join groups on groups.id = door_watches.group_id
        where person_id = $1
        order by door_watches.made_at, groups.id";
    /// A person waits for a group no longer.
    LEAVE_DOOR = "delete from door_watches where group_id = $1 and person_id = $2";
    /// Those who wait for a group are to be told, of this instant.
    OPEN_DOOR = "update door_watches set told_at = $2 where group_id = $1 and told_at is null";
    /// Those who were to be told after this instant wait on.
    CLOSE_DOOR = "update door_watches set told_at = null where group_id = $1 and told_at > $2";
    /// Those to be told of this instant, if the group takes people still, who have not come in another way.
    AT_DOOR = "
        select person_id from door_watches
        join groups on groups.id = door_watches.group_id
        where door_watches.group_id = $1 and told_at = $2 and ended_at is null and taking
            and sign_up <> 'invitation' and groups.visibility <> 'private'
            and not exists (
                select 1 from memberships
                where memberships.group_id = door_watches.group_id and memberships.person_id = door_watches.person_id
                    and state in ('applied', 'accepted', 'active', 'suspended', 'excluded'))
        order by person_id";
    /// Forgets those who waited for a group.
    FORGET_DOOR = "delete from door_watches where group_id = $1";
    /// Forgets what a person waited for.
    FORGET_DOORS_OF = "delete from door_watches where person_id = $1";
    /// Forgets those who were told a while ago.
    FORGET_TOLD = "delete from door_watches where told_at <= $1";
}
