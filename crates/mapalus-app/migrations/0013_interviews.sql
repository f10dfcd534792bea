-- Times that a group offers for its interviews of one name: whoever stands at a step of that name takes one of them. The
-- name and not the step joins the two, so that another version of the path goes on with the times that were offered.
create table interview_slots (
    id text primary key,
    group_id text not null references groups (id),
    step_name text not null,
    starts_at bigint not null,
    ends_at bigint not null check (ends_at > starts_at),
    -- The zone of the group's place when it was offered.
    zone text not null,
    place text not null,
    seats bigint not null check (seats > 0),
    -- Limited by the database: whoever takes the last one takes it alone.
    taken bigint not null check (taken >= 0 and taken <= seats),
    host_id text not null references persons (id),
    state text not null check (state in ('offered', 'cancelled')),
    reason text not null,
    made_at bigint not null,
    version bigint not null
);
create index interview_slots_by_group on interview_slots (group_id, step_name, starts_at);
create index interview_slots_by_host on interview_slots (host_id);

create table interviews (
    id text primary key,
    application_id text not null references applications (id),
    step_id text not null references steps (id),
    -- Where it is taken or was held; none while no time is chosen.
    slot_id text references interview_slots (id),
    state text not null check (state in ('wanted', 'free', 'taken', 'missed', 'held', 'unsuited')),
    -- Counts the versions of the invitation that calendars keep.
    sequence bigint not null,
    changed_at bigint not null,
    note text not null,
    noted_by text references persons (id),
    noted_at bigint,
    -- Why its time was moved last, for whoever had it then.
    reason text not null,
    -- The event that tells of the time that was taken.
    event_id text,
    -- Who knows of a time from us: the host who was told of one, with the applicant; the applicant where no host does.
    told_to text references persons (id),
    -- When to look whether somebody is to be reminded.
    remind_at bigint
);
create unique index interviews_open on interviews (application_id, step_id) where state in ('wanted', 'free', 'taken');
create index interviews_by_application on interviews (application_id);
create index interviews_by_slot on interviews (slot_id);
create index interviews_remind on interviews (remind_at, id) where remind_at is not null;

-- A member whom coordinators ask to get to know an applicant.
create table acquaintances (
    id text primary key,
    application_id text not null references applications (id),
    step_id text not null references steps (id),
    person_id text not null references persons (id),
    state text not null check (state in ('asked', 'agreed', 'declined', 'met', 'cancelled')),
    -- Where and when, or how.
    how text not null,
    asked_by text references persons (id),
    asked_at bigint not null,
    answered_at bigint,
    -- The event that tells of the answer.
    event_id text
);
create unique index acquaintances_once on acquaintances (application_id, step_id, person_id) where state <> 'cancelled';
create index acquaintances_by_person on acquaintances (person_id, asked_at);
