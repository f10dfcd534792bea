//! What strangers may find of a group.

use super::{model::TopicKind, queries};
use crate::shell::{
    Lang,
    reference::{areas, causes, occupations},
};
use mapalus_core::{GroupId, Millis};
use mapalus_db::{DbError, Tx, params};
use mapalus_search::Document;

mapalus_db::record! {
    struct Row {
        id: GroupId,
        kind: String,
        name: String,
        summary: String,
        about: String,
        area: String,
        latitude: Option<f64>,
        longitude: Option<f64>,
        taking: bool,
        made_at: Millis,
        members: i64,
    }

    struct TopicOf {
        group_id: GroupId,
        topic: TopicKind,
        code: String,
    }
}

/// Ids of public groups after one of them, in their order.
///
/// # Errors
/// The database's error.
pub fn public_after(tx: &mut Tx<'_>, after: Option<GroupId>, most: i64) -> Result<Vec<GroupId>, DbError> {
    let after = after.map_or(String::new(), |id| id.to_string());
    let rows: Vec<(GroupId,)> = tx.all(&queries::PUBLIC_AFTER, &params![after, most])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The documents of those of these groups that are public: two statements for 256 groups.
///
/// # Errors
/// The database's error.
pub fn documents(tx: &mut Tx<'_>, groups: &[GroupId]) -> Result<Vec<Document>, DbError> {
    let mut documents = Vec::with_capacity(groups.len());
    for portion in groups.chunks(256) {
        let rows: Vec<Row> = tx.all_in(&queries::DOCUMENTS, &[], portion)?;
        let mut topics: Vec<TopicOf> = tx.all_in(&queries::TOPICS_OF, &[], portion)?;
        topics.sort_by_key(|topic| topic.group_id);
        documents.extend(rows.into_iter().map(|row| {
            let from = topics.partition_point(|topic| topic.group_id < row.id);
            let own = topics[from..].iter().take_while(|topic| topic.group_id == row.id);
            document(&row, own)
        }));
    }
    Ok(documents)
}

fn document<'t>(row: &Row, topics: impl Iterator<Item = &'t TopicOf>) -> Document {
    let of_area = || areas().get(&row.area).map(|area| (area.latitude, area.longitude));
    let mut document = Document {
        id: row.id.to_string(),
        name: row.name.clone(),
        summary: row.summary.clone(),
        about: row.about.clone(),
        kind: row.kind.clone(),
        areas: vec![row.area.clone()],
        point: row.latitude.zip(row.longitude).or_else(of_area),
        taking: row.taking,
        members: u64::try_from(row.members).unwrap_or(0),
        made_at: row.made_at.0,
        ..Document::default()
    };
    document.words.push(areas().label(&row.area));
    for topic in topics {
        match topic.topic {
            TopicKind::Occupation => {
                let known = occupations().get(&topic.code);
                document.words.extend(known.into_iter().flat_map(|o| o.names()).map(str::to_owned));
                document.occupations.push(topic.code.clone());
            }
            TopicKind::Cause => {
                if let Some(cause) = causes::get(&topic.code) {
                    document.words.extend([Lang::Id, Lang::En].map(|lang| cause.name(lang).to_owned()));
                    document.words.extend(cause.words().iter().cloned());
                }
                document.causes.push(topic.code.clone());
            }
            TopicKind::District => document.areas.push(topic.code.clone()),
        }
    }
    document
}
