-- What somebody asked a group, from the first word to the last. A stranger has a name, an address and a link of which
-- the mailed secrets are made; a person has none of them.
create table asks (
    id text primary key,
    group_id text not null references groups (id),
    person_id text references persons (id),
    name text not null,
    mail text not null,
    -- By which an address is known again without standing there.
    seal text not null,
    lang text not null check (lang in ('id', 'en')),
    link text unique,
    subject text not null,
    state text not null check (state in ('unconfirmed', 'open', 'answered', 'closed')),
    assigned_id text references persons (id),
    made_at bigint not null,
    -- When the group saw it first, and when it answered first.
    asked_at bigint,
    first_answer_at bigint,
    last_at bigint not null,
    version bigint not null
);
create index asks_by_group on asks (group_id, state, last_at);
create index asks_by_helper on asks (assigned_id, group_id, last_at);
create index asks_by_person on asks (person_id, last_at);
create index asks_by_answer on asks (group_id, first_answer_at);
create index asks_of_strangers on asks (last_at) where link is not null;

create table ask_words (
    id text primary key,
    ask_id text not null references asks (id),
    -- In which order they were said.
    place bigint not null,
    side text not null check (side in ('asker', 'group')),
    person_id text references persons (id),
    text text not null,
    made_at bigint not null,
    -- Of an answer: the event that tells of it, and how the question stood before.
    event_id text,
    state_before text,
    assigned_before text,
    last_before bigint,
    version_after bigint
);
create index ask_words_by_ask on ask_words (ask_id, place);
create index ask_words_by_person on ask_words (person_id, id);

-- Answers that a group keeps ready.
create table ask_replies (
    id text primary key,
    group_id text not null references groups (id),
    title text not null,
    text text not null,
    changed_at bigint not null,
    changed_by text,
    version bigint not null
);
create index ask_replies_by_group on ask_replies (group_id, title);

-- Whose questions a group does not take: known by the account, and by the seal of the address.
create table ask_blocks (
    id text primary key,
    group_id text not null references groups (id),
    person_id text references persons (id),
    seal text not null,
    made_at bigint not null,
    made_by text,
    unique (group_id, seal)
);
create index ask_blocks_by_person on ask_blocks (person_id);

create table ask_reports (
    id text primary key,
    ask_id text not null references asks (id),
    person_id text references persons (id),
    reason text not null,
    made_at bigint not null,
    settled_at bigint,
    settled_by text
);
create index ask_reports_open on ask_reports (made_at) where settled_at is null;
create unique index ask_reports_once on ask_reports (ask_id, person_id) where settled_at is null;
create index ask_reports_by_person on ask_reports (person_id);
