-- Who answers for a minor: one for each. Until there is a guardian, the address that the minor named.
create table guardianships (
    ward_id text primary key references persons (id),
    mail text not null,
    guardian_id text references persons (id),
    state text not null check (state in ('asked', 'declined', 'given', 'withdrawn')),
    asked_at bigint not null,
    -- To which version of the privacy notice the guardian consented for the minor, and when.
    consent_version bigint,
    consent_at bigint,
    withdrawn_at bigint
);
create index guardianships_by_guardian on guardianships (guardian_id, state);
create index guardianships_asked on guardianships (asked_at) where state in ('asked', 'declined');

-- Whether a guardian agrees that their ward joins a group: asked when the application is about to be sent.
create table consents (
    application_id text primary key references applications (id),
    guardian_id text not null references persons (id),
    -- The step with which it is sent.
    step_id text not null references steps (id),
    state text not null check (state in ('asked', 'given', 'declined')),
    asked_at bigint not null,
    answered_at bigint
);
create index consents_by_guardian on consents (guardian_id, state);

-- Who is appointed in a group to look after the safety of minors and other vulnerable people: by two people.
create table safeguards (
    group_id text not null references groups (id),
    person_id text not null references persons (id),
    since bigint not null,
    proposed_by text references persons (id),
    confirmed_by text references persons (id),
    primary key (group_id, person_id)
);
create index safeguards_by_person on safeguards (person_id);

create table safeguard_proposals (
    id text primary key,
    group_id text not null references groups (id),
    person_id text not null references persons (id),
    kind text not null check (kind in ('appoint', 'dismiss')),
    proposed_by text not null references persons (id),
    made_at bigint not null,
    event_id text not null,
    unique (group_id, person_id)
);
create index safeguard_proposals_by_person on safeguard_proposals (person_id);
create index safeguard_proposals_by_maker on safeguard_proposals (proposed_by);

-- What somebody reported to the safeguarding people of a group.
create table concerns (
    id text primary key,
    group_id text not null references groups (id),
    -- Nobody, once the reporter's account was erased.
    person_id text references persons (id),
    text text not null,
    made_at bigint not null,
    closed_at bigint,
    closed_by text references persons (id),
    -- What was done.
    outcome text not null
);
create index concerns_by_group on concerns (group_id, made_at);
create index concerns_by_person on concerns (person_id);
create index concerns_closed on concerns (closed_at) where closed_at is not null;

-- Who does not read a concern, because it is about them: of those who look after safety or run the group.
create table concern_bars (
    concern_id text not null references concerns (id),
    person_id text not null references persons (id),
    primary key (concern_id, person_id)
);
create index concern_bars_by_person on concern_bars (person_id);
