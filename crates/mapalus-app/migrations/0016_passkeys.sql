-- Passkeys: keys of which a person's device or service holds the secret half. `credential` is what the library keeps of
-- one (public key, counter, whether it can be and is copied to other devices), as JSON.
create table passkeys (
    id text primary key,
    person_id text not null references persons (id),
    place bigint not null check (place between 1 and 20),
    credential_id text not null unique,
    -- By what the device knows the account: drawn by chance, the same for all passkeys of a person.
    handle text not null,
    name text not null,
    credential text not null,
    synced boolean not null,
    made_at bigint not null,
    used_at bigint,
    version bigint not null,
    unique (person_id, place)
);

-- Challenges: each for one browser, taken once, for ten minutes.
create table ceremonies (
    id text primary key,
    purpose text not null check (purpose in ('sign-up', 'sign-in', 'add', 'prove')),
    browser_digest text not null,
    person_id text references persons (id),
    state text not null,
    -- What was filled in to sign up, and what the browser was asked for.
    detail text not null,
    made_at bigint not null,
    ends_at bigint not null
);
create index ceremonies_of_browser on ceremonies (browser_digest, purpose);
create index ceremonies_by_person on ceremonies (person_id);

-- Whether a session came by a passkey or a code of the second step, or has shown one since.
alter table sessions add column keyed boolean not null default false;
