//! Short addresses: sixteen signs that are told apart by ear and eye, of the instant of a group's id and twenty of its
//! random bits.

use mapalus_core::GroupId;

/// Digits and letters without those that look like others.
const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Signs of a short address.
const LENGTH: usize = 16;

/// The short sign of a group: its first sixty bits without the version, and its last twenty.
pub fn short(id: GroupId) -> String {
    let hex: String = id.to_string().chars().filter(|c| *c != '-').collect();
    // The thirteenth digit is the version: the same in all.
    let digits = format!("{}{}{}", &hex[..12], &hex[13..16], &hex[27..]);
    let number = u128::from_str_radix(&digits, 16).unwrap_or(0);
    let sign = |place: usize| SIGNS[(number >> (5 * place)) as usize & 31] as char;
    (0..LENGTH).rev().map(sign).collect()
}

/// The first and the last id that may have this short sign, if it is one: those of one instant.
pub fn between(short: &str) -> Option<(String, String)> {
    if short.len() != LENGTH {
        return None;
    }
    let mut number = 0u128;
    for byte in short.bytes() {
        let sign = SIGNS.iter().position(|sign| *sign == byte.to_ascii_lowercase())?;
        number = number << 5 | sign as u128;
    }
    let hex = format!("{number:020x}");
    let id = |rest: &str| format!("{}-{}-7{}-{rest}", &hex[..8], &hex[8..12], &hex[12..15]);
    Some((id("8000-000000000000"), id("bfff-ffffffffffff")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{Id, Millis, chance::Counted};

    #[test]
    fn a_short_sign_leads_back_to_its_group_and_to_no_other() {
        let chance = Counted::default();
        let mut signs = Vec::new();
        for at in [0, 1, 1_779_900_000_000, 1_779_900_000_000, 1_779_900_000_001, 4_102_444_800_000] {
            let id = GroupId::new(Millis(at), &chance);
            let sign = short(id);
            let (first, last) = between(&sign).unwrap();
            assert!((first..=last).contains(&id.to_string()), "{id} {sign}");
            assert!(!signs.contains(&sign), "{sign}");
            assert_eq!(between(&sign.to_uppercase()), between(&sign));
            signs.push(sign);
        }
    }

    #[test]
    fn what_is_no_short_sign_is_none() {
        for text in
            ["", "06d9k2m4x8pqrst", "06d9k2m4x8pqrstvw", "06d9k2m4x8pqrstu", "06d9k2m4x8pqrst-", "áááááááá"]
        {
            assert_eq!(between(text), None, "{text}");
        }
    }
}
