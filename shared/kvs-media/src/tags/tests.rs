use super::*;

fn said(tags: &[(&'static str, &'static str)]) -> Said {
    let simple = |(name, value): &(&'static str, &'static str)| SimpleTag {
        name: (*name).into(),
        value: (*value).into(),
    };
    Said::from(tags.iter().map(simple).collect::<Vec<_>>())
}

fn tag(name: &str, value: &str) -> Tag {
    Tag { name: name.to_owned(), value: value.to_owned() }
}

fn number(text: &str) -> FragmentNumber {
    FragmentNumber::parse(text).unwrap()
}

#[test]
fn before_and_after_the_frames() {
    let before = said(&[
        ("AWS_KINESISVIDEO_FRAGMENT_NUMBER", "91343852333181432392682062607743920146159169392"),
        ("AWS_KINESISVIDEO_SERVER_TIMESTAMP", "1511852109.126"),
        ("AWS_KINESISVIDEO_PRODUCER_TIMESTAMP", "1511852108.513"),
    ]);
    let fragment = Fragment {
        number: number("91343852333181432392682062607743920146159169392"),
        producer_time: Some(Duration::from_millis(1_511_852_108_513)),
        server_time: Some(Duration::from_millis(1_511_852_109_126)),
    };
    assert_eq!(before, Said { fragment: Some(fragment), ..Said::default() });

    let after = said(&[
        ("AWS_KINESISVIDEO_MILLIS_BEHIND_NOW", "910"),
        ("AWS_KINESISVIDEO_CONTINUATION_TOKEN", "token"),
    ]);
    let expected = Said {
        continuation_token: Some("token".to_owned()),
        behind_now: Some(Duration::from_millis(910)),
        ..Said::default()
    };
    assert_eq!(after, expected);
}

#[test]
fn what_connect_tags() {
    let said = said(&[
        ("ContactId", "5ca32fbd-8f92-46af-92a5-6b0f970f0efe"),
        ("STOP_STREAMING", "True"),
        ("STOP_STREAMING", "false"),
        ("InstanceId", "x"),
    ]);
    let expected = [
        Event::ContactId("5ca32fbd-8f92-46af-92a5-6b0f970f0efe".to_owned()),
        Event::StopStreaming,
        Event::Tag(tag("STOP_STREAMING", "false")),
        Event::Tag(tag("InstanceId", "x")),
    ];
    assert_eq!(said.events, expected);
}

#[test]
fn a_failure_is_no_fragment() {
    let said = said(&[
        ("AWS_KINESISVIDEO_FRAGMENT_NUMBER", "7"),
        ("AWS_KINESISVIDEO_ERROR_CODE", "KMS_KEY_DISABLED"),
        ("AWS_KINESISVIDEO_ERROR_ID", "4501"),
    ]);
    let failure = Failure {
        kind: FailureKind::KeyDisabled,
        code: "KMS_KEY_DISABLED".to_owned(),
        fragment: Some(number("7")),
    };
    assert_eq!(said, Said { failure: Some(failure), ..Said::default() });
}

#[test]
fn a_failure_may_lack_its_number_or_its_code() {
    let kind = |name, value| said(&[(name, value)]).failure.unwrap().kind;
    assert_eq!(kind("AWS_KINESISVIDEO_ERROR_CODE", "INTERNAL_ERROR"), FailureKind::Other(None));
    assert_eq!(kind("AWS_KINESISVIDEO_ERROR_ID", "5000"), FailureKind::Internal);
}

#[test]
fn a_value_that_is_none_leaves_an_ordinary_tag() {
    let tags = [
        ("AWS_KINESISVIDEO_FRAGMENT_NUMBER", "not a number"),
        ("AWS_KINESISVIDEO_PRODUCER_TIMESTAMP", "yesterday"),
        ("AWS_KINESISVIDEO_MILLIS_BEHIND_NOW", "-1"),
        ("AWS_KINESISVIDEO_SOMETHING_NEW", "1"),
    ];
    let events = tags.map(|(name, value)| Event::Tag(tag(name, value))).to_vec();
    assert_eq!(said(&tags), Said { events, ..Said::default() });
}

#[test]
fn times() {
    assert_eq!(seconds("0.000"), Some(Duration::ZERO));
    assert_eq!(seconds("5"), Some(Duration::from_secs(5)));
    assert_eq!(seconds("1511852108.5"), Some(Duration::from_millis(1_511_852_108_500)));
    assert_eq!(seconds(&format!("{}.999999999", u64::MAX)), Some(Duration::MAX));
    for text in ["", ".5", "-1.0", "1.-5", "1.0000000000", "1e3", "99999999999999999999", "1.5.5"] {
        assert_eq!(seconds(text), None, "{text}");
    }
}

#[test]
fn nested_tags_are_read_to_a_depth() {
    let nested = |depth: usize| {
        let name = b"\x45\xA3\x81n".to_vec();
        let innermost = (1..depth).fold(name.clone(), |inner, _| {
            [&name[..], b"\x67\xC8", &[0x80 | u8::try_from(inner.len()).unwrap()], &inner].concat()
        });
        let simple = [b"\x67\xC8", &[0x80 | u8::try_from(innermost.len()).unwrap()][..], &innermost].concat();
        [b"\x73\x73", &[0x80 | u8::try_from(simple.len()).unwrap()][..], &simple].concat()
    };
    assert_eq!(read(&nested(3)).unwrap().events, [(); 3].map(|()| Event::Tag(tag("n", ""))));
    assert_eq!(read(&nested(DEEPEST_NESTING)).unwrap().events.len(), DEEPEST_NESTING);
    assert_eq!(read(&nested(DEEPEST_NESTING + 1)), Err(Fault::MalformedElement));
}
