-- What a group teaches. `grants`: the kind of qualification that who passes holds then.
create table trainings (
    id text primary key,
    group_id text not null references groups (id),
    title text not null,
    teaches text not null,
    grants text not null,
    for_applicants boolean not null,
    -- Whether the joining path in use asks for it.
    in_path boolean not null,
    made_at bigint not null,
    retired_at bigint,
    version bigint not null
);
create index trainings_by_group on trainings (group_id, title);

-- A date of a training. `seats`: none where there is no limit; `taken`: those that are held, offered ones too.
create table sittings (
    id text primary key,
    training_id text not null references trainings (id),
    group_id text not null references groups (id),
    starts_at bigint not null,
    ends_at bigint not null,
    area text not null,
    place text not null,
    link text not null,
    seats bigint check (seats > 0),
    taken bigint not null check (taken >= 0),
    cancelled_at bigint,
    cancelled_by text references persons (id),
    cancel_event text,
    reason text not null,
    made_at bigint not null,
    -- When to look: the day before for those who come, after it for those who train.
    remind_at bigint,
    version bigint not null
);
create index sittings_by_training on sittings (training_id, starts_at);
create index sittings_by_group on sittings (group_id, starts_at);
create index sittings_remind on sittings (remind_at, id) where remind_at is not null;
create index sittings_by_canceller on sittings (cancelled_by);

create table enrolments (
    id text primary key,
    sitting_id text not null references sittings (id),
    person_id text not null references persons (id),
    state text not null check (state in ('in', 'waiting', 'offered', 'left', 'attended', 'passed', 'repeat', 'absent')),
    since bigint not null,
    -- Until when a freed seat is held for them.
    offer_ends_at bigint,
    word text not null,
    -- The event that tells how they did, or that frees their seat; who noted it and when, and what stood before: while
    -- it can be undone. What the pass granted.
    event_id text,
    noted_at bigint,
    noted_by text references persons (id),
    state_before text,
    word_before text,
    seen_id text,
    unique (sitting_id, person_id)
);
create index enrolments_by_person on enrolments (person_id, since);
create index enrolments_by_noter on enrolments (noted_by);
create index enrolments_in_line on enrolments (sitting_id, since) where state = 'waiting';
create index enrolments_offered on enrolments (offer_ends_at, id) where state = 'offered';
