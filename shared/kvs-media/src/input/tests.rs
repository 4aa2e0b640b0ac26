use super::*;

fn input(chunks: &[&'static [u8]]) -> Input {
    let mut input = Input::default();
    for chunk in chunks {
        input.push(Bytes::from_static(chunk));
    }
    input
}

#[test]
fn what_lies_in_one_chunk_is_not_copied() {
    let chunk: &'static [u8] = b"abcdef";
    let mut input = input(&[chunk]);
    assert_eq!(input.take(2).unwrap().as_ptr(), chunk.as_ptr());
    assert_eq!(input.take(4).unwrap().as_ptr(), chunk[2..].as_ptr());
    assert_eq!((input.position(), input.held()), (6, 0));
}

#[test]
fn what_lies_in_several_chunks_is_gathered_once() {
    let mut input = input(&[b"ab", b"", b"c"]);
    assert_eq!(input.take(5), None);
    assert_eq!((input.held(), input.partial.capacity(), input.rest.len()), (3, 5, 0));
    input.push(Bytes::from_static(b"defg"));
    assert_eq!(input.take(5).unwrap(), "abcde");
    assert_eq!(input.take(2).unwrap(), "fg");
    assert_eq!((input.position(), input.held()), (7, 0));
    assert_eq!(input.take(0).unwrap(), "");
}

#[test]
fn a_header_is_seen_across_chunks() {
    let scratch = &mut [0; Header::LONGEST];
    assert_eq!(input(&[b"abc"]).peek(scratch), b"abc");
    assert_eq!(input(&[b"abc", b"d", b"efghijklmnop"]).peek(scratch), b"abcdefghijkl");
    assert_eq!(input(&[b"abcdefghijklmn", b"op"]).peek(scratch), b"abcdefghijklmn");
}

#[test]
fn skipping_ends_with_the_input() {
    let mut input = input(&[b"abc", b"def"]);
    assert_eq!(input.skip(4), 4);
    assert_eq!(input.peek(&mut [0; Header::LONGEST]), b"ef");
    assert_eq!(input.skip(u64::MAX), 2);
    assert_eq!(input.position(), 6);
}

#[test]
fn reading_starts_again_at_a_header_or_a_cluster() {
    let mut found = input(&[b"\x1A\x45\x1F.\x1F\x43", b"\xB6", b"\x75\xFF"]);
    assert_eq!(found.seek_start(), (4, Some(id::CLUSTER)));
    assert_eq!(found.seek_start(), (0, Some(id::CLUSTER)));
    assert_eq!(input(&[b"..\x1A\x45\xDF\xA3"]).seek_start(), (2, Some(id::EBML)));
    assert_eq!(input(&[b"\x1A\x1A\x45\x1F\x1F\x43\xB6\x75"]).seek_start(), (4, Some(id::CLUSTER)));
}

#[test]
fn a_start_may_come_in_pieces() {
    let mut input = input(&[b"...\x1A\x45"]);
    assert_eq!(input.seek_start(), (3, None));
    assert_eq!(input.held(), 2);
    input.push(Bytes::from_static(b"\xDF\xA3"));
    assert_eq!(input.seek_start(), (0, Some(id::EBML)));
}
