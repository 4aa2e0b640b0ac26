use super::*;

/// An element with a one-byte size.
fn element(id: &[u8], data: &[u8]) -> Vec<u8> {
    [id, &[0x80 | u8::try_from(data.len()).unwrap()], data].concat()
}

fn read(children: &[Vec<u8>]) -> Vec<Result<Track, Fault>> {
    tracks(&element(b"\xAE", &children.concat())).collect()
}

fn named(name: &str) -> Track {
    Track { number: 1, name: name.to_owned(), codec_id: String::new(), audio: None }
}

#[test]
fn a_track_of_connect() {
    let audio = [
        element(b"\xB5", &8_000_f32.to_be_bytes()),
        element(b"\x9F", b"\x01"),
        element(b"\x62\x64", b"\x10"),
    ];
    let children = [
        element(b"\xD7", b"\x02"),
        element(b"\x53\x6E", b"AUDIO_TO_CUSTOMER\0\0"),
        element(b"\x86", b"A_PCM/INT/LIT"),
        element(b"\xE1", &audio.concat()),
    ];
    let track = Track {
        number: 2,
        name: "AUDIO_TO_CUSTOMER".to_owned(),
        codec_id: "A_PCM/INT/LIT".to_owned(),
        audio: Some(Audio { sampling_rate: 8_000, channels: 1, bit_depth: Some(16) }),
    };
    assert_eq!(track.side(), Some(Side::ToCustomer));
    assert_eq!(read(&children), [Ok(track)]);
}

#[test]
fn what_audio_does_not_state_is_the_default() {
    let read = read(&[element(b"\xD7", b"\x01"), element(b"\xE1", b"")]);
    let audio = Some(Audio { sampling_rate: 8_000, channels: 1, bit_depth: None });
    assert_eq!(read, [Ok(Track { audio, ..named("") })]);
}

#[test]
fn a_track_without_a_number_is_malformed() {
    assert_eq!(read(&[element(b"\x86", b"A_AAC")]), [Err(Fault::MalformedElement)]);
    assert_eq!(read(&[element(b"\xD7", b"\x00")]), [Err(Fault::MalformedElement)]);
}

#[test]
fn absurd_sampling_stays_within_the_type() {
    for rate in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
        let audio = element(b"\xE1", &element(b"\xB5", &rate.to_be_bytes()));
        let read = read(&[element(b"\xD7", b"\x01"), audio]);
        assert!(matches!(&read[..], [Ok(Track { audio: Some(_), .. })]), "{rate}");
    }
}

#[test]
fn names_say_whose_audio_it_is() {
    for name in ["AUDIO_FROM_CUSTOMER", "Track_audio/L16", ""] {
        assert_eq!(named(name).side(), Some(Side::FromCustomer), "{name}");
    }
    assert_eq!(named("AUDIO_TO_CUSTOMER").side(), Some(Side::ToCustomer));
    assert_eq!(named("test track").side(), None);
}
