-- How an application stood before its applicant sent a step last: so it is taken back while nobody was told.
create table sendings (
    application_id text primary key references applications (id),
    made_at bigint not null,
    -- The event that tells the coordinators of it, if it is their turn then.
    event_id text,
    -- The steps that were behind from then on, with a space between.
    steps text not null,
    state_before text not null,
    place_before bigint not null,
    since_before bigint not null,
    sent_before bigint,
    decided_before bigint,
    carried_before text,
    remind_before bigint,
    membership_before text,
    version_after bigint not null
);

-- When a draft was saved last; the instant at which it was begun if never.
alter table applications add column saved_at bigint;

-- What was decided on an application lately, and is not told yet.
create index decisions_by_application on decisions (application_id, made_at);
