//! `multipart/form-data` (RFC 7578), written file by file into one block of bytes, which can be sent again as it is.

use super::send::Body;
use bytes::Bytes;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use std::hash::{BuildHasher, RandomState};

/// A form that grows. What is written to it is not copied again.
pub(super) struct Form {
    boundary: String,
    bytes: Vec<u8>,
}

impl Default for Form {
    /// The boundary must be in none of the files. They are not searched for it: it is a random number of 128 bits, which
    /// no text can know.
    fn default() -> Self {
        // Every RandomState has other keys, so hashing nothing with a new one is a random number.
        let random = || RandomState::new().hash_one(());
        Self { boundary: format!("callbridge-{:016x}{:016x}", random(), random()), bytes: Vec::new() }
    }
}

impl Form {
    /// Adds one file. Its name and that of its part are of letters, digits, `-`, `_` and `.`: nothing that a header would
    /// have to escape.
    pub(super) fn file<C: AsRef<[u8]>>(
        &mut self,
        name: &str,
        file_name: &'static str,
        content: impl IntoIterator<Item = C>,
    ) {
        let head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: text/plain\r\n\r\n",
            self.boundary
        );
        self.bytes.extend_from_slice(head.as_bytes());
        for piece in content {
            self.bytes.extend_from_slice(piece.as_ref());
        }
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// How long it is so far, in bytes.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whole: nothing can be added any more.
    pub(super) fn finish(mut self) -> Result<Body, InvalidHeaderValue> {
        self.bytes.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        let content_type = format!("multipart/form-data; boundary={}", self.boundary);
        Ok(Body { content_type: HeaderValue::from_str(&content_type)?, bytes: Bytes::from(self.bytes) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_per_file_under_a_boundary_that_no_other_form_has() {
        let form = || {
            let mut form = Form::default();
            form.file("c-1", "a.txt", ["one\n", "two"]);
            form.file("c-2", "a.txt", ["Ü --callbridge-00000000000000000000000000000000--"]);
            let long = form.len();
            let body = form.finish().unwrap();
            let content_type = body.content_type.to_str().unwrap().to_owned();
            let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap().to_owned();
            let text = String::from_utf8(body.bytes.to_vec()).unwrap();
            assert_eq!(text.len(), long + boundary.len() + "----\r\n".len());
            (boundary, text)
        };
        let (boundary, text) = form();
        insta::assert_snapshot!(text.replace('\r', "").replace(&boundary, "(boundary)"), @r#"
        --(boundary)
        Content-Disposition: form-data; name="c-1"; filename="a.txt"
        Content-Type: text/plain

        one
        two
        --(boundary)
        Content-Disposition: form-data; name="c-2"; filename="a.txt"
        Content-Type: text/plain

        Ü --callbridge-00000000000000000000000000000000--
        --(boundary)--
        "#);
        assert_eq!(text.matches('\n').count() - 1, text.matches("\r\n").count());
        assert!(boundary.len() <= 70, "RFC 2046 allows no more");
        assert_ne!(boundary, form().0);
    }
}
