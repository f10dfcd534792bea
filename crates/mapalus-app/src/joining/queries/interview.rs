//! All SQL on the times of interviews, and on who takes them.

/// The applicants to a group, `$1`, at an interview for which they have no time: `applications` with the `steps` that wait.
macro_rules! timeless {
    () => {
        "from applications
        join steps on steps.path_id = applications.path_id and steps.kind = 'interview'
        join steps as first on first.path_id = applications.path_id and first.place = applications.place
            and first.block = steps.block
        join persons on persons.id = applications.person_id
        where applications.group_id = $1 and applications.state in ('sent', 'accepted') and persons.state = 'confirmed'
            and not exists (
                select 1 from done_steps
                where done_steps.application_id = applications.id and done_steps.step_id = steps.id
            )
            and not exists (
                select 1 from interviews
                where interviews.application_id = applications.id and interviews.step_id = steps.id
                    and interviews.state = 'taken'
            )"
    };
}

/// Interviews with their times and hosts: those that the rest of the statement says.
macro_rules! interviews {
    ($rest:literal) => {
        concat!(
            "
            select interviews.id, application_id, step_id, slot_id, interviews.state, sequence, changed_at, note,
                case when noters.state = 'confirmed' then noters.name else '' end as noter, noted_at, event_id,
                told_to, interview_slots.starts_at, interview_slots.ends_at, coalesce(interview_slots.zone, '') as zone,
                coalesce(interview_slots.place, '') as place, interview_slots.host_id,
                case when hosts.state = 'confirmed' then hosts.name else '' end as host,
                interviews.reason
            from interviews
            left join interview_slots on interview_slots.id = slot_id
            left join persons hosts on hosts.id = interview_slots.host_id
            left join persons noters on noters.id = noted_by
            ",
            $rest
        )
    };
}

