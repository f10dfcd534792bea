-- What a group lets its people do with links that invite: none of it before it says so.
create table link_rules (
    group_id text primary key references groups (id),
    by_members boolean not null,
    -- Kinds of steps that a link may spare, words with spaces between.
    spares text not null,
    version bigint not null
);

-- A link that invites whoever has it, so many at most. The address carries the id and its seal, made when it is shown.
create table invite_links (
    id text primary key,
    group_id text not null references groups (id),
    made_by text not null references persons (id),
    note text not null,
    spares text not null,
    uses bigint not null check (uses between 1 and 500),
    used bigint not null check (used between 0 and uses),
    made_at bigint not null,
    ends_at bigint not null,
    withdrawn_at bigint
);
create index invite_links_by_group on invite_links (group_id, made_at);
create index invite_links_by_maker on invite_links (made_by, made_at);
create index invite_links_by_end on invite_links (ends_at);

-- Who came by it: one person takes one of its places, however often they follow it.
create table link_takers (
    link_id text not null references invite_links (id),
    person_id text not null references persons (id),
    taken_at bigint not null,
    primary key (link_id, person_id)
);
create index link_takers_by_person on link_takers (person_id);

-- What a link spares an applicant, by whose hand and why: for the steps of whatever path the application walks.
create table spared (
    application_id text primary key references applications (id),
    kinds text not null,
    by_id text not null,
    why text not null
);
