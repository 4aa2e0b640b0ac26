use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use aws_sdk_s3::primitives::ByteStream;

use crate::{Failure, LocalAws};

const BUCKET: &str = "recordings";

async fn bucket() -> (LocalAws, Client) {
    let aws = LocalAws::start().await.unwrap();
    aws.create_bucket(BUCKET);
    let client = client(&aws).await;
    (aws, client)
}

async fn client(aws: &LocalAws) -> Client {
    Client::from_conf(Builder::from(&aws.sdk_config().await).force_path_style(true).build())
}

fn keys(page: &ListObjectsV2Output) -> Vec<&str> {
    page.contents().iter().filter_map(|object| object.key()).collect()
}

#[tokio::test]
async fn an_object_is_put_got_and_listed() {
    let (aws, client) = bucket().await;
    let key = "connect/Analysis/Voice/2026/03/01/c-1 + <ü&é>_analysis.json";
    let content = ByteStream::from_static(b"message digest");
    let put = client.put_object().bucket(BUCKET).key(key).body(content).send().await.unwrap();
    assert_eq!(put.e_tag(), Some("\"f96b697d7cb7938d525a2f31aaf161d0\""));
    assert_eq!(
        aws.objects(BUCKET).into_iter().collect::<Vec<_>>(),
        [(key.to_owned(), "message digest".into())]
    );

    let got = client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
    assert_eq!((got.content_length(), got.e_tag()), (Some(14), put.e_tag()));
    assert!(got.last_modified().is_some());
    assert_eq!(got.body.collect().await.unwrap().to_vec(), b"message digest");

    let page = client.list_objects_v2().bucket(BUCKET).send().await.unwrap();
    assert_eq!(keys(&page), [key]);
    let [object] = page.contents() else { panic!("one object") };
    assert_eq!((object.size(), object.e_tag()), (Some(14), put.e_tag()));
    assert_eq!((page.is_truncated(), page.key_count(), page.max_keys()), (Some(false), Some(1), Some(1000)));

    aws.put_object(BUCKET, key, "other");
    let got = client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
    assert_eq!(got.body.collect().await.unwrap().to_vec(), b"other");
}

#[tokio::test]
async fn a_list_has_at_most_a_thousand_keys_and_goes_on() {
    let (aws, client) = bucket().await;
    let key = |number| format!("2026/03/01/{number:04}");
    for number in 0..2_500 {
        aws.put_object(BUCKET, &key(number), "x");
    }
    for other in ["2026/03/00/z", "2026/03/01", "2026/03/02/a"] {
        aws.put_object(BUCKET, other, "x");
    }
    let list = || client.list_objects_v2().bucket(BUCKET).prefix("2026/03/01/");

    let mut found = Vec::new();
    let mut pages = list().max_keys(5_000).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.contents().len() <= 1000);
        found.extend(keys(&page).into_iter().map(str::to_owned));
    }
    assert_eq!(found, (0..2_500).map(key).collect::<Vec<_>>());

    let page = list().start_after(key(2_496)).send().await.unwrap();
    assert_eq!(keys(&page), [&key(2_497), &key(2_498), &key(2_499)]);
    let page = list().start_after("2026").max_keys(2).send().await.unwrap();
    assert_eq!((keys(&page), page.is_truncated()), (vec![&*key(0), &*key(1)], Some(true)));
    let token = page.next_continuation_token().unwrap();
    let page = list().start_after("2026").max_keys(2).continuation_token(token).send().await.unwrap();
    assert_eq!(keys(&page), [&key(2), &key(3)]);
    let page = list().max_keys(0).send().await.unwrap();
    assert_eq!((keys(&page).len(), page.is_truncated()), (0, Some(false)));
    let page = client.list_objects_v2().bucket(BUCKET).prefix("2027/").send().await.unwrap();
    assert_eq!((keys(&page).len(), page.is_truncated()), (0, Some(false)));
}

