//! All SQL on links that invite.

mapalus_db::statements! {
    /// What a group lets its people do with links.
    LINK_RULES = "select by_members, spares, version from link_rules where group_id = $1";
    /// Says it for the first time.
    MAKE_LINK_RULES = "
        insert into link_rules (group_id, by_members, spares, version) values ($1, $2, $3, 1)
        on conflict (group_id) do nothing";
    /// Says it anew, if it stands as it was read.
    CHANGE_LINK_RULES = "
        update link_rules set by_members = $2, spares = $3, version = version + 1
        where group_id = $1 and version = $4";
    /// A link.
    INVITE_LINK = "
        select invite_links.id, group_id, made_by, case when persons.state = 'confirmed' then persons.name else '' end as maker,
            note, spares, uses, used, invite_links.made_at, ends_at, withdrawn_at
        from invite_links
        join persons on persons.id = invite_links.made_by
        where invite_links.id = $1";
    /// The links of a group, of one who made them or all: those by which one may still come first, of each the newest
    /// first.
    INVITE_LINKS = "
        select invite_links.id, group_id, made_by, case when persons.state = 'confirmed' then persons.name else '' end as maker,
            note, spares, uses, used, invite_links.made_at, ends_at, withdrawn_at
        from invite_links
        join persons on persons.id = invite_links.made_by
        where group_id = $1 and (cast($2 as text) is null or made_by = $2)
        order by case when withdrawn_at is null and used < uses and ends_at > $3 then 0 else 1 end,
            invite_links.made_at desc, invite_links.id desc
        limit 200";
    /// Who came by the links of a group, latest first: by those of one who made them, or by all. Who made them alone does
    /// not see who is suspended, excluded, a minor, or has blocked them.
    TAKERS = "
        select link_takers.link_id, link_takers.person_id, persons.name, taken_at,
            case when cast($2 as text) is null or memberships.state not in ('suspended', 'excluded')
                then memberships.state end as state
        from link_takers
        join invite_links on invite_links.id = link_takers.link_id
        join persons on persons.id = link_takers.person_id
        left join memberships on memberships.group_id = invite_links.group_id
            and memberships.person_id = link_takers.person_id
        where invite_links.group_id = $1 and (cast($2 as text) is null or invite_links.made_by = $2)
            and persons.state = 'confirmed' and (cast($2 as text) is null or persons.age_band = 'adult')
            and not exists (
                select 1 from person_blocks
                where person_blocks.person_id = link_takers.person_id and person_blocks.other_id = $2
            )
        order by taken_at desc, link_takers.person_id
        limit 500";
    /// How many links of one maker in a group hold still, and how many they made since an instant, everywhere.
    COUNT_LINKS = "
        select
            (select count(*) from invite_links
                where group_id = $1 and made_by = $2 and withdrawn_at is null and ends_at > $3 and used < uses) as open,
            (select count(*) from invite_links where made_by = $2 and made_at > $4) as made";
    /// Makes a link.
    MAKE_LINK = "
        insert into invite_links (id, group_id, made_by, note, spares, uses, used, made_at, ends_at)
        values ($1, $2, $3, $4, $5, $6, 0, $7, $8)";
    /// Withdraws a link: nobody comes by it any more.
    WITHDRAW_LINK = "update invite_links set withdrawn_at = $2 where id = $1 and withdrawn_at is null";
    /// Whether a person has come by a link: 1 or 0.
    HAS_TAKEN = "select count(*) from link_takers where link_id = $1 and person_id = $2";
    /// Notes that a person came by a link, unless they did before.
    TAKE = "
        insert into link_takers (link_id, person_id, taken_at) values ($1, $2, $3)
        on conflict (link_id, person_id) do nothing";
    /// Takes one of the places of a link, if there is one left and it holds.
    TAKE_PLACE = "
        update invite_links set used = used + 1
        where id = $1 and used < uses and withdrawn_at is null and ends_at > $2";
    /// Forgets who came by links that ended before an instant.
    FORGET_OLD_TAKERS = "delete from link_takers where link_id in (select id from invite_links where ends_at <= $1)";
    /// Forgets links that ended before an instant.
    FORGET_OLD_LINKS = "delete from invite_links where ends_at <= $1";
    /// The links that a person made.
    LINKS_OF = "
        select groups.name, note, invite_links.made_at as at from invite_links
        join groups on groups.id = invite_links.group_id
        where made_by = $1
        order by invite_links.made_at, invite_links.id
        limit 1000";
    /// The links by which a person came.
    TAKEN_BY = "
        select groups.name, '' as note, taken_at as at from link_takers
        join invite_links on invite_links.id = link_takers.link_id
        join groups on groups.id = invite_links.group_id
        where person_id = $1
        order by taken_at, link_id
        limit 1000";
    /// Forgets by which links a person came.
    FORGET_TAKEN_BY = "delete from link_takers where person_id = $1";
    /// Ends the links of a person, and what they wrote on them.
    END_LINKS_OF = "
        update invite_links set note = '', withdrawn_at = coalesce(withdrawn_at, $2)
        where made_by = $1";
}
