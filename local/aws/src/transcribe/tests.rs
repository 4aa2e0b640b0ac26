use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_transcribestreaming::Client;
use aws_sdk_transcribestreaming::config::retry::RetryConfig;
use aws_sdk_transcribestreaming::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_transcribestreaming::operation::start_stream_transcription::StartStreamTranscriptionOutput;
use aws_sdk_transcribestreaming::operation::start_stream_transcription::builders::StartStreamTranscriptionFluentBuilder;
use aws_sdk_transcribestreaming::primitives::Blob;
use aws_sdk_transcribestreaming::primitives::event_stream::EventStreamSender;
use aws_sdk_transcribestreaming::types::error::{AudioStreamError, TranscriptResultStreamError};
use aws_sdk_transcribestreaming::types::{
    AudioEvent, AudioStream, ContentIdentificationType, ContentRedactionType, LanguageCode, MediaEncoding,
    MedicalTranscriptResultStream, PartialResultsStability, Result as Found, Specialty,
    TranscriptResultStream, Type,
};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{self, TlsContext, TrustStore};
use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::*;
use crate::kinesis_video::tests::document::documents;
use crate::{CallAudio, Failure, LocalAws, SecureEndpoint, Side};

type Outgoing = std::result::Result<AudioStream, AudioStreamError>;

fn started() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_772_470_000_000).unwrap()
}

async fn client(aws: &LocalAws) -> Client {
    let config = aws_sdk_transcribestreaming::config::Builder::from(&aws.sdk_config().await);
    Client::from_conf(config.retry_config(RetryConfig::disabled()).build())
}

/// An open stream of audio events. The SDK asks again after the end, which an ordinary `unfold` does not survive.
fn audio() -> (mpsc::Sender<Outgoing>, EventStreamSender<AudioStream, AudioStreamError>) {
    let (sender, mut receiver) = mpsc::channel(8);
    (
        sender,
        EventStreamSender::from(futures_util::stream::poll_fn(move |context| receiver.poll_recv(context))),
    )
}

fn event(audio: &[u8]) -> Outgoing {
    Ok(AudioStream::AudioEvent(AudioEvent::builder().audio_chunk(Blob::new(audio)).build()))
}

fn standard(client: &Client) -> StartStreamTranscriptionFluentBuilder {
    client.start_stream_transcription().media_encoding(MediaEncoding::Pcm).media_sample_rate_hertz(8000)
}

fn stereo(client: &Client) -> StartStreamTranscriptionFluentBuilder {
    standard(client)
        .language_code(LanguageCode::EnUs)
        .enable_channel_identification(true)
        .number_of_channels(2)
}

/// What a session answered: its results, and the exception that ended it.
#[derive(Debug, Default)]
struct Answer {
    results: Vec<Found>,
    events: usize,
    exception: Option<String>,
}

impl Answer {
    fn finals(&self) -> Vec<(Option<&str>, &str)> {
        let finals = self.results.iter().filter(|result| !result.is_partial);
        finals.map(|result| (result.channel_id(), text(result))).collect()
    }

    fn texts(&self) -> Vec<&str> {
        self.finals().into_iter().map(|(_, text)| text).collect()
    }
}

fn text(result: &Found) -> &str {
    result.alternatives()[0].transcript().unwrap()
}

async fn answer(mut output: StartStreamTranscriptionOutput) -> Answer {
    let mut answer = Answer::default();
    loop {
        match output.transcript_result_stream.recv().await {
            Ok(Some(TranscriptResultStream::TranscriptEvent(event))) => {
                answer.events += 1;
                answer
                    .results
                    .extend(event.transcript.and_then(|transcript| transcript.results).unwrap_or_default());
            }
            Ok(Some(other)) => panic!("{other:?}"),
            Ok(None) => return answer,
            Err(SdkError::ServiceError(error)) => {
                answer.exception = Some(name(error.err()).to_owned());
                return answer;
            }
            Err(_) => {
                answer.exception = Some("broken".to_owned());
                return answer;
            }
        }
    }
}

