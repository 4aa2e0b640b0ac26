//! `multipart/form-data` (RFC 7578) as one block of bytes, which can be sent again as it is.

use super::send::Body;
use bytes::{BufMut, Bytes, BytesMut};
use reqwest::header::{HeaderValue, InvalidHeaderValue};

/// One file. The name is of letters, digits, `-` and `_`: nothing that a header would have to escape.
pub(super) struct Part<'a> {
    pub(super) name: &'a str,
    pub(super) file_name: &'static str,
    pub(super) content: &'a Bytes,
}

/// `seed` is where the search for a boundary begins: any number will do.
pub(super) fn encode(parts: &[Part<'_>], seed: u64) -> Result<Body, InvalidHeaderValue> {
    let boundary = boundary(parts, seed);
    let mut bytes = BytesMut::with_capacity(parts.iter().map(|part| part.content.len() + 256).sum());
    for Part { name, file_name, content } in parts {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: text/plain\r\n\r\n"
        );
        bytes.put_slice(head.as_bytes());
        bytes.put_slice(content);
        bytes.put_slice(b"\r\n");
    }
    bytes.put_slice(format!("--{boundary}--\r\n").as_bytes());
    let content_type = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"))?;
    Ok(Body { content_type, bytes: bytes.freeze() })
}

/// The first that is in none of the contents.
fn boundary(parts: &[Part<'_>], seed: u64) -> String {
    let mut seed = seed;
    loop {
        let boundary = format!("callbridge-{seed:016x}");
        let occurs = |part: &Part<'_>| {
            part.content.windows(boundary.len()).any(|window| window == boundary.as_bytes())
        };
        if !parts.iter().any(occurs) {
            return boundary;
        }
        seed = seed.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(contents: &[&'static str], seed: u64) -> (String, String) {
        let contents: Vec<_> =
            contents.iter().map(|content| Bytes::from_static(content.as_bytes())).collect();
        let parts: Vec<_> =
            contents.iter().map(|content| Part { name: "c-1", file_name: "a.txt", content }).collect();
        let body = encode(&parts, seed).unwrap();
        let content_type = body.content_type.to_str().unwrap().to_owned();
        (content_type, String::from_utf8(body.bytes.to_vec()).unwrap())
    }

    #[test]
    fn one_part_per_file() {
        let (content_type, body) = text(&["one\ntwo", "Ü"], 255);
        assert_eq!(content_type, "multipart/form-data; boundary=callbridge-00000000000000ff");
        insta::assert_snapshot!(body.replace('\r', ""), @r#"
        --callbridge-00000000000000ff
        Content-Disposition: form-data; name="c-1"; filename="a.txt"
        Content-Type: text/plain

        one
        two
        --callbridge-00000000000000ff
        Content-Disposition: form-data; name="c-1"; filename="a.txt"
        Content-Type: text/plain

        Ü
        --callbridge-00000000000000ff--
        "#);
        assert_eq!(body.matches('\n').count() - 1, body.matches("\r\n").count());
    }

    #[test]
    fn the_boundary_is_in_no_file() {
        let (content_type, body) = text(
            &["x", "said: --callbridge-ffffffffffffffff--", "callbridge-0000000000000000", "y"],
            u64::MAX,
        );
        assert_eq!(content_type, "multipart/form-data; boundary=callbridge-0000000000000001");
        assert_eq!(body.matches("callbridge-0000000000000001").count(), 5);
    }
}
