//! What pages above show of groups: lists, cards, the parts of a group's page.

use super::{Card, Member, RoleRow, model, queries, rules};
use mapalus_core::{GroupId, Id, Millis, PersonId};
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

/// The groups of a person, with the state of each membership.
///
/// # Errors
/// The database's error.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Card>, DbError> {
    tx.all(&queries::OF_PERSON, &params![person])
}

/// The groups at whose desk a person sits.
///
/// # Errors
/// The database's error.
pub fn desks(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Card>, DbError> {
    tx.all(&queries::DESKS, &params![person])
}

/// Whether a person sits at the desk of a group.
///
/// # Errors
/// The database's error.
pub fn has_desk(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    Ok(tx.scalar::<i64>(&queries::HAS_DESK, &params![person])? > 0)
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
}

/// What the group's page shows besides the group itself: two statements.
///
/// # Errors
/// The database's error.
pub fn details(tx: &mut Tx<'_>, group: GroupId) -> Result<Details, DbError> {
    let (mut topics, mut questions, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    let parts: Vec<model::Part> = tx.all(&queries::PARTS, &params![group])?;
    for part in parts {
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
    Ok(Details {
        topics,
        questions,
        roles,
        coordinators: tx.all(&queries::roles::COORDINATORS, &params![group, "\n"])?,
    })
}

/// The groups to which two people belong, with the roles of the second; one's own, if both are one.
///
/// # Errors
/// The database's error.
pub fn shared(tx: &mut Tx<'_>, one: PersonId, other: PersonId) -> Result<Vec<model::Shared>, DbError> {
    tx.all(&queries::SHARED, &params![one, other, "\n"])
}
