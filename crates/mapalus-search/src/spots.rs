//! Which groups lie within a radius: the points of one segment, in bands of latitude.

use std::f64::consts::PI;

use crate::place::{EARTH_KM, Point};
use crate::table::Sets;

/// Height of a band, in millionths of a degree: about 2.2 km.
const BAND: u32 = 20_000;
/// Once around the earth, in millionths of a degree.
const AROUND: i64 = 360_000_000;
/// Half angles up to which [`short_sine`] is exact to eleven digits, in radians.
const SHORT: f64 = 0.05;

/// Where a group is, in millionths of a degree from the south pole and from the antimeridian.
///
/// Its sets stand here too: those of one place are read one after the other, and their documents are anywhere.
#[derive(Debug, Clone, Copy)]
struct Spot {
    lat: u32,
    lon: u32,
    doc: u32,
    sets: Sets,
}

impl Spot {
    fn band(&self) -> u32 {
        self.lat / BAND
    }

    fn point(&self) -> Option<Point> {
        Point::unpack(((u64::from(self.lat) + 1) << 29) | u64::from(self.lon))
    }
}

/// The points of one segment, band by band from the south, in each from the west.
#[derive(Debug, Default)]
pub(crate) struct Spots(Vec<Spot>);

/// The sine of a small angle.
fn short_sine(x: f64) -> f64 {
    let square = x * x;
    x * (1.0 - square / 6.0 * (1.0 - square / 20.0))
}

impl Spots {
    /// Of the packed points, each with the number of its document; 0 is no point. The sets are still to be told.
    pub(crate) fn new(points: impl Iterator<Item = (u32, u64)>) -> Self {
        let spot = |(doc, packed): (u32, u64)| {
            let lat = u32::try_from(packed >> 29).ok()?.checked_sub(1)?;
            Some(Spot { lat, lon: (packed & ((1 << 29) - 1)) as u32, doc, sets: Sets::default() })
        };
        let mut spots: Vec<Spot> = points.filter_map(spot).collect();
        spots.sort_unstable_by_key(|spot| (spot.band(), spot.lon, spot.doc));
        spots.shrink_to_fit();
        Self(spots)
    }

    /// The documents that have a point, from place to place, each with its sets.
    pub(crate) fn docs(&mut self) -> impl Iterator<Item = (u32, &mut Sets)> {
        self.0.iter_mut().map(|spot| (spot.doc, &mut spot.sets))
    }

    /// Calls with every document within the radius, in no order, with its sets, and a distance in kilometres that is its
    /// own or less.
    pub(crate) fn within(&self, from: Point, radius_km: f64, mut found: impl FnMut(u32, Sets, f64)) {
        if radius_km.is_nan() || radius_km < 0.0 {
            return;
        }
        let angle = radius_km / EARTH_KM;
        let (lat, lon) = (from.lat().to_radians(), from.lon());
        let all_bands = angle >= PI;
        let reach = angle.to_degrees() + 1e-5;
        let edge = |lat: f64| ((lat.clamp(-90.0, 90.0) + 90.0) * 1e6) as u32 / BAND;
        let (lowest, highest) = (edge(from.lat() - reach), edge(from.lat() + reach));
        let circle = Circle { from, radius_km, most: (angle / 2.0).min(PI / 2.0).sin().powi(2) };
        let mut rest = &self.0[self.0.partition_point(|spot| spot.band() < lowest)..];
        while let Some(first) = rest.first() {
            let band = first.band();
            if band > highest {
                break;
            }
            let (own, others) = rest.split_at(rest.partition_point(|spot| spot.band() == band));
            rest = others;
            let wide = if all_bands { 180.0 } else { widest(lat, angle, band) };
            for (west, east) in stretches(lon, wide) {
                let begin = own.partition_point(|spot| i64::from(spot.lon) < west);
                let end = own.partition_point(|spot| i64::from(spot.lon) <= east);
                circle.test(&own[begin..end.max(begin)], band, wide, &mut found);
            }
        }
    }
}

/// How far east and west of the middle the circle reaches in a band, in degrees, and a little more.
fn widest(lat: f64, angle: f64, band: u32) -> f64 {
    let south = (f64::from(band * BAND) / 1e6 - 90.0).to_radians();
    let north = (f64::from((band + 1) * BAND) / 1e6 - 90.0).to_radians().min(PI / 2.0).max(south);
    // The circle is widest where its edge runs north and south; a circle that holds a pole is open there.
    let bulge = if angle >= PI / 2.0 { f64::NAN } else { (lat.sin() / angle.cos()).asin() };
    if bulge.is_nan() {
        return 180.0;
    }
    let at = bulge.clamp(south, north);
    let cosine = (angle.cos() - lat.sin() * at.sin()) / (lat.cos() * at.cos());
    if cosine.is_nan() || cosine <= -1.0 {
        return 180.0;
    }
    cosine.min(1.0).acos().to_degrees() * (1.0 + 1e-6) + 1e-5
}

/// The stretches of longitude so far around this one, in millionths of a degree; two where it goes around the end.
fn stretches(lon: f64, wide: f64) -> impl Iterator<Item = (i64, i64)> {
    let (middle, wide) = (((lon + 180.0) * 1e6) as i64, (wide * 1e6).ceil() as i64 + 1);
    let (west, east) = (middle - wide, middle + wide);
    let (first, second) = if 2 * wide >= AROUND {
        ((0, AROUND), None)
    } else if west <= 0 {
        ((0, east), Some((west + AROUND, AROUND)))
    } else if east >= AROUND {
        ((west, AROUND), Some((0, east - AROUND)))
    } else {
        ((west, east), None)
    };
    std::iter::once(first).chain(second)
}

