use super::*;

fn input(most: usize, terminator: Option<&str>, cancel: bool) -> Input {
    Input {
        prompt: None,
        first_within: 5,
        between: 5,
        most,
        terminator: terminator.map(str::to_owned),
        cancel,
        stored: true,
    }
}

#[test]
fn keys_end_with_the_terminator_or_the_last_one() {
    let text = |text: &str| Entered::Text(text.to_owned());
    assert_eq!(entered("1234#99", &input(10, Some("#"), true)), text("1234"));
    assert_eq!(entered("1#2##9", &input(10, Some("##"), true)), text("1#2"));
    assert_eq!(entered("12345", &input(3, Some("#"), true)), text("123"));
    assert_eq!(entered("12*45#", &input(10, Some("#"), true)), text("45"));
    assert_eq!(entered("12*45#", &input(10, Some("#"), false)), text("12*45"));
    assert_eq!(entered("#", &input(10, Some("#"), true)), text(""));
    assert_eq!(entered("*", &input(10, Some("#"), true)), text(""));
    assert_eq!(entered(" a-1 ", &input(10, Some("#"), true)), text("1"));
    assert_eq!(entered("", &input(10, Some("#"), true)), Entered::Nothing);
}

#[test]
fn an_input_is_over_when_no_key_can_follow() {
    for (keys, ends_after) in [
        ("12", None),
        ("", None),
        ("12#", Some(3)),
        ("12#9", Some(3)),
        ("12*", None),
        ("1234", Some(4)),
        ("12345", Some(4)),
    ] {
        assert_eq!(input(4, Some("#"), true).ends_after(keys), ends_after, "{keys}");
    }
}

#[test]
fn phone_numbers_have_a_country_code() {
    assert_eq!(phone_number("12065550100").as_deref(), Some("+12065550100"));
    for wrong in ["", "123", "1206555010012345", "0206555010", "1206555x100"] {
        assert_eq!(phone_number(wrong), None, "{wrong}");
    }
    assert_eq!(calling_code("us"), Some("1"));
    assert_eq!(calling_code("XX"), None);
    assert!(CALLING_CODES.is_sorted());
}
