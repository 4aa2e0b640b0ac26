//! `ListObjectsV2`: what it takes, and the XML that it answers with.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Bound;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use chrono::SecondsFormat;

use super::Bucket;
use crate::error::AwsError;
use crate::xml::escaped;

/// How many keys a page has, also if more are asked for.
const MOST_KEYS: usize = 1000;

/// A request for one page of a list.
pub(crate) struct Listing {
    prefix: String,
    start_after: Option<String>,
    /// The token as it was given and the key that it stands for, the last one of the page before.
    continued: Option<(String, String)>,
    max_keys: usize,
}

impl Listing {
    /// Reads the query of the address. What the stand-in does not know, it refuses.
    pub(super) fn read(mut query: BTreeMap<String, String>) -> Result<Self, AwsError> {
        query.remove("x-id");
        if query.remove("list-type").as_deref() != Some("2") {
            return Err(AwsError::not_implemented("the first version of ListObjects"));
        }
        let max_keys = match query.remove("max-keys") {
            None => MOST_KEYS,
            Some(number) => number.parse::<usize>().map_err(|_| invalid("max-keys is not a number"))?,
        };
        let continued = query.remove("continuation-token").map(|token| {
            let key = URL_SAFE.decode(&token).ok().and_then(|key| String::from_utf8(key).ok());
            let key = key.ok_or_else(|| invalid("The continuation token provided is incorrect"))?;
            Ok((token, key))
        });
        let listing = Listing {
            prefix: query.remove("prefix").unwrap_or_default(),
            start_after: query.remove("start-after"),
            continued: continued.transpose()?,
            max_keys: max_keys.min(MOST_KEYS),
        };
        match query.into_keys().next() {
            Some(option) => Err(AwsError::not_implemented(&format!("ListObjectsV2 with '{option}'"))),
            None => Ok(listing),
        }
    }

    /// The page of a bucket that was asked for.
    pub(super) fn of(&self, name: &str, objects: &Bucket) -> String {
        // Where a list is continued, S3 has no eye for where it started.
        let after = self.continued.as_ref().map(|(_, key)| key).or(self.start_after.as_ref());
        let start = match after {
            Some(after) if *after >= self.prefix => Bound::Excluded(after.as_str()),
            _ => Bound::Included(self.prefix.as_str()),
        };
        let mut rest = objects
            .range::<str, _>((start, Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(&self.prefix));
        let page: Vec<_> = rest.by_ref().take(self.max_keys).collect();
        let is_truncated = self.max_keys > 0 && rest.next().is_some();

        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
        );
        element(&mut xml, "Name", name);
        element(&mut xml, "Prefix", &self.prefix);
        if let Some(start_after) = &self.start_after {
            element(&mut xml, "StartAfter", start_after);
        }
        if let Some((token, _)) = &self.continued {
            element(&mut xml, "ContinuationToken", token);
        }
        if let (true, Some((last, _))) = (is_truncated, page.last()) {
            element(&mut xml, "NextContinuationToken", &URL_SAFE.encode(last));
        }
        element(&mut xml, "KeyCount", &page.len().to_string());
        element(&mut xml, "MaxKeys", &self.max_keys.to_string());
        element(&mut xml, "IsTruncated", if is_truncated { "true" } else { "false" });
        for (key, object) in page {
            xml.push_str("<Contents>");
            element(&mut xml, "Key", key);
            element(&mut xml, "LastModified", &object.modified.to_rfc3339_opts(SecondsFormat::Millis, true));
            element(&mut xml, "ETag", &object.etag);
            element(&mut xml, "Size", &object.content.len().to_string());
            element(&mut xml, "StorageClass", "STANDARD");
            xml.push_str("</Contents>");
        }
        xml.push_str("</ListBucketResult>");
        xml
    }
}

fn element(xml: &mut String, name: &str, text: &str) {
    let _ = write!(xml, "<{name}>{}</{name}>", escaped(text));
}

fn invalid(message: &str) -> AwsError {
    AwsError::refused("InvalidArgument", message)
}
