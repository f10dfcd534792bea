//! What pages above show of groups: lists, cards, the parts of a group's page.

use super::{Card, Member, RoleRow, actions, model, queries, rules};
use crate::qualifications::model::Known;
use mapalus_core::{GroupId, Id, Millis, PersonId, RoleId};
use mapalus_db::{DbError, Tx, params};

/// The first group of each sheet of public groups, as search engines take them: ten thousand each.
///
/// # Errors
/// The database's error.
pub fn sheets(tx: &mut Tx<'_>) -> Result<Vec<GroupId>, DbError> {
    let rows: Vec<(GroupId,)> = tx.all(&queries::listing::SHEETS, &[])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The paths of the public groups of a sheet.
///
/// # Errors
/// The database's error.
pub fn sheet(tx: &mut Tx<'_>, first: GroupId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx.all(&queries::listing::SHEET, &params![first])?;
    Ok(rows.into_iter().map(|(slug,)| format!("/groups/{slug}")).collect())
}

/// The newest public groups that were opened since an instant, fifty at most: of an area and all in it, of an occupation,
/// those below and those above it; empty codes leave nothing out.
///
/// # Errors
/// The database's error.
pub fn fresh(
    tx: &mut Tx<'_>,
    (area, occupation): (&str, &str),
    since: Millis,
) -> Result<Vec<model::Fresh>, DbError> {
    let since = GroupId::new(since, &mapalus_core::chance::Counted::default());
    let (area, below) = (format!("{area}%"), format!("{occupation}%"));
    tx.all(&queries::listing::FRESH, &params![since, area, occupation, below])
}

/// The slug of the group of a short address, if it is one group's.
///
/// # Errors
/// The database's error.
pub fn by_short(tx: &mut Tx<'_>, short: &str) -> Result<Option<String>, DbError> {
    let Some((first, last)) = rules::between(short) else {
        return Ok(None);
    };
    let rows: Vec<(GroupId, String)> = tx.all(&queries::listing::BETWEEN, &params![first, last])?;
    let mut found = rows.into_iter().filter(|(id, _)| rules::short(*id).eq_ignore_ascii_case(short));
    Ok(found.next().map(|(_, slug)| slug))
}

/// Those of these groups that everybody may find, in the order of the list, with one's own membership.
///
/// # Errors
/// The database's error.
pub fn cards(tx: &mut Tx<'_>, ids: &[GroupId], person: Option<PersonId>) -> Result<Vec<Card>, DbError> {
    let mut cards: Vec<Card> = tx.all_in(&queries::CARDS, &params![person], ids)?;
    cards.sort_by_key(|card| ids.iter().position(|id| *id == card.id));
    Ok(cards)
}

/// Causes of the groups to which a person belongs: what the person cares for, as far as one can tell.
///
/// # Errors
/// The database's error.
pub fn causes_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx.all(&queries::CAUSES_OF, &params![person])?;
    Ok(rows.into_iter().map(|(cause,)| cause).collect())
}

/// The groups of a person, with the state of each membership, and those to which the person is invited: one statement.
///
/// # Errors
/// The database's error.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<(Vec<Card>, Vec<Card>), DbError> {
    let cards: Vec<Card> = tx.all(&queries::OF_PERSON, &params![person])?;
    Ok(cards.into_iter().partition(|card| card.membership != Some(mapalus_core::MembershipState::Invited)))
}

