//! `multipart/form-data` (RFC 7578), as far as files by name go.

/// The parts of a body with the name of each; nothing if it is not what its content type says.
pub(super) fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<(String, &'a [u8])>> {
    let (media_type, parameters) = content_type.split_once(';')?;
    if !media_type.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let delimiter = format!("--{}", parameter(parameters, "boundary")?);
    let mut parts = Vec::new();
    let (_, mut rest) = split(body, delimiter.as_bytes())?;
    let delimiter = format!("\r\n{delimiter}");
    while !rest.starts_with(b"--") {
        let (part, after) = split(rest.strip_prefix(b"\r\n")?, delimiter.as_bytes())?;
        let (headers, content) = split(part, b"\r\n\r\n")?;
        let headers = str::from_utf8(headers).ok()?;
        let disposition = headers.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
        })?;
        parts.push((parameter(disposition, "name")?, content));
        rest = after;
    }
    Some(parts)
}

/// The value of a header's parameter, which may be quoted.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').find_map(|parameter| {
        let (known, value) = parameter.split_once('=')?;
        let found = known.trim().eq_ignore_ascii_case(name);
        found.then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = bytes.windows(at.len()).position(|window| window == at)?;
    Some((&bytes[..place], &bytes[place + at.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_name_and_keep_every_byte() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"c-1\"; filename=\"t.txt\"\r\nContent-Type: text/plain\r\n\r\n\
            one\r\ntwo\n\r\n--x\r\ncontent-disposition: form-data; name=c-2\r\n\r\n\r\n--x--\r\n";
        let parts = parts("multipart/form-data; boundary=\"x\"", body).unwrap();
        assert_eq!(parts, [("c-1".to_owned(), &b"one\r\ntwo\n"[..]), ("c-2".to_owned(), &b""[..])]);
    }

    #[test]
    fn what_is_no_form_is_not_taken_for_one() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"c-1\"\r\n\r\none\r\n--x--";
        for content_type in ["application/json", "multipart/form-data", "multipart/form-data; boundary=y"] {
            assert_eq!(parts(content_type, body), None, "{content_type}");
        }
        for end in 0..body.len() - 4 {
            assert_eq!(parts("multipart/form-data; boundary=x", &body[..end]), None, "{end}");
        }
    }
}
