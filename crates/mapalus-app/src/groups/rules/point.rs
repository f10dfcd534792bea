//! Where a group's own point may lie.

use crate::{
    groups::model::Point,
    shell::{
        forms::Wrong,
        reference::areas::{self as area_data, areas},
    },
};

/// The land and the sea between: degrees north from and to, degrees east from and to.
const INDONESIA: (f64, f64, f64, f64) = (-11.2, 6.3, 94.8, 141.2);
/// How far from its regency or town a point may lie, in kilometres: some of them are wide.
const MOST_KM: f64 = 100.0;

/// Checks the point that was typed for a group of this regency or town; none if nothing was.
///
/// # Errors
/// What is no point, lies outside Indonesia or more than 100 km from the group's regency or town.
pub fn point(text: &str, regency: &str) -> Result<Option<Point>, Wrong> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let point = Point::parse(text)?;
    let (south, north, west, east) = INDONESIA;
    if !(south..=north).contains(&point.latitude) || !(west..=east).contains(&point.longitude) {
        return Err(Wrong::plain("groups-wrong-point-outside"));
    }
    let own = areas().all().iter().filter(|area| area_data::within(area.code, regency));
    let far = own.map(|area| area.km_to(point.latitude, point.longitude)).min_by(f64::total_cmp);
    match far {
        Some(km) if km > MOST_KM => Err(Wrong(
            "groups-wrong-point-far",
            vec![("place", areas().label(regency).into()), ("km", (km.round() as i64).into())],
        )),
        _ => Ok(Some(point)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_lies_in_the_country_and_by_its_own_town() {
        let key = |text: &str, regency| point(text, regency).map_err(|wrong| wrong.0);
        assert_eq!(key(" ", "71.71"), Ok(None));
        assert!(matches!(key("1.4748, 124.8421", "71.71"), Ok(Some(_))));
        assert_eq!(key("Manado", "71.71"), Err("groups-wrong-point"));
        assert_eq!(key("52.52, 13.40", "71.71"), Err("groups-wrong-point-outside"));
        // Longitude first is the usual mistake: it names no place on earth.
        assert_eq!(key("124.8421, 1.4748", "71.71"), Err("groups-wrong-point"));
        assert_eq!(key("-6.2, 106.8", "71.71"), Err("groups-wrong-point-far"));
        // The next regency is near enough: a group of the town may meet there.
        assert!(key("1.30, 124.91", "71.71").is_ok());
    }
}
