use super::*;

fn frame(count: usize) -> Vec<u8> {
    [1, 0].repeat(count)
}

fn read(track: &mut Track, position: i64, count: usize) -> Vec<i16> {
    let mut out = vec![9; count];
    track.read(position, &mut out);
    out
}

#[test]
fn what_is_read_is_gone_and_the_rest_stays_in_its_place() {
    let mut track = Track::default();
    track.place(2, &frame(3), 0);
    track.place(400, &frame(2), 0);
    assert_eq!(track.held(), 5);
    assert_eq!(read(&mut track, 0, 4), [0, 0, 1, 1]);
    assert_eq!(track.held(), 3);
    assert_eq!(read(&mut track, 4, 3), [1, 0, 0]);
    assert_eq!(read(&mut track, 7, 393), [0; 393]);
    assert_eq!(read(&mut track, 400, 4), [1, 1, 0, 0]);
    assert_eq!((track.held(), track.end()), (0, 402));
}

#[test]
fn frames_in_a_row_are_one_run() {
    let mut track = Track::default();
    for at in 0..100 {
        track.place(512 * at, &frame(512), 0);
    }
    assert_eq!(track.runs.len(), 1);
    track.place(60_000, &frame(512), 0);
    assert_eq!(track.runs.len(), 2);
}

#[test]
fn the_newest_frame_is_known_by_its_own_time() {
    let mut track = Track::default();
    track.place(0, &frame(512), 0);
    track.place(500, &frame(512), 0);
    assert_eq!((track.newest(), track.end()), (Some(500), 1024));
    track.place(500, &frame(512), 0);
    assert_eq!((track.repeated(), track.late(), track.end()), (512, 0, 1024));
}

#[test]
fn a_frame_whose_place_was_read_is_late_and_one_that_was_had_is_repeated() {
    let mut track = Track::default();
    track.place(0, &frame(512), 0);
    read(&mut track, 0, 512);
    read(&mut track, 512, 1_000);
    // Of these, 100 were had, and 900 are late.
    track.place(412, &frame(1_000), 1_512);
    assert_eq!((track.repeated(), track.late(), track.held()), (100, 900, 0));
}

#[test]
fn a_frame_is_moved_to_the_one_before_it_but_not_into_silence_that_was_read() {
    let mut track = Track::default();
    track.place(0, &frame(512), 0);
    read(&mut track, 0, 512);
    track.place(600, &frame(100), 512);
    assert_eq!(track.end(), 612, "right behind the one before");
    read(&mut track, 512, 488);
    track.place(1_100, &frame(100), 1_000);
    assert_eq!(read(&mut track, 1_000, 200), [[0; 100], [1; 100]].concat(), "where it belongs");
    track.place(1_199, &frame(10), 1_300);
    assert_eq!(track.end(), 1_310, "a little late: not torn");
}
