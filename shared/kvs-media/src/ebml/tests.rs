use super::*;

fn header(id: u32, size: Option<u64>, len: usize) -> Result<Option<Header>, Fault> {
    Ok(Some(Header { id, size, len }))
}

#[test]
fn headers() {
    let table: [(&[u8], _); 14] = [
        (b"\xA3\x81", header(id::SIMPLE_BLOCK, Some(1), 2)),
        (b"\xA3\x44\x04data", header(id::SIMPLE_BLOCK, Some(0x404), 3)),
        (b"\x1A\x45\xDF\xA3\x01\0\0\0\0\0\0\x1F", header(id::EBML, Some(0x1F), 12)),
        (b"\x1F\x43\xB6\x75\xFF", header(id::CLUSTER, None, 5)),
        (b"\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF", header(id::SEGMENT, None, 12)),
        (b"\xA3\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFE", header(id::SIMPLE_BLOCK, Some((1 << 56) - 2), 9)),
        (b"\x2A\xD7\xB1\x83", header(id::TIMESTAMP_SCALE, Some(3), 4)),
        (b"", Ok(None)),
        (b"\x1F\x43", Ok(None)),
        (b"\xA3\x44", Ok(None)),
        (b"\x08\x43\xB6\x75\x81", Err(Fault::NoElement)),
        (b"\xFF\x81", Err(Fault::NoElement)),
        (b"\x80\x81", Err(Fault::NoElement)),
        (b"\xA3\x00", Err(Fault::InvalidSize)),
    ];
    for (bytes, expected) in table {
        assert_eq!(Header::read(bytes), expected, "{bytes:x?}");
    }
}

#[test]
fn a_header_is_the_same_however_much_of_it_is_there() {
    let bytes = b"\x1A\x45\xDF\xA3\x10\0\0\x1F";
    for end in 0..bytes.len() {
        assert_eq!(Header::read(&bytes[..end]), Ok(None), "{end} bytes");
    }
    assert_eq!(Header::read(bytes), header(id::EBML, Some(0x1F), 8));
}

#[test]
fn children_end_at_the_first_that_cannot_be_read() {
    let read = |data: &'static [u8]| children(data).collect::<Vec<_>>();
    assert_eq!(read(b""), []);
    assert_eq!(read(b"\xE7\x81\x05\xEC\x80"), [Ok((id::TIMESTAMP, &b"\x05"[..])), Ok((id::VOID, b""))]);
    assert_eq!(read(b"\xE7\x82\x05"), [Err(Fault::Overrun)]);
    assert_eq!(read(b"\xE7\x81\x05\xEC"), [Ok((id::TIMESTAMP, &b"\x05"[..])), Err(Fault::Overrun)]);
    assert_eq!(read(b"\xE7\xFF\x05"), [Err(Fault::UnknownSize)]);
    assert_eq!(read(b"\x00\x81\x05"), [Err(Fault::NoElement)]);
}

#[test]
fn numbers() {
    assert_eq!(unsigned(b"", 7), Ok(7));
    assert_eq!(unsigned(b"\x01\x00", 7), Ok(256));
    assert_eq!(unsigned(&[0xFF; 8], 7), Ok(u64::MAX));
    assert_eq!(unsigned(&[0; 9], 7), Err(Fault::MalformedElement));
    assert_eq!(float(b"", 8000.0), Ok(8000.0));
    assert_eq!(float(&8000_f32.to_be_bytes(), 1.0), Ok(8000.0));
    assert_eq!(float(&44_100_f64.to_be_bytes(), 1.0), Ok(44_100.0));
    assert_eq!(float(b"\0\0\0", 1.0), Err(Fault::MalformedElement));
}

#[test]
fn text_ends_at_a_zero_byte() {
    assert_eq!(text(b"test track\0\0\0"), "test track");
    assert_eq!(text("Größe".as_bytes()), "Größe");
    assert_eq!(text(b"\0hidden"), "");
    assert_eq!(text(b"a\xFFb"), "a\u{FFFD}b");
}
