//! All SQL on members who get to know applicants.

mapalus_db::statements! {
    /// Whom coordinators asked to get to know an applicant, oldest first.
    ACQUAINTANCES = "
        select acquaintances.id, application_id, step_id, person_id,
            case when persons.state = 'confirmed' then persons.name else '' end as name, acquaintances.state, how,
            asked_at, event_id
        from acquaintances
        join persons on persons.id = person_id
        where application_id = $1 and acquaintances.state <> 'cancelled'
        order by asked_at, acquaintances.id";
    /// One of them.
    ACQUAINTANCE = "
        select acquaintances.id, application_id, step_id, person_id,
            case when persons.state = 'confirmed' then persons.name else '' end as name, acquaintances.state, how,
            asked_at, event_id
        from acquaintances
        join persons on persons.id = person_id
        where acquaintances.id = $1";
    /// Whom a member was asked to get to know, newest first.
    ASKED_TO = "
        select acquaintances.id, persons.name as applicant, groups.name as group_name, groups.lang,
            acquaintances.state, how, asked_at
        from acquaintances
        join applications on applications.id = application_id
        join persons on persons.id = applications.person_id
        join groups on groups.id = applications.group_id
        where acquaintances.person_id = $1 and acquaintances.state <> 'cancelled' and persons.state = 'confirmed'
        order by asked_at desc, acquaintances.id desc
        limit 50";
    /// Grown members who may be asked, those first who were asked least lately: eight at most. Not the applicant, not who was
    /// asked already, nobody who has blocked the applicant.
    SUGGESTED = "
        select persons.id, persons.name from memberships
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1 and persons.id <> $2 and memberships.state = 'active'
            and persons.state = 'confirmed' and persons.age_band = 'adult'
            and not exists (
                select 1 from person_blocks
                where person_blocks.person_id = persons.id and person_blocks.other_id = $2
            )
            and not exists (
                select 1 from acquaintances
                where acquaintances.application_id = $3 and acquaintances.person_id = persons.id
                    and acquaintances.state <> 'cancelled'
            )
        order by (
            select count(*) from acquaintances
            where acquaintances.person_id = persons.id and acquaintances.asked_at > $4
        ), persons.name, persons.id
        limit 8";
    /// The members who have met an applicant and may be asked to vouch by name: active, not asked yet at this step.
    MET = "
        select distinct persons.id, persons.name from acquaintances
        join persons on persons.id = acquaintances.person_id
        join memberships on memberships.person_id = persons.id and memberships.group_id = $2
        where acquaintances.application_id = $1 and acquaintances.state = 'met' and memberships.state = 'active'
            and persons.state = 'confirmed'
            and not exists (
                select 1 from person_blocks
                where person_blocks.person_id = persons.id and person_blocks.other_id = $3
            )
            and not exists (
                select 1 from vouches
                where vouches.application_id = $1 and vouches.step_id = $4 and vouches.giver_id = persons.id
                    and vouches.state <> 'cancelled'
            )
        order by persons.name, persons.id";
    /// Asks a member.
    ASK = "
        insert into acquaintances (id, application_id, step_id, person_id, state, how, asked_by, asked_at)
        values ($1, $2, $3, $4, 'asked', $5, $6, $7)";
    /// Changes what a member answered, if it stands as it was read.
    ANSWER = "
        update acquaintances set state = $3, answered_at = $4, event_id = $5 where id = $1 and state = $2";
    /// Takes a request back that stands as it was read; the event stays where the applicant was told that the member agreed.
    CANCEL = "update acquaintances set state = 'cancelled', event_id = $3 where id = $1 and state = $2";
    /// What was arranged changes for all who are asked.
    ARRANGE = "
        update acquaintances set how = $3
        where application_id = $1 and step_id = $2 and state in ('asked', 'agreed') and how <> $3";
    /// Forgets what was arranged with a person, and by whom they were met.
    FORGET_OF = "
        update acquaintances set how = ''
        where application_id in (select id from applications where person_id = $1)";
    /// Takes back what a person was asked, and forgets what was arranged.
    FORGET_BY = "
        update acquaintances
        set how = '', state = case when state in ('asked', 'agreed') then 'cancelled' else state end
        where person_id = $1";
    /// Takes back all that members of a group were asked by its coordinators.
    END_OF_GROUP = "
        update acquaintances set state = 'cancelled'
        where state in ('asked', 'agreed') and application_id in (select id from applications where group_id = $1)";
}