mapalus_db::statements! {
    /// The times of a group that may be taken at a step of this name, soonest first: sixty at most.
    FREE_SLOTS = "
        select interview_slots.id, group_id, step_name, starts_at, ends_at, zone, place, seats, taken, host_id,
            case when persons.state = 'confirmed' then persons.name else '' end as host, interview_slots.state, reason,
            interview_slots.version
        from interview_slots
        join persons on persons.id = host_id
        where group_id = $1 and step_name = $2 and interview_slots.state = 'offered' and taken < seats
            and starts_at > $3 and host_id <> $4
        order by starts_at, interview_slots.id
        limit 60";
    /// How many they are.
    COUNT_FREE = "
        select count(*) from interview_slots
        where group_id = $1 and step_name = $2 and state = 'offered' and taken < seats and starts_at > $3
            and host_id <> $4";
    /// How many of the times that were offered at an instant are free.
    COUNT_LEFT = "
        select count(*) from interview_slots
        where group_id = $1 and step_name = $2 and state = 'offered' and taken < seats and starts_at > $3
            and made_at = $3";
    /// The times of a group that are to come or were not long ago, latest first: of too many those that are over are cut.
    SLOTS = "
        select interview_slots.id, group_id, step_name, starts_at, ends_at, zone, place, seats, taken, host_id,
            case when persons.state = 'confirmed' then persons.name else '' end as host, interview_slots.state, reason,
            interview_slots.version
        from interview_slots
        join persons on persons.id = host_id
        where group_id = $1 and ends_at > $2 and (interview_slots.state = 'offered' or starts_at > $3)
        order by starts_at desc, interview_slots.id desc
        limit 300";
    /// One time of a group.
    SLOT = "
        select interview_slots.id, group_id, step_name, starts_at, ends_at, zone, place, seats, taken, host_id,
            case when persons.state = 'confirmed' then persons.name else '' end as host, interview_slots.state, reason,
            interview_slots.version
        from interview_slots
        join persons on persons.id = host_id
        where interview_slots.id = $1 and group_id = $2";
    /// How many times of a group are still to come.
    COUNT_AHEAD = "
        select count(*) from interview_slots where group_id = $1 and state = 'offered' and starts_at > $2";
    /// Offers a time.
    OFFER = "
        insert into interview_slots (id, group_id, step_name, starts_at, ends_at, zone, place, seats, taken, host_id,
            state, reason, made_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, 'offered', '', $10, 1)";
    /// Moves a time that stands as it was read.
    MOVE_SLOT = "
        update interview_slots
        set starts_at = $2, ends_at = $3, place = $4, seats = $5, reason = $6, version = version + 1
        where id = $1 and version = $7 and state = 'offered' and taken <= $5";
    /// Cancels a time that stands as it was read.
    CANCEL_SLOT = "
        update interview_slots set state = 'cancelled', reason = $2, taken = 0, version = version + 1
        where id = $1 and version = $3 and state = 'offered'";
    /// Takes a place of a time, if there is one left.
    TAKE_SEAT = "
        update interview_slots set taken = taken + 1, version = version + 1
        where id = $1 and group_id = $2 and step_name = $3 and state = 'offered' and taken < seats and starts_at > $4
            and host_id <> $5";
    /// Gives a place of a time back.
    GIVE_SEAT = "
        update interview_slots set taken = taken - 1, version = version + 1
        where id = $1 and state = 'offered' and taken > 0";
    /// The interviews of an application, oldest first.
    INTERVIEWS = interviews!("where application_id = $1 order by interviews.id");
    /// One interview.
    INTERVIEW = interviews!("where interviews.id = $1");
    /// Who has taken the times of a group that are to come or were not long ago, those of the latest first.
    TAKERS = "
        select interviews.slot_id, interviews.id, applications.id as application_id, persons.name, interviews.state,
            sequence
        from interview_slots
        join interviews on interviews.slot_id = interview_slots.id
        join applications on applications.id = interviews.application_id
        join persons on persons.id = applications.person_id
        where interview_slots.group_id = $1 and interview_slots.ends_at > $2 and persons.state = 'confirmed'
            and interviews.state in ('taken', 'missed', 'held', 'unsuited')
        order by interview_slots.starts_at desc, interviews.slot_id desc, persons.name, interviews.id
        limit 1000";
    /// The interviews that are to be at a time.
    TAKEN_AT = "
        select interviews.slot_id, interviews.id, interviews.application_id, '' as name, interviews.state, sequence
        from interviews
        where slot_id = $1 and state = 'taken'
        order by id";
    /// How many applicants to a group wait for times, by the name of their step.
    WANTED = concat!(
        "
        select steps.name, count(*) as count ",
        timeless!(),
        "
        group by steps.name
        order by steps.name"
    );
    /// Those of them at steps of this name who have not been told of a time: none was free, or none suited.
    WAITERS = concat!(
        "
        select applications.id, applications.person_id ",
        timeless!(),
        "
            and steps.name = $2
            and (
                not exists (
                    select 1 from interview_slots
                    where interview_slots.group_id = $1 and interview_slots.step_name = $2
                        and interview_slots.state = 'offered' and taken < seats and starts_at > $3
                        and interview_slots.made_at < $4
                )
                or exists (
                    select 1 from interviews
                    where interviews.application_id = applications.id and interviews.step_id = steps.id
                        and interviews.state = 'wanted'
                )
            )
        order by applications.id
        limit 500"
    );
    /// The names of the interviews to which a group's applicants come: of the path in use, and of those under way.
    NAMES = "
        select distinct steps.name from steps
        join paths on paths.id = steps.path_id
        where paths.group_id = $1 and steps.kind = 'interview' and (
                paths.number = (select max(number) from paths as newest where newest.group_id = $1)
                or exists (
                    select 1 from applications
                    where applications.path_id = paths.id and applications.state in ('sent', 'waiting', 'accepted')
                )
            )
        order by steps.name";
    /// Those of these applications whom none of the times suited before an instant choose anew at steps of this name.
    ANSWERED = "
        update interviews set state = 'free'
        where state = 'wanted' and changed_at < $2 and step_id in (select id from steps where name = $1)
            and application_id in ($in)";
    /// Begins an interview of an application.
    BEGIN = "
        insert into interviews (id, application_id, step_id, slot_id, state, sequence, changed_at, note, reason, event_id,
            remind_at)
        values ($1, $2, $3, $4, $5, 0, $6, '', '', $7, $8)";
    /// Changes an interview that stands as it was read; the last is why its time was moved.
    CHANGE = "
        update interviews
        set slot_id = $2, state = $3, sequence = sequence + 1, changed_at = $4, event_id = $5, remind_at = $6,
            reason = $8
        where id = $1 and sequence = $7";
    /// Notes how an interview that stands as it was read went.
    NOTE = "
        update interviews
        set state = $2, note = $3, noted_by = $4, noted_at = $5, changed_at = $5, remind_at = null,
            sequence = sequence + 1
        where id = $1 and sequence = $6";
    /// Keeps who was told of the time of an interview that stands as it was told.
    TOLD = "
        update interviews
        set told_to = (select host_id from interview_slots where interview_slots.id = interviews.slot_id)
        where id = $1 and sequence = $2 and state = 'taken'";
    /// Nobody knows of a time any more when it was told that an interview is not then, `$2`; but the applicant of that time,
    /// who has one of another host by now.
    UNTOLD = "
        update interviews
        set told_to = case
            when state = 'taken' then (select person_id from applications where applications.id = application_id)
        end
        where id = $1 and (
            state <> 'taken' or (
                told_to = (select host_id from interview_slots where interview_slots.id = $2)
                and told_to <> (select host_id from interview_slots where interview_slots.id = interviews.slot_id)
            )
        )";
    /// Interviews of which it is time to remind, twenty at most.
    ALARMS = "
        select interviews.id, application_id, sequence, starts_at, ends_at, remind_at from interviews
        join interview_slots on interview_slots.id = slot_id
        where remind_at is not null and remind_at <= $1 and interviews.state = 'taken'
        order by remind_at, interviews.id
        limit 20";
    /// Sets when an interview is looked at next, if nobody has meanwhile.
    SET_ALARM = "update interviews set remind_at = $3 where id = $1 and remind_at = $2 and state = 'taken'";
    /// The interviews of a person, oldest first. What was noted is theirs when it is decided.
    OWN = "
        select groups.name as group_name,
            case
                when interviews.state = 'unsuited' and applications.decided_at is null then 'held'
                else interviews.state
            end as state,
            interview_slots.starts_at,
            coalesce(interview_slots.place, '') as place,
            case when applications.decided_at is not null then interviews.note else '' end as note,
            interviews.changed_at
        from interviews
        join applications on applications.id = interviews.application_id
        join groups on groups.id = applications.group_id
        left join interview_slots on interview_slots.id = interviews.slot_id
        where applications.person_id = $1
        order by interviews.id
        limit 1000";
    /// The interviews that a person holds for groups, oldest first, and what they noted.
    HELD_BY = "
        select groups.name as group_name, interviews.state, interview_slots.starts_at,
            coalesce(interview_slots.place, '') as place,
            case when interviews.noted_by = $1 then interviews.note else '' end as note, interviews.changed_at
        from interviews
        join applications on applications.id = interviews.application_id
        join groups on groups.id = applications.group_id
        join interview_slots on interview_slots.id = interviews.slot_id
        where interview_slots.host_id = $1
        order by interviews.id
        limit 1000";
    /// Forgets what was noted of a person, and why their times were moved.
    FORGET_NOTES_OF = "
        update interviews set note = '', reason = ''
        where application_id in (select id from applications where person_id = $1)";
    /// Forgets what a person noted of others.
    FORGET_NOTES_BY = "update interviews set note = '' where noted_by = $1";
    /// The interviews of a person for which a time is taken.
    TAKEN_BY = "
        select interviews.application_id from interviews
        join applications on applications.id = interviews.application_id
        where applications.person_id = $1 and interviews.state = 'taken'
        order by interviews.application_id";
    /// The times that a person offered to hold and that are to come.
    HOSTED = "
        select id, group_id from interview_slots
        where host_id = $1 and state = 'offered' and starts_at > $2
        order by id
        limit 1000";
    /// The applications of a group with a time that is taken, 1,000 at most.
    TAKEN_IN = "
        select interviews.application_id from interviews
        join applications on applications.id = interviews.application_id
        where applications.group_id = $1 and interviews.state = 'taken'
        order by interviews.application_id
        limit 1000";
    /// Applications with a note that were decided before then, 200 at most.
    OLD_NOTES = "
        select distinct interviews.application_id from interviews
        join applications on applications.id = interviews.application_id
        where interviews.note <> '' and applications.decided_at <= $1
        order by interviews.application_id
        limit 200";
    /// Forgets their notes.
    DROP_NOTES = "update interviews set note = '' where application_id in ($in)";
}
