use super::*;
use proptest::prelude::*;

fn number(text: &str) -> FragmentNumber {
    FragmentNumber::parse(text).unwrap()
}

#[test]
fn one_to_128_digits() {
    for text in ["0", "91343852333181432392682062607743920146159169392", &"9".repeat(128)] {
        assert_eq!(number(text).to_string(), text);
    }
    for text in ["", "-1", "+1", "1 ", "1.0", "0x1", "١", &"9".repeat(129)] {
        assert_eq!(FragmentNumber::parse(text), Err(InvalidFragmentNumber), "{text}");
    }
}

#[test]
fn later_fragments_are_larger_than_text_can_tell() {
    assert!(number("9") < number("10"));
    assert!(
        number("91343852333181432392682062607743920146159169392")
            < number("100000000000000000000000000000000000000000000000")
    );
    assert!(number("0010") > number("9"));
    assert_eq!(number("007"), number("7"));
}

proptest! {
    #[test]
    fn the_order_is_that_of_the_numbers(a: u128, b: u128, zeros in 0..5_usize) {
        let padded = number(&format!("{}{a}", "0".repeat(zeros)));
        prop_assert_eq!(padded.cmp(&number(&b.to_string())), a.cmp(&b));
        prop_assert_eq!(&padded, &number(&a.to_string()));
    }
}
