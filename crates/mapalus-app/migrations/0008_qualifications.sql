-- Kinds that a group made for itself, beside those of the instance.
create table qualification_kinds (
    id text primary key,
    group_id text not null,
    name text not null,
    issuer text not null,
    months bigint not null,
    renewed_by text not null,
    clearance boolean not null,
    made_at bigint not null,
    -- No longer offered; what is held of it stays.
    retired_at bigint,
    version bigint not null
);
create index qualification_kinds_by_group on qualification_kinds (group_id, name);

-- What a person holds, one of each kind: the key of a kind of the instance, or the id of a group's own. Days are the
-- last on which it holds; none for life.
create table qualifications (
    id text primary key,
    person_id text not null references persons (id),
    kind text not null,
    -- Whether its holder stated it, or a group alone recorded it.
    stated boolean not null,
    number text not null,
    issuer text not null,
    issued_on text,
    valid_until text,
    audience text not null check (audience in ('me', 'groups', 'signed-in', 'public')),
    changed_at bigint not null,
    removed_at bigint,
    -- When to look whether its holder is to be told that it ends.
    remind_at bigint,
    version bigint not null,
    unique (person_id, kind)
);
create index qualifications_remind on qualifications (remind_at, id) where remind_at is not null;

-- That a group has seen the document: what, by whom, when, until when it holds. Never the document.
create table sights (
    id text primary key,
    qualification_id text not null references qualifications (id),
    group_id text not null,
    group_name text not null,
    valid_until text,
    seen_at bigint not null,
    seen_by text references persons (id),
    -- The event that tells its holder of it, or of its end.
    event_id text,
    ended_at bigint,
    ended_by text references persons (id),
    reason text not null,
    replaces text
);
create unique index sights_current on sights (qualification_id, group_id) where ended_at is null;
create index sights_by_qualification on sights (qualification_id, seen_at);
create index sights_by_group on sights (group_id, valid_until) where ended_at is null;
create index sights_by_seer on sights (seen_by);
create index sights_by_ender on sights (ended_by);

-- Which holder was told of which end, so many days ahead.
create table end_reminders (
    qualification_id text not null references qualifications (id),
    valid_until text not null,
    days bigint not null,
    made_at bigint not null,
    primary key (qualification_id, valid_until, days)
);