/// The groups at whose desk a person sits.
///
/// # Errors
/// The database's error.
pub fn desks(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Card>, DbError> {
    tx.all(&queries::DESKS, &params![person])
}

/// What the group's page shows besides the group itself.
pub struct Details {
    /// Occupations, causes and districts.
    pub topics: Vec<model::Topic>,
    /// Frequent questions.
    pub questions: Vec<model::Question>,
    /// Roles in their order.
    pub roles: Vec<RoleRow>,
    /// Who runs it.
    pub coordinators: Vec<Member>,
    /// Whom the one who looks knows in it.
    pub known: Vec<model::KnownIn>,
    /// The names of the kinds of qualification that its roles may ask for.
    pub kinds: Known,
}

/// What the group's page shows besides the group itself: two statements.
///
/// # Errors
/// The database's error.
pub fn details(tx: &mut Tx<'_>, group: GroupId) -> Result<Details, DbError> {
    details_for(tx, group, None)
}

/// The same, with whom the one who looks knows in the group.
///
/// # Errors
/// The database's error.
pub fn details_for(tx: &mut Tx<'_>, group: GroupId, viewer: Option<PersonId>) -> Result<Details, DbError> {
    let (mut topics, mut questions, mut roles, mut known) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let parts: Vec<model::Part> = tx.all(&queries::PARTS, &params![group, viewer])?;
    let mut kinds = Known::default();
    for part in parts {
        if part.part == "kind" {
            kinds.add(part.fifth, part.first, !part.second.is_empty());
            continue;
        }
        if part.part == "known" {
            let person = part.first.parse().ok();
            known.extend(person.map(|person_id| model::KnownIn {
                group_id: group,
                person_id,
                name: part.second,
            }));
            continue;
        }
        match (part.part.parse(), part.fifth.parse()) {
            (Ok(topic), _) => topics.push(model::Topic { topic, code: part.first }),
            (Err(_), Ok(id)) => roles.push(RoleRow {
                id,
                name: part.first,
                duties: part.second,
                qualifications: part.third,
                // Words that a later version wrote are no permissions of this one.
                permissions: part.fourth.split_whitespace().filter_map(|word| word.parse().ok()).collect(),
                version: part.version,
            }),
            (Err(_), Err(_)) => questions.push(model::Question { ask: part.first, answer: part.second }),
        }
    }
    known.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Details {
        kinds,
        topics,
        questions,
        roles,
        known,
        coordinators: tx.all(&queries::roles::COORDINATORS, &params![group, "\n"])?,
    })
}

/// The people whom somebody knows in these groups, as far as each of them lets that be known: one statement.
///
/// # Errors
/// The database's error.
pub fn known_in(
    tx: &mut Tx<'_>,
    person: Option<PersonId>,
    groups: &[GroupId],
) -> Result<Vec<model::KnownIn>, DbError> {
    match person {
        Some(person) => tx.all_in(&queries::known::KNOWN_IN, &params![person], groups),
        None => Ok(Vec::new()),
    }
}

/// The searches of a person, oldest first, and what they found, latest first: two statements.
///
/// # Errors
/// The database's error.
pub fn watches(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<(Vec<model::Watch>, Vec<model::WatchFind>), DbError> {
    let watches = tx.all(&queries::watches::WATCHES, &params![person])?;
    Ok((watches, tx.all(&queries::watches::FINDS, &params![person])?))
}

/// A search of a person.
///
/// # Errors
/// The database's error.
pub fn watch(
    tx: &mut Tx<'_>,
    watch: mapalus_core::WatchId,
    person: PersonId,
) -> Result<Option<model::Watch>, DbError> {
    tx.optional(&queries::watches::WATCH, &params![watch, person])
}

/// The groups for which a person waits until they take people again, by name.
///
/// # Errors
/// The database's error.
pub fn doors(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<model::DoorWatch>, DbError> {
    tx.all(&queries::doors::DOORS_OF, &params![person])
}

/// Whether a person waits for this group.
///
/// # Errors
/// The database's error.
pub fn waits_for_door(tx: &mut Tx<'_>, group: GroupId, person: PersonId) -> Result<bool, DbError> {
    Ok(tx.scalar::<i64>(&queries::doors::WAITS_FOR_DOOR, &params![group, person])? > 0)
}

/// Searches that are to be looked at now, so many at most.
///
/// # Errors
/// The database's error.
pub fn due_watches(tx: &mut Tx<'_>, now: Millis, most: i64) -> Result<Vec<model::Watch>, DbError> {
    tx.all(&queries::watches::DUE_WATCHES, &params![now, most])
}

/// Notes what searches found when they looked at the groups opened until an instant; their people are told.
///
/// # Errors
/// The database's error.
pub fn note_found(
    work: &mut crate::shell::Work<'_, '_>,
    at: Millis,
    looked: &[model::Looked],
) -> Result<(), DbError> {
    actions::watches::note(work, at, looked)
}

/// Since when a person sits at the desk of some group; none of one who sits at none.
///
/// # Errors
/// The database's error.
pub fn desk_since(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Millis>, DbError> {
    Ok(tx.optional::<(Millis,)>(&queries::DESK_SINCE, &params![person])?.map(|(since,)| since))
}

/// The names of these roles; of those that are there still.
///
/// # Errors
/// The database's error.
pub fn role_names(tx: &mut Tx<'_>, roles: &[RoleId]) -> Result<Vec<(RoleId, String)>, DbError> {
    tx.all_in(&queries::roles::NAMES, &[], roles)
}

/// The groups to which two people belong, with the roles of the second; one's own, if both are one.
///
/// # Errors
/// The database's error.
pub fn shared(tx: &mut Tx<'_>, one: PersonId, other: PersonId) -> Result<Vec<model::Shared>, DbError> {
    tx.all(&queries::SHARED, &params![one, other, "\n"])
}
