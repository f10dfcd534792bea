//! Times of the API: RFC 3339 in UTC, with the zone in which people read them beside.

use serde_json::Value;

/// Whether a field of this name holds an instant.
pub fn is_time(name: &str) -> bool {
    name.ends_with("_at") || name == "since"
}

/// Whether a value is an instant as [`machine`](super::text::machine) writes it.
fn is_instant(value: &Value) -> bool {
    let text = value.as_str().unwrap_or("");
    text.len() == 20 && text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok()
}

/// Puts the zone beside every time, wherever it stands; what has a zone of its own keeps it.
pub(super) fn beside_times(value: &mut Value, zone: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| beside_times(item, zone)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| beside_times(field, zone));
            let timed = fields.iter().any(|(name, value)| is_time(name) && is_instant(value));
            if timed {
                fields.entry("zone").or_insert_with(|| zone.into());
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_zone_stands_beside_every_time_and_nowhere_else() {
        let mut value = json!({
            "items": [
                { "made_at": "2026-12-05T00:00:00Z", "steps": [{ "due_at": null }, { "since": "2026-12-05T00:00:00Z" }] },
                { "ends_at": "2026-12-05T00:00:00Z", "zone": "Asia/Jayapura" },
                { "since": "long ago", "name": "2026-12-05T00:00:00Z" },
            ],
            "next": null,
        });
        beside_times(&mut value, "Asia/Makassar");
        let expected = json!({
            "items": [
                {
                    "made_at": "2026-12-05T00:00:00Z", "zone": "Asia/Makassar",
                    "steps": [{ "due_at": null }, { "since": "2026-12-05T00:00:00Z", "zone": "Asia/Makassar" }],
                },
                { "ends_at": "2026-12-05T00:00:00Z", "zone": "Asia/Jayapura" },
                { "since": "long ago", "name": "2026-12-05T00:00:00Z" },
            ],
            "next": null,
        });
        assert_eq!(value, expected);
    }
}
