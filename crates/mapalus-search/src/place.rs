//! Where: distances, and the cells by which a radius finds its groups.

use h3o::{CellIndex, LatLng, Resolution};

/// Radius of the earth in kilometres.
const EARTH_KM: f64 = 6371.0088;

/// The cells that stand in the index, from fine to coarse, each with its mean edge in kilometres.
const CELLS: [(Resolution, f64); 3] =
    [(Resolution::Seven, 1.406), (Resolution::Five, 9.854), (Resolution::Three, 68.98)];

/// Edges differ within a resolution; none is shorter than this part of the mean.
const SHORTEST_EDGE: f64 = 0.6;

/// Rings around the middle cell that are looked up at most (331 cells).
const MOST_RINGS: u32 = 10;

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

    /// Whether the other is certainly farther than this, by the latitude alone.
    pub(crate) fn beyond(self, other: Self, km: f64) -> bool {
        (self.lat - other.lat).abs().to_radians() * EARTH_KM > km + 0.001
    }

    fn cell(self, resolution: Resolution) -> Option<CellIndex> {
        Some(LatLng::new(self.lat, self.lon).ok()?.to_cell(resolution))
    }

    /// The cells in which the point lies, one of each size.
    pub(crate) fn cells(self) -> Vec<u64> {
        CELLS.iter().filter_map(|(resolution, _)| Some(self.cell(*resolution)?.into())).collect()
    }

    /// Cells of one size that together hold everything within the radius, and more. `None` if the radius is so large
    /// that looking at every distance is cheaper.
    pub(crate) fn cells_within(self, radius_km: f64) -> Option<Vec<u64>> {
        CELLS.iter().find_map(|(resolution, mean_edge)| {
            // Ring k ends at least 1.5 k edges from the middle of the middle cell, and the point may be one edge off.
            let edges = radius_km / (mean_edge * SHORTEST_EDGE);
            let rings = ((edges + 1.0) / 1.5).ceil();
            if rings > f64::from(MOST_RINGS) {
                return None;
            }
            let middle = self.cell(*resolution)?;
            Some(middle.grid_disk::<Vec<_>>(rings as u32).into_iter().map(u64::from).collect())
        })
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

    #[test]
    fn the_cells_hold_everything_within_the_radius() {
        // Centres over the archipelago and over the whole earth, points on the very edge of each radius.
        let mut seed = 7_u64;
        let mut chance = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1_u64 << 53) as f64
        };
        for round in 0..400 {
            let middle = if round % 2 == 0 {
                point(chance() * 17.0 - 11.0, 95.0 + chance() * 46.0)
            } else {
                point(chance() * 160.0 - 80.0, chance() * 360.0 - 180.0)
            };
            for radius in [0.2, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 300.0] {
                let cells = middle.cells_within(radius).expect("small enough");
                assert!(cells.len() <= 331);
                for _ in 0..8 {
                    let turn = chance() * std::f64::consts::TAU;
                    let away = (radius * 0.999 / EARTH_KM).to_degrees();
                    let lat = middle.lat + away * turn.sin();
                    let lon = middle.lon + away * turn.cos() / middle.lat.to_radians().cos();
                    let Some(edge) = Point::new(lat, lon) else { continue };
                    if middle.distance_km(edge) <= radius {
                        let inside = edge.cells().iter().any(|cell| cells.contains(cell));
                        assert!(inside, "{middle:?} {edge:?} {radius}");
                    }
                }
            }
        }
    }
}
