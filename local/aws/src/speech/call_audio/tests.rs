use super::*;
use crate::speech::Listener;

const CONTACT: &str = "b0c6ef7a-3c3c-4f3d-8f6a-3f2f5f0f6a11";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn call(length: Duration) -> CallAudio {
    let started = DateTime::from_timestamp_millis(1_772_470_000_500).unwrap();
    CallAudio::new(&LocalAws::start().await.unwrap(), CONTACT, started, length)
}

/// The codes that are heard on a track, with the second each began at.
fn heard(call: &CallAudio, track: u8) -> Vec<(u16, f64)> {
    let mut listener = Listener::new(RATE);
    let mut heard = Vec::new();
    for fragment in call.fragments() {
        for frame in fragment.frames.iter().filter(|frame| frame.track == track) {
            for sample in frame.audio.chunks_exact(2) {
                heard.extend(listener.hear(i16::from_le_bytes([sample[0], sample[1]])));
            }
        }
    }
    heard.dedup_by_key(|heard| heard.packet.code);
    heard.iter().map(|heard| (heard.packet.code, heard.start)).collect()
}

#[tokio::test]
async fn a_call_comes_in_fragments_as_amazon_connect_writes_them() {
    let call = call(Duration::from_millis(2500)).await;
    let fragments: Vec<Fragment> = call.fragments().collect();
    let lengths: Vec<usize> = fragments.iter().map(|fragment| fragment.frames.len()).collect();
    assert_eq!(lengths, [32, 32, 16], "16 frames of 64 ms per side, and what is left");
    let second = &fragments[1];
    assert_eq!(second.producer_timestamp.timestamp_millis(), 1_772_470_001_524);
    assert_eq!(second.server_timestamp.unwrap().timestamp_millis(), 1_772_470_002_548);
    let names: Vec<&str> = second.tracks.iter().map(|track| track.name.as_str()).collect();
    assert_eq!(names, ["AUDIO_FROM_CUSTOMER", "AUDIO_TO_CUSTOMER"]);
    let frame = &second.frames[3];
    assert_eq!((frame.track, frame.offset.as_millis(), frame.audio.len()), (2, 64, 1024));
    assert!(second.tags.contains(&("ContactId".to_owned(), CONTACT.to_owned())));
    let stopped =
        |fragment: &Fragment| fragment.tags.contains(&("STOP_STREAMING".to_owned(), "true".to_owned()));
    assert_eq!(fragments.iter().map(stopped).collect::<Vec<_>>(), [false, false, true]);
    let one = call.only(Side::ToCustomer);
    let names: Vec<String> =
        one.fragments().flat_map(|fragment| fragment.tracks).map(|track| track.name).collect();
    assert!(names.iter().all(|name| name == "AUDIO_TO_CUSTOMER"));
}

#[tokio::test]
async fn each_side_says_what_is_scripted_when_it_is() {
    let mut call = call(seconds(20)).await;
    call.say(Side::FromCustomer, Duration::from_millis(1234), seconds(2), "I moved house.").unwrap();
    call.say(Side::ToCustomer, seconds(3), seconds(3), "What is the new address?").unwrap();
    call.say(Side::FromCustomer, seconds(8), seconds(4), "It is on the way to the station.").unwrap();
    assert_eq!(heard(&call, 1), [(0, 1.234), (2, 8.0)]);
    assert_eq!(heard(&call, 2), [(1, 3.0)]);
}

#[tokio::test]
async fn on_hold_a_side_has_no_frames() {
    let mut call = call(seconds(10)).await;
    call.gap(Side::ToCustomer, Duration::ZERO, seconds(5));
    let frames = |track: u8| {
        let frames = call.fragments().flat_map(|fragment| fragment.frames);
        frames.filter(|frame| frame.track == track).count()
    };
    assert_eq!((frames(1), frames(2)), (157, 78));
    call.gap(Side::FromCustomer, Duration::from_millis(500), Duration::from_millis(4000));
    let begins: Vec<i64> = call
        .fragments()
        .take(3)
        .map(|fragment| fragment.producer_timestamp.timestamp_millis() - 1_772_470_000_500)
        .collect();
    assert_eq!(
        begins,
        [0, 4032, 4096],
        "nothing is sent while there is nothing, and then from the first frame on"
    );
}

#[tokio::test]
async fn what_nobody_could_say_is_refused() {
    let mut call = call(seconds(10)).await;
    call.say(Side::FromCustomer, seconds(2), seconds(2), "Hello?").unwrap();
    assert!(call.say(Side::FromCustomer, seconds(3), seconds(2), "Is anybody there?").is_err());
    assert!(call.say(Side::FromCustomer, seconds(1), seconds(2), "Is anybody there?").is_err());
    assert!(call.say(Side::ToCustomer, seconds(3), seconds(2), "Yes, we are.").is_ok());
    assert!(call.say(Side::FromCustomer, seconds(9), seconds(2), "Good.").is_err(), "the call is over");
    assert!(call.say(Side::FromCustomer, seconds(6), Duration::from_millis(200), "far too much").is_err());
}
