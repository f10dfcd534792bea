-- Two people who know each other, or one who asks: one row for both, whoever asked.
create table connections (
    low_id text not null references persons (id),
    high_id text not null references persons (id),
    asked_by text not null references persons (id),
    word text not null,
    state text not null check (state in ('asked', 'held', 'declined', 'ended')),
    made_at bigint not null,
    answered_at bigint,
    -- When the other one last declined: kept though the question is taken back.
    declined_at bigint,
    primary key (low_id, high_id),
    check (low_id < high_id)
);
create index connections_by_high on connections (high_id, state);
create index connections_by_asker on connections (asked_by, made_at);
create index connections_by_answer on connections (answered_at) where state in ('declined', 'ended');

-- Whom a person does not want to see, or be seen by. The other one is told nothing.
create table person_blocks (
    person_id text not null references persons (id),
    other_id text not null references persons (id),
    made_at bigint not null,
    primary key (person_id, other_id)
);
create index person_blocks_by_other on person_blocks (other_id, person_id);

-- Who may know of the people they know that they belong to a group: as long as nothing stands here, those people may.
create table network_choices (
    person_id text primary key references persons (id),
    known_to text not null check (known_to in ('nobody', 'connections'))
);

create table person_reports (
    id text primary key,
    person_id text not null references persons (id),
    other_id text not null references persons (id),
    reason text not null,
    made_at bigint not null,
    settled_at bigint,
    settled_by text references persons (id)
);
create unique index person_reports_open on person_reports (person_id, other_id) where settled_at is null;
create index person_reports_waiting on person_reports (made_at) where settled_at is null;
