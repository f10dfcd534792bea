-- Searches of people who wish to be told when a new group fits: the address of the search, without its page.
create table watches (
    id text primary key,
    person_id text not null references persons (id),
    query text not null,
    made_at bigint not null,
    paused boolean not null,
    -- Groups opened until then were looked at; when to look again.
    looked_at bigint not null,
    due_at bigint not null,
    unique (person_id, query)
);
create index watches_due on watches (due_at, id) where not paused;

create table watch_finds (
    watch_id text not null references watches (id),
    group_id text not null references groups (id),
    found_at bigint not null,
    primary key (watch_id, group_id)
);
create index watch_finds_by_age on watch_finds (found_at);

-- People who wish to be told when a group that takes nobody takes people again.
create table door_watches (
    group_id text not null references groups (id),
    person_id text not null references persons (id),
    made_at bigint not null,
    -- When the group opened and its person was to be told; null as long as they wait.
    told_at bigint,
    primary key (group_id, person_id)
);
create index door_watches_by_person on door_watches (person_id);
create index door_watches_told on door_watches (told_at) where told_at is not null;
