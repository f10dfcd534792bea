//! All SQL on searches that tell when a new group fits.

mapalus_db::statements! {
    /// The searches of a person, oldest first.
    WATCHES = "
        select id, person_id, query, made_at, paused, looked_at from watches
        where person_id = $1
        order by id
        limit 100";
    /// A search of a person.
    WATCH = "select id, person_id, query, made_at, paused, looked_at from watches where id = $1 and person_id = $2";
    /// How many searches a person keeps, and when those are looked at next.
    COUNT_WATCHES = "select count(*) as count, max(due_at) as due_at from watches where person_id = $1";
    /// Keeps a search, unless it is kept already.
    KEEP_WATCH = "
        insert into watches (id, person_id, query, made_at, paused, looked_at, due_at)
        values ($1, $2, $3, $4, false, $4, $5)
        on conflict (person_id, query) do nothing";
    /// The search of a person with these parameters.
    WATCH_LIKE = "select id from watches where person_id = $1 and query = $2";
    /// Lets a search be silent, or speak again from now on.
    PAUSE_WATCH = "
        update watches set paused = $3, looked_at = case when $3 then looked_at else $4 end
        where id = $1 and person_id = $2 and paused <> $3";
    /// Forgets what a search found.
    FORGET_FINDS = "delete from watch_finds where watch_id in (select id from watches where id = $1 and person_id = $2)";
    /// Removes a search.
    REMOVE_WATCH = "delete from watches where id = $1 and person_id = $2";
    /// What the searches of a person found, latest first; only what everybody may find.
    FINDS = "
        select watch_id, groups.id as group_id, slug, name, lang, found_at from watch_finds
        join watches on watches.id = watch_id
        join groups on groups.id = watch_finds.group_id
        where person_id = $1 and groups.visibility = 'public' and groups.hidden_at is null
        order by found_at desc, groups.id
        limit 100";
    /// What they found at one instant.
    FOUND_AT = "
        select watch_id, groups.id as group_id, slug, name, lang, found_at from watch_finds
        join watches on watches.id = watch_id
        join groups on groups.id = watch_finds.group_id
        where person_id = $1 and found_at = $2 and groups.visibility = 'public' and groups.hidden_at is null and not paused
        order by groups.name_folded, groups.id
        limit 100";
    /// Searches that are to be looked at now, of people who are there: so many at most.
    DUE_WATCHES = "
        select watches.id, person_id, query, watches.made_at, paused, looked_at from watches
        join persons on persons.id = person_id
        where not paused and due_at <= $1 and persons.state = 'confirmed'
        order by due_at, watches.id
        limit $2";
    /// Notes up to when a search has looked.
    LOOKED = "update watches set looked_at = $2 where id = $1";
    /// Sets when all searches of a person are looked at next.
    LOOK_AGAIN = "update watches set due_at = $2 where person_id = $1";
    /// Notes that a search found a group to which its person does not belong, if it had not.
    FIND = "
        insert into watch_finds (watch_id, group_id, found_at)
        select $1, $2, $3
        where exists (select 1 from groups where id = $2)
            and not exists (select 1 from memberships where group_id = $2 and person_id = $4)
        on conflict (watch_id, group_id) do nothing";
    /// Forgets what was found a while ago.
    FORGET_OLD_FINDS = "delete from watch_finds where found_at <= $1";
    /// Forgets what the searches of a person found.
    FORGET_FINDS_OF = "delete from watch_finds where watch_id in (select id from watches where person_id = $1)";
    /// Forgets the searches of a person.
    FORGET_WATCHES_OF = "delete from watches where person_id = $1";
}