struct Circle {
    from: Point,
    radius_km: f64,
    /// The haversine of the radius.
    most: f64,
}

impl Circle {
    /// Tests spots of one band. What is not certain by the quick formula is measured.
    fn test(&self, spots: &[Spot], band: u32, wide: f64, found: &mut impl FnMut(u32, Sets, f64)) {
        let (lat, lon) = (self.from.lat(), self.from.lon());
        let middle = (f64::from(band) + 0.5) * f64::from(BAND) / 1e6 - 90.0;
        let tallest = (lat - middle).abs() + f64::from(BAND) / 1e6;
        if (wide + 1e-4).to_radians() / 2.0 > SHORT || tallest.to_radians() / 2.0 > SHORT {
            for spot in spots {
                let km = spot.point().map(|point| self.from.distance_km(point));
                if let Some(km) = km.filter(|km| *km <= self.radius_km) {
                    found(spot.doc, spot.sets, km);
                }
            }
            return;
        }
        let (sine, cosine) = middle.to_radians().sin_cos();
        let own_cosine = lat.to_radians().cos();
        let (low, high) = (self.most * (1.0 - 1e-8), self.most * (1.0 + 1e-8));
        for spot in spots {
            let spot_lat = f64::from(spot.lat) / 1e6 - 90.0;
            let off = (spot_lat - middle).to_radians();
            let spot_cosine = cosine * (1.0 - off * off / 2.0) - sine * off;
            let aside = (f64::from(spot.lon) / 1e6 - 180.0 - lon).abs();
            let aside = aside.min(360.0 - aside);
            let (up, across) =
                (short_sine((spot_lat - lat).to_radians() / 2.0), short_sine(aside.to_radians() / 2.0));
            let h = up * up + own_cosine * spot_cosine * across * across;
            if h > high {
                continue;
            }
            let inside = h < low || {
                let km = spot.point().map(|point| self.from.distance_km(point));
                km.is_some_and(|km| km <= self.radius_km)
            };
            if inside {
                // The chord, which is shorter than the way on the ground.
                found(spot.doc, spot.sets, 2.0 * EARTH_KM * h.sqrt() * (1.0 - 1e-8));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_radius_finds_what_measuring_everything_finds() {
        let mut seed = 7_u64;
        let mut chance = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1_u64 << 53) as f64
        };
        let (mut seen, mut edges) = (0, 0);
        for round in 0..300 {
            // Centres over the archipelago, over the whole earth, at the poles and at the end of the longitudes.
            let (lat, lon) = match round % 4 {
                0 => (chance() * 17.0 - 11.0, 95.0 + chance() * 46.0),
                1 => (chance() * 180.0 - 90.0, chance() * 360.0 - 180.0),
                2 => (if chance() < 0.5 { 90.0 } else { -89.98 }, chance() * 360.0 - 180.0),
                _ => (chance() * 20.0 - 10.0, if chance() < 0.5 { -180.0 } else { 179.9999 }),
            };
            let from = Point::new(lat, lon).expect("on the earth");
            for radius in [0.0, 0.2, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 300.0, 3_000.0, 12_000.0, 30_000.0] {
                // Around the edge of the circle, and anywhere; some stand where one looks from.
                let mut points = vec![from.pack(), 0];
                for _ in 0..40 {
                    let turn = chance() * std::f64::consts::TAU;
                    let away = (radius * (0.9999 + chance() * 0.0002) / EARTH_KM).to_degrees();
                    let at = (lat + away * turn.sin()).clamp(-90.0, 90.0);
                    let beside = lon + away * turn.cos() / lat.to_radians().cos().max(0.01);
                    let points_of = [
                        Point::new(at, beside.rem_euclid(360.0)),
                        Point::new(lat + chance() * 0.1 - 0.05, lon + chance() * 0.1 - 0.05),
                        Point::new(chance() * 180.0 - 90.0, chance() * 360.0 - 180.0),
                    ];
                    points.extend(points_of.into_iter().flatten().map(Point::pack));
                }
                let numbered = || points.iter().enumerate().map(|(at, packed)| (at as u32, *packed));
                let expected: Vec<(u32, f64)> = numbered()
                    .filter_map(|(at, packed)| Some((at, from.distance_km(Point::unpack(packed)?))))
                    .filter(|(_, km)| *km <= radius)
                    .collect();
                let mut found = Vec::new();
                let mut spots = Spots::new(numbered());
                spots.docs().for_each(|(doc, sets)| *sets = [doc; 4]);
                spots.within(from, radius, |doc, sets, km| {
                    assert_eq!(sets, [doc; 4]);
                    found.push((doc, km));
                });
                found.sort_by_key(|(doc, _)| *doc);
                let docs = |list: &[(u32, f64)]| list.iter().map(|(doc, _)| *doc).collect::<Vec<_>>();
                assert_eq!(docs(&found), docs(&expected), "{from:?} {radius}");
                for ((_, least), (_, km)) in found.iter().zip(&expected) {
                    assert!(*least <= km + 1e-9, "{from:?} {radius}: {least} {km}");
                    assert!(
                        radius > 3_000.0 || *least >= km * 0.98 - 1e-3,
                        "{from:?} {radius}: {least} {km}"
                    );
                }
                seen += found.len();
                edges += points.len() - found.len();
            }
        }
        assert!(seen > 20_000 && edges > 20_000, "{seen} {edges}");
    }
}
