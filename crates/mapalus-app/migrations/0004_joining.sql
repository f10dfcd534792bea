create table paths (
    id text primary key,
    group_id text not null references groups (id),
    number bigint not null,
    made_at bigint not null,
    made_by text,
    -- The event by which drafts are taken to it, while that can be taken back, and who could join before.
    event_id text,
    sign_up_before text,
    unique (group_id, number)
);

-- What coordinators prepare: the steps as JSON, put into use as a whole.
create table path_drafts (
    group_id text primary key references groups (id),
    body text not null,
    based_on bigint not null,
    changed_at bigint not null,
    changed_by text references persons (id),
    version bigint not null
);

create table steps (
    id text primary key,
    path_id text not null references paths (id),
    place bigint not null,
    -- Steps of one block are done beside one another.
    block bigint not null,
    -- `question test value`: the step applies only if the answer meets it.
    only_if text,
    kind text not null check (kind in ('form', 'acquaintance', 'vouch', 'screening', 'interview', 'training', 'agreement', 'decision')),
    name text not null,
    text text not null,
    days bigint not null check (days > 0),
    remind_days bigint not null,
    overdue text not null check (overdue in ('remind', 'close', 'escalate')),
    approvals bigint not null,
    needed bigint not null,
    other_workplace boolean not null,
    -- What only steps of its kind have, as JSON.
    details text not null,
    unique (path_id, place)
);

create table questions (
    step_id text not null references steps (id),
    place bigint not null,
    key text not null,
    kind text not null check (kind in ('short', 'long', 'choice', 'several', 'number', 'date', 'file', 'consent')),
    required boolean not null,
    label text not null,
    why text not null,
    visible text not null check (visible in ('reviewers', 'coordinators')),
    delete_days bigint not null,
    options text not null,
    primary key (step_id, key)
);

create table applications (
    id text primary key,
    group_id text not null references groups (id),
    person_id text not null references persons (id),
    path_id text not null references paths (id),
    -- Of a draft that was carried over to another path: the one on which its applicant saw it last.
    carried_from text references paths (id),
    state text not null check (state in ('draft', 'sent', 'waiting', 'accepted', 'declined', 'withdrawn')),
    -- The place of the first step that applies and is not behind.
    place bigint not null,
    step_since bigint not null,
    made_at bigint not null,
    sent_at bigint,
    decided_at bigint,
    reason text not null,
    version bigint not null,
    -- Of one that was withdrawn: how it stood before, and the event that tells of it.
    withdrawn_from text,
    event_id text,
    -- When to look whether somebody is to be reminded of the step that is next. An alarm, not a record: to look twice
    -- reminds nobody twice.
    remind_at bigint
);
create index applications_remind on applications (remind_at, id) where remind_at is not null;
create unique index applications_open on applications (group_id, person_id) where state in ('draft', 'sent', 'waiting');
create index applications_by_group on applications (group_id, state, sent_at);
create index applications_by_person on applications (person_id, made_at);

-- The steps that are behind an application: done, skipped by a coordinator, or spared since they do not apply.
create table done_steps (
    application_id text not null references applications (id),
    step_id text not null references steps (id),
    how text not null check (how in ('done', 'skipped', 'spared')),
    done_at bigint not null,
    done_by text,
    skipped_for text not null,
    primary key (application_id, step_id)
);

-- What a reviewer gave an applicant in a screening: a score for each criterion, in their order.
create table scores (
    application_id text not null references applications (id),
    step_id text not null references steps (id),
    person_id text not null references persons (id),
    scores text not null,
    note text not null,
    given_at bigint not null,
    changed_at bigint not null,
    primary key (application_id, step_id, person_id)
);
create index scores_by_person on scores (person_id);

create table answers (
    application_id text not null references applications (id),
    step_id text not null,
    key text not null,
    value text not null,
    primary key (application_id, step_id, key)
);

-- A file given as an answer: the answer names it, one identifier a line, and what no answer names is swept away.
-- Its bytes stand in parts, so that no statement carries much.
create table files (
    id text primary key,
    application_id text not null references applications (id),
    name text not null,
    kind text not null check (kind in ('pdf', 'jpeg', 'png')),
    size bigint not null,
    digest text not null,
    made_at bigint not null
);
create index files_by_application on files (application_id);

create table file_parts (
    file_id text not null references files (id),
    place bigint not null,
    bytes bytea not null,
    primary key (file_id, place)
);

create table decisions (
    id text primary key,
    application_id text not null references applications (id),
    step_id text not null references steps (id),
    person_id text not null references persons (id),
    outcome text not null check (outcome in ('accept', 'decline', 'wait', 'skip')),
    reason text not null,
    made_at bigint not null,
    -- The events that tell of it: the applicant, and the coordinators whose turn it is then.
    event_id text,
    turn_event_id text,
    state_before text not null,
    place_before bigint not null,
    since_before bigint not null,
    reason_before text not null,
    version_after bigint not null,
    undone_at bigint
);
create unique index decisions_once on decisions (application_id, step_id, person_id, outcome)
    where undone_at is null and outcome <> 'skip';

-- A member asked to vouch. Without a giver nobody, or nobody new, has the address that was typed: the applicant
-- cannot tell it from one that is known.
create table vouches (
    id text primary key,
    application_id text not null references applications (id),
    step_id text not null references steps (id),
    giver_id text references persons (id),
    typed text not null,
    state text not null check (state in ('asked', 'given', 'declined', 'cancelled', 'withdrawn')),
    asked_at bigint not null,
    ends_at bigint not null,
    given_at bigint,
    withdrawn_at bigint,
    relation text not null,
    known text not null,
    note text not null,
    -- The events that tell of the answer: the applicant, and the coordinators whose turn it is then.
    event_id text,
    turn_event_id text,
    -- When to look whether the member is to be reminded, or the applicant told that the request has ended.
    remind_at bigint
);
create index vouches_remind on vouches (remind_at, id) where state = 'asked' and remind_at is not null;
create unique index vouches_once on vouches (application_id, step_id, giver_id) where state <> 'cancelled';
create index vouches_by_giver on vouches (giver_id, asked_at);

-- One row for each who vouches: taken first, so that a quota holds for two vouches at once.
create table vouchers (
    person_id text primary key references persons (id),
    version bigint not null
);

-- Who was reminded of what. A step that begins anew has a new deadline, and reminds anew.
create table reminders (
    application_id text not null references applications (id),
    step_id text not null references steps (id),
    person_id text not null,
    stage text not null check (stage in ('before', 'passed')),
    due_at bigint not null,
    made_at bigint not null,
    primary key (application_id, step_id, person_id, stage, due_at)
);
create index reminders_by_person on reminders (person_id);
