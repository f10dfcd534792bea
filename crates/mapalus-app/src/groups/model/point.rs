//! Where a group is at home to the point, if it says so.

use crate::shell::forms::Wrong;
use std::fmt;

/// A point on the map, in degrees, to about a metre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl Point {
    /// The point of two columns: both are there or none.
    pub fn of(latitude: Option<f64>, longitude: Option<f64>) -> Option<Self> {
        latitude.zip(longitude).map(|(latitude, longitude)| Self { latitude, longitude })
    }

    /// Reads what maps show: latitude, a comma, longitude. With a semicolon or a space between them both may be written
    /// with a decimal comma.
    ///
    /// # Errors
    /// `groups-wrong-point`, if it is no pair of degrees.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let wrong = || Wrong::plain("groups-wrong-point");
        let text = text.trim().replace('°', "");
        let pair = |(north, east): (&str, &str)| Some((degrees(north, 90.0)?, degrees(east, 180.0)?));
        let parted = text.split_once(';').or_else(|| text.split_once(", "));
        let parted = parted.or_else(|| text.split_once(char::is_whitespace)).or_else(|| text.split_once(','));
        let (latitude, longitude) = parted.and_then(pair).ok_or_else(wrong)?;
        Ok(Self { latitude, longitude })
    }
}

fn degrees(text: &str, most: f64) -> Option<f64> {
    let number = text.trim().replace(',', ".").parse::<f64>().ok()?;
    let rounded = (number * 1e5).round() / 1e5;
    (rounded.abs() <= most).then_some(rounded)
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.latitude, self.longitude)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_read_as_maps_and_people_write_it() {
        let manado = Point { latitude: 1.4748, longitude: 124.8421 };
        for text in [
            "1.4748, 124.8421",
            "1.4748,124.8421",
            " 1,4748; 124,8421 ",
            "1,4748, 124,8421",
            "1.4748° 124.8421°",
        ] {
            assert_eq!(Point::parse(text), Ok(manado), "{text}");
        }
        assert_eq!(Point::parse(&manado.to_string()), Ok(manado));
        let south = Point::parse("-6.2000001, 106.8166662").unwrap();
        assert_eq!(south.to_string(), "-6.2, 106.81667");
    }

    #[test]
    fn what_is_no_pair_of_degrees_is_no_point() {
        for text in
            ["", "Manado", "1.4748", "124.8421, 1.4748", "1.4748, 181", "NaN, 1", "1, 2, 3", "inf, inf"]
        {
            assert_eq!(Point::parse(text), Err(Wrong::plain("groups-wrong-point")), "{text}");
        }
    }
}
