-- The app that gives a person's codes. Its secret is made of the seed and the instance key, and stands nowhere.
create table totps (
    person_id text primary key references persons (id),
    seed text not null,
    -- The last interval of 30 seconds whose code was taken: none is taken twice.
    last_step bigint not null,
    made_at bigint not null,
    used_at bigint
);

create table recovery_codes (
    person_id text not null references persons (id),
    digest text not null,
    set_id text not null,
    primary key (person_id, digest)
);

-- Since when the instance does what it did not always do.
create table starts (
    name text primary key,
    at bigint not null
);
