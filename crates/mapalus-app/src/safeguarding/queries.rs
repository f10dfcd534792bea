//! All SQL on who looks after the safety of minors, and on what is reported to them.

mapalus_db::statements! {
    /// The safeguarding people of a group: active members who are there, and have been since they were appointed.
    SAFEGUARDS = "
        select safeguards.person_id, persons.name, safeguards.since from safeguards
        join memberships on memberships.group_id = safeguards.group_id
            and memberships.person_id = safeguards.person_id
        join persons on persons.id = safeguards.person_id
        where safeguards.group_id = $1 and memberships.state = 'active' and memberships.since <= safeguards.since
            and persons.state = 'confirmed'
        order by safeguards.since, safeguards.person_id
        limit 100";
    /// Whether a person is appointed in a group: 1 or 0.
    IS_SAFEGUARD = "
        select count(*) from safeguards
        join memberships on memberships.group_id = safeguards.group_id
            and memberships.person_id = safeguards.person_id
        where safeguards.group_id = $1 and safeguards.person_id = $2 and memberships.state = 'active'
            and memberships.since <= safeguards.since";
    /// Where a person is appointed.
    APPOINTED_IN = "
        select groups.name, safeguards.since from safeguards
        join groups on groups.id = safeguards.group_id
        where safeguards.person_id = $1
        order by groups.name, groups.id
        limit 1000";
    /// Appoints a person, or anew one whose appointment lapsed.
    APPOINT = "
        insert into safeguards (group_id, person_id, since, proposed_by, confirmed_by) values ($1, $2, $3, $4, $5)
        on conflict (group_id, person_id) do update set
            since = excluded.since, proposed_by = excluded.proposed_by, confirmed_by = excluded.confirmed_by";
    /// Dismisses a person.
    DISMISS = "delete from safeguards where group_id = $1 and person_id = $2";
    /// What is proposed, oldest first: in a group, or in any; one of it, or all.
    PROPOSALS = "
        select safeguard_proposals.id, group_id, groups.name as group_name, groups.slug, person_id, persons.name,
            safeguard_proposals.kind,
            proposed_by, case when proposers.state = 'confirmed' then proposers.name else '' end as proposer,
            safeguard_proposals.made_at, event_id
        from safeguard_proposals
        join groups on groups.id = group_id
        join persons on persons.id = person_id
        join persons as proposers on proposers.id = proposed_by
        where persons.state = 'confirmed' and (cast($1 as text) is null or group_id = $1)
            and (cast($2 as text) is null or safeguard_proposals.id = $2)
        order by safeguard_proposals.made_at, safeguard_proposals.id
        limit 1000";
    /// Proposes something, unless something is proposed about the person already.
    PROPOSE = "
        insert into safeguard_proposals (id, group_id, person_id, kind, proposed_by, made_at, event_id)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (group_id, person_id) do nothing";
    /// Takes a proposal away: it was confirmed, or taken back.
    TAKE_PROPOSAL = "delete from safeguard_proposals where id = $1";
    /// Takes away what is proposed in a group.
    END_PROPOSALS = "delete from safeguard_proposals where group_id = $1";
    /// Nobody is appointed in a group any more.
    END_SAFEGUARDS = "delete from safeguards where group_id = $1";
    /// How many wards of a guardian are people of a group, also suspended ones.
    WARDS_IN = "
        select count(*) from guardianships
        join memberships on memberships.person_id = guardianships.ward_id
        where guardianships.guardian_id = $1 and guardianships.state = 'given' and memberships.group_id = $2
            and memberships.state in ('accepted', 'active', 'suspended')";
    /// Reports a concern.
    REPORT = "
        insert into concerns (id, group_id, person_id, text, made_at, outcome) values ($1, $2, $3, $4, $5, '')";
    /// Bars from reading it one of those who do, or who might later.
    BAR = "insert into concern_bars (concern_id, person_id) values ($1, $2) on conflict (concern_id, person_id) do nothing";
    /// The concerns of a group that one of its safeguarding people reads, the open ones first, of each the newest.
    CONCERNS = "
        select id, made_at, closed_at from concerns
        where group_id = $1 and not exists (
            select 1 from concern_bars where concern_id = concerns.id and concern_bars.person_id = $2
        )
        order by case when closed_at is null then 0 else 1 end, made_at desc, id desc
        limit 200";
    /// A concern of a group, if the one who asks reads it.
    CONCERN = "
        select concerns.id, concerns.person_id,
            case when persons.state = 'confirmed' then persons.name else '' end as name, text, concerns.made_at,
            closed_at, case when closers.state = 'confirmed' then closers.name else '' end as closer, outcome
        from concerns
        left join persons on persons.id = concerns.person_id
        left join persons as closers on closers.id = closed_by
        where concerns.id = $1 and concerns.group_id = $2 and not exists (
            select 1 from concern_bars where concern_id = concerns.id and concern_bars.person_id = $3
        )";
    /// Closes a concern that is open.
    CLOSE_CONCERN = "
        update concerns set closed_at = $2, closed_by = $3, outcome = $4
        where id = $1 and closed_at is null";
    /// Who does not read a concern.
    BARRED = "select person_id from concern_bars where concern_id = $1";
    /// Whether a concern is open: 1 or 0.
    IS_OPEN = "select count(*) from concerns where id = $1 and closed_at is null";
    /// What a person reported.
    REPORTED_BY = "
        select groups.name, concerns.text, concerns.made_at from concerns
        join groups on groups.id = concerns.group_id
        where concerns.person_id = $1
        order by concerns.made_at, concerns.id
        limit 1000";
    /// Forgets who reported something.
    FORGET_REPORTER = "update concerns set person_id = null where person_id = $1";
    /// Forgets what a person is barred from.
    FORGET_BARS_OF = "delete from concern_bars where person_id = $1";
    /// Forgets what was proposed about a person, or by them.
    FORGET_PROPOSALS_OF = "delete from safeguard_proposals where person_id = $1 or proposed_by = $1";
    /// Forgets what was proposed long ago.
    FORGET_OLD_PROPOSALS = "delete from safeguard_proposals where made_at <= $1";
    /// Forgets where a person was appointed.
    FORGET_SAFEGUARD = "delete from safeguards where person_id = $1";
    /// Forgets who does not read old concerns.
    FORGET_OLD_BARS = "
        delete from concern_bars
        where concern_id in (
            select concerns.id from concerns
            join groups on groups.id = concerns.group_id
            where concerns.closed_at <= $1 or groups.ended_at <= $1
        )";
    /// Forgets old concerns.
    FORGET_OLD_CONCERNS = "
        delete from concerns
        where closed_at <= $1 or group_id in (select id from groups where ended_at <= $1)";
}
