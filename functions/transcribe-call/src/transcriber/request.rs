//! What Amazon Transcribe is asked for, and how its answer is read.
//! <https://docs.aws.amazon.com/transcribe/latest/APIReference/API_streaming_StartStreamTranscription.html>

use aws_sdk_transcribestreaming::error::SdkError;
use aws_sdk_transcribestreaming::operation::start_medical_stream_transcription::builders::StartMedicalStreamTranscriptionFluentBuilder;
use aws_sdk_transcribestreaming::operation::start_stream_transcription::builders::StartStreamTranscriptionFluentBuilder;
use aws_sdk_transcribestreaming::primitives::event_stream::EventStreamSender;
use aws_sdk_transcribestreaming::types::error::{
    AudioStreamError, MedicalTranscriptResultStreamError, TranscriptResultStreamError,
};
use aws_sdk_transcribestreaming::types::{
    AudioStream, ContentIdentificationType, ContentRedactionType, LanguageCode, MediaEncoding,
    MedicalContentIdentificationType, MedicalTranscriptResultStream, PartialResultsStability, Specialty,
    TranscriptResultStream, Type, VocabularyFilterMethod,
};
use connect::transcription::{Engine, LanguageChoice, Medical, PersonalData, Standard};
use lambda_kit::aws::call;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::heard::RawResult;
use super::{OPENING, Told, TranscribeError, Transcriber};
use crate::audio::Sides;

type Audio = EventStreamSender<AudioStream, AudioStreamError>;

/// Passes results on until the session is over. The two engines answer alike, in types that know nothing of each other.
macro_rules! listen {
    ($opened:expr, $told:expr, $stream:ident, $error:ident) => {{
        let mut results = $opened.transcript_result_stream;
        loop {
            match results.recv().await {
                Ok(Some($stream::TranscriptEvent(event))) => {
                    let results = event.transcript.and_then(|transcript| transcript.results);
                    tell($told, results.unwrap_or_default());
                }
                Ok(Some(_)) => return Err(TranscribeError::Unknown),
                Ok(None) => return Ok(()),
                // Exceptions in a stream have no code, only a type.
                Err(SdkError::ServiceError(error)) => {
                    return Err(TranscribeError::Ended {
                        code: match error.err() {
                            $error::BadRequestException(_) => TranscribeError::BAD_REQUEST,
                            $error::LimitExceededException(_) => "LimitExceededException",
                            $error::InternalFailureException(_) => "InternalFailureException",
                            $error::ConflictException(_) => "ConflictException",
                            $error::ServiceUnavailableException(_) => "ServiceUnavailableException",
                            _ => "an unknown exception",
                        },
                    });
                }
                Err(error) => return Err(TranscribeError::Broken(error.to_string())),
            }
        }
    }};
}

impl Transcriber {
    /// Has a session from its first audio to its last result.
    pub(super) async fn transcribe(
        &self,
        audio: Audio,
        told: &mpsc::UnboundedSender<Told>,
    ) -> Result<(), TranscribeError> {
        match &self.engine {
            Engine::Standard(settings) => self.standard(settings, audio, told).await,
            Engine::Medical(settings) => self.medical(settings, audio, told).await,
        }
    }

    async fn standard(
        &self,
        settings: &Standard,
        audio: Audio,
        told: &mpsc::UnboundedSender<Told>,
    ) -> Result<(), TranscribeError> {
        let mut request = self
            .client
            .start_stream_transcription()
            .media_encoding(MediaEncoding::Pcm)
            .media_sample_rate_hertz(self.sample_rate.hertz() as i32);
        if self.sides == Sides::Both {
            request = request.enable_channel_identification(true).number_of_channels(2);
        }
        let request = with(request, settings).audio_stream(audio).send();
        let opened =
            call("transcribe:StartStreamTranscription", RESOURCE, Instant::now() + OPENING, request).await?;
        listen!(opened, told, TranscriptResultStream, TranscriptResultStreamError)
    }

    async fn medical(
        &self,
        settings: &Medical,
        audio: Audio,
        told: &mpsc::UnboundedSender<Told>,
    ) -> Result<(), TranscribeError> {
        let mut request = self
            .client
            .start_medical_stream_transcription()
            .media_encoding(MediaEncoding::Pcm)
            .media_sample_rate_hertz(self.sample_rate.hertz() as i32);
        if self.sides == Sides::Both {
            request = request.enable_channel_identification(true).number_of_channels(2);
        }
        let request = with_medical(request, settings).audio_stream(audio).send();
        let action = "transcribe:StartMedicalStreamTranscription";
        let opened = call(action, RESOURCE, Instant::now() + OPENING, request).await?;
        listen!(opened, told, MedicalTranscriptResultStream, MedicalTranscriptResultStreamError)
    }
}

/// Transcribe has no resources.
const RESOURCE: &str = "a session";

fn tell<T: Into<RawResult>>(told: &mpsc::UnboundedSender<Told>, results: Vec<T>) {
    // Nobody is there any more only when the session is being broken off.
    let _ = told.send(Told::Results(results.into_iter().map(Into::into).collect()));
}

fn with(
    request: StartStreamTranscriptionFluentBuilder,
    settings: &Standard,
) -> StartStreamTranscriptionFluentBuilder {
    let list = |items: &[&str]| (!items.is_empty()).then(|| items.join(","));
    let request = match &settings.language {
        LanguageChoice::One { language, vocabulary, model } => {
            let filters = settings.filter.as_ref().and_then(|filter| filter.names.first().cloned());
            request
                .language_code(LanguageCode::from(language.as_str()))
                .set_vocabulary_name(vocabulary.clone())
                .set_language_model_name(model.clone())
                .set_vocabulary_filter_name(filters)
        }
        LanguageChoice::Auto { options, preferred, vocabularies } => {
            let options: Vec<_> = options.iter().map(|language| language.as_str()).collect();
            let filters = settings.filter.as_ref().map(|filter| filter.names.join(","));
            request
                .identify_language(true)
                .set_language_options(list(&options))
                .set_preferred_language(preferred.map(|language| LanguageCode::from(language.as_str())))
                .set_vocabulary_names((!vocabularies.is_empty()).then(|| vocabularies.join(",")))
                .set_vocabulary_filter_names(filters)
        }
    };
    let method = settings.filter.as_ref().map(|filter| VocabularyFilterMethod::from(filter.method.as_str()));
    let request = request.set_vocabulary_filter_method(method);
    let request = match &settings.stability {
        Some(stability) => request
            .enable_partial_results_stabilization(true)
            .partial_results_stability(PartialResultsStability::from(stability.as_str())),
        None => request,
    };
    let (request, kinds) = match &settings.personal_data {
        None => return request,
        Some(PersonalData::Redact(kinds)) => {
            (request.content_redaction_type(ContentRedactionType::Pii), kinds)
        }
        Some(PersonalData::Identify(kinds)) => {
            (request.content_identification_type(ContentIdentificationType::Pii), kinds)
        }
    };
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
    request.set_pii_entity_types(list(&kinds))
}

fn with_medical(
    request: StartMedicalStreamTranscriptionFluentBuilder,
    settings: &Medical,
) -> StartMedicalStreamTranscriptionFluentBuilder {
    let identification = settings.identify_health_data.then_some(MedicalContentIdentificationType::Phi);
    request
        .language_code(LanguageCode::EnUs)
        .specialty(Specialty::from(settings.specialty.as_str()))
        .r#type(Type::Conversation)
        .set_vocabulary_name(settings.vocabulary.clone())
        .set_content_identification_type(identification)
}
