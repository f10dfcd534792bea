-- In which group something was done, if it was in one.
alter table audit add column group_id text;
create index audit_by_group on audit (group_id, id) where group_id is not null;

-- What those who operate the instance say of a group: since when, and why in one sentence for everybody who sees it.
alter table groups add column verified_at bigint;
alter table groups add column verified_why text;
-- A hidden group is there for its own people alone, whatever it chose.
alter table groups add column hidden_at bigint;
alter table groups add column hidden_why text;
create index groups_by_name on groups (name_folded, id);

-- How that came: who verified or hid a group, or took it back, and why. The event tells those who run the group.
create table group_marks (
    id text primary key,
    group_id text not null references groups (id),
    mark text not null check (mark in ('verified', 'unverified', 'hidden', 'shown')),
    reason text not null,
    at bigint not null,
    by_id text,
    event_id text not null
);
create index group_marks_by_group on group_marks (group_id, id);
create index group_marks_by_person on group_marks (by_id);

-- What those who run a hidden group say to that.
create table hiding_answers (
    id text primary key,
    group_id text not null references groups (id),
    person_id text,
    text text not null,
    at bigint not null
);
create index hiding_answers_by_group on hiding_answers (group_id, id);
create index hiding_answers_by_person on hiding_answers (person_id);

-- What was decided in the name of a group. Members read it once it can be undone no longer.
create table group_decisions (
    id text primary key,
    group_id text not null references groups (id),
    topic text not null check (topic in
        ('group', 'joining', 'roles', 'people', 'qualifications', 'safeguarding', 'operator')),
    kind text not null,
    -- The name of a role, training or kind as it was then, a number, a word of a closed list, or a sentence.
    what text not null,
    -- Whom members read by name: who holds a role. With whom they changed places, where somebody handed over.
    named_id text,
    other_id text,
    -- Whom it concerns and whom nobody reads but that person, with the reason. Those of a kind and a day are one line.
    person_id text,
    why text not null,
    line text not null,
    -- What it came from, as long as that can be undone.
    cause text,
    made_at bigint not null,
    due_at bigint not null
);
create index group_decisions_by_group on group_decisions (group_id, id);
create index group_decisions_by_cause on group_decisions (cause) where cause is not null;
create index group_decisions_by_person on group_decisions (person_id) where person_id is not null;
create index group_decisions_by_named on group_decisions (named_id) where named_id is not null;
create index group_decisions_by_other on group_decisions (other_id) where other_id is not null;
