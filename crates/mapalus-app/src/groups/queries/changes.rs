//! All SQL on what was done to members and can be undone, and on invitations.

mapalus_db::statements! {
    /// A membership as it stands.
    STANDS = "
        select state, since, changed_at, changed_by, why, version from memberships
        where group_id = $1 and person_id = $2";
    /// Counts a change of a membership that leaves its state: roles were given or taken, or its person acted.
    TOUCH = "update memberships set version = version + 1 where group_id = $1 and person_id = $2";
    /// Puts a membership back as it stood, if nothing has happened to it since.
    PUT_BACK = "
        update memberships
        set state = $3, since = $4, changed_at = $5, changed_by = $6, why = $7, version = version + 1
        where group_id = $1 and person_id = $2 and version = $8";
    /// Takes away a membership that had not been there, if nothing has happened to it since.
    TAKE_AWAY = "delete from memberships where group_id = $1 and person_id = $2 and version = $3";
    /// Keeps what was done.
    KEEP = "
        insert into member_changes (id, group_id, kind, actor_id, person_id, invitation_id, made_at, event_id,
            state_before, since_before, changed_at_before, changed_by_before, why_before, version_after,
            actor_version_after)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    /// Keeps a role that a person has just got with a change, or is about to lose.
    KEEP_ROLE = "
        insert into changed_roles (change_id, role_id, person_id, given, permissions, since, appointed_by)
        select $1, role_holders.role_id, role_holders.person_id, $4, roles.permissions, role_holders.since,
            role_holders.appointed_by
        from role_holders
        join roles on roles.id = role_holders.role_id
        where role_holders.role_id = $2 and role_holders.person_id = $3";
    /// Keeps all roles of a person in a group, who is about to lose them.
    KEEP_ROLES = "
        insert into changed_roles (change_id, role_id, person_id, given, permissions, since, appointed_by)
        select $1, role_holders.role_id, role_holders.person_id, false, roles.permissions, role_holders.since,
            role_holders.appointed_by
        from role_holders
        join roles on roles.id = role_holders.role_id
        where role_holders.group_id = $2 and role_holders.person_id = $3";
    /// The latest thing that one did to a person of a group and has not undone.
    LATEST = "
        select id, kind, person_id, invitation_id, made_at, event_id, state_before, since_before, changed_at_before,
            changed_by_before, why_before, version_after, actor_version_after
        from member_changes
        where actor_id = $1 and group_id = $2 and person_id = $3 and kind <> 'invitation' and undone_at is null
        order by made_at desc, id desc
        limit 1";
    /// One's own invitation that one has not undone.
    INVITED = "
        select id, kind, person_id, invitation_id, made_at, event_id, state_before, since_before, changed_at_before,
            changed_by_before, why_before, version_after, actor_version_after
        from member_changes
        where actor_id = $1 and group_id = $2 and invitation_id = $3 and undone_at is null
        order by id
        limit 1";
    /// The roles of a change, each with what it allows now.
    CHANGED_ROLES = "
        select changed_roles.role_id, changed_roles.permissions, roles.permissions as allows
        from changed_roles
        left join roles on roles.id = changed_roles.role_id
        where change_id = $1
        order by changed_roles.role_id, changed_roles.person_id";
    /// Notes that a change is undone.
    UNDO = "update member_changes set undone_at = $2 where id = $1 and undone_at is null";
    /// Takes the roles that were given with a change.
    TAKE_GIVEN = "
        delete from role_holders
        where exists (
            select 1 from changed_roles
            where changed_roles.change_id = $1 and changed_roles.given
                and changed_roles.role_id = role_holders.role_id and changed_roles.person_id = role_holders.person_id
        )";
    /// Gives back the roles that were taken with a change.
    GIVE_BACK = "
        insert into role_holders (role_id, person_id, group_id, since, appointed_by)
        select role_id, person_id, $2, since, appointed_by from changed_roles
        where change_id = $1 and not given
        on conflict (role_id, person_id) do nothing";
    /// Forgets the roles of changes that cannot be undone any more.
    FORGET_OLD_ROLES = "
        delete from changed_roles
        where change_id in (select id from member_changes where made_at <= $1)";
    /// Forgets changes that cannot be undone any more.
    FORGET_OLD = "delete from member_changes where made_at <= $1";
    /// Forgets the roles of what was done to a person, or by them.
    FORGET_ROLES_OF = "
        delete from changed_roles
        where change_id in (select id from member_changes where person_id = $1 or actor_id = $1)";
    /// Forgets what was done to a person, or by them.
    FORGET_OF = "delete from member_changes where person_id = $1 or actor_id = $1";
    /// Keeps an invitation.
    INVITE = "
        insert into invitations (id, group_id, mail, mail_folded, person_id, state, made_at, made_by, ends_at)
        values ($1, $2, $3, $4, $5, 'sent', $6, $7, $8)";
    /// How many invitations a group has made since an instant, and how many of all of them one person.
    INVITED_SINCE = "
        select
            (select count(*) from invitations where group_id = $1 and made_at > $3) as of_group,
            (select count(*) from invitations where made_by = $2 and made_at > $3) as of_person";
    /// How many invitations of an address to a group are open.
    OPEN_TO = "
        select count(*) from invitations
        where group_id = $1 and mail_folded = $2 and state = 'sent' and ends_at > $3";
    /// An invitation.
    INVITATION = "
        select id, group_id, mail, state, made_at, ends_at, answered_at from invitations where id = $1";
    /// The invitations of a group, newest first.
    INVITATIONS = "
        select id, group_id, mail, state, made_at, ends_at, answered_at from invitations
        where group_id = $1 and state <> 'undone'
        order by made_at desc, id desc
        limit 50";
    /// The group to which an invitation leads.
    INVITED_TO = "select id, slug, name, summary, lang from groups where id = $1";
    /// Answers an invitation that is open; who answers by an account is kept.
    ANSWER = "
        update invitations set state = $2, answered_at = $3, person_id = coalesce($4, person_id)
        where id = $1 and state = 'sent'";
    /// Answers all open invitations of a person to a group.
    ANSWER_ALL = "
        update invitations set state = $3, answered_at = $4
        where group_id = $1 and person_id = $2 and state = 'sent'";
    /// Invitations of a person to a group that were declined at that instant are open again.
    REOPEN = "
        update invitations set state = 'sent', answered_at = null
        where group_id = $1 and person_id = $2 and state = 'declined' and answered_at = $3";
    /// The latest invitation of a person to a group.
    LATEST_OF = "
        select id, group_id, mail, state, made_at, ends_at, answered_at from invitations
        where group_id = $1 and person_id = $2
        order by made_at desc, id desc
        limit 1";
    /// Takes an invitation back that nobody has answered.
    UNDO_INVITATION = "update invitations set state = 'undone' where id = $1 and state = 'sent'";
    /// Forgets invitations that have ended: none outlives an account that was closed after it.
    FORGET_ENDED = "
        delete from invitations
        where ends_at <= $1 and not exists (
            select 1 from member_changes where member_changes.invitation_id = invitations.id
        )";
    /// The invitations of a person.
    INVITATIONS_OF = "
        select groups.name, invitations.mail, invitations.state, invitations.made_at from invitations
        join groups on groups.id = invitations.group_id
        where invitations.person_id = $1
        order by invitations.made_at, invitations.id
        limit 1000";
    /// Forgets where a person was invited: the rows stay for the counting, without the person.
    FORGET_INVITATIONS_OF = "
        update invitations set mail = '', mail_folded = '', person_id = null
        where person_id = $1";
}
