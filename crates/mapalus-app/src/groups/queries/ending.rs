//! All SQL on the end of a group: closing it, undoing that, and what goes with it.

mapalus_db::statements! {
    /// Closes a group that stands as it was read: it takes nobody and nobody else finds it.
    END = "
        update groups
        set ended_at = $2, ended_by = $3, end_event = $4, taking_before = taking, visibility_before = visibility,
            taking = false, visibility = 'private', version = version + 1
        where id = $1 and version = $5 and ended_at is null";
    /// The event that tells of the end of a group.
    END_EVENT = "select end_event from groups where id = $1 and ended_at is not null";
    /// Opens a group again as it stood, if the same person closed it.
    TAKE_BACK = "
        update groups
        set ended_at = null, ended_by = null, end_event = null, taking = taking_before,
            visibility = visibility_before, version = version + 1
        where id = $1 and ended_by = $2 and ended_at is not null and visibility_before is not null";
    /// Notes that the end of a group stands: nothing of before is kept.
    SEAL = "
        update groups
        set ended_by = null, end_event = null, taking_before = null, visibility_before = null, version = version + 1
        where id = $1 and ended_at is not null";
    /// Whom the end of a group concerns: its people.
    PEOPLE = "
        select memberships.person_id from memberships
        join persons on persons.id = memberships.person_id
        where memberships.group_id = $1 and memberships.state in ('accepted', 'active', 'suspended')
            and persons.state = 'confirmed'
        order by memberships.person_id";
    /// Ends all memberships of a group.
    END_MEMBERSHIPS = "
        update memberships
        set state = 'left', changed_at = $2, changed_by = null, why = 'group-ended', version = version + 1
        where group_id = $1 and state in ('invited', 'applied', 'accepted', 'active', 'suspended')";
    /// Takes all roles of a group.
    DISMISS = "delete from role_holders where group_id = $1";
    /// Takes all open invitations of a group back.
    END_INVITATIONS = "update invitations set state = 'undone' where group_id = $1 and state = 'sent'";
    /// Clears the page of groups that have been closed for long; the name stays in the histories of their people.
    CLEAR = "
        update groups set summary = '', about = '', rules = '', latitude = null, longitude = null
        where ended_at <= $1
            and (summary <> '' or about <> '' or rules <> '' or latitude is not null)";
    /// Clears the roles of groups that have been closed for long: nobody holds them any more.
    CLEAR_ROLES = "
        delete from roles
        where group_id in (select id from groups where ended_at <= $1)";
    /// Clears the topics of groups that have been closed for long.
    CLEAR_TOPICS = "
        delete from group_topics
        where group_id in (select id from groups where ended_at <= $1)";
    /// Clears what was decided in groups that have been closed for long: nobody reads it any more.
    CLEAR_DECISIONS = "
        delete from group_decisions
        where group_id in (select id from groups where ended_at <= $1)";
    /// Clears what those said who ran such a group when it was hidden.
    CLEAR_ANSWERS = "
        delete from hiding_answers
        where group_id in (select id from groups where ended_at <= $1)";
    /// Clears the frequent questions of groups that have been closed for long.
    CLEAR_QUESTIONS = "
        delete from group_questions
        where group_id in (select id from groups where ended_at <= $1)";
}
