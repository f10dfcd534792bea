create table groups (
    id text primary key,
    slug text not null unique,
    kind text not null check (kind in ('occupational', 'volunteer')),
    name text not null,
    name_folded text not null,
    summary text not null,
    about text not null,
    rules text not null,
    lang text not null check (lang in ('id', 'en')),
    sign_up text not null check (sign_up in ('open', 'application', 'invitation')),
    visibility text not null check (visibility in ('public', 'unlisted', 'private')),
    area text not null,
    -- Degrees north and east, where the group says them: both or none.
    latitude double precision,
    longitude double precision,
    taking boolean not null,
    -- The youngest whom it takes: 18 and older, from 16, from 13.
    youngest text not null check (youngest in ('adult', 'older', 'younger')),
    -- Whether it works with children or other vulnerable people.
    vulnerable boolean not null,
    template text,
    made_at bigint not null,
    version bigint not null,
    -- Counts changes that must see each other: who runs the group.
    guard bigint not null,
    -- Closed for good, by whom, and how it stood before: as long as that can be undone. A closed group takes nobody and
    -- is private.
    ended_at bigint,
    ended_by text,
    end_event text,
    taking_before boolean,
    visibility_before text
);
create index groups_ended on groups (ended_at) where ended_at is not null;
create index groups_directory on groups (name_folded, id) where visibility = 'public';

create table group_topics (
    group_id text not null references groups (id),
    topic text not null check (topic in ('occupation', 'cause', 'district')),
    code text not null,
    primary key (group_id, topic, code)
);
create index group_topics_by_code on group_topics (topic, code, group_id);

create table group_questions (
    group_id text not null references groups (id),
    place bigint not null,
    ask text not null,
    answer text not null,
    primary key (group_id, place)
);

-- Groups that a person prepares: the fields of the form that opens one, as far as they are filled in. No group is
-- there before its person opens it.
create table group_drafts (
    id text primary key,
    person_id text not null references persons (id),
    template text not null,
    name text not null,
    summary text not null,
    about text not null,
    area text not null,
    districts text not null,
    point text not null,
    sign_up text not null check (sign_up in ('open', 'application', 'invitation')),
    visibility text not null check (visibility in ('public', 'unlisted', 'private')),
    lang text not null check (lang in ('id', 'en')),
    changed_at bigint not null,
    version bigint not null,
    unique (person_id, template)
);

-- What came of a draft that is gone: told to whoever still has its page open. Kept for 30 days.
create table draft_ends (
    draft_id text primary key,
    person_id text not null references persons (id),
    template text not null,
    group_id text references groups (id),
    ended_at bigint not null
);
create index draft_ends_by_person on draft_ends (person_id);
create index draft_ends_by_time on draft_ends (ended_at);

create table roles (
    id text primary key,
    group_id text not null references groups (id),
    place bigint not null,
    name text not null,
    duties text not null,
    qualifications text not null,
    permissions text not null,
    version bigint not null
);
create index roles_by_group on roles (group_id, place);

create table memberships (
    group_id text not null references groups (id),
    person_id text not null references persons (id),
    state text not null check (state in ('invited', 'applied', 'accepted', 'active', 'suspended', 'left', 'excluded')),
    since bigint not null,
    changed_at bigint not null,
    changed_by text,
    why text not null,
    version bigint not null,
    primary key (group_id, person_id)
);
create index memberships_by_person on memberships (person_id, state);
create index memberships_by_state on memberships (group_id, state, since);

-- Whom a group invited by mail address, whether an account has it or not: those who run the group are told no
-- difference. The id is that of the mailed link.
create table invitations (
    id text primary key,
    group_id text not null references groups (id),
    mail text not null,
    mail_folded text not null,
    -- Whose account had the address, or who followed the link.
    person_id text references persons (id),
    state text not null check (state in ('sent', 'taken', 'declined', 'undone')),
    made_at bigint not null,
    made_by text not null references persons (id),
    ends_at bigint not null,
    answered_at bigint
);
create index invitations_by_group on invitations (group_id, made_at);
create index invitations_by_address on invitations (group_id, mail_folded);
create index invitations_by_maker on invitations (made_by, made_at);
create index invitations_by_person on invitations (person_id);
create index invitations_by_end on invitations (ends_at);

-- What somebody who runs a group did to one of its people, with what stood before: as long as it can be undone.
create table member_changes (
    id text primary key,
    group_id text not null references groups (id),
    kind text not null check (kind in ('membership', 'roles', 'hand-over', 'invitation', 'decline')),
    actor_id text not null references persons (id),
    -- Nobody's membership changed where an invitation is by mail alone.
    person_id text,
    invitation_id text references invitations (id),
    made_at bigint not null,
    event_id text,
    state_before text,
    since_before bigint,
    changed_at_before bigint,
    changed_by_before text,
    why_before text,
    version_after bigint,
    actor_version_after bigint,
    undone_at bigint
);
create index member_changes_by_actor on member_changes (actor_id, group_id, made_at);
create index member_changes_by_person on member_changes (person_id);
create index member_changes_by_invitation on member_changes (invitation_id);
create index member_changes_by_age on member_changes (made_at);

-- The roles that were given or taken with it.
create table changed_roles (
    change_id text not null references member_changes (id),
    role_id text not null,
    person_id text not null,
    given boolean not null,
    permissions text not null,
    since bigint not null,
    appointed_by text,
    primary key (change_id, role_id, person_id)
);

create table role_holders (
    role_id text not null references roles (id),
    person_id text not null,
    group_id text not null,
    since bigint not null,
    appointed_by text,
    -- Since when it gives its permissions no longer: a qualification that it asks for is over.
    rests_since bigint,
    primary key (role_id, person_id),
    foreign key (group_id, person_id) references memberships (group_id, person_id)
);
create index role_holders_by_person on role_holders (person_id, group_id);
-- Asked with every request: since when something is entrusted to somebody.
create index role_holders_by_time on role_holders (person_id, since);
create index role_holders_by_group on role_holders (group_id, person_id);
