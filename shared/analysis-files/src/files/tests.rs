use std::time::Duration;

use local_aws::{Failure, LocalAws};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

const BUCKET: &str = "connect-recordings-123456789012";
const KEY: &str = "connect/süd + west/Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:05:12Z.json";

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

async fn bucket() -> (LocalAws, AnalysisFiles) {
    let aws = LocalAws::start().await.unwrap();
    aws.create_bucket(BUCKET);
    let files = AnalysisFiles::new(&Env::new(&|_| None), &aws.sdk_config().await);
    (aws, files)
}

#[tokio::test]
async fn a_file_is_read_as_it_was_written() {
    let (aws, files) = bucket().await;
    aws.put_object(BUCKET, KEY, "日本語");
    assert_eq!(files.read(BUCKET, KEY, 9, soon()).await.unwrap(), "日本語".as_bytes());
    aws.put_object(BUCKET, KEY, "");
    assert!(files.read(BUCKET, KEY, 0, soon()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_read() {
    let (aws, files) = bucket().await;
    aws.put_object(BUCKET, KEY, "0123456789");
    let error = files.read(BUCKET, KEY, 9, soon()).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { bytes: 10, limit: 9, .. }), "{error}");
    assert!(error.is_permanent() && error.to_string().starts_with(&format!("s3://{BUCKET}/{KEY} ")));
}

#[tokio::test]
async fn what_is_not_there_is_told_apart_from_what_may_not_be_read() {
    let (aws, files) = bucket().await;
    let error = files.read(BUCKET, "nothing.json", 9, soon()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_permanent()), ("FileMissing", true), "{error}");
    assert!(matches!(files.read("no-bucket", KEY, 9, soon()).await, Err(Error::Missing { .. })));
    assert!(matches!(files.list("no-bucket", "", None, soon()).await, Err(Error::Missing { .. })));
    aws.fail_next("GetObject", Failure { status: 403, code: "AccessDenied".into(), times: 1 });
    let error = files.read(BUCKET, KEY, 9, soon()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_permanent()), ("AwsDenied", false));
    assert!(error.to_string().starts_with("s3:GetObject on s3://connect-recordings-"), "{error}");
}

#[tokio::test]
async fn a_day_with_thousands_of_files_is_listed_to_its_end() {
    let (aws, files) = bucket().await;
    let day = crate::day_prefix("connect", false, "2026-03-02".parse().unwrap());
    let other_day = crate::day_prefix("connect", false, "2026-03-03".parse().unwrap());
    aws.put_object(BUCKET, &format!("{other_day}c-1_analysis_x.json"), "{}");
    for contact in 0..2_300 {
        aws.put_object(BUCKET, &format!("{day}c-{contact:04}_analysis_x.json"), "{}");
    }
    let (mut keys, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = files.list(BUCKET, &day, after.as_deref(), soon()).await.unwrap();
        keys.extend(page.keys);
        pages += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((keys.len(), pages), (2_300, 3));
    assert!(keys.is_sorted() && keys.iter().all(|key| key.starts_with(&day)));
    let empty = files.list(BUCKET, "elsewhere/", None, soon()).await.unwrap();
    assert_eq!(empty, Page::default());
}

/// Files from a server that answers one connection after the other with these bytes, and closes it.
async fn answering(replies: Vec<&'static str>) -> AnalysisFiles {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for reply in replies {
            let (mut connection, _) = listener.accept().await.unwrap();
            // The request fits into one read; what it says does not matter.
            let _ = connection.read(&mut [0; 8192]).await;
            let _ = connection.write_all(reply.as_bytes()).await;
        }
    });
    let aws = LocalAws::start().await.unwrap();
    let sdk = aws.sdk_config().await.into_builder().endpoint_url(url).build();
    AnalysisFiles::new(&Env::new(&|_| None), &sdk)
}

const WHOLE: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\n0123456789";
const BROKEN: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\n01234";
const UNANNOUNCED: &str =
    "HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n";

#[tokio::test]
async fn a_file_that_breaks_off_is_asked_for_again() {
    let files = answering(vec![BROKEN, BROKEN, WHOLE]).await;
    assert_eq!(files.read(BUCKET, KEY, 10, soon()).await.unwrap(), "0123456789");
    let error = answering(vec![BROKEN; 3]).await.read(BUCKET, KEY, 10, soon()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_permanent()), ("AwsUnavailable", false));
    assert!(matches!(error, Error::BrokenOff { .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_does_not_say_how_long_it_is_is_held_to_the_limit_too() {
    assert_eq!(answering(vec![UNANNOUNCED]).await.read(BUCKET, KEY, 10, soon()).await.unwrap().len(), 10);
    let error = answering(vec![UNANNOUNCED]).await.read(BUCKET, KEY, 9, soon()).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { limit: 9, .. }), "{error}");
}

#[tokio::test]
async fn nothing_takes_longer_than_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let aws = LocalAws::start().await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let sdk = aws.sdk_config().await.into_builder().endpoint_url(url).build();
    let files = AnalysisFiles::new(&Env::new(&|_| None), &sdk);
    let shortly = Instant::now() + Duration::from_millis(100);
    let error = files.read(BUCKET, KEY, 10, shortly).await.unwrap_err();
    assert_eq!(error.kind(), "OutOfTime");
}
