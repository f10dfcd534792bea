//! Where: points and distances.

/// Radius of the earth in kilometres.
pub(crate) const EARTH_KM: f64 = 6371.0088;

/// A point on the earth, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    lat: f64,
    lon: f64,
}

impl Point {
    /// The point, if it lies on the earth. The longitude is brought between -180 and 180.
    pub(crate) fn new(lat: f64, lon: f64) -> Option<Self> {
        if !lat.is_finite() || !lon.is_finite() || lat.abs() > 90.0 || lon.abs() > 360.0 {
            return None;
        }
        Some(Self { lat, lon: (lon + 180.0).rem_euclid(360.0) - 180.0 })
    }

    /// Latitude in degrees.
    pub(crate) fn lat(self) -> f64 {
        self.lat
    }

    /// Longitude in degrees, from -180 to 180.
    pub(crate) fn lon(self) -> f64 {
        self.lon
    }

    /// As one number, exact to a millionth of a degree (0.1 m); never 0, which means no point.
    pub(crate) fn pack(self) -> u64 {
        let lat = ((self.lat + 90.0) * 1e6).round() as u64;
        let lon = ((self.lon + 180.0) * 1e6).round() as u64;
        ((lat + 1) << 29) | lon
    }

    /// The point of a packed number.
    pub(crate) fn unpack(packed: u64) -> Option<Self> {
        let lat = (packed >> 29).checked_sub(1)?;
        let lon = packed & ((1 << 29) - 1);
        Some(Self { lat: lat as f64 / 1e6 - 90.0, lon: lon as f64 / 1e6 - 180.0 })
    }

    /// Distance on the sphere by the haversine formula, in kilometres.
    pub(crate) fn distance_km(self, other: Self) -> f64 {
        let (lat, other_lat) = (self.lat.to_radians(), other.lat.to_radians());
        let lat_half = ((other_lat - lat) / 2.0).sin();
        let lon_half = ((other.lon - self.lon).to_radians() / 2.0).sin();
        let h = lat_half * lat_half + lat.cos() * other_lat.cos() * lon_half * lon_half;
        2.0 * EARTH_KM * h.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lat: f64, lon: f64) -> Point {
        Point::new(lat, lon).expect("on the earth")
    }

    #[test]
    fn manado_is_as_far_from_jakarta_as_maps_say() {
        let km = point(1.4748, 124.8421).distance_km(point(-6.2146, 106.8451));
        assert!((2160.0..2200.0).contains(&km), "{km}");
    }

    #[test]
    fn a_packed_point_comes_back() {
        for (lat, lon) in [(1.4748, 124.8421), (-90.0, -180.0), (90.0, 179.999999), (0.0, 0.0)] {
            let back = Point::unpack(point(lat, lon).pack()).expect("a point");
            assert!(point(lat, lon).distance_km(back) < 0.001, "{lat} {lon}");
        }
        assert_eq!(Point::unpack(0), None);
    }

    #[test]
    fn what_lies_not_on_the_earth_is_no_point() {
        for (lat, lon) in [(91.0, 0.0), (f64::NAN, 0.0), (0.0, f64::INFINITY), (0.0, 400.0)] {
            assert_eq!(Point::new(lat, lon), None, "{lat} {lon}");
        }
    }
}
