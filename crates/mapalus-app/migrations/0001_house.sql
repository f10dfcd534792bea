create table outbox (
    id text primary key,
    position bigint unique,
    payload text not null,
    actor text,
    made_at bigint not null,
    due_at bigint not null
);
create index outbox_waiting on outbox (due_at) where position is null;

create table cursors (
    follower text primary key,
    position bigint not null
);

create table leases (
    name text primary key,
    holder text not null,
    until bigint not null
);

create table once (
    subject text not null,
    route text not null,
    value text not null,
    digest text not null,
    location text,
    done text,
    undo text,
    made_at bigint not null,
    primary key (subject, route, value)
);
create index once_by_age on once (made_at);

create table audit (
    id text primary key,
    at bigint not null,
    actor text,
    action text not null,
    subject text not null,
    why text not null,
    token text
);
create index audit_by_subject on audit (subject, id);

-- Forms that were posted with a session that had ended: shown again after signing in.
create table kept_forms (
    device_digest text primary key,
    who text not null,
    path text not null,
    page text not null,
    fields text not null,
    ends_at bigint not null,
    offered boolean not null
);
