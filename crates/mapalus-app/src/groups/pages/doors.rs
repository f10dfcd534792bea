//! To be told when a group takes people again.

use crate::{
    groups::{self, actions::doors},
    shell::{AppError, Cx, Place, Posted},
};
use axum::{extract::Path, response::Response};
use mapalus_core::access::WatchDoor;

/// `POST /groups/{group}/door-watch`
pub async fn wait(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = wait_by(&posted.cx, group).await?;
    Ok(posted.cx.see(&place))
}

/// `POST /groups/{group}/door-watch/remove`
pub async fn leave(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = leave_by(&posted.cx, group).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::groups) async fn wait_by(cx: &Cx, group: String) -> Result<Place, AppError> {
    cx.write("groups::wait_for_door", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<WatchDoor>()?;
        doors::wait(work, &permit, &group)?;
        Ok(Place::at(group.path()).telling("groups-done-door"))
    })
    .await
}

pub(in crate::groups) async fn leave_by(cx: &Cx, group: String) -> Result<Place, AppError> {
    cx.write("groups::leave_door", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<WatchDoor>()?;
        doors::leave(work, &permit, group.id)?;
        Ok(Place::at(group.path()).telling("groups-done-door-left"))
    })
    .await
}
