use std::time::Duration;

use super::*;

fn clock() -> Clock {
    let mut clock = Clock::default();
    clock.cluster_time(1_000);
    clock
}

fn read(block: &'static [u8]) -> Result<(u64, u128, Bytes), Fault> {
    frame(Bytes::from_static(block), &clock()).map(|frame| (frame.track, frame.time.as_millis(), frame.data))
}

#[test]
fn track_time_and_data() {
    assert_eq!(read(b"\x81\0\x40\x80pcm"), Ok((1, 1_064, Bytes::from_static(b"pcm"))));
    assert_eq!(read(b"\x40\x02\xFF\xFF\0pcm"), Ok((2, 999, Bytes::from_static(b"pcm"))));
    assert_eq!(read(b"\x82\0\0\0"), Ok((2, 1_000, Bytes::new())));
}

#[test]
fn what_is_not_one_frame_is_refused() {
    assert_eq!(read(b""), Err(Fault::MalformedElement));
    assert_eq!(read(b"\0\0\0\0"), Err(Fault::MalformedElement));
    assert_eq!(read(b"\x81\0\0"), Err(Fault::MalformedElement));
    for lacing in [b"\x81\0\0\x02\x01pcm", b"\x81\0\0\x04\x01pcm", b"\x81\0\0\x06\x01pcm"] {
        assert_eq!(read(lacing), Err(Fault::Laced));
    }
    let frame = frame(Bytes::from_static(b"\x81\0\0\0pcm"), &Clock::default());
    assert_eq!(frame, Err(Fault::NoTime));
}

#[test]
fn the_data_is_the_pushed_memory() {
    let block = Bytes::from_static(b"\x81\0\0\0pcm");
    let frame = frame(block.clone(), &clock()).unwrap();
    assert_eq!(frame.data.as_ptr(), block[4..].as_ptr());
    assert_eq!(frame.time, Duration::from_secs(1));
}

#[test]
fn a_group_holds_one_block() {
    let group = Bytes::from_static(b"\x9B\x81\x40\xA1\x85\x81\0\0\0p\xFB\x81\x01");
    assert_eq!(in_group(&group), Ok(Bytes::from_static(b"\x81\0\0\0p")));
    assert_eq!(in_group(&Bytes::from_static(b"\x9B\x81\x40")), Err(Fault::MalformedElement));
    assert_eq!(in_group(&Bytes::from_static(b"\xA1\x85\x81")), Err(Fault::Overrun));
}
