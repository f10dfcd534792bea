create table persons (
    id text primary key,
    name text not null,
    call_name text not null,
    mail text not null,
    mail_folded text not null unique,
    password_hash text not null,
    age_band text not null check (age_band in ('adult', 'teen')),
    -- Of a minor alone, and no longer than until they are of age.
    birth_year bigint,
    lang text not null check (lang in ('id', 'en')),
    area text,
    occupation text,
    workplace text not null,
    languages text not null,
    -- Keys of causes, with spaces between.
    causes text not null,
    skills text not null,
    about text not null,
    shown text not null,
    operator boolean not null,
    state text not null check (state in ('new', 'waiting', 'confirmed', 'closing', 'gone')),
    closing_at bigint,
    consent_version bigint not null,
    consent_at bigint not null,
    made_at bigint not null,
    version bigint not null
);
create index persons_waiting on persons (made_at) where state = 'new';
create index persons_minors on persons (birth_year) where birth_year is not null;
create index persons_closing on persons (closing_at) where state = 'closing';

-- At most 512 by 512 points: small enough to live with the person, on both databases and every node.
create table photos (
    person_id text primary key references persons (id),
    jpeg bytea not null,
    digest text not null
);

-- One that waits for a code counts as nobody yet. Who asks for a code by an address without an account waits too, for
-- one that nobody gets: it has no person.
create table sessions (
    id text primary key,
    person_id text references persons (id),
    token_digest text not null unique,
    agent text not null,
    waits text not null check (waits in ('nothing', 'code', 'factor')),
    made_at bigint not null,
    ends_at bigint not null,
    -- Until when it needs no proof anew of who it is.
    proved_until bigint not null,
    seen_at bigint not null
);
create index sessions_by_person on sessions (person_id);

-- Programs that come as their person; the secret itself is nowhere. A token that works holds one of 20 places.
create table tokens (
    id text primary key,
    person_id text not null references persons (id),
    place bigint check (place between 1 and 20),
    name text not null,
    secret_digest text not null unique,
    scopes text not null,
    made_at bigint not null,
    ends_at bigint not null,
    used_at bigint,
    ended_at bigint,
    -- When to remind its person that it ends; none if that was done, or for one that is short anyway.
    remind_at bigint,
    unique (person_id, place)
);
create index tokens_remind on tokens (remind_at, id) where ended_at is null and remind_at is not null;

create table links (
    id text primary key,
    purpose text not null check (purpose in ('confirm', 'reset', 'setup', 'mail', 'code', 'guardian')),
    person_id text references persons (id),
    made_at bigint not null,
    ends_at bigint not null,
    used_at bigint,
    detail text not null,
    tries bigint not null
);
create index links_by_person on links (person_id);
create index links_codes on links (detail) where purpose = 'code';

create table tries (
    subject text primary key,
    count bigint not null,
    since bigint not null
);

-- Browsers that a coordinator or operator has confirmed by a mailed code.
create table browsers (
    person_id text not null references persons (id),
    token_digest text not null,
    made_at bigint not null,
    primary key (person_id, token_digest)
);
