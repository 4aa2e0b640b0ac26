//! Salesforce record ids: 15 characters that distinguish case, or 18 with a checksum that survives losing it.

use uuid::Uuid;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// One suffix character stands for five bits: which of five id characters are upper case.
const CHECKSUM: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
/// The pod that this org claims to live on: characters 4 and 5 of every id that it makes up.
const POD: &str = "5e";

/// The 18-character form of a 15- or 18-character id, or nothing if it is neither or its checksum is wrong.
pub(crate) fn to_18(id: &str) -> Option<String> {
    if !matches!(id.len(), 15 | 18) || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let (base, suffix) = id.split_at(15);
    let checksum: String = base.as_bytes().chunks(5).map(checksum_of).collect();
    (suffix.is_empty() || suffix == checksum).then(|| format!("{base}{checksum}"))
}

/// The id of the `number`th record of an object, 18 characters.
pub(crate) fn record_id(prefix: &str, number: u64) -> String {
    let base = format!("{prefix}{POD}0{}", base62(number.into(), 9));
    let checksum: String = base.as_bytes().chunks(5).map(checksum_of).collect();
    base + &checksum
}

/// A new org's id, 15 characters as Salesforce shows it in its set-up.
pub(crate) fn org_id() -> String {
    format!("00D{POD}0{}", base62(Uuid::new_v4().as_u128(), 9))
}

fn checksum_of(chunk: &[u8]) -> char {
    let bits = chunk.iter().enumerate().map(|(place, byte)| usize::from(byte.is_ascii_uppercase()) << place);
    char::from(CHECKSUM[bits.sum::<usize>()])
}

fn base62(mut number: u128, width: usize) -> String {
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_is_the_documented_one() {
        // The account id of Salesforce's REST examples.
        assert_eq!(to_18("001D000000IqhSL").as_deref(), Some("001D000000IqhSLIAZ"));
        assert_eq!(to_18("001D000000IqhSLIAZ").as_deref(), Some("001D000000IqhSLIAZ"));
    }

    #[test]
    fn what_is_not_an_id_is_not_taken_for_one() {
        for text in ["", "001D000000IqhSLIAA", "001D000000IqhS", "001D000000Iqh-L", "001D000000IqhSLé"] {
            assert_eq!(to_18(text), None, "{text}");
        }
    }

    #[test]
    fn made_up_ids_are_unique_and_pass_the_check() {
        let (first, second) = (record_id("0LQ", 1), record_id("0LQ", 62));
        assert_ne!(first, second);
        assert_eq!(to_18(&first), Some(first.clone()));
        assert_eq!(to_18(&second[..15]), Some(second));
        assert_eq!(org_id().len(), 15);
    }
}
