use local_aws::LocalAws;

use super::*;
use crate::aws::tests::soon;
use crate::env::Env;

async fn table(aws: &LocalAws) -> StateTable {
    aws.create_table("CallState");
    let look_up = |variable: &str| (variable == "STATE_TABLE").then(|| "CallState".to_owned());
    StateTable::from_env(&Env::new(&look_up), &aws.sdk_config().await).unwrap()
}

#[tokio::test]
async fn of_two_who_are_about_to_upload_one_does() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    assert_eq!(table.uploaded("c-1", soon()).await.unwrap(), None);
    let begin = || table.begin_upload("c-1", false, soon());
    let (one, other) = tokio::join!(begin(), begin());
    assert!(one.unwrap() != other.unwrap());
    assert_eq!(table.uploaded("c-1", soon()).await.unwrap(), Some(Uploaded::Unconfirmed));
    assert!(table.begin_upload("c-2", false, soon()).await.unwrap(), "another contact");
}

#[tokio::test]
async fn what_was_accepted_is_not_begun_again_unless_somebody_insists() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    assert!(table.begin_upload("c-1", false, soon()).await.unwrap());
    table.note_upload("c-1", "u-1", soon()).await.unwrap();
    assert!(!table.begin_upload("c-1", false, soon()).await.unwrap());
    assert_eq!(table.uploaded("c-1", soon()).await.unwrap(), Some(Uploaded::Accepted("u-1".to_owned())));
    assert!(table.begin_upload("c-1", true, soon()).await.unwrap());
    assert_eq!(table.uploaded("c-1", soon()).await.unwrap(), Some(Uploaded::Unconfirmed));
}

#[tokio::test]
async fn what_was_not_sent_after_all_is_anybodys_and_a_note_lasts_for_two_years() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    assert!(table.begin_upload("c-1", false, soon()).await.unwrap());
    table.forget_upload("c-1", soon()).await.unwrap();
    assert_eq!(table.uploaded("c-1", soon()).await.unwrap(), None);
    assert!(table.begin_upload("c-1", false, soon()).await.unwrap());
    let items = aws.items("CallState");
    assert_eq!((items.len(), &items[0]["pk"]), (1, &"upload#c-1".into()));
    let days_left = (items[0]["expiresAt"].as_i64().unwrap() - Utc::now().timestamp()) / (24 * 3600);
    assert!((730..=732).contains(&days_left), "{days_left}");
}