#[tokio::test]
async fn what_s3_refuses_is_refused() {
    let (aws, client) = bucket().await;
    let error = client.get_object().bucket(BUCKET).key("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_no_such_key());
    let error = client.list_objects_v2().bucket("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_no_such_bucket());
    let error = client.get_object().bucket("none").key("k").send().await.unwrap_err();
    assert_eq!(error.code(), Some("NoSuchBucket"));
    let put = client.put_object().bucket("none").key("k").body(ByteStream::from_static(b"x"));
    assert_eq!(put.send().await.unwrap_err().code(), Some("NoSuchBucket"));
    let put = client.put_object().bucket(BUCKET).key("k".repeat(1025)).body(ByteStream::from_static(b"x"));
    assert_eq!(put.send().await.unwrap_err().code(), Some("KeyTooLongError"));
    let list = client.list_objects_v2().bucket(BUCKET).continuation_token("made up");
    assert_eq!(list.send().await.unwrap_err().code(), Some("InvalidArgument"));
    assert!(aws.objects(BUCKET).is_empty() && aws.objects("none").is_empty());
}

#[tokio::test]
async fn what_the_stand_in_lacks_is_not_ignored() {
    let (aws, client) = bucket().await;
    aws.put_object(BUCKET, "k", "content");
    let code = |error: &dyn ProvideErrorMetadata| error.code().unwrap_or_default().to_owned();
    let list = client.list_objects_v2().bucket(BUCKET).delimiter("/").send().await.unwrap_err();
    assert_eq!(list.code(), Some("NotImplemented"));
    assert!(list.message().is_some_and(|message| message.contains("'delimiter'")));
    let get = client.get_object().bucket(BUCKET).key("k");
    let refused = [
        code(&client.list_objects().bucket(BUCKET).send().await.unwrap_err()),
        code(&get.clone().range("bytes=0-1").send().await.unwrap_err()),
        code(&get.clone().if_match("x").send().await.unwrap_err()),
        code(&get.version_id("x").send().await.unwrap_err()),
        code(&client.delete_object().bucket(BUCKET).key("k").send().await.unwrap_err()),
        code(&client.put_object().bucket(BUCKET).key("k").tagging("a=b").send().await.unwrap_err()),
        code(&client.create_bucket().bucket("other").send().await.unwrap_err()),
    ];
    assert_eq!(refused, ["NotImplemented"; 7]);
    assert_eq!(aws.objects(BUCKET)["k"], "content");
}

#[tokio::test]
async fn failures_and_missing_signatures_are_told_in_xml() {
    let (aws, client) = bucket().await;
    aws.put_object(BUCKET, "k", "content");
    aws.fail_next("GetObject", Failure { status: 403, code: "AccessDenied".to_owned(), times: 1 });
    let get = client.get_object().bucket(BUCKET).key("k");
    assert_eq!(get.clone().send().await.unwrap_err().code(), Some("AccessDenied"));
    get.send().await.unwrap();
    client.list_objects_v2().bucket(BUCKET).send().await.unwrap();
    let seen: Vec<_> =
        aws.requests().into_iter().map(|request| (request.service, request.operation)).collect();
    let expected = ["GetObject", "GetObject", "ListObjectsV2"].map(|operation| ("s3", operation.to_owned()));
    assert_eq!(seen, expected);

    let reply = reqwest::get(format!("{}/{BUCKET}/k", aws.url())).await.unwrap();
    assert_eq!(reply.status(), 403);
    assert_eq!(reply.headers()["content-type"], "application/xml");
    let xml = reply.text().await.unwrap();
    assert!(
        xml.contains("<Code>AccessDenied</Code>") && xml.contains("<Resource>/recordings/k</Resource>"),
        "{xml}"
    );
}

/// To an address in numbers, AWS clients do not put the bucket before it. (To a name they do.)
#[tokio::test]
async fn the_endpoint_alone_is_enough() {
    let (aws, _) = bucket().await;
    aws.put_object(BUCKET, "k", "content");
    let page = Client::new(&aws.sdk_config().await).list_objects_v2().bucket(BUCKET).send().await.unwrap();
    assert_eq!(keys(&page), ["k"]);
}