/// Exceptions in a stream have no code, only a type.
fn name(error: &TranscriptResultStreamError) -> &'static str {
    match error {
        TranscriptResultStreamError::BadRequestException(_) => "BadRequestException",
        TranscriptResultStreamError::ConflictException(_) => "ConflictException",
        TranscriptResultStreamError::InternalFailureException(_) => "InternalFailureException",
        TranscriptResultStreamError::LimitExceededException(_) => "LimitExceededException",
        other => panic!("{other:?}"),
    }
}

/// Sends audio in events of so many bytes and answers with everything that comes back.
async fn transcribe(request: StartStreamTranscriptionFluentBuilder, sound: &[u8], chunk: usize) -> Answer {
    let (sender, stream) = audio();
    let output = request.audio_stream(stream).send().await.unwrap();
    let events: VecDeque<Outgoing> = sound.chunks(chunk).map(event).collect();
    let send = async move {
        for event in events {
            if sender.send(event).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(answer(output), send).0
}

/// The samples of a call, one list per side.
fn sides(call: &CallAudio) -> [Vec<i16>; 2] {
    let mut sides = [Vec::new(), Vec::new()];
    for frame in call.fragments().flat_map(|fragment| fragment.frames) {
        let samples = frame.audio.chunks_exact(2).map(|sample| i16::from_le_bytes([sample[0], sample[1]]));
        sides[usize::from(frame.track) - 1].extend(samples);
    }
    sides
}

fn bytes(samples: impl IntoIterator<Item = i16>) -> Vec<u8> {
    samples.into_iter().flat_map(i16::to_le_bytes).collect()
}

fn interleaved([left, right]: &[Vec<i16>; 2]) -> Vec<u8> {
    bytes(left.iter().zip(right).flat_map(|(&left, &right)| [left, right]))
}

/// A call in which both sides speak, also at the same time.
fn scripted(aws: &LocalAws) -> CallAudio {
    let mut call = CallAudio::new(aws, "contact", started(), Duration::from_secs(14));
    let ms = Duration::from_millis;
    call.say(Side::ToCustomer, ms(500), ms(2000), "Thank you for calling.").unwrap();
    call.say(Side::FromCustomer, ms(3000), ms(3000), "Hello, I have a question about my bill.").unwrap();
    call.say(Side::ToCustomer, ms(5000), ms(1500), "Of course.").unwrap();
    call.say(Side::FromCustomer, ms(8000), ms(4000), "Call me back on 206-555-0100, please.").unwrap();
    call
}

#[tokio::test]
async fn both_sides_are_heard_on_their_channels() {
    let aws = LocalAws::start().await.unwrap();
    let sound = interleaved(&sides(&scripted(&aws)));
    let answer = transcribe(stereo(&client(&aws).await), &sound, 3200).await;
    assert_eq!(answer.exception, None);
    let mut finals = answer.finals();
    finals.sort_by_key(|(channel, _)| *channel);
    let expected = [
        (Some("ch_0"), "Hello, I have a question about my bill."),
        (Some("ch_0"), "Call me back on 206-555-0100, please."),
        (Some("ch_1"), "Thank you for calling."),
        (Some("ch_1"), "Of course."),
    ];
    assert_eq!(finals, expected);
    let bill =
        answer.results.iter().find(|result| !result.is_partial && text(result).contains("bill")).unwrap();
    assert_eq!(bill.start_time, 3.0);
    assert!((bill.end_time - 6.0).abs() < 0.1, "{}", bill.end_time);
    let items = bill.alternatives()[0].items();
    let contents: Vec<&str> = items.iter().filter_map(|item| item.content()).collect();
    assert_eq!(contents, ["Hello", ",", "I", "have", "a", "question", "about", "my", "bill", "."]);
    assert!(items.windows(2).all(|pair| pair[0].start_time <= pair[1].start_time));
    let partials: Vec<&str> = answer
        .results
        .iter()
        .filter(|result| result.is_partial && result.result_id() == bill.result_id())
        .map(text)
        .collect();
    assert!(partials.len() > 3, "{partials:?}");
    assert!(partials.iter().all(|partial| text(bill).starts_with(partial)), "{partials:?}");

    let [session] = &aws.transcriptions()[..] else { panic!("one session") };
    assert_eq!(session.end, Some(TranscriptionEnd::Finished));
    assert_eq!((session.audio.as_secs(), session.finals), (14, 4));
    assert_eq!(session.parameters["number-of-channels"], "2");
}

#[tokio::test]
async fn results_come_while_the_audio_goes_on() {
    let aws = LocalAws::start().await.unwrap();
    let sound = interleaved(&sides(&scripted(&aws)));
    let (sender, stream) = audio();
    let mut output = stereo(&client(&aws).await).audio_stream(stream).send().await.unwrap();
    // Three of fourteen seconds, and the stream stays open.
    for chunk in sound[..3 * 32_000].chunks(8000) {
        sender.send(event(chunk)).await.unwrap();
    }
    loop {
        let event =
            tokio::time::timeout(Duration::from_secs(5), output.transcript_result_stream.recv()).await;
        let Ok(Ok(Some(TranscriptResultStream::TranscriptEvent(event)))) = event else { panic!("{event:?}") };
        let results = event.transcript.unwrap().results.unwrap();
        if let Some(last) = results.iter().find(|result| !result.is_partial) {
            assert_eq!(text(last), "Thank you for calling.");
            break;
        }
    }
    assert_eq!(aws.transcriptions()[0].end, None);
    drop((sender, output));
    for _ in 0..500 {
        if aws.transcriptions()[0].end.is_some() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the session outlives its client");
}

/// A client that trusts the certificate, with one of the SDK's own TLS clients.
async fn secure_client(aws: &LocalAws, endpoint: &SecureEndpoint) -> Client {
    let trusted = TrustStore::empty().with_pem_certificate(endpoint.certificate());
    let http_client = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(TlsContext::builder().with_trust_store(trusted).build().unwrap())
        .build_https();
    let config = aws_sdk_transcribestreaming::config::Builder::from(&aws.sdk_config().await)
        .http_client(http_client)
        .endpoint_url(endpoint.url())
        .retry_config(RetryConfig::disabled());
    Client::from_conf(config.build())
}

#[tokio::test]
async fn over_tls_it_is_http_2() {
    let aws = LocalAws::start().await.unwrap();
    let endpoint = aws.secure_endpoint().await.unwrap();
    let client = secure_client(&aws, &endpoint).await;
    let sound = interleaved(&sides(&scripted(&aws)));
    let answer = transcribe(stereo(&client), &sound, 3200).await;
    assert_eq!((answer.exception.as_deref(), answer.finals().len()), (None, 4));
    for (fault, exception) in [
        (TranscriptionFaultKind::Exception("ConflictException".to_owned()), "ConflictException"),
        (TranscriptionFaultKind::Broken, "broken"),
    ] {
        aws.interrupt_next_transcription(TranscriptionFault { after: Duration::from_secs(4), kind: fault });
        let answer = transcribe(stereo(&client), &sound, 3200).await;
        assert_eq!((answer.exception.as_deref(), answer.finals().len()), (Some(exception), 1));
    }
    aws.fail_next(
        "StartStreamTranscription",
        Failure { status: 429, code: "LimitExceededException".to_owned(), times: 1 },
    );
    let refused = stereo(&client).audio_stream(audio().1).send().await.unwrap_err();
    assert!(refused.into_service_error().is_limit_exceeded_exception());
    assert_eq!(aws.transcriptions().iter().map(|session| session.http2).collect::<Vec<_>>(), [true; 3]);
}

#[tokio::test]
async fn several_results_may_come_in_one_event() {
    let aws = LocalAws::start().await.unwrap();
    let sound = interleaved(&sides(&scripted(&aws)));
    let answer = transcribe(stereo(&client(&aws).await), &sound, 32_000).await;
    assert_eq!(answer.finals().len(), 4);
    assert!(answer.results.len() > answer.events, "{} in {}", answer.results.len(), answer.events);
}

#[tokio::test]
async fn lost_and_doubled_audio_shows_as_lost_and_doubled_text() {
    let aws = LocalAws::start().await.unwrap();
    let mut call = CallAudio::new(&aws, "contact", started(), Duration::from_secs(6));
    call.say(Side::FromCustomer, Duration::from_secs(1), Duration::from_secs(4), "one two three four")
        .unwrap();
    let [sound, _] = sides(&call);
    let client = client(&aws).await;
    let mono = || standard(&client).language_code(LanguageCode::EnUs);
    let heard = async |samples: &[i16]| {
        let answer = transcribe(mono(), &bytes(samples.iter().copied()), 4096).await;
        assert!(answer.results.iter().all(|result| result.channel_id().is_none()));
        answer.texts().join(" / ")
    };
    assert_eq!(heard(&sound).await, "one two three four");
    let at = |seconds: f64| (seconds * 8000.0) as usize;
    // A second was skipped, and a second came twice.
    let lost = [&sound[..at(2.0)], &sound[at(3.0)..]].concat();
    let lost = heard(&lost).await;
    assert!(lost.starts_with("one ") && lost.ends_with("four") && !lost.contains("two"), "{lost}");
    let doubled = [&sound[..at(3.5)], &sound[at(1.9)..]].concat();
    let doubled = heard(&doubled).await;
    assert_eq!(doubled.matches("two").count(), 2, "{doubled}");
    // Silence in the place of what was lost makes two utterances of it.
    let muted = [&sound[..at(2.5)], &vec![0; 8000][..], &sound[at(3.5)..]].concat();
    assert_eq!(heard(&muted).await.matches('/').count(), 1);
    // What begins in the middle has no beginning.
    let late = heard(&sound[at(2.5)..]).await;
    assert!(late.starts_with('…') && late.ends_with("three four"), "{late}");
}

#[tokio::test]
async fn medical_transcription_hears_resampled_audio() {
    let aws = LocalAws::start().await.unwrap();
    let mut call = CallAudio::new(&aws, "contact", started(), Duration::from_secs(5));
    call.say(Side::FromCustomer, Duration::from_secs(1), Duration::from_secs(2), "It hurts here.").unwrap();
    let [sound, _] = sides(&call);
    let next = sound.iter().skip(1).chain([&0]);
    let doubled = sound.iter().zip(next).flat_map(|(&a, &b)| [a, a / 2 + b / 2]);
    let (sender, stream) = audio();
    let client = client(&aws).await;
    let request = |rate: i32| {
        client
            .start_medical_stream_transcription()
            .language_code(LanguageCode::EnUs)
            .media_encoding(MediaEncoding::Pcm)
            .media_sample_rate_hertz(rate)
            .specialty(Specialty::Primarycare)
            .r#type(Type::Conversation)
    };
    let refused = request(8000).audio_stream(audio().1).send().await.unwrap_err();
    assert_eq!(refused.code(), Some("BadRequestException"));
    let mut output = request(16_000).audio_stream(stream).send().await.unwrap();
    for chunk in bytes(doubled).chunks(32_000) {
        sender.send(event(chunk)).await.unwrap();
    }
    drop(sender);
    let mut finals = Vec::new();
    while let Some(event) = output.transcript_result_stream.recv().await.unwrap() {
        let MedicalTranscriptResultStream::TranscriptEvent(event) = event else { panic!("{event:?}") };
        let results = event.transcript.unwrap().results.unwrap();
        finals.extend(results.into_iter().filter(|result| !result.is_partial));
    }
    assert_eq!(finals.len(), 1);
    assert_eq!(finals[0].alternatives()[0].transcript(), Some("It hurts here."));
    assert!((finals[0].start_time - 1.0).abs() < 0.01);
}

#[tokio::test]
async fn phone_numbers_are_redacted_or_identified() {
    let aws = LocalAws::start().await.unwrap();
    let client = client(&aws).await;
    let sound = interleaved(&sides(&scripted(&aws)));
    let redacted =
        stereo(&client).content_redaction_type(ContentRedactionType::Pii).pii_entity_types("PHONE");
    let answer = transcribe(redacted, &sound, 32_000).await;
    assert!(answer.texts().contains(&"Call me back on [PHONE] please."), "{answer:?}");
    let identified = stereo(&client).content_identification_type(ContentIdentificationType::Pii);
    let answer = transcribe(identified, &sound, 32_000).await;
    let phone = answer.results.iter().flat_map(|result| result.alternatives()[0].entities()).next().unwrap();
    assert_eq!((phone.r#type(), phone.content()), (Some("PHONE"), Some("206-555-0100,")));
}

#[tokio::test]
async fn identified_languages_and_stable_items_are_told() {
    let aws = LocalAws::start().await.unwrap();
    let client = client(&aws).await;
    let sound = interleaved(&sides(&scripted(&aws)));
    let request = standard(&client)
        .identify_language(true)
        .language_options("de-DE,en-US")
        .preferred_language(LanguageCode::EnUs)
        .enable_channel_identification(true)
        .number_of_channels(2)
        .enable_partial_results_stabilization(true)
        .partial_results_stability(PartialResultsStability::High);
    let answer = transcribe(request, &sound, 32_000).await;
    let result = answer.results.last().unwrap();
    assert_eq!(result.language_code(), Some(&LanguageCode::EnUs));
    assert_eq!(result.alternatives()[0].items()[0].stable, Some(true));
}

#[tokio::test]
async fn what_cannot_be_combined_is_refused() {
    let aws = LocalAws::start().await.unwrap();
    aws.create_vocabulary("products");
    let client = &client(&aws).await;
    let en = || standard(client).language_code(LanguageCode::EnUs);
    let both = || standard(client).identify_language(true).language_options("en-US,es-US");
    let bad = [
        standard(client),
        en().identify_language(true).language_options("en-US,es-US"),
        standard(client).identify_language(true),
        standard(client).identify_language(true).language_options("en-US"),
        standard(client).identify_language(true).language_options("en-US,en-GB"),
        both().preferred_language(LanguageCode::DeDe),
        both().vocabulary_name("products"),
        both().language_model_name("products"),
        both().content_redaction_type(ContentRedactionType::Pii),
        en().vocabulary_names("products"),
        en().vocabulary_name("unknown"),
        en().enable_channel_identification(true),
        en().number_of_channels(2),
        en().media_sample_rate_hertz(4000),
        en().media_encoding(MediaEncoding::Flac),
        en().language_code(LanguageCode::from("xx-YY")),
        en().content_redaction_type(ContentRedactionType::Pii)
            .content_identification_type(ContentIdentificationType::Pii),
        en().pii_entity_types("PHONE"),
        en().partial_results_stability(PartialResultsStability::Low),
        en().session_id("not-a-uuid"),
        en().show_speaker_label(true),
    ];
    for request in bad {
        let described = format!("{:?}", request.as_input());
        let refused = request.audio_stream(audio().1).send().await.unwrap_err();
        assert_eq!(refused.code(), Some("BadRequestException"), "{described}");
    }
    let good = [
        en().vocabulary_name("products"),
        both().vocabulary_names("products"),
        en().pii_entity_types("PHONE").content_redaction_type(ContentRedactionType::Pii),
    ];
    for request in good {
        assert!(request.audio_stream(audio().1).send().await.is_ok());
    }
}

#[tokio::test]
async fn a_session_is_refused_or_broken_on_demand() {
    let aws = LocalAws::start().await.unwrap();
    let client = client(&aws).await;
    let failure = |status, code: &str| Failure { status, code: code.to_owned(), times: 1 };
    aws.fail_next("StartStreamTranscription", failure(429, "LimitExceededException"));
    aws.fail_next("StartStreamTranscription", failure(503, "ServiceUnavailableException"));
    let start =
        async || stereo(&client).audio_stream(audio().1).send().await.map_err(|e| e.into_service_error());
    assert!(start().await.unwrap_err().is_limit_exceeded_exception());
    assert!(start().await.unwrap_err().is_service_unavailable_exception());

    let after = Duration::from_secs(4);
    for kind in [
        TranscriptionFaultKind::Exception("InternalFailureException".to_owned()),
        TranscriptionFaultKind::Broken,
    ] {
        aws.interrupt_next_transcription(TranscriptionFault { after, kind });
    }
    let sound = interleaved(&sides(&scripted(&aws)));
    for exception in [Some("InternalFailureException"), Some("broken"), None] {
        let answer = transcribe(stereo(&client), &sound, 3200).await;
        assert_eq!(answer.exception.as_deref(), exception);
        assert_eq!(answer.texts()[0], "Thank you for calling.", "what came before the break was answered");
        assert_eq!(answer.finals().len(), if exception.is_some() { 1 } else { 4 });
    }
    let audio: Vec<u64> = aws.transcriptions().iter().map(|session| session.audio.as_secs()).collect();
    assert_eq!(audio, [4, 4, 14]);
}

#[tokio::test]
async fn audio_events_have_their_limits() {
    let aws = LocalAws::start().await.unwrap();
    let client = client(&aws).await;
    let sound = vec![0; 200_000];
    let exception = async |chunk| transcribe(stereo(&client), &sound, chunk).await.exception;
    assert_eq!(exception(32_000).await, None);
    assert_eq!(exception(32_004).await.as_deref(), Some("BadRequestException"), "more than a second");
    assert_eq!(
        exception(3202).await.as_deref(),
        Some("BadRequestException"),
        "half a sample of the other channel"
    );
    let session = Duration::from_secs(5);
    aws.set_transcribe_limits(TranscribeLimits { session, ..TranscribeLimits::default() });
    assert_eq!(exception(32_000).await.as_deref(), Some("LimitExceededException"));
}

#[tokio::test]
async fn a_session_without_audio_is_given_up() {
    let aws = LocalAws::start().await.unwrap();
    let silence = Duration::from_millis(100);
    aws.set_transcribe_limits(TranscribeLimits { silence, ..TranscribeLimits::default() });
    let (sender, stream) = audio();
    let output = stereo(&client(&aws).await).audio_stream(stream).send().await.unwrap();
    sender.send(event(&[0; 3200])).await.unwrap();
    let answer = tokio::time::timeout(Duration::from_secs(5), answer(output)).await.unwrap();
    assert_eq!(answer.exception.as_deref(), Some("BadRequestException"));
    let end = TranscriptionEnd::Exception("BadRequestException".to_owned());
    assert_eq!(aws.transcriptions()[0].end, Some(end));
}

#[tokio::test]
async fn a_session_id_belongs_to_the_last_that_asks_for_it() {
    let aws = LocalAws::start().await.unwrap();
    let client = client(&aws).await;
    let id = "f0a1b2c3-d4e5-4f60-8a7b-9c0d1e2f3a4b";
    let (_first, stream) = audio();
    let old = stereo(&client).session_id(id).audio_stream(stream).send().await.unwrap();
    assert_eq!(old.session_id(), Some(id));
    let (_second, stream) = audio();
    let new = stereo(&client).session_id(id).audio_stream(stream).send().await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(5), answer(old)).await.unwrap();
    assert_eq!(ended.exception.as_deref(), Some("ConflictException"));
    assert_eq!(aws.transcriptions()[1].end, None);

    aws.set_transcribe_limits(TranscribeLimits { sessions: 1, ..TranscribeLimits::default() });
    let refused = stereo(&client).audio_stream(audio().1).send().await.unwrap_err();
    assert!(refused.into_service_error().is_limit_exceeded_exception());
    drop(new);
}

/// The whole way of a call's audio: from its script through a video stream into a transcript.
#[tokio::test]
async fn a_call_is_heard_through_a_video_stream() {
    let aws = LocalAws::start().await.unwrap();
    let (call, stream) = (Arc::new(scripted(&aws)), aws.video_stream("support-connect-1"));
    call.play(&stream, None).await;
    stream.end();
    let config = aws.sdk_config().await;
    let media = aws_sdk_kinesisvideomedia::Client::new(&config);
    let start = aws_sdk_kinesisvideomedia::types::StartSelector::builder()
        .start_selector_type(aws_sdk_kinesisvideomedia::types::StartSelectorType::Earliest)
        .build()
        .unwrap();
    let reply = media.get_media().stream_arn(stream.arn()).start_selector(start).send().await.unwrap();
    let body = reply.payload.collect().await.unwrap().into_bytes();
    let (documents, left_over) = documents(&body);
    assert!(!left_over);
    assert_eq!(documents.last().unwrap().tag("STOP_STREAMING"), Some("true"));
    let customer = documents.iter().flat_map(|document| {
        let number = document.tracks.iter().find(|(_, name)| *name == "AUDIO_FROM_CUSTOMER").unwrap().0;
        document.blocks.iter().filter(move |(track, ..)| u64::from(*track) == *number)
    });
    let sound: Vec<u8> = customer.flat_map(|(_, _, audio)| audio.clone()).collect();
    let mono = standard(&client(&aws).await).language_code(LanguageCode::EnUs);
    let answer = transcribe(mono, &sound, 1600).await;
    let expected = ["Hello, I have a question about my bill.", "Call me back on 206-555-0100, please."];
    assert_eq!(answer.texts(), expected);
}
