create table notices (
    id text primary key,
    person_id text not null,
    key text not null,
    arguments text not null,
    path text not null,
    about text,
    made_at bigint not null,
    read_at bigint
);
create index notices_about on notices (about);
create index notices_by_person on notices (person_id, id);
create index notices_unread on notices (person_id) where read_at is null;

create table mails (
    id text primary key,
    -- None for an address that no account has.
    person_id text,
    address text not null,
    name text not null,
    call_name text not null,
    lang text not null,
    zone text not null,
    kind text not null,
    -- What it is about: mails of one kind about one thing that are due together go out as one.
    thing text not null,
    -- The first of the mails with which it went out, or is about to; it names the mail that the recipient sees.
    bundle text,
    key text not null,
    arguments text not null,
    path text not null,
    about text,
    secret_purpose text,
    secret_link text,
    state text not null check (state in ('due', 'sent', 'kept', 'failed')),
    tries bigint not null,
    next_at bigint not null,
    made_at bigint not null,
    problem text not null
);
create index mails_due on mails (next_at) where state = 'due';
create index mails_by_person on mails (person_id, kind, thing);
create index mails_by_bundle on mails (bundle);
create index mails_about on mails (about);

-- Kinds of notices that a person does not want as mail; what is not named here is mailed.
create table mail_stops (
    person_id text not null,
    kind text not null check (kind in ('applications', 'decisions', 'vouches', 'groups', 'reminders', 'network', 'found', 'questions', 'answers')),
    made_at bigint not null,
    primary key (person_id, kind)
);
