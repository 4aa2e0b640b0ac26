//! What the contact flow can ask for.

use super::*;

async fn parameters(change: impl Fn(&mut Value)) -> (Scene, local_aws::Transcription) {
    let mut scene = Scene::new(6.0).await;
    scene.says(AGENT, 1.0, 1.0, "Hello, who is there?").says(
        CUSTOMER,
        3.0,
        2.0,
        "My number is 555-0100-200.",
    );
    for name in ["words", "filter"] {
        scene.stage.aws.create_vocabulary(name);
    }
    scene.play(None);
    let mut job = scene.job();
    change(&mut job);
    scene.invoke(job, 30.0).await.unwrap();
    let session = scene.stage.aws.transcriptions().remove(0);
    (scene, session)
}

#[tokio::test]
async fn one_side_is_transcribed_in_one_channel() {
    let (scene, session) = parameters(|job| job["streamAudioFromCustomer"] = "false".into()).await;
    assert_eq!(scene.texts(AGENT).await, ["Hello, who is there?"]);
    assert!(scene.texts(CUSTOMER).await.is_empty());
    assert!(!session.parameters.contains_key("number-of-channels"));
}

#[tokio::test]
async fn the_medical_engine_hears_16_kilohertz() {
    let (scene, session) = parameters(|job| {
        job["engine"] = "medical".into();
        job["specialty"] = "CARDIOLOGY".into();
    })
    .await;
    assert_eq!(scene.texts(AGENT).await, ["Hello, who is there?"]);
    assert_eq!(scene.texts(CUSTOMER).await.len(), 1);
    assert_eq!(session.operation, "StartMedicalStreamTranscription");
    assert_eq!(session.parameters["sample-rate"], "16000");
    assert_eq!(session.parameters["specialty"], "CARDIOLOGY");
    assert_eq!(session.parameters["type"], "CONVERSATION");
}

#[tokio::test]
async fn everything_that_transcribe_knows_can_be_asked_for() {
    let (scene, session) = parameters(|job| {
        job["vocabularyName"] = "words".into();
        job["vocabularyFilterName"] = "filter".into();
        job["vocabularyFilterMethod"] = "remove".into();
        job["contentRedaction"] = "PII".into();
        job["piiEntityTypes"] = "PHONE,NAME".into();
        job["partialResultsStability"] = "high".into();
    })
    .await;
    assert_eq!(scene.texts(CUSTOMER).await, ["My number is [PHONE]"]);
    insta::assert_json_snapshot!(session.parameters, @r#"
    {
      "content-redaction-type": "PII",
      "enable-channel-identification": "true",
      "enable-partial-results-stabilization": "true",
      "language-code": "en-US",
      "media-encoding": "pcm",
      "number-of-channels": "2",
      "partial-results-stability": "high",
      "pii-entity-types": "PHONE,NAME",
      "sample-rate": "8000",
      "vocabulary-filter-method": "remove",
      "vocabulary-filter-name": "filter",
      "vocabulary-name": "words"
    }
    "#);
}

#[tokio::test]
async fn the_language_can_be_identified() {
    let (scene, session) = parameters(|job| {
        job["languageCode"] = "auto".into();
        job["languageOptions"] = "en-US,es-US".into();
        job["preferredLanguage"] = "es-US".into();
        job["vocabularyNames"] = "words".into();
        job["vocabularyFilterNames"] = "filter".into();
    })
    .await;
    assert_eq!(scene.texts(AGENT).await, ["Hello, who is there?"]);
    insta::assert_json_snapshot!(session.parameters, @r#"
    {
      "enable-channel-identification": "true",
      "identify-language": "true",
      "language-options": "en-US,es-US",
      "media-encoding": "pcm",
      "number-of-channels": "2",
      "preferred-language": "es-US",
      "sample-rate": "8000",
      "vocabulary-filter-method": "mask",
      "vocabulary-filter-names": "filter",
      "vocabulary-names": "words"
    }
    "#);
}

#[tokio::test]
async fn partial_results_are_sent_if_they_are_wanted() {
    let mut scene = Scene::new(6.0).await;
    scene.set("SEND_PARTIALS", "true");
    scene.says(CUSTOMER, 1.0, 3.0, "I would like to return my order.");
    scene.play(Some(4.0));
    scene.invoke(scene.job(), 30.0).await.unwrap();
    let said = scene.said().await;
    assert!(said.len() > 1, "{}", said.len());
    let (last, partials) = said.split_last().unwrap();
    assert_eq!(last.text, "I would like to return my order.");
    assert!(partials.iter().all(|partial| last.text.starts_with(&partial.text)));
    let mut ids: Vec<_> = said.iter().map(|said| &said.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), said.len(), "each has an id of its own");
}

#[tokio::test]
async fn settings_that_transcribe_refuses_are_an_error() {
    let mut scene = Scene::new(3.0).await;
    scene.play(None);
    let mut job = scene.job();
    job["vocabularyName"] = "unknown".into();
    let error = scene.invoke(job, 30.0).await.unwrap_err();
    assert_eq!(error.kind(), "AwsRefused");
    assert!(error.to_string().contains("'unknown' does not exist"), "{error}");
}
