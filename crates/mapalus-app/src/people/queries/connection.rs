//! All SQL on connections, blocks, and people who were reported.

mapalus_db::statements! {
    /// How one person stands to another, whom they may ask only if both are of one age band, or one is the other's
    /// guardian.
    PAIR = "
        select other.state = 'confirmed' and (other.age_band = own.age_band or exists (
                select 1 from guardianships
                where guardianships.state = 'given' and ((ward_id = own.id and guardian_id = other.id)
                    or (ward_id = other.id and guardian_id = own.id))
            )) as there, connections.state,
            connections.asked_by, connections.declined_at,
            exists (select 1 from person_blocks where person_id = own.id and other_id = other.id) as blocks,
            exists (select 1 from person_blocks where person_id = other.id and other_id = own.id) as blocked
        from persons as own
        join persons as other on other.id = $2
        left join connections on connections.low_id = case when own.id < other.id then own.id else other.id end
            and connections.high_id = case when own.id < other.id then other.id else own.id end
        where own.id = $1";
    /// Takes a person, so that what they ask at once is counted one after the other.
    HOLD_PERSON = "update persons set version = version where id = $1";
    /// How many of one's questions wait for an answer, as far as one knows, and how many one asked since an instant.
    COUNT_ASKED = "
        select coalesce(cast(sum(case when state in ('asked', 'declined') then 1 else 0 end) as bigint), 0) as open,
            coalesce(cast(sum(case when made_at > $2 then 1 else 0 end) as bigint), 0) as lately
        from connections
        where asked_by = $1";
    /// Asks, unless the two stand to each other already.
    ASK = "
        insert into connections (low_id, high_id, asked_by, word, state, made_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (low_id, high_id) do nothing";
    /// Asks anew after an end.
    ASK_AGAIN = "
        update connections set asked_by = $3, word = $4, state = $5, made_at = $6, answered_at = null,
            declined_at = case when asked_by = $3 then declined_at else null end
        where low_id = $1 and high_id = $2 and state in ('ended', 'declined')";
    /// Both say that they know each other: who asked first gets the answer.
    ACCEPT = "
        update connections set state = 'held', answered_at = $4, declined_at = null
        where low_id = $1 and high_id = $2 and state in ('asked', 'declined') and asked_by <> $3";
    /// Declines what the other one asked.
    DECLINE = "
        update connections set state = 'declined', word = '', answered_at = $4, declined_at = $4
        where low_id = $1 and high_id = $2 and state = 'asked' and asked_by <> $3";
    /// Ends a connection, or takes a question back.
    END = "
        update connections set state = 'ended', word = '', answered_at = $4
        where low_id = $1 and high_id = $2
            and (state = 'held' or (state in ('asked', 'declined') and asked_by = $3))";
    /// Ends whatever stands between two people, one of whom blocked the other: what that one asked looks asked to them.
    END_BETWEEN = "
        update connections
        set state = case when state in ('asked', 'declined') and asked_by = $4 then 'declined' else 'ended' end, word = '',
            answered_at = $3
        where low_id = $1 and high_id = $2 and state <> 'ended'";
    /// The people of one's network: connected, who asked, whom one asked. What was declined still looks asked to who asked.
    NETWORK = "
        select persons.id as person_id, persons.name,
            case when connections.state = 'declined' then 'asked' else connections.state end as state, asked_by, word,
            connections.made_at
        from connections
        join persons on persons.id = case when low_id = $1 then high_id else low_id end
        where (low_id = $1 or high_id = $1) and persons.state = 'confirmed'
            and (connections.state in ('asked', 'held') or (connections.state = 'declined' and asked_by = $1))
        order by case when connections.state = 'asked' and asked_by <> $1 then 0 when connections.state = 'held' then 1 else 2 end,
            persons.name, persons.id
        limit 500";
    /// Blocks somebody.
    BLOCK_PERSON = "
        insert into person_blocks (person_id, other_id, made_at) values ($1, $2, $3)
        on conflict (person_id, other_id) do nothing";
    /// Blocks them no more.
    UNBLOCK_PERSON = "delete from person_blocks where person_id = $1 and other_id = $2";
    /// Whom a person blocked, latest first.
    BLOCKED_BY = "
        select persons.id as person_id, persons.name, person_blocks.made_at from person_blocks
        join persons on persons.id = other_id
        where person_id = $1 and persons.state <> 'gone'
        order by person_blocks.made_at desc, persons.id
        limit 500";
    /// Whether a person blocked another: 1 or 0.
    IS_BLOCKED = "select count(*) from person_blocks where person_id = $1 and other_id = $2";
    /// Who may know of a person that they belong to a group.
    KNOWN_TO = "select known_to from network_choices where person_id = $1";
    /// Sets it.
    SET_KNOWN_TO = "
        insert into network_choices (person_id, known_to) values ($1, $2)
        on conflict (person_id) do update set known_to = excluded.known_to";
    /// Reports a person, unless the same one did and it is not settled.
    REPORT_PERSON = "
        insert into person_reports (id, person_id, other_id, reason, made_at) values ($1, $2, $3, $4, $5)
        on conflict do nothing";
    /// People who were reported and not dealt with, oldest first; not to the one who is reported.
    PERSON_REPORTS = "
        select person_reports.id, other_id, other.name, reporter.name as reporter, reason, person_reports.made_at
        from person_reports
        join persons as other on other.id = other_id
        join persons as reporter on reporter.id = person_id
        where settled_at is null and other_id <> $1
        order by person_reports.made_at, person_reports.id
        limit 100";
    /// Notes that a report is dealt with; not by the one who is reported.
    SETTLE_PERSON_REPORT = "
        update person_reports set settled_at = $2, settled_by = $3, reason = ''
        where id = $1 and settled_at is null and other_id <> $3";
    /// The operators but one, first of all the first.
    OPERATORS_BUT = "
        select id from persons
        where operator and state = 'confirmed' and id <> $1
        order by made_at, id
        limit 10";
    /// Who was reported with a report.
    REPORTED = "select other_id from person_reports where id = $1 and settled_at is null";
    /// Forgets what ended a while ago: one may ask again.
    FORGET_ENDED_CONNECTIONS = "
        delete from connections
        where state in ('declined', 'ended') and coalesce(answered_at, made_at) <= $1";
    /// Forgets reports that were dealt with a while ago.
    FORGET_SETTLED_REPORTS = "delete from person_reports where settled_at <= $1";
    /// Forgets the connections of a person.
    FORGET_CONNECTIONS_OF = "delete from connections where low_id = $1 or high_id = $1";
    /// Forgets whom a person blocked, and who blocked them.
    FORGET_BLOCKS_OF = "delete from person_blocks where person_id = $1 or other_id = $1";
    /// Forgets what a person chose of their network.
    FORGET_NETWORK_CHOICE_OF = "delete from network_choices where person_id = $1";
    /// Forgets what a person reported, and that they were.
    FORGET_PERSON_REPORTS_OF = "delete from person_reports where person_id = $1 or other_id = $1";
}
